// Panels that ask questions and whose numbers can be changed, for the modules that may hold some.

import type { VNode } from "preact";
import type { Editing } from "../state/editing";
import { editing } from "../state/editing";
import { PanelState } from "../state/panel";
import { Predicting } from "../state/predicting";
import { AskedContext } from "../step/asked";
import { Answer, Ask, AskHead } from "../step/Question";

/** A state with questions, and what is shown of it; `change` makes what changes its numbers. */
export function asking(
  content: VNode,
  change: (panel: PanelState) => Editing = editing,
): { state: PanelState; content: VNode } {
  let predicting!: Predicting;
  const state = new PanelState((panel) => (predicting = new Predicting(panel)), change);
  const asked = { predicting, AskHead, Ask, Answer };
  return {
    state,
    content: <AskedContext.Provider value={asked}>{content}</AskedContext.Provider>,
  };
}
