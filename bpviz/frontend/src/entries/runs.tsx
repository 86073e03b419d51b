// The module of the panels that show a run, too.

import type { VNode } from "preact";
import { usePanel } from "../ui/context";
import { StepView } from "../step/StepView";
import { BugLab } from "../runs/BugLab";
import { RunContext } from "../runs/context";
import { RunState } from "../runs/state/run";
import { Training } from "../runs/Training";
import { uses } from "./panel";

function AnyView(): VNode {
  const view = usePanel().content.value!.view;
  if (view === "training") return <Training StepView={StepView} />;
  return view === "buglab" ? <BugLab StepView={StepView} /> : <StepView />;
}

const { panel, mount } = uses((state) => {
  const run = new RunState(state);
  const content = (
    <RunContext.Provider value={run}>
      <AnyView />
    </RunContext.Provider>
  );
  return { content, part: run };
});

export { panel as default, mount };
