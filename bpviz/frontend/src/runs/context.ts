import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { RunState } from "./state/run";

export const RunContext = createContext<RunState | null>(null);

/** What the panel that a view is in has of a run. */
export function useRun(): RunState {
  const run = useContext(RunContext);
  if (!run) throw new Error("this view is outside a panel with a run");
  return run;
}
