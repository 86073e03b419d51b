// A run: its loss curve, the choice of an update, and that very update step by step.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { countText, formatNumber } from "../program/numbers";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { titleOf } from "../ui/names";
import { useRun } from "./context";
import { leavesPlot, lossCeiling } from "./fields";
import { LossCurve } from "./LossCurve";
import { CurveLegend, RunControls, RunStatus } from "./RunControls";
import { RunViews } from "./RunViews";
import type { Curve } from "./state/training";
import type { WithSteps } from "./steps";
import { lossWords } from "./words";

const TABLE_ROWS = 20;

export function Training({ StepView }: WithSteps): VNode | null {
  const state = usePanel();
  const { training } = useRun();
  const content = state.content.value;
  const losses = content?.run.losses;
  const pins = training.pins.value;
  const ceiling = useMemo(
    () => lossCeiling([...(losses ? [losses] : []), ...pins.map((pin) => pin.losses)]),
    [losses, pins],
  );
  const leaving = useMemo(
    () => losses && leavesPlot(losses, ceiling, "the loss"),
    [losses, ceiling],
  );
  if (!content) return null;
  const { run, total, names } = content;
  const numbers = state.numbers.value;
  const logarithmic = training.logarithmic.value;
  const per = run.updatesPerEpoch;
  const frame = state.frame.value;
  const epoch = Math.floor(frame / per) + 1;
  const update = (frame % per) + 1;
  const epochs = Math.max(run.losses.length, Math.ceil(total / per));
  // An epoch that is under way has no loss yet.
  const loss = run.losses[epoch - 1];
  const said = loss !== undefined && ` ${lossWords(run.lossName, loss, numbers)}.`;
  const choose = (to: number): void => state.setFrame((to - 1) * per + update - 1);
  const name = names[frame] ?? (names.length === per ? names[update - 1] : undefined);
  const curves = [{ name: "this run", losses: run.losses }, ...pins];
  return (
    <div class="bpviz-training">
      <section class="bpviz-run" aria-label="Training run">
        <h2 class="bpviz-title">{titleOf(content.program)}</h2>
        <RunControls />
        <LossCurve
          curves={curves}
          name={run.lossName}
          epoch={epoch}
          logarithmic={logarithmic}
          ceiling={ceiling}
          constant={run.constant}
          onChoose={choose}
        />
        {leaving && !logarithmic && <p>{leaving}</p>}
        {training.settings.value && <CurveLegend />}
        <RunStatus />
        <div class="bpviz-update-row">
          <div class="bpviz-buttons" role="group" aria-label="Updates">
            <Button
              icon="first"
              label="First update"
              disabled={frame === 0}
              onClick={() => state.setFrame(0)}
            />
            <Button
              icon="back"
              label="Previous update"
              disabled={frame === 0}
              onClick={() => state.setFrame(frame - 1)}
            />
            <Button
              icon="forward"
              label="Next update"
              disabled={frame >= total - 1}
              onClick={() => state.setFrame(frame + 1)}
            />
            <Button
              icon="last"
              label="Last update"
              disabled={frame >= total - 1}
              onClick={() => state.setFrame(total - 1)}
            />
          </div>
          {per > 1 && total > 0 && (
            <UpdateChooser
              update={update}
              per={per}
              onChoose={(to) => state.setFrame((epoch - 1) * per + to - 1)}
            />
          )}
          <p class="bpviz-where" aria-live="polite">
            {total ? (
              <>
                <b>
                  Epoch {countText(epoch, numbers)} of {countText(epochs, numbers)}
                </b>
                , update {update} of {per}.{said}
                {name && <span> {name}</span>}
              </>
            ) : (
              "This is the untrained network; its first update opens here once it is made."
            )}
          </p>
        </div>
        <CurveTable curves={curves} name={run.lossName} />
      </section>
      <RunViews />
      {total > 0 && (
        <StepView title={`Epoch ${countText(epoch, numbers)}, update ${update}, step by step`} />
      )}
    </div>
  );
}

interface UpdateChooserProps {
  update: number;
  per: number;
  onChoose(update: number): void;
}

function UpdateChooser({ update, per, onChoose }: UpdateChooserProps): VNode {
  return (
    <label class="bpviz-chooser">
      <span class="bpviz-hidden">Update within the epoch</span>
      <select
        value={String(update)}
        onChange={(event) => onChoose(Number(event.currentTarget.value))}
      >
        {Array.from({ length: per }, (_, k) => (
          <option key={k} value={String(k + 1)}>
            update {k + 1}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Curves as a table, in about twenty rows. */
export function CurveTable({ curves, name }: { curves: readonly Curve[]; name: string }): VNode {
  const state = usePanel();
  const count = Math.max(...curves.map(({ losses }) => losses.length));
  const every = Math.max(1, Math.ceil(count / TABLE_ROWS));
  const rows = Array.from({ length: Math.ceil(count / every) }, (_, k) => k * every);
  if (count && rows[rows.length - 1] !== count - 1) rows.push(count - 1);
  return (
    <details class="bpviz-table">
      <summary>The {curves.length > 1 ? "curves" : "curve"} as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">epoch</th>
            {curves.map((curve, k) => (
              <th key={k} scope="col">
                {curves.length > 1 ? `${name}, ${curve.name}` : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((k) => (
            <tr key={k}>
              <td>{k + 1}</td>
              {curves.map(({ losses }, which) => (
                <td key={which}>
                  {k < losses.length ? formatNumber(losses[k]!, state.numbers.value) : ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
