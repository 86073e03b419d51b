// How a sum is broken into lines that fit.

import { isRef, refOf } from "../expression";
import { formatNumber } from "../numbers";
import type { Expression } from "../protocol";
import { registerOf } from "../protocol";
import type { Writing } from "./math";
import { subscript } from "./symbols";

const DIGIT = 0.53;
const LONGEST_NUMBER = 4.2;
const SHOWN_TERMS = 8;
const LETTERS: Readonly<Record<string, number>> = {
  e: 1.6,
  gW: 1.6,
  gb: 1.6,
  s: 2.4,
  uW: 1.7,
  ub: 1.4,
  nW: 1.4,
  nb: 1.2,
};

/** The width of an expression in em, roughly; with `longest`, for numbers of any length. */
export function widthOf(writing: Writing, part: Expression, longest: boolean): number {
  const { program } = writing.frame;
  if (typeof part === "number") return String(part).length * DIGIT;
  if (isRef(part)) {
    const { quantity, shape, per_sample } = registerOf(program, part.ref);
    if (writing.mode === "symbols") {
      return (LETTERS[quantity] ?? 0.8) + subscript(program, refOf(part)).length * 0.36;
    }
    const isArray = !part.at && shape.length > Number(per_sample);
    if (isArray) {
      const columns = Math.min(4, shape[per_sample ? 2 : 1] ?? 1);
      return columns * (LONGEST_NUMBER + 0.7) + 0.8;
    }
    if (longest) return LONGEST_NUMBER;
    const text = formatNumber(writing.frame.value(refOf(part)), writing.numbers);
    return text.length * DIGIT + (text.startsWith("−") ? 0.8 : 0);
  }
  if (part.op === "kronecker") return 0.6;
  const inner = part.of.map((one) => widthOf(writing, one, longest));
  const sum = inner.reduce((total, width) => total + width, 0);
  const gaps = Math.max(0, inner.length - 1);
  if (part.op === "divide") return Math.max(...inner, 1) + 0.4;
  if (part.op === "power" || part.op === "exp") return sum * 0.75 + 0.9;
  if (part.op === "multiply" && writing.mode === "symbols") return sum + 0.3 * gaps;
  if (part.op === "matmul") return sum + 0.3;
  return sum + 1.3 * gaps + (gaps ? 0 : 1.2);
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
