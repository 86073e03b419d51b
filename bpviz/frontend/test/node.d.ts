// The one thing that tests use of Node; its own types would leak into the browser's code.
declare module "node:fs" {
  export function readFileSync(path: URL, encoding: "utf8"): string;
}
