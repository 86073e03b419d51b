// Builds the panels into ../static, byte for byte the same on every machine.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** The oldest browsers that draw the panels; the README names them too, and a test compares. */
const browsers = JSON.parse(await readFile(path("browsers.json"), "utf8"));

const common = {
  absWorkingDir: path("."),
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  target: ["es2022", ...Object.entries(browsers).map(([name, version]) => name + version)],
};

/** Bundle one entry point into one minified script. */
async function scriptOf(entry, options) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry],
    write: false,
    // Fields that are assigned are shorter than fields that are defined.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    ...options,
  });
  const { code } = await minify(outputFiles[0].text, {
    module: options.format === "esm",
    ecma: 2020,
    // No function of ours, or of a library's, that is written as an expression is made with `new`.
    // What becomes text is a number or a text, never an object that has two ways of becoming one.
    // Calls that repeat and comparisons the way they are written are shorter once they are packed.
    compress: {
      passes: 4,
      unsafe: true,
      unsafe_arrows: true,
      inline: 1,
      lhs_constants: false,
    },
  });
  return code;
}

const oneLine = (json) => JSON.stringify(JSON.parse(json));
const write = (name, text) => writeFile(path(`../static/${name}`), `${text}\n`);

await write("door.js", await scriptOf("src/entries/door.ts", { format: "esm" }));
await write("picture.js", await scriptOf("src/entries/picture.ts", { format: "esm" }));
await write("page.js", await scriptOf("src/entries/page.ts", { format: "iife" }));

// One module for each kind of panel, and one for pages with several kinds. Its last line exports what
// the others leave in `bpviz`: without that line it is a script for a page that may import no module.
const EXPORTS = "export default bpviz.default;export const mount=bpviz.mount;";
for (const name of ["step", "asks", "runs", "all"]) {
  const script = await scriptOf(`src/entries/${name}.tsx`, {
    format: "iife",
    globalName: "bpviz",
    jsx: "transform",
    jsxFactory: "$node",
    jsxFragment: "$fragment",
    inject: ["jsx.js"],
  });
  await write(`${name}.js`, `${script}\n${EXPORTS}`);
}

// The extension loads the modules by names that change with what is in them.
const built = await Promise.all(
  ["step.js", "asks.js", "runs.js"].map((name) => readFile(path(`../static/${name}`))),
);
const BUNDLE = createHash("sha256").update(Buffer.concat(built)).digest("hex").slice(0, 12);
const define = { BUNDLE: JSON.stringify(BUNDLE) };
await write("extension.js", await scriptOf("extension/index.ts", { format: "iife", define }));

// What a notebook keeps, for Python, too.
await write("limits.json", await readFile(path("extension/limits.json"), "utf8").then(oneLine));

// By this JupyterLab finds the extension where the whole folder is installed for it.
const { version, license } = JSON.parse(await readFile(path("package.json"), "utf8"));
const jupyterlab = { extension: true, _build: { load: "extension.js", extension: "./extension" } };
const about = { name: "bpviz", version, license, jupyterlab };
await write("package.json", JSON.stringify(about, null, 2));

// What shows steps alone needs no styles for runs. With nothing but ASCII a page holds a sheet in half
// the room.
for (const [source, name] of [
  ["index", "bpviz"],
  ["step-panel", "step"],
])
  await build({
    ...common,
    charset: "ascii",
    entryPoints: [`src/styles/${source}.css`],
    outfile: path(`../static/${name}.css`),
  });
