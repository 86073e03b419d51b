// The loss on a slice through all weights and biases, and the path of the run on it.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatNumber } from "../program/numbers";
import type { Landscape as Slice, Moment } from "./state/scrub";
import { lastNotAbove } from "./fields";
import { ColourBar, HeatMap, RISING, along } from "./HeatMap";
import { GRID } from "./fields";
import { usePanel } from "../ui/context";
import { AFTER, percent, whenWords } from "./words";

interface LandscapeProps {
  slice: Slice;
  moment: Moment;
}

export function Landscape({ slice, moment }: LandscapeProps): VNode {
  const { numbers } = usePanel();
  const text = (value: number): string => formatNumber(value, { ...numbers.value, digits: 3 });
  const when = whenWords(moment, numbers.value);
  const { low, high, logarithmic, first, second, shares } = slice;
  const scaled = (value: number): number => (logarithmic ? Math.log(value) : value);
  const range = scaled(high) - scaled(low) || 1;
  const point = (x: number, y: number): [number, number] => [
    along(first, x, GRID),
    100 - along(second, y, GRID),
  ];
  const path = useMemo(() => drawnPath(slice.path, slice.epochs, point), [slice]);
  const count = lastNotAbove(path.epochs, moment.epoch) + 1;
  // A place belongs to its slice; until that on a new one comes, the nearest on the path does.
  const now =
    moment.slice === slice.slice ? moment.place && point(...moment.place) : path.points[count - 1]!;
  const done = [...path.texts.slice(0, count), ...(now ? [textOf(now)] : [])].join(" ");
  const middle = logarithmic ? Math.sqrt(low * high) : (low + high) / 2;
  const name = moment.update ? "RMSE" : AFTER;
  const loss = moment.loss === null ? "" : `, where the ${name} is ${text(moment.loss)}`;
  return (
    <div class="bpviz-map-row">
      <HeatMap
        values={slice.heights}
        size={GRID}
        colours={RISING}
        shareOf={(value) => (scaled(value) - scaled(low)) / range}
        first={first}
        second={second}
        names={["direction 1", "direction 2"]}
        digits={2}
        label={
          `RMSE of the weights around the path of the run, from ${text(low)} to ${text(high)}. ` +
          `The mark is at ${when}${loss}.`
        }
      >
        <polyline points={path.whole} class="bpviz-way" />
        <polyline points={done} class="bpviz-way bpviz-done-below" />
        <polyline points={done} class="bpviz-way bpviz-done" />
        <Start at={path.points[0]!} />
        <End at={path.points[path.points.length - 1]!} />
        {now && <Now at={now} />}
      </HeatMap>
      <ColourBar colours={RISING} marks={[text(low), text(middle), text(high)]} />
      <div class="bpviz-map-words">
        <p class="bpviz-key">
          <Sign of={Start}>start</Sign>
          <Sign of={Now}>{when}</Sign>
          <Sign of={End}>end</Sign>
        </p>
        <p>
          Colour: the RMSE of the weights there over all samples{logarithmic && ", logarithmic"}.
          The main directions are those in which all weights and biases together moved most: they
          hold {percent(shares[0])} and {percent(shares[1])} of the movement. The slice goes through
          the end of the path; the rest of it is seen from above.
        </p>
      </div>
    </div>
  );
}

type Point = readonly [number, number];

interface DrawnPath {
  points: Point[];
  epochs: number[];
  texts: string[];
  whole: string;
}

/** How far apart points of the path are drawn at least, of 100; what is nearer cannot be seen. */
const APART = 0.25;

/** The path as it is drawn, worked out once for all places of the cursor. */
export function drawnPath(
  path: Float64Array,
  epochs: Float64Array,
  point: (x: number, y: number) => Point,
): DrawnPath {
  const kept: DrawnPath = { points: [], epochs: [], texts: [], whole: "" };
  let last: Point | undefined;
  epochs.forEach((epoch, k) => {
    const here = point(path[2 * k]!, path[2 * k + 1]!);
    const isFar = !last || Math.hypot(here[0] - last[0], here[1] - last[1]) >= APART;
    if (!isFar && k < epochs.length - 1) return;
    last = here;
    kept.points.push(here);
    kept.epochs.push(epoch);
    kept.texts.push(textOf(here));
  });
  return { ...kept, whole: kept.texts.join(" ") };
}

function textOf([x, y]: Point): string {
  return `${x.toFixed(2)},${y.toFixed(2)}`;
}

type At = { at: Point };

function Start({ at: [x, y] }: At): VNode {
  return <circle cx={x} cy={y} r="2.2" class="bpviz-way-mark" />;
}

function End({ at: [x, y] }: At): VNode {
  const d = `M${x} ${y - 3.2}l3.2 3.2-3.2 3.2-3.2-3.2z`;
  return <path d={d} class="bpviz-way-mark" />;
}

function Now({ at: [x, y] }: At): VNode {
  return <circle cx={x} cy={y} r="3.6" class="bpviz-now-mark" />;
}

/** A mark and what it is. */
function Sign({ of: Mark, children }: { of: typeof Start; children: string }): VNode {
  return (
    <span>
      <svg width="16" height="16" viewBox="-5 -5 10 10" aria-hidden="true">
        <Mark at={[0, 0]} />
      </svg>
      {children}
    </span>
  );
}
