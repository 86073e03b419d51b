// What tests use of Node; its own types would leak into the browser's code.
declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
  export function readdirSync(path: string, options: { recursive: true }): string[];
}

declare module "node:path" {
  export const posix: { dirname(path: string): string; join(...parts: string[]): string };
}

declare module "node:readline" {
  export function createInterface(input: unknown): AsyncIterable<string>;
}

declare const process: { readonly stdin: unknown };

interface ImportMeta {
  readonly dirname: string;
}
