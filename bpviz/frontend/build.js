// Bundles the panels into ../static, byte for byte the same on every machine.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

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

await build({
  ...common,
  entryPoints: ["src/index.ts"],
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  outfile: path("../static/bpviz.js"),
});

await build({
  ...common,
  entryPoints: ["src/styles/index.css"],
  outfile: path("../static/bpviz.css"),
});
