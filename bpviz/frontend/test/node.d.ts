// What tests use of Node; its own types would leak into the browser's code.
declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
}

declare module "node:readline" {
  export function createInterface(input: unknown): AsyncIterable<string>;
}

declare const process: { readonly stdin: unknown };

interface ImportMeta {
  readonly dirname: string;
}
