// The same registers of the right and of the wrong update, side by side.

import type { Phase, Program, Row } from "../protocol/program";
import { registerOf, sampleShape, sizeOf, indicesAt } from "../protocol/program";
import type { NumberStyle } from "../protocol/style";
import { digitsToTell } from "../program/numbers";
import { wordsOf } from "../program/words";
import type { LabContent } from "./state/lab";

/** Numbers that differ by less, measured by the larger, count as the same, as in Python. */
const SAME = 1e-12;

/** A register of one sample, done right and as switched on. */
export interface Compared {
  name: string;
  words: string;
  phase: Phase;
  shape: readonly number[];
  right: Row;
  wrong: Row;
  differs: boolean;
  /** The largest difference of an entry; null if that is no finite number. */
  gap: number | null;
}

/** The registers that differ, in the order of the program, and by how much; null is no finite number. */
export function gapsBetween(
  program: Program,
  wrong: Row,
  right: Program,
  rightRow: Row,
): [string, number | null][] {
  const gaps: [string, number | null][] = [];
  for (const { writes } of program.operations) {
    const [one, other] = [registerOf(program, writes), right.registers[writes]];
    if (!other || String(one.shape) !== String(other.shape)) continue;
    const size = sizeOf(one);
    let [differs, gap] = [false, 0];
    for (let k = 0; k < size; k++) {
      const [here, there] = [wrong[one.start + k]!, rightRow[other.start + k]!];
      differs ||= !areSame(here, there);
      gap = Math.max(gap, Math.abs(here - there));
    }
    if (differs) gaps.push([writes, Number.isFinite(gap) ? gap : null]);
  }
  return gaps;
}

/** The registers that both algorithms write, in the order of the one with the mistakes. */
export function compare(content: LabContent, frame: number, wrong: Row): Compared[] {
  const { program, right, rightRows, gaps } = content;
  const known = new Map(gaps[frame]);
  const rows: Compared[] = [];
  for (const { writes, phase } of program.operations) {
    const [one, other] = [registerOf(program, writes), right.registers[writes]];
    if (!other || rows.some(({ name }) => name === writes)) continue;
    const shape = sampleShape(one);
    const size = sizeOf({ shape });
    rows.push({
      name: writes,
      words: wordsOf(program, writes),
      phase,
      shape,
      right: rightRows[frame]!.subarray(other.start, other.start + size),
      wrong: wrong.subarray(one.start, one.start + size),
      differs: known.has(writes),
      gap: known.get(writes) ?? null,
    });
  }
  return rows;
}

export function areSame(one: number, other: number): boolean {
  if (Object.is(one, other)) return true;
  const gap = Math.abs(one - other);
  return gap < Infinity && gap <= SAME * Math.max(1, Math.abs(one), Math.abs(other));
}

/** As many digits as it takes to see that two numbers differ, wherever some of these places do. */
export function digitsOfAll(
  { right, wrong }: Pick<Compared, "right" | "wrong">,
  places: readonly number[],
  style: NumberStyle,
): number {
  const digits = places
    .filter((k) => !areSame(right[k]!, wrong[k]!))
    .map((k) => digitsToTell(right[k]!, wrong[k]!, style));
  return Math.max(style.digits, ...digits);
}

/** The place of the first entry that differs, as indices. */
export function firstEntry({ right, wrong, shape }: Compared): number[] {
  const flat = Math.max(
    0,
    right.findIndex((one, k) => !areSame(one, wrong[k]!)),
  );
  return indicesAt(shape, flat);
}

/** Places of a long list to show: the first ones, −1 for what is left out, the last. */
export function someOf(count: number, most: number): number[] {
  const all = Array.from({ length: count }, (_, k) => k);
  return count <= most ? all : [...all.slice(0, most - 2), -1, count - 1];
}
