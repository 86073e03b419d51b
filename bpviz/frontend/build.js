// Builds the panels into ../static, byte for byte the same on every machine.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const common = {
  absWorkingDir: path("."),
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  target: ["es2022", "chrome109", "firefox110", "safari16.4"],
};

// Curves here are straight from point to point: what draws others is not carried along.
const straightLines = {
  name: "straight-lines",
  setup(bundler) {
    bundler.onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/^\s*\(paths\.(stepped|bars|spline)\s*=.*$/gm, "");
      if (contents === source) throw new Error("uPlot names its paths otherwise: see build.js");
      return { contents };
    });
  },
};

/** Bundle one entry point into one minified module of ../static. */
async function bundle(entry, name, plugins = []) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry],
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins,
    write: false,
  });
  const { code } = await minify(outputFiles[0].text, {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
  });
  await writeFile(path(`../static/${name}`), `${code}\n`);
}

await bundle("src/index.ts", "bpviz.js");
// The plotting library travels only with the panels that plot.
await bundle("src/plotting.ts", "plotting.js", [straightLines]);

await build({
  ...common,
  entryPoints: ["src/styles/index.css"],
  outfile: path("../static/bpviz.css"),
});
