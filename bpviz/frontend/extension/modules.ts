// The modules that draw what a notebook holds of panels, in the extension's own folder.

import type { Uses } from "../src/entries/panel";
import type { Questions } from "../src/state/predicting";
import type { Values } from "../src/state/wire";

declare const BUNDLE: string;

/** The module that draws a panel; bpviz/panels/bundle.py says which draws several. */
export function moduleName(values: Values): "step.js" | "asks.js" | "runs.js" {
  if (values["_view"] !== "step") return "runs.js";
  return (values["_questions"] as Partial<Questions> | null)?.sets ? "asks.js" : "step.js";
}

/** Load the script and the style sheet from the extension's own folder, never from a notebook. */
export function moduleFor(folder: string, values: Values): Promise<Pick<Uses, "mount">> {
  const sheet = `${folder}bpviz.css?${BUNDLE}`;
  if (!document.querySelector(`link[href="${sheet}"]`)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet });
    document.head.append(link);
  }
  return import(/* webpackIgnore: true */ `${folder}${moduleName(values)}?${BUNDLE}`) as never;
}
