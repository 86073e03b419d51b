// uPlot can do much that the curves here never ask for: a legend, a cursor of its own, zooming
// with the mouse, axes of dates. It decides so at run time; what it would decide is written into
// its source here, so that the minifier drops the rest, a third of it.
import { readFile } from "node:fs/promises";

const DECIDED = [
  [/^\s*\(paths\.(stepped|bars|spline)\s*=.*$/gm, ""],
  [/const showLegend = legend\.show;/, "const showLegend = false;"],
  [/\blegend\.live\b/g, "false"],
  [/const showCursor =\s*cursor\.show;/, "const showCursor = false;"],
  [/^\tself\.setCursor = [^]*?^\t};$/m, ""],
  [/^\tevents\.(mousedown|mousemove|mouseup|dblclick) = .*$/gm, ""],
  [/let isTime = [^;]+;/g, "const isTime = false;"],
  [/^\tconst _(tzDate|fmtDate|timeAxisSplits|timeAxisVals|timeSeriesVal)\s*=.*$/gm, ""],
  [/^\tuPlot\.(fmtDate|tzDate)\s*=.*$/gm, ""],
  [/^const \[.*\] = genTimeStuffs\(.*\);$/gm, ""],
];

/** A plugin for esbuild. */
export const uPlotInPart = {
  name: "uplot-in-part",
  setup(bundler) {
    bundler.onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [question, answer] of DECIDED) {
        const decided = contents.replace(question, answer);
        if (decided === contents) throw new Error(`uPlot has changed: ${question} is not in it`);
        contents = decided;
      }
      return { contents };
    });
  },
};
