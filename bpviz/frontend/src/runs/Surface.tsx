// What a network with two inputs answers everywhere in their plane, with the samples.

import type { VNode } from "preact";
import { countText, formatNumber } from "../program/numbers";
import type { Moment, Samples } from "./state/scrub";
import { GRID, contour, targetScale } from "./fields";
import { ColourBar, HeatMap, TWO_SIDED, along, cssColour } from "./HeatMap";
import { usePanel } from "../ui/context";

export function Surface({ samples, moment }: { samples: Samples; moment: Moment }): VNode {
  const state = usePanel();
  const text = (value: number): string => formatNumber(value, state.numbers.value);
  const epoch = countText(moment.epoch, state.numbers.value);
  if (samples.no_surface) return <p class="bpviz-note">{samples.no_surface}</p>;
  const { limits, inputs, targets, outputs } = samples;
  const { output, predictions } = moment;
  const { low, high, middle, two } = targetScale(samples, output);
  // The colours stay as they are while the run goes on: an equal colour is an equal output.
  const shareOf = (value: number): number => (value - middle) / (2 * (high - low)) + 0.5;
  const count = inputs.length / 2;
  const radius = count > 200 ? 1 : count > 40 ? 1.7 : 3.4;
  let right = 0;
  const marks = Array.from({ length: count }, (_, k) => {
    const target = targets[k * outputs + output]!;
    const isHigh = target > middle;
    if (predictions[k * outputs + output]! > middle === isHigh) right += 1;
    const x = along(limits, inputs[2 * k]!, GRID);
    const y = 100 - along(limits, inputs[2 * k + 1]!, GRID);
    const fill = two ? "var(--bpviz-card)" : cssColour(TWO_SIDED, shareOf(target));
    return (
      <g key={k} transform={`translate(${x} ${y}) scale(${radius})`}>
        <circle r="1" class="bpviz-sample-mark" style={{ fill }} />
        {two && radius > 1 && <Sign high={isHigh} />}
      </g>
    );
  });
  const pieces = contour(moment.surface, GRID, middle);
  let line = "";
  for (let k = 0; k < pieces.length; k += 4) {
    const [x1, y1, x2, y2] = pieces.slice(k, k + 4).map((at) => ((at + 0.5) / GRID) * 100);
    line += `M${x1!.toFixed(2)} ${(100 - y1!).toFixed(2)}L${x2!.toFixed(2)} ${(100 - y2!).toFixed(2)}`;
  }
  const sides = two
    ? `${right} of ${count} samples lie on their target’s side of ${text(middle)}.`
    : `The line is where the output is ${text(middle)}.`;
  const name = outputs > 1 ? `output ${output + 1}` : "output";
  return (
    <>
      <HeatMap
        values={moment.surface}
        size={GRID}
        colours={TWO_SIDED}
        shareOf={shareOf}
        first={limits}
        second={limits}
        names={["input x₁", "input x₂"]}
        label={`Decision surface after epoch ${epoch}. ${sides}`}
      >
        <path d={line} class="bpviz-middle" />
        {marks}
      </HeatMap>
      <ColourBar
        colours={TWO_SIDED}
        name={`${name}; line: ${text(middle)}`}
        marks={[
          `≤ ${text(middle - (high - low))}`,
          text(middle),
          `≥ ${text(middle + (high - low))}`,
        ]}
      />
      {two ? (
        <p class="bpviz-key">
          <Mark high /> target {text(high)} <Mark high={false} /> target {text(low)}
        </p>
      ) : (
        <p class="bpviz-key">A sample has the colour of its target.</p>
      )}
      <p>{sides}</p>
    </>
  );
}

function Sign({ high }: { high: boolean }): VNode {
  return <path d={high ? "M-.55 0h1.1M0-.55v1.1" : "M-.55 0h1.1"} class="bpviz-sample-sign" />;
}

function Mark({ high }: { high: boolean }): VNode {
  return (
    <svg width="16" height="16" viewBox="-1.2 -1.2 2.4 2.4" aria-hidden="true">
      <circle r="1" class="bpviz-sample-mark" />
      <Sign high={high} />
    </svg>
  );
}
