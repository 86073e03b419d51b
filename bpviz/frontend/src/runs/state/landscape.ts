// The landscape of a run that the page makes: the loss on a slice along its path, as Python has it.

import type { Reply } from "../../protocol/exchange";
import type { PageRun } from "../../program/run";
import type { Answers } from "../../protocol/messages";
import type { Row } from "../../protocol/program";
import { meanOf, principalDirections } from "../../program/principal";
import { GRID } from "../fields";
import { parametersOf, predictionsOf, rmseOf, shownSamples } from "./predictions";

/** Of a path that is drawn. */
export const MOST_EPOCHS = 600;
const ROOM_AROUND = 0.25;
/** From this ratio of the largest to the smallest loss on, the colours are logarithmic. */
const LOG_RATIO = 30;
/** Products of a weight and what goes into it, of a landscape that is still worth waiting for. */
const MOST_PRODUCTS = 3e9;

/** A slice through the space of all weights and biases; its axes begin where the path ends. */
export interface Cut {
  number: number;
  /** Where each weight and bias stands in a row. */
  places: readonly number[];
  centre: Float64Array;
  directions: readonly Float64Array[];
}

/** Where the parameters of a row are on a slice. */
export function placeOn({ places, centre, directions }: Cut, row: Row): [number, number] | null {
  const place = directions.map((direction) =>
    places.reduce((sum, at, k) => sum + (row[at]! - centre[k]!) * direction[k]!, 0),
  );
  return place.every(Number.isFinite) ? (place as [number, number]) : null;
}

/** Why there is no landscape of a run; empty if there is one. */
export function whyFlat(run: PageRun): string {
  if (run.rmse.length === 0) return "No epoch is made yet, so there is no path to look around.";
  const { program } = run.plan;
  const products = parametersOf(program).size * shownSamples(run).count * GRID * GRID;
  return products > MOST_PRODUCTS
    ? "The landscape of so large a network needs Python: run the cell again to see it."
    : "";
}

/** The landscape around the path of a run, in steps; or why there is none. */
export function* landscapeOf(
  run: PageRun,
  number: number,
): Generator<void, { reply: Reply<"landscape">; cut: Cut } | string> {
  const places = [...parametersOf(run.plan.program).values()];
  const epochs = run.epochsAtHand(MOST_EPOCHS);
  const rows: Row[] = [];
  for (const epoch of epochs) {
    yield* run.reach(epoch * run.updatesPerEpoch);
    const row = run.after(epoch);
    if (!places.every((at) => Number.isFinite(row[at]))) break;
    rows.push(row);
    yield;
  }
  const width = places.length;
  const path = new Float64Array(rows.length * width);
  rows.forEach((row, k) => places.forEach((at, i) => (path[k * width + i] = row[at]!)));
  // A run that diverges may come near the largest numbers.
  const size = path.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const points = { numbers: path.map((value) => value / size), count: rows.length, width };
  const directions = yield* principalDirections(points);
  for (const direction of directions) {
    const way = direction.reduce(
      (sum, value, i) => sum + value * (path[path.length - width + i]! - path[i]!),
      0,
    );
    if (way < 0) direction.forEach((value, i) => (direction[i] = -value));
  }
  const cut: Cut = { number, places, centre: path.slice(-width), directions };
  const along = rows.map((row) => placeOn(cut, row) ?? [NaN, NaN]);
  const total = varianceOf(path, width);
  if (!(total > 0)) {
    return "No weight or bias moved, so there is no path; train with a learning rate above 0.";
  }
  const shareOf = (axis: 0 | 1): number =>
    varianceOf(
      Float64Array.from(along, (at) => at[axis]!),
      1,
    ) / total;
  const [first, second] = ticksAround(along);
  const heights = new Float32Array(GRID * GRID);
  const { inputs, targets } = shownSamples(run);
  for (let k = 0; k < heights.length; k++) {
    const [x, y] = [tick(first, k % GRID), tick(second, Math.floor(k / GRID))];
    const row = rows.at(-1)!.slice();
    places.forEach((at, i) => {
      row[at] = cut.centre[i]! + x * directions[0]![i]! + y * directions[1]![i]!;
    });
    heights[k] = rmseOf(predictionsOf(run.plan.program, row, inputs), targets);
    yield;
  }
  const finite = heights.filter(Number.isFinite);
  if (!finite.length) return "The loss around the path is not finite: the run diverged.";
  const low = finite.reduce((one, other) => Math.min(one, other), Infinity);
  const high = finite.reduce((one, other) => Math.max(one, other), 0);
  const content: Answers["landscape"] = {
    slice: number,
    shares: [shareOf(0), shareOf(1)],
    first,
    second,
    low,
    high,
    logarithmic: 0 < low && low < high / LOG_RATIO,
  };
  const made = Float64Array.from(epochs.slice(0, rows.length));
  return { reply: [content, [heights, Float64Array.from(along.flat()), made]], cut };
}

/** The sum of the variances in all dimensions. */
function varianceOf(numbers: Float64Array, width: number): number {
  const count = numbers.length / width;
  const mean = meanOf({ numbers, count, width });
  return numbers.reduce((sum, value, k) => sum + (value - mean[k % width]!) ** 2 / count, 0);
}

type Ends = [low: number, high: number];

function tick([low, high]: Ends, k: number): number {
  return low + ((high - low) * k) / (GRID - 1);
}

/** The ends of the grid along both axes: the path and a margin around it. */
function ticksAround(along: readonly (readonly number[])[]): [Ends, Ends] {
  const ends = [0, 1].map((axis) => {
    const values = along.map((at) => at[axis]!);
    return [Math.min(...values), Math.max(...values)] as const;
  });
  const widest = Math.max(...ends.map(([low, high]) => high - low));
  return ends.map(([low, high]) => {
    // A path along one axis only still needs some room across.
    const half = Math.max(high - low, 0.4 * widest || 1) * (0.5 + ROOM_AROUND);
    const middle = (low + high) / 2;
    return [middle - half, middle + half];
  }) as [Ends, Ends];
}
