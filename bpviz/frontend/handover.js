// Makes the second module, runs.js, out of src/runs/ alone: what that imports from the rest of
// src/, or from Preact, is not bundled again but handed over by the first module when it loads.
import { relative } from "node:path";

const SHARED = "shared-with-the-first-module";

/** A plugin for esbuild: what lies outside a folder comes from `share`. */
export function handedOver(source, folder) {
  // The state of a run is one for both modules.
  const isInside = (path) => !/^(\.\.|state\b)/.test(relative(`${source}/${folder}`, path));
  return {
    name: "handed-over",
    setup(bundler) {
      bundler.onResolve({ filter: /^preact(\/|$)|^\.\.?\// }, async (question) => {
        if (question.pluginData === SHARED) return undefined;
        if (/^preact/.test(question.path)) return { path: question.path, namespace: SHARED };
        if (!isInside(question.importer)) return undefined;
        const { path } = await bundler.resolve(question.path, {
          kind: question.kind,
          resolveDir: question.resolveDir,
          pluginData: SHARED,
        });
        if (isInside(path)) return undefined;
        return { path: relative(source, path).replace(/\.tsx?$/, ""), namespace: SHARED };
      });
      bundler.onLoad({ filter: /./, namespace: SHARED }, ({ path }) => ({
        contents: `module.exports = share(${JSON.stringify(path)});`,
      }));
    },
  };
}

/** Wrap a script that leaves its exports in `runs` into a module: share → exports. */
export function waitingForShare(script) {
  return `export default (share) => {\n${script}\nreturn runs;\n};\n`;
}
