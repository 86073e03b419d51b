// Panels that show a run, for the modules that may hold some.

import type { VNode } from "preact";
import { BugLab } from "../runs/BugLab";
import { RunContext } from "../runs/context";
import { RunState } from "../runs/state/run";
import { Training } from "../runs/Training";
import type { PanelState } from "../state/panel";
import { StepView } from "../step/StepView";
import { usePanel } from "../ui/context";
import type { Inside } from "./panel";

/** Whatever a panel shows: an update, a run, or the bug lab. */
export function AnyView(): VNode {
  const view = usePanel().view.value;
  if (view === "training") return <Training StepView={StepView} />;
  return view === "buglab" ? <BugLab StepView={StepView} /> : <StepView />;
}

/** A panel that may have a run, with what it has beside the state of every panel. */
export function running(state: PanelState, content: VNode): Inside {
  const run = new RunState(state);
  return {
    state,
    content: <RunContext.Provider value={run}>{content}</RunContext.Provider>,
    part: run,
  };
}
