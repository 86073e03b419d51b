// What the network answers to every sample after an epoch, beside what it should answer.

import type { VNode } from "preact";
import { countText, formatNumber } from "../program/numbers";
import type { Moment, Samples } from "./state/scrub";
import { usePanel } from "../ui/context";

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
      <details class="bpviz-table">
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
      <svg width="40" height="14" viewBox="-8 -7 40 14" aria-hidden="true">
        <Pair target={0} prediction={24} />
      </svg>
      bar: target, dot: prediction, between them: the error (prediction − target)
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
  const margin = (high - low || 1) / 2;
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
  const text = (value: number): string => formatNumber(value, numbers.value);
  const short = (value: number): string => formatNumber(value, { ...numbers.value, digits: 3 });
  const { features, outputs, inputs, targets } = samples;
  const nameOf = (row: number): string => {
    const sample = Math.floor(row / outputs);
    const x = inputs.subarray(sample * features, (sample + 1) * features);
    const name = features <= 2 ? `(${Array.from(x, short).join(", ")})` : `sample ${sample + 1}`;
    return outputs > 1 ? `${name}, output ${(row % outputs) + 1}` : name;
  };
  const place = (value: number): number =>
    Math.max(0, Math.min(1, (value - low) / (high - low))) * 100;
  // Powers of ten need the room of the bars, and of all but three digits.
  const isWide = rows.some((row) => text(moment.predictions[row]!).length > MOST_SIGNS);
  const shown = isWide ? short : text;
  return (
    <table class={`bpviz-predictions${isWide ? " bpviz-tight" : ""}`}>
      <caption class="bpviz-hidden">
        Predictions after epoch {countText(moment.epoch, numbers.value)}
      </caption>
      <thead>
        <tr>
          <th scope="col">{features <= 2 ? "x" : ""}</th>
          <th scope="col">target</th>
          <th scope="col">prediction</th>
          <th scope="col">error</th>
          <td aria-hidden="true" />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const [target, prediction] = [targets[row]!, moment.predictions[row]!];
          return (
            <tr key={row}>
              <th scope="row">{nameOf(row)}</th>
              <td>{short(target)}</td>
              <td>{shown(prediction)}</td>
              <td>{short(prediction - target)}</td>
              <td aria-hidden="true">
                <svg viewBox="-10 -8 120 16" preserveAspectRatio="none" height="16">
                  {Number.isFinite(prediction) && (
                    <Pair target={place(target)} prediction={place(prediction)} />
                  )}
                </svg>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Pair({ target, prediction }: { target: number; prediction: number }): VNode {
  return (
    <>
      <path d={`M${target} 0H${prediction}`} class="bpviz-gap" />
      <path d={`M${target}-6v12`} class="bpviz-target" />
      <path d={`M${prediction} 0h0`} class="bpviz-prediction" />
    </>
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
  );
}
