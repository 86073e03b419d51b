// Which units of a wide layer are drawn: a window that moves to where something happens.

import type { Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import { parseRef } from "../program/refs";

/** Layers of at most so many units are drawn in full; of wider ones a window. */
export const FULL = 6;
export const WINDOW = 3;

/** The first unit of the window that a unit is in. */
export function windowStart(units: number, unit: number): number {
  if (units <= FULL) return 0;
  return Math.min(Math.floor(unit / WINDOW) * WINDOW, units - WINDOW);
}

export function shownUnits(units: number, start: number): number[] {
  if (units <= FULL) return Array.from({ length: units }, (_, unit) => unit);
  return Array.from({ length: WINDOW }, (_, k) => start + k);
}

/** The units that a ref belongs to, as [layer, unit]: for a weight those at both its ends. */
function unitsOf(program: Program, text: string): [number, number][] {
  const ref = parseRef(text);
  if (!ref?.indices.length) return [];
  const { layer, quantity } = registerOf(program, ref.register);
  const [i, j] = ref.indices;
  if (j === undefined) return [[layer, i!]];
  return quantity === "s"
    ? [[layer, i!]]
    : [
        [layer, i!],
        [layer - 1, j],
      ];
}

/** Move the windows so that what a step writes, or else reads, can be seen. */
export function follow(
  program: Program,
  starts: readonly number[],
  writes: readonly string[],
  reads: readonly string[],
): readonly number[] {
  const touched = (refs: readonly string[], layer: number): number[] =>
    refs.flatMap((ref) => unitsOf(program, ref)).flatMap(([l, unit]) => (l === layer ? unit : []));
  const followed = program.network.sizes.map((units, layer) => {
    const start = starts[layer] ?? 0;
    const written = touched(writes, layer);
    const wanted = written.length ? written : touched(reads, layer);
    const first = wanted[0];
    if (first === undefined || units <= FULL) return start;
    const seen = wanted.some((unit) => unit >= start && unit < start + WINDOW);
    return seen ? start : windowStart(units, first);
  });
  // The same array as long as the same units are drawn: the drawing hangs on it.
  return String(followed) === String(starts) ? starts : followed;
}
