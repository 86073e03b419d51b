// The bug lab: switches for mistakes, and what becomes of the numbers, the check and the curve.

import type { VNode } from "preact";
import { countText, formatNumber, toldApart } from "../program/numbers";
import { refKey } from "../program/refs";
import { usePanel } from "../ui/context";
import { FrameChooser } from "../ui/FrameChooser";
import { titleOf } from "../ui/names";
import { RefName } from "../ui/RefName";
import type { Compared } from "./compare";
import { compare, firstEntry } from "./compare";
import { Comparison } from "./Comparison";
import { useRun } from "./context";
import { leavesPlot, lossCeiling } from "./fields";
import { GradientCheck } from "./GradientCheck";
import { CurveRows, curveTableName } from "./CurveLegend";
import { CurveMark, LossCurve, LossWords } from "./LossCurve";
import { Check, LogarithmicAxis } from "./Inputs";
import { About } from "./RunSettings";
import type { Departure } from "./state/lab";
import type { WithSteps } from "./steps";

export function BugLab({ StepView }: WithSteps): VNode | null {
  const state = usePanel();
  const run = useRun();
  const content = state.content.value;
  const lab = run.lab.content.value;
  const row = state.row.value;
  if (!content || !lab || !row) return null;
  const rows = compare(lab, state.frame.value, row);
  const on = run.lab.departures.value.filter((departure) => departure.on);
  const isWaiting = run.lab.wanted.value !== null;
  return (
    <div class="bpviz-lab">
      <div class="bpviz-header">
        <h2 class="bpviz-title">{titleOf(content.program)}: right and wrong</h2>
        <FrameChooser onChoose={(frame) => run.compareFrame(frame)} />
      </div>
      <Summary on={on} rows={rows} />
      <p class="bpviz-soft bpviz-computing" role="status">
        {isWaiting && "Python is computing both runs anew …"}
      </p>
      <div class="bpviz-lab-columns" aria-busy={isWaiting}>
        <section aria-label="Departures from the right algorithm">
          <h3>Switch mistakes on and off</h3>
          <DepartureSwitches />
        </section>
        <div class="bpviz-lab-results">
          <Curves />
          <GradientCheck on={on} />
        </div>
      </div>
      <Comparison rows={rows} />
      <StepView title={on.length ? "The update with the mistakes" : "The update"} />
    </div>
  );
}

/** What is going on, in one or two sentences. */
function Summary({ on, rows }: { on: readonly Departure[]; rows: readonly Compared[] }): VNode {
  const different = rows.filter(({ differs }) => differs);
  const count = on.length === 1 ? "One departure" : `${on.length} departures`;
  return (
    <p class="bpviz-summary" aria-live="polite">
      <b>
        {on.length
          ? `${count} from the right algorithm ${on.length === 1 ? "is" : "are"} on.`
          : "No mistake is on: this is the right algorithm."}
      </b>{" "}
      {different.length ? (
        <>
          On this sample <FirstDifference row={different[0]!} />. {different.length} of{" "}
          {rows.length} registers differ.
        </>
      ) : on.length ? (
        "On this sample nothing differs; another sample, or the curve, may show it."
      ) : (
        "Both sides are the same. Switch a mistake on to see what becomes of the numbers."
      )}
    </p>
  );
}

function FirstDifference({ row }: { row: Compared }): VNode {
  const state = usePanel();
  const { program } = useRun().lab.content.value!;
  const numbers = state.numbers.value;
  const indices = firstEntry(row);
  const flat = indices.reduce((place, index, axis) => place * row.shape[axis]! + index, 0);
  const name = refKey({ register: row.name, indices });
  const [right, wrong] = toldApart(row.right[flat]!, row.wrong[flat]!, numbers);
  return (
    <>
      the first number that differs is <RefName program={program} name={name} />, among the{" "}
      {row.words}: {right} if done right, <span class="bpviz-wrong">{wrong}</span> here
    </>
  );
}

function DepartureSwitches(): VNode {
  const { departures } = useRun().lab;
  const possible = departures.value.filter(({ on, reason }) => on || !reason);
  const others = departures.value.filter((departure) => !possible.includes(departure));
  const conventions = possible.filter(({ right_because }) => right_because);
  return (
    <>
      <Switches departures={possible.filter((one) => !conventions.includes(one))} />
      {conventions.length > 0 && (
        <>
          <h4>Other conventions, right as well</h4>
          <Switches departures={conventions} />
        </>
      )}
      {others.length > 0 && (
        <details class="bpviz-others">
          <summary>{others.length} more that cannot show on this network, and why</summary>
          <Switches departures={others} />
        </details>
      )}
    </>
  );
}

function Switches({ departures }: { departures: readonly Departure[] }): VNode {
  return (
    <ul class="bpviz-mistakes">
      {departures.map((departure) => (
        <DepartureSwitch key={departure.name} departure={departure} />
      ))}
    </ul>
  );
}

function DepartureSwitch({ departure }: { departure: Departure }): VNode {
  const run = useRun();
  const { name, title, on, reason, blocked, change } = departure;
  return (
    <li>
      <Check
        checked={on}
        disabled={blocked !== ""}
        onChange={(checked) => run.switchMistake(name, checked)}
        label={name === "updated_weights_used" ? `${title} (the “dirty” update)` : title}
      />
      {(blocked || reason) && (
        <p class="bpviz-why">{blocked || `It cannot show here. ${reason}`}</p>
      )}
      <details>
        <summary>
          What it changes<span class="bpviz-hidden">: {title}</span>
        </summary>
        <p>{change}.</p>
        <About choice={departure} />
      </details>
    </li>
  );
}

function Curves(): VNode {
  const state = usePanel();
  const { lab, training } = useRun();
  const { run } = state.content.value!;
  const { rightLosses, stopped } = lab.content.value!;
  const { logarithmic } = training;
  const numbers = state.numbers.value;
  const curves = [
    { name: "as switched on", losses: run.losses },
    { name: "done right", losses: rightLosses },
  ];
  const count = Math.max(1, run.losses.length);
  const ceiling = lossCeiling([run.losses, rightLosses]);
  const epoch = Math.min(lab.epoch.value || count, count);
  const lossAt = (losses: Float64Array): string =>
    epoch <= losses.length ? formatNumber(losses[epoch - 1]!, numbers) : "none";
  const same =
    run.losses.length === rightLosses.length && run.losses.every((v, k) => v === rightLosses[k]);
  return (
    <section aria-label="Loss curves">
      <h3>Loss while training</h3>
      <LossCurve
        curves={curves}
        name={run.lossName}
        epoch={epoch}
        logarithmic={logarithmic.value}
        ceiling={ceiling}
        constant={run.constant}
        onChoose={(to) => (lab.epoch.value = to)}
      />
      <ul class="bpviz-curves" aria-label="Curves">
        {curves.map((curve, k) => (
          <li key={k}>
            <CurveMark index={k} /> {curve.name}
          </li>
        ))}
        <li>
          <LogarithmicAxis chosen={logarithmic} />
        </li>
        <LossWords name={run.lossName} constant={run.constant} />
      </ul>
      <p class="bpviz-where">
        <b>Epoch {countText(epoch, numbers)}:</b> {run.lossName} {lossAt(run.losses)} as switched
        on, {lossAt(rightLosses)} done right.{same && " The curves are the same."}
        {!logarithmic.value && ` ${leavesPlot(run.losses, ceiling, "the loss as switched on")}`}
      </p>
      {stopped && (
        <p class="bpviz-stopped">
          <b>Stopped:</b> {stopped}.
        </p>
      )}
      <details class="bpviz-fold">
        <summary>{curveTableName(curves)}</summary>
        <CurveRows curves={curves} name={run.lossName} />
      </details>
    </section>
  );
}
