import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PanelState } from "../state";

export const StateContext = createContext<PanelState | null>(null);

/** The state of the panel that a view is in. */
export function usePanel(): PanelState {
  const state = useContext(StateContext);
  if (!state) throw new Error("this view is outside a panel");
  return state;
}
