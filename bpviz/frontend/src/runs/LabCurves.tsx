// The loss while training, with the mistakes and done right.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { countText, formatNumber } from "../program/numbers";
import { usePanel } from "../ui/context";
import { useRun } from "./context";
import { leavesPlot, lossCeiling } from "./fields";
import { LogarithmicAxis } from "./Inputs";
import { CurveMark, LossCurve, LossWords } from "./LossCurve";
import type { Curve } from "./state/training";

const HEIGHT = 156;

/** Both curves; the first is that of the mistakes. */
export function labCurves(wrong: Float64Array, right: Float64Array): Curve[] {
  return [
    { name: "as switched on", losses: wrong },
    { name: "done right", losses: right },
  ];
}

export function LabCurves({ curves }: { curves: readonly Curve[] }): VNode {
  const state = usePanel();
  const { lab, training } = useRun();
  const { run } = state.content.value!;
  const { rightLosses, stopped } = lab.content.value!;
  const { logarithmic } = training;
  const numbers = state.numbers.value;
  const count = Math.max(1, run.losses.length);
  const ceiling = useMemo(() => lossCeiling([run.losses, rightLosses]), [run.losses, rightLosses]);
  const epoch = Math.min(lab.epoch.value || count, count);
  const lossAt = (losses: Float64Array): string =>
    epoch <= losses.length ? formatNumber(losses[epoch - 1]!, numbers) : "none";
  const same =
    run.losses.length === rightLosses.length && run.losses.every((v, k) => v === rightLosses[k]);
  return (
    <section class="bpviz-lab-view" aria-label="Loss curves">
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
      <LossCurve
        curves={curves}
        name={run.lossName}
        epoch={epoch}
        epochs={run.losses.length}
        logarithmic={logarithmic.value}
        ceiling={ceiling}
        height={HEIGHT}
        constant={run.constant}
        onChoose={(to) => (lab.epoch.value = to)}
      />
      <p class="bpviz-where">
        <b>Epoch {countText(epoch, numbers)}:</b> {run.lossName} {lossAt(run.losses)} as switched
        on, {lossAt(rightLosses)} done right.{same && " The curves are the same."}
        {!logarithmic.value &&
          ` ${leavesPlot(run.losses, ceiling, "the loss as switched on", numbers)}`}
      </p>
      {stopped && (
        <p class="bpviz-stopped">
          <b>Stopped:</b> {stopped}.
        </p>
      )}
    </section>
  );
}
