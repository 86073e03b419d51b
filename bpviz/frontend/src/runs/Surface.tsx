// What a network with two inputs answers everywhere in their plane, with the samples.

import type { VNode } from "preact";
import { formatNumber } from "../program/numbers";
import type { Moment, Samples } from "./state/scrub";
import { GRID, contour, isOnSide, targetScale } from "./fields";
import { ColourBar, HeatMap, TWO_SIDED, along, cssColour } from "./HeatMap";
import { usePanel } from "../ui/context";
import { useName } from "../ui/id";
import { whenWords } from "./words";

/** So many times the distance of the targets lies between the ends of the colours. */
const REACH = 1.2;
/** A target with more signs has no room in the mark of its sample. */
const MOST_SIGNS = 2;

export function Surface({ samples, moment }: { samples: Samples; moment: Moment }): VNode {
  const state = usePanel();
  const text = (value: number): string =>
    formatNumber(value, { ...state.numbers.value, digits: 3 });
  const { limits, inputs, targets, outputs } = samples;
  const { output, predictions } = moment;
  const { low, high, middle, two } = targetScale(samples, output);
  // The colours stay as they are while the run goes on: an equal colour is an equal output.
  const reach = REACH * (high - low);
  const shareOf = (value: number): number => (value - middle) / reach + 0.5;
  const count = inputs.length / 2;
  const radius = count > 200 ? 1 : count > 40 ? 1.7 : 5;
  // A small mark has no room for its target: it is full where that is above the middle.
  const isSmall = two && radius < 5;
  let right = 0;
  const marks = Array.from({ length: count }, (_, k) => {
    const target = targets[k * outputs + output]!;
    const isRight = isOnSide(predictions[k * outputs + output]!, target, middle);
    if (isRight) right += 1;
    const x = along(limits, inputs[2 * k]!, GRID);
    const y = 100 - along(limits, inputs[2 * k + 1]!, GRID);
    const colour = two ? "var(--bpviz-card)" : cssColour(TWO_SIDED, shareOf(target));
    const fill = isSmall && target > middle ? "var(--bpviz-ink)" : colour;
    const figure = text(target);
    return (
      <g key={k} transform={`translate(${x} ${y})`}>
        <circle r={radius} class="bpviz-sample-mark" style={{ fill }} />
        {two && !isSmall && (
          <>
            {figure.length <= MOST_SIGNS ? (
              <text class="bpviz-sample-target">{figure}</text>
            ) : (
              <path d={target > middle ? "M-3 0h6M0-3v6" : "M-3 0h6"} class="bpviz-sample-sign" />
            )}
            {!isRight && <Wrong />}
          </>
        )}
      </g>
    );
  });
  const grey = moment.surface.some(Number.isNaN) ? " Grey: not a number." : "";
  const hatching = useName();
  const pieces = contour(moment.surface, GRID, middle);
  let line = "";
  for (let k = 0; k < pieces.length; k += 4) {
    const [x1, y1, x2, y2] = pieces.slice(k, k + 4).map((at) => ((at + 0.5) / GRID) * 100);
    line += `M${x1!.toFixed(2)} ${(100 - y1!).toFixed(2)}L${x2!.toFixed(2)} ${(100 - y2!).toFixed(2)}`;
  }
  const sides = two
    ? `${right} of ${count} samples lie on their target’s side of ${text(middle)}.`
    : `The line is where the output is ${text(middle)}.`;
  return (
    <>
      <div class="bpviz-map-row">
        <HeatMap
          values={moment.surface}
          size={GRID}
          colours={TWO_SIDED}
          shareOf={shareOf}
          first={limits}
          second={limits}
          names={["input x₁", "input x₂"]}
          label={`Decision surface after ${whenWords(moment, state.numbers.value)}. ${sides}`}
        >
          <pattern
            id={hatching}
            width="4"
            height="4"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(35)"
          >
            <path d="M0 0V4" class="bpviz-hatch" />
          </pattern>
          <path d={below(moment.surface, middle)} fill={`url(#${hatching})`} />
          <path d={line} class="bpviz-middle" />
          {marks}
        </HeatMap>
        <ColourBar
          colours={TWO_SIDED}
          hatched
          marks={[`≤ ${text(middle - reach / 2)}`, text(middle), `≥ ${text(middle + reach / 2)}`]}
        />
      </div>
      <p title={two ? "" : "A sample has the colour of its target."}>
        {isSmall
          ? `${right} of ${count} on their side: ● above ${text(middle)}, ○ below.`
          : two
            ? `${right} of ${count} ${grey ? "" : "samples lie "}on their side of ${text(middle)}.`
            : sides}
        {grey}
      </p>
    </>
  );
}

/** The outline of what lies below the middle, in rows of places. */
function below(surface: Float32Array, middle: number): string {
  let path = "";
  for (let row = 0; row < GRID; row++) {
    for (let from = 0; from < GRID; from++) {
      let to = from;
      while (to < GRID && surface[row * GRID + to]! < middle) to++;
      if (to === from) continue;
      const [x, y, width] = [from, GRID - 1 - row, to - from].map((k) => (100 * k) / GRID);
      path += `M${x!.toFixed(2)} ${y!.toFixed(2)}h${width!.toFixed(2)}v2.44h-${width!.toFixed(2)}z`;
      from = to;
    }
  }
  return path;
}

/** The sample is not on the side of its target. */
function Wrong(): VNode {
  return (
    <g transform="translate(5.5 -5.5)" class="bpviz-sample-wrong">
      <rect x="-3.4" y="-3.4" width="6.8" height="6.8" rx="1.6" />
      <path d="M-2-.8h4M-2 .9h4M1.2-2.2l-2.4 4.4" />
    </g>
  );
}
