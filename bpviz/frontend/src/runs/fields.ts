// What is read off values on a grid and off the targets of the samples.

import type { NumberStyle } from "../protocol/style";
import { countText } from "../program/numbers";
import type { Content } from "../protocol/content";
import type { Samples } from "./state/scrub";

/** Places along each side of the surface and of the landscape. */
export const GRID = 41;

/** The targets of one output: their ends, the value halfway, and whether there are only two. */
export interface TargetScale {
  low: number;
  high: number;
  middle: number;
  two: boolean;
}

export function targetScale(samples: Samples, output: number): TargetScale {
  const values = new Set<number>();
  for (let k = output; k < samples.targets.length; k += samples.outputs)
    values.add(samples.targets[k]!);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(high > low)) return { low: low - 0.5, high: low + 0.5, middle: low, two: false };
  return { low, high, middle: (low + high) / 2, two: values.size === 2 };
}

/** Whether a prediction is on the side of the middle on which its target is; none that is no number. */
export function isOnSide(prediction: number, target: number, middle: number): boolean {
  return !Number.isNaN(prediction) && prediction > middle === target > middle;
}

/**
 * The line on which values on a grid are equal to a level, as pieces with both ends in cells of
 * the grid: x1, y1, x2, y2, …
 */
export function contour(values: Float32Array, size: number, level: number): number[] {
  const pieces: number[] = [];
  for (let row = 0; row + 1 < size; row++) {
    for (let column = 0; column + 1 < size; column++) {
      const at = (dx: number, dy: number): number =>
        values[(row + dy) * size + column + dx]! - level;
      const corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
      if (!corners.every(Number.isFinite)) continue;
      const ends: number[] = [];
      CORNERS.forEach(([x, y], k) => {
        const [nx, ny] = CORNERS[(k + 1) % 4]!;
        const [here, there] = [corners[k]!, corners[(k + 1) % 4]!];
        if (here > 0 === there > 0) return;
        const share = here / (here - there);
        ends.push(column + x + share * (nx - x), row + y + share * (ny - y));
      });
      // Four ends: a saddle; which of them belong together makes no difference at this size.
      pieces.push(...ends);
    }
  }
  return pieces;
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/** The index of the last entry that is not above a value; entries grow. */
export function lastNotAbove(entries: ArrayLike<number>, value: number): number {
  let [low, high] = [0, entries.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (entries[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many epochs of a run are begun; the last may not be finished, and has no loss yet. */
export function epochsBegun({ run, total }: Pick<Content, "run" | "total">): number {
  return Math.max(run.losses.length, Math.ceil(total / run.updatesPerEpoch));
}

/** A run diverged if its losses end at more than so many times the first, or are not finite. */
const DIVERGED = 10;
/** Of a run that diverged a linear axis shows losses up to so many times the first. */
const ROOM = 4;

/** How high a curve is drawn on a linear axis, and whether its run diverged. */
function heightOf(losses: Float64Array): { height: number; diverged: boolean } {
  const finite = losses.filter(Number.isFinite);
  const first = finite[0] ?? 0;
  const top = finite.reduce((one, other) => Math.max(one, other), 0);
  const diverged = finite.length < losses.length || (finite.at(-1) ?? 0) > DIVERGED * first;
  return { height: diverged && first > 0 ? Math.min(top, ROOM * first) : top, diverged };
}

/**
 * Where a linear axis of losses ends at most. Only what diverged is cut off, and never below its
 * first loss. Python's `loss_ceiling` does the same.
 */
export function lossCeiling(curves: readonly Float64Array[]): number {
  return Math.max(0, ...curves.map((losses) => heightOf(losses).height));
}

/** Where losses leave a plot with a linear axis, in words; empty if they do not. */
export function leavesPlot(
  losses: Float64Array,
  ceiling: number,
  name: string,
  numbers: NumberStyle,
): string {
  const epoch = losses.findIndex((loss) => !(loss <= ceiling)) + 1;
  return epoch
    ? `In epoch ${countText(epoch, numbers)} ${name} leaves the plot; the logarithmic axis has room for it.`
    : "";
}

/** Lines of a run that diverged are drawn up to so many times their usual height. */
const STEEP = 20;
/** What is usual is read off so many epochs. */
const SOME = 500;

/**
 * How far from 0 the ways of weights and biases are drawn at most: Infinity, unless the run
 * diverged; then its last epochs would flatten all others.
 */
export function lineLimit(lines: readonly ArrayLike<number>[], losses: Float64Array): number {
  const count = lines[0]?.length ?? 0;
  if (!count || !heightOf(losses).diverged) return Infinity;
  const heightAt = (k: number): number => {
    let height = 0;
    for (const line of lines) height = Math.max(height, Math.abs(line[k]!));
    return Number.isNaN(height) ? Infinity : height;
  };
  const stride = Math.ceil(count / SOME);
  const some = Array.from({ length: Math.ceil(count / stride) }, (_, k) => heightAt(k * stride));
  const usual = some.sort((one, other) => one - other)[some.length >> 1]!;
  return STEEP * Math.max(usual, heightAt(0)) || Infinity;
}

/** The least and the greatest of the finite numbers in some lists that are above a bound. */
export function finiteRange(
  lists: readonly ArrayLike<number>[],
  above = -Infinity,
): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (let k = 0; k < list.length; k++) {
      const value = list[k]!;
      if (!(value > above && value < Infinity)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : [1, 1];
}
