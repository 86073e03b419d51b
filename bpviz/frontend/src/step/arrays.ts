// The arrays of an operation as they stand side by side: which entries, in which rows.

import type { Expression, Operation, Program, RefExpression } from "../protocol/program";
import { registerOf, sampleShape } from "../protocol/program";
import { isOperator, isRef } from "../program/expression";
import type { Frame } from "../program/frame";
import { turns } from "../program/notation";
import { refKey } from "../program/refs";
import { FULL, shownUnits, windowStart } from "../state/windows";

/** An array: rows of refs, null where entries are left out. */
export interface Grid {
  register: string;
  rows: (string | null)[][];
  /** Rows and columns of the whole array. */
  shape: [number, number];
  /** Whether it stands transposed: Wᵀ. */
  transposed: boolean;
  /** Whether it holds all samples of the batch side by side. */
  batch: boolean;
}

interface Axis {
  length: number;
  shown: (number | null)[];
}

function axisOf(length: number, start: number): Axis {
  const shown = shownUnits(length, start);
  return { length, shown: length > FULL ? [null, ...shown, null] : shown };
}

/** The array of a register; `starts` are the first units that are shown of wide layers. */
export function gridOf(
  frame: Frame,
  leaf: RefExpression,
  transposed: boolean,
  starts: readonly number[],
): Grid {
  const { program } = frame;
  const { layer, quantity } = registerOf(program, leaf.ref);
  const shape = sampleShape(registerOf(program, leaf.ref));
  const batch = leaf.sample !== undefined && shape.length < 2;
  const layers = [layer, quantity === "s" ? layer : layer - 1];
  const axes = shape.map((length, k) => axisOf(length, starts[layers[k]!] ?? 0));
  const samples = axisOf(program.samples, windowStart(program.samples, frame.sample));
  while (axes.length < 2) axes.push(batch && axes.length === 1 ? samples : axisOf(1, 0));
  const isRow = program.notation?.vectors === "row" && turns(program, leaf.ref);
  const turned = isRow !== transposed;
  const [down, across] = (turned ? axes.reverse() : axes) as [Axis, Axis];
  const entry = (place: number[]): string => {
    if (turned) place.reverse();
    const sample = batch && place[1] !== frame.sample ? place[1] : undefined;
    return refKey({ register: leaf.ref, indices: place.slice(0, shape.length), sample });
  };
  return {
    register: leaf.ref,
    rows: down.shown.map((row) =>
      across.shown.map((column) => (row === null || column === null ? null : entry([row, column]))),
    ),
    shape: [down.length, across.length],
    transposed,
    batch,
  };
}

/** Rows of the tallest array of an operation. */
export function tallestOf(program: Program, operation: Operation): number {
  const shown = (length: number): number => axisOf(length, 0).shown.length;
  const of = (part: Expression, transposed: boolean): number => {
    if (isOperator(part)) {
      const turned = part.op === "transpose" ? !transposed : transposed;
      return Math.max(1, ...part.of.map((one) => of(one, turned)));
    }
    if (!isRef(part)) return 1;
    const shape = sampleShape(registerOf(program, part.ref));
    const isRow = program.notation?.vectors === "row" && turns(program, part.ref);
    const [rows, columns] = [shape[0] ?? 1, shape[1] ?? (part.sample ? program.samples : 1)];
    return shown(isRow !== transposed ? columns : rows);
  };
  return Math.max(of(operation.array, false), of({ ref: operation.writes }, false));
}
