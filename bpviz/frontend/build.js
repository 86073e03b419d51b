// Builds the panels into ../static, byte for byte the same on every machine.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";
import { handedOver, waitingForShare } from "./handover.js";
import { uPlotInPart } from "./uplot.js";

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

/** Bundle one entry point into one minified module of ../static. */
async function bundle(entry, name, { wrap = (script) => script, ...options }) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry],
    write: false,
    tsconfigRaw: {},
    jsx: "transform",
    jsxFactory: "$node",
    jsxFragment: "$fragment",
    inject: ["jsx.js"],
    ...options,
  });
  const { code } = await minify(wrap(outputFiles[0].text), {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
  });
  await writeFile(path(`../static/${name}`), `${code}\n`);
}

await bundle("src/entries/panel.ts", "bpviz.js", { format: "esm" });
await bundle("src/entries/door.ts", "door.js", { format: "esm", inject: [] });
// The views of runs, and the plotting library, travel only with the panels that have a run.
await bundle("src/runs/index.ts", "runs.js", {
  format: "iife",
  globalName: "runs",
  plugins: [handedOver(path("src"), "runs"), uPlotInPart],
  wrap: waitingForShare,
});

// With nothing but ASCII a page holds it in half the room.
await build({
  ...common,
  charset: "ascii",
  entryPoints: ["src/styles/index.css"],
  outfile: path("../static/bpviz.css"),
});
