// What a panel is called.

import type { Content, Kind } from "../protocol/content";
import type { Program } from "../protocol/program";

/** What the panel is about, for the top of a panel. */
export function titleOf(program: Program): string {
  return program.title || `${program.network.sizes.join("-")} network`;
}

const KINDS: Readonly<Record<Kind, string>> = {
  step: "Step panel",
  training: "Training panel",
  buglab: "Bug lab",
};

/** What a panel is called, to tell it from the others of a page. */
export function panelName(content: Content | null): string {
  return content ? `${KINDS[content.view]}: ${titleOf(content.program)}` : "Panel";
}
