// Panels that ask questions, for the modules that may hold some.

import type { VNode } from "preact";
import { PanelState } from "../state/panel";
import { Predicting } from "../state/predicting";
import { AskedContext } from "../step/asked";
import { Answer, Ask, AskHead } from "../step/Question";

/** A state with questions, and what is shown of it. */
export function asking(content: VNode): { state: PanelState; content: VNode } {
  let predicting!: Predicting;
  const state = new PanelState((panel) => (predicting = new Predicting(panel)));
  const asked = { predicting, AskHead, Ask, Answer };
  return {
    state,
    content: <AskedContext.Provider value={asked}>{content}</AskedContext.Provider>,
  };
}
