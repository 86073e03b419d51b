// How a sum is broken into lines that fit.

import { isOperator, isRef, refOf } from "../program/expression";
import type { Expression, Quantity } from "../protocol/program";
import { quantityOf, registerOf } from "../protocol/program";
import type { Writing } from "./math";
import { Binding, SHOWN_POWERS, arrayOf, timesSign } from "./math";
import { subscript } from "./symbols";

const DIGIT = 0.57;
const SUBSCRIPT = 0.44;
const SHOWN_TERMS = 8;
const MARK = 0.2;
const FORMS: Readonly<Record<Quantity["form"], number>> = {
  W: 0.8,
  "∂L/∂W": 1.6,
  ΔW: 1.7,
  "f′(a)": 2.4,
};

/** The width of an expression in em, roughly; with `longest`, for numbers of any length. */
export function widthOf(writing: Writing, part: Expression, longest: boolean): number {
  const { program } = writing.frame;
  const longestNumber = 2 + writing.numbers.digits * DIGIT;
  if (typeof part === "number") return String(part).length * DIGIT;
  if (isRef(part)) {
    const { shape, per_sample } = registerOf(program, part.ref);
    if (writing.mode === "symbols") {
      const { form, mark = "" } = quantityOf(program, part.ref);
      const below = subscript(program, refOf(part)).length * SUBSCRIPT;
      return FORMS[form] + mark.length * MARK + below;
    }
    const isArray = !part.at && shape.length > Number(per_sample);
    if (isArray) return arrayWidth(writing, part.ref, longest ? longestNumber : 0);
    if (longest) return longestNumber;
    const text = writing.frame.text(refOf(part), writing.numbers, writing.updates);
    return text.length * DIGIT + (text.startsWith("−") ? 0.8 : 0);
  }
  if (part.op === "kronecker") return 0.6;
  if (part.op === "log_softmax" && part.of.length > 1) {
    const powers: Expression[] = part.of.slice(1, 1 + SHOWN_POWERS).map((one) => {
      return { op: "exp", of: [one] };
    });
    const total = { op: "add", of: powers };
    return widthOf(writing, part.of[0]!, longest) + 3.7 + widthOf(writing, total, longest);
  }
  const inner = part.of.map((one) => widthOf(writing, one, longest));
  const sum = inner.reduce((total, width) => total + width, 0);
  const gaps = Math.max(0, inner.length - 1);
  if (part.op === "divide") return Math.max(...inner, 1) + 0.4;
  if (part.op === "power" || part.op === "exp") return sum * 0.75 + 0.9;
  if (part.op === "multiply" && writing.mode === "symbols") return sum + 0.3 * gaps;
  if (part.op === "matmul") return sum + 0.3;
  return sum + 1.3 * gaps + (gaps ? 0 : 1.2);
}

/** Each column is as wide as its widest number, or as `least`. */
function arrayWidth({ frame, numbers, updates }: Writing, register: string, least: number): number {
  const { rows, columns, at } = arrayOf(frame.program, register);
  const width = (row: number, column: number): number => {
    if (row < 0 || column < 0) return 1;
    const text = frame.text(at(row, column), numbers, updates);
    return text.length * DIGIT + (text.startsWith("−") ? 0.2 : 0);
  };
  const widths = columns.map((column) => Math.max(least, ...rows.map((row) => width(row, column))));
  return widths.reduce((total, one) => total + one + 0.7, 0.8);
}

/** A part of a formula before which a line may end. */
export interface Piece {
  /** What stands before it, unless the formula begins with it. */
  sign: string;
  part: Expression;
  inside: Binding;
}

/** Where an expression may be broken: between terms, and between arrays, which take much room. */
export function pieces(writing: Writing, expression: Expression, arrays: boolean): Piece[] {
  return broken(writing, expression, arrays, { sign: "+", inside: Binding.Sum });
}

function broken(
  writing: Writing,
  part: Expression,
  arrays: boolean,
  place: { sign: string; inside: Binding },
): Piece[] {
  const whole: Piece = { ...place, part };
  if (!isOperator(part)) return [whole];
  const { op, of } = part;
  const first = of[0]!;
  if (op === "add") {
    return of.flatMap((term, k) =>
      broken(writing, term, arrays, k ? { sign: "+", inside: Binding.Sign } : place),
    );
  }
  if (op === "negate" && isOperator(first) && first.op === "add") {
    const [start, ...rest] = first.of;
    return [
      { ...whole, part: { op, of: [start!] } },
      ...rest.map((term) => ({ sign: "−", part: term, inside: Binding.Product })),
    ];
  }
  if (!arrays) return [whole];
  if (op === "subtract") {
    const rest: Piece = { sign: "−", part: of[1]!, inside: Binding.Product };
    return [...broken(writing, first, arrays, place), rest];
  }
  if (op === "matmul" || op === "hadamard" || op === "multiply") {
    return of.map((factor, k) => {
      const sign = k ? timesSign(writing, op, of[k - 1]!, factor) : place.sign;
      return { sign, part: factor, inside: Binding.Product };
    });
  }
  return [whole];
}

/** The places of the terms that are shown of a long sum, −1 for dots, `focus` among them. */
export function shownTerms(count: number, focus?: number): number[] {
  if (count <= SHOWN_TERMS) return Array.from({ length: count }, (_, k) => k);
  const middle = Math.max(1, Math.min(focus ?? 1, count - 2));
  const kept = [0, middle - 1, middle, middle + 1, count - 1].filter((k, place, all) => {
    return k >= 0 && k < count && all.indexOf(k) === place;
  });
  kept.sort((a, b) => a - b);
  return kept.flatMap((k, place) => (place && k - kept[place - 1]! > 1 ? [-1, k] : [k]));
}

/** Put terms of given widths into as few lines as fit, first come first served. */
export function packed(widths: readonly number[], room: number): number[][] {
  const lines: number[][] = [[]];
  let used = 0;
  widths.forEach((width, k) => {
    const needed = width + 1.2;
    if (lines.at(-1)!.length && used + needed > room) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(k);
    used += needed;
  });
  return lines;
}
