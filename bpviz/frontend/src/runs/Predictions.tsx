// What the network answers to every sample at the cursor, beside what it should answer.

import type { VNode } from "preact";
import { formatNumber } from "../program/numbers";
import type { Moment, Samples } from "./state/scrub";
import { usePanel } from "../ui/context";
import { useRun } from "./context";
import { isOnSide, targetScale } from "./fields";
import { whenWords } from "./words";

/** So many predictions have a row each; of more, so many are picked. */
const MOST_ROWS = 12;

/** Of a prediction, for which there is room beside its bar. */
const MOST_SIGNS = 9;

export function Predictions({ samples, moment }: { samples: Samples; moment: Moment }): VNode {
  const { targets, outputs, total } = samples;
  const count = targets.length;
  const all = Array.from({ length: count }, (_, k) => k);
  const [low, high] = bounds(targets);
  const about = count / outputs < total ? `${count / outputs} of ${total} samples` : "";
  if (count <= MOST_ROWS) {
    return (
      <>
        <Rows samples={samples} moment={moment} rows={all} low={low} high={high} />
        <Key />
      </>
    );
  }
  const picked = Array.from({ length: MOST_ROWS }, (_, k) =>
    Math.round((k * (count - 1)) / (MOST_ROWS - 1)),
  );
  return (
    <>
      <Scatter targets={targets} predictions={moment.predictions} low={low} high={high} />
      <p class="bpviz-key">
        ● a prediction; on the line it is equal to its target. {about && `Shown: ${about}.`}
      </p>
      <details class="bpviz-fold">
        <summary>{MOST_ROWS} of them in numbers</summary>
        <Rows samples={samples} moment={moment} rows={picked} low={low} high={high} />
        <Key />
      </details>
    </>
  );
}

function Key(): VNode {
  return (
    <p class="bpviz-key">
      <span class="bpviz-pair-key">
        <Pair target={0} prediction={1} low={-0.2} high={1.2} />
      </span>
      bar: from the target to the prediction, the dot; hatched where that is too small
    </p>
  );
}

/** Room for all targets and as much on both sides, so that nothing moves while scrubbing. */
function bounds(targets: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const target of targets) {
    low = Math.min(low, target);
    high = Math.max(high, target);
  }
  const margin = (high - low || 1) / 5;
  return [low - margin, high + margin];
}

interface RowsProps {
  samples: Samples;
  moment: Moment;
  rows: readonly number[];
  low: number;
  high: number;
}

function Rows({ samples, moment, rows, low, high }: RowsProps): VNode {
  const { numbers } = usePanel();
  const sampleNow = useSampleNow();
  const text = (value: number): string => formatNumber(value, numbers.value);
  const short = (value: number): string => formatNumber(value, { ...numbers.value, digits: 3 });
  const { features, outputs, inputs, targets } = samples;
  const nameOf = (row: number): string => {
    const sample = Math.floor(row / outputs);
    const x = inputs.subarray(sample * features, (sample + 1) * features);
    const name = features <= 2 ? `(${Array.from(x, short).join(", ")})` : `sample ${sample + 1}`;
    return outputs > 1 ? `${name}, output ${(row % outputs) + 1}` : name;
  };
  const scales = Array.from({ length: outputs }, (_, output) => targetScale(samples, output));
  // Powers of ten need the room of the bars, and of all but three digits.
  const isWide = rows.some((row) => text(moment.predictions[row]!).length > MOST_SIGNS);
  const shown = isWide ? short : text;
  return (
    <table class={`bpviz-predictions${isWide ? " bpviz-tight" : ""}`}>
      <caption class="bpviz-hidden">Predictions after {whenWords(moment, numbers.value)}</caption>
      <thead>
        <tr>
          <th scope="col">{features <= 2 ? "x" : ""}</th>
          <th scope="col">target</th>
          <th scope="col">prediction</th>
          <td aria-hidden="true" />
          <th scope="col">error</th>
          <th scope="col">
            <span class="bpviz-hidden">on its target’s side</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const [target, prediction] = [targets[row]!, moment.predictions[row]!];
          const { middle, two } = scales[row % outputs]!;
          const isNow = Math.floor(row / outputs) === sampleNow;
          return (
            <tr key={row} aria-current={isNow ? "true" : undefined}>
              <th scope="row">{nameOf(row)}</th>
              <td>{short(target)}</td>
              <td>{shown(prediction)}</td>
              <td aria-hidden="true">
                {Number.isFinite(prediction) && <Pair {...{ target, prediction, low, high }} />}
              </td>
              <td>{short(prediction - target)}</td>
              <td>{two && <Side isRight={isOnSide(prediction, target, middle)} />}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The sample that the chosen update learns from, where it learns from one alone; else −1. */
function useSampleNow(): number {
  const state = usePanel();
  const { training, place } = useRun();
  const settings = training.settings.value;
  const isKnown = settings?.batch_size === 1 && !settings.shuffle && state.content.value!.total > 0;
  return isKnown ? place.value.update - 1 : -1;
}

/** Whether a prediction is on the side of its target. */
function Side({ isRight }: { isRight: boolean }): VNode {
  return (
    <span class={isRight ? "bpviz-verdict" : "bpviz-verdict bpviz-unlike"}>
      <span aria-hidden="true">{isRight ? "✓" : "≠"}</span>
      <span class="bpviz-hidden">{isRight ? "yes" : "no"}</span>
    </span>
  );
}

interface PairProps {
  target: number;
  prediction: number;
  low: number;
  high: number;
}

/** The error as a bar from the target to the prediction; one below the target is hatched. */
function Pair({ target, prediction, low, high }: PairProps): VNode {
  const place = (value: number): number =>
    Math.max(0, Math.min(1, (value - low) / (high - low))) * 100;
  const [from, to] = [place(target), place(prediction)];
  const side = to < from ? "negative" : "positive";
  const width = Math.abs(to - from);
  return (
    <span class="bpviz-pair">
      <span
        class={`bpviz-gap-bar bpviz-gap-${side}`}
        style={{ left: `${Math.min(from, to).toFixed(1)}%`, width: `${width.toFixed(1)}%` }}
      />
      <span class="bpviz-pair-target" style={{ left: `${from.toFixed(1)}%` }} />
      <span class="bpviz-pair-dot" style={{ left: `${to.toFixed(1)}%` }} />
    </span>
  );
}

interface ScatterProps {
  targets: Float64Array;
  predictions: Float64Array;
  low: number;
  high: number;
}

function Scatter({ targets, predictions, low, high }: ScatterProps): VNode {
  const { numbers } = usePanel();
  const text = (value: number): string => formatNumber(value, { ...numbers.value, digits: 3 });
  const place = (value: number): string =>
    (Math.max(0, Math.min(1, (value - low) / (high - low))) * 100).toFixed(1);
  let dots = "";
  predictions.forEach((prediction, k) => {
    if (Number.isFinite(prediction))
      dots += `M${place(targets[k]!)} ${(100 - Number(place(prediction))).toFixed(1)}h0`;
  });
  return (
    <div class="bpviz-map-row">
      <div class="bpviz-map">
        <div class="bpviz-map-side" aria-hidden="true">
          <span>{text(low)}</span>
          <span>prediction</span>
          <span>{text(high)}</span>
        </div>
        <div class="bpviz-map-square" role="img" aria-label="Predictions against targets">
          <svg viewBox="0 0 100 100" aria-hidden="true">
            <path d="M0 100L100 0" class="bpviz-gap" />
            <path d={dots} class="bpviz-dots" />
          </svg>
        </div>
        <div class="bpviz-map-foot" aria-hidden="true">
          <span>{text(low)}</span>
          <span>target</span>
          <span>{text(high)}</span>
        </div>
      </div>
    </div>
  );
}
