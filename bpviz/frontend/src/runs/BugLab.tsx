// The bug lab: switches for mistakes, and what becomes of the numbers, the check and the curve; or
// in its place the update with the mistakes, step by step.

import type { VNode } from "preact";
import { usePanel } from "../ui/context";
import { FrameChooser } from "../ui/FrameChooser";
import { HelpButton } from "../ui/HeadButtons";
import { Lost } from "../ui/Lost";
import { titleOf } from "../ui/names";
import { Tabs } from "../ui/Tabs";
import { compare } from "./compare";
import { Comparison } from "./Comparison";
import { useRun } from "./context";
import { CurveRows, curveTableName } from "./CurveLegend";
import { useDoor } from "./door";
import { FirstWrong } from "./FirstWrong";
import { GradientCheck } from "./GradientCheck";
import { LabCurves, labCurves } from "./LabCurves";
import { LabHelp } from "./LabHelp";
import { MistakeList } from "./MistakeList";
import type { LabTab } from "./state/lab";
import { LAB_TABS } from "./state/lab";
import type { WithSteps } from "./steps";
import { WhyAlone } from "./WhyAlone";

/** The names of the tabs among the views that a panel may show. */
const VIEW_OF: Readonly<Record<LabTab, string>> = {
  curves: "loss",
  registers: "registers",
  losses: "table",
};

export function BugLab({ StepView }: WithSteps): VNode | null {
  const state = usePanel();
  const run = useRun();
  const isStepping = run.stepping.value;
  const box = useDoor(isStepping);
  const content = run.lab.content.value;
  if (!state.content.value || !content) return null;
  if (!state.row.value || !content.rightRows.length) return <Lost title="Bug lab" />;
  const on = run.lab.departures.value.filter((departure) => departure.on);
  return (
    <div ref={box} class="bpviz-lab">
      {isStepping ? (
        <>
          <div class="bpviz-update-row">
            <button
              type="button"
              class="bpviz-button bpviz-text-button bpviz-door"
              title="Back to the lab (Esc)"
              onClick={() => run.showSteps(false)}
            >
              ← Back to the lab
            </button>
            <FrameChooser onChoose={(frame) => run.compareFrame(frame)} />
          </div>
          <StepView title={on.length ? "The update with the mistakes" : "The update"} />
        </>
      ) : (
        <Lab />
      )}
    </div>
  );
}

function Lab(): VNode {
  const state = usePanel();
  const run = useRun();
  const { lab } = run;
  const rows = compare(lab.content.value!, state.frame.value, state.row.value!);
  const on = lab.departures.value.filter((departure) => departure.on);
  const isWaiting = lab.wanted.value !== null;
  const curves = labCurves(state.content.value!.run.losses, lab.content.value!.rightLosses);
  const tabs = LAB_TABS.filter((one) => run.shows(VIEW_OF[one]));
  const tab = tabs.includes(lab.tab.value) ? lab.tab.value : tabs[0];
  const titles: Readonly<Record<LabTab, string>> = {
    curves: "Loss while training",
    registers: "Register by register",
    losses: curveTableName(curves),
  };
  return (
    <>
      <div class="bpviz-header">
        <h2 class="bpviz-title">Bug lab</h2>
        <p class="bpviz-status bpviz-computing" role="status">
          {isWaiting
            ? "Python is computing both runs anew …"
            : lab.computing.value
              ? "The loss curves are being computed …"
              : `${titleOf(state.content.value!.program)}: right and wrong side by side`}
        </p>
        <FrameChooser onChoose={(frame) => run.compareFrame(frame)} />
        <HelpButton />
      </div>
      <LabHelp />
      {lab.fixed.value && <p class="bpviz-soft">{lab.fixed.value}</p>}
      <div class="bpviz-lab-columns" aria-busy={isWaiting}>
        <MistakeList />
        <div class="bpviz-lab-results">
          {run.shows("difference") && <FirstWrong rows={rows} on={on} />}
          {tab && (
            <div class="bpviz-tab-row">
              <Tabs {...{ tabs, titles }} open={tab} onOpen={(to) => (lab.tab.value = to)} />
            </div>
          )}
          {tab === "curves" && <LabCurves curves={curves} />}
          {tab === "registers" && <Comparison rows={rows} />}
          {tab === "losses" && (
            <section class="bpviz-lab-view" aria-label={titles.losses} tabIndex={0}>
              <CurveRows curves={curves} name={state.content.value!.run.lossName} />
            </section>
          )}
        </div>
        {run.shows("check") && <GradientCheck on={on} />}
      </div>
      <WhyAlone />
    </>
  );
}
