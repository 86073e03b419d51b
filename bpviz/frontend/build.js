// Bundles the panels into ../static, byte for byte the same on every machine.
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

const bundle = await build({
  ...common,
  entryPoints: ["src/index.ts"],
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [straightLines],
  write: false,
});
const { code } = await minify(bundle.outputFiles[0].text, {
  module: true,
  ecma: 2020,
  compress: { passes: 3 },
});
await writeFile(path("../static/bpviz.js"), `${code}\n`);

await build({
  ...common,
  entryPoints: ["src/styles/index.css"],
  outfile: path("../static/bpviz.css"),
});
