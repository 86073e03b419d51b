// What an answer to a question is worth: right, too coarse, or wrong, and why.

import { readNumber } from "./editing";
import { valueOf } from "../program/evaluate";
import type { Frame } from "../program/frame";
import type { Expression } from "../protocol/program";
import { parseRef } from "../program/refs";
import type { Variant } from "../program/variants";
import { outcomes } from "../program/variants";

export type Kind = "number" | "sign" | "larger" | "inputs" | "next";

/** A wrong answer that is known, and what leads to it. */
export interface Wrong {
  /** Left out where a formula gives it, from the numbers of the frame. */
  value?: number;
  mistakes?: string[] | undefined;
  slip?: string | undefined;
  refs?: string[];
  reads?: string[];
  formula?: Expression | undefined;
}

export interface Question {
  ref: string;
  kind: Kind;
  wrong: Wrong[];
  partner?: string;
  options?: string[];
  inputs?: string[][];
}

/** What was answered to a question. */
export interface Given {
  state: "open" | "right" | "shown";
  tries: string[];
  hints: number;
}

export interface Verdict {
  right?: true;
  /** Why it does not count as an answer. */
  refused?: string;
  /** What may have led to it, as far as it is known. */
  causes?: Wrong[];
  /** How far off it is, in words. */
  off?: string;
}

export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  sign: ["negative", "zero", "positive"],
  larger: ["smaller", "the same", "larger"],
};

const TOLERANCE = 0.005;
const ROUNDING = 1e-9;
/** What adds up to less than this is 0 but for rounding. */
const DUST = 1e-12;
/** What numbers below 1 that add up to 0 leave, here and in Python. */
const DUST_OF_ONE = 1e-15;

const AMBIGUOUS = "Right so far, but with so few digits it could be another number: give more.";

export function judge(
  asked: Question,
  text: string,
  frame: Frame,
  variants: readonly Variant[] = [],
): Verdict {
  if (asked.kind === "inputs") return judgeInputs(asked, text);
  const truth = (ref: string): number => frame.truth(parseRef(ref)!);
  const value = truth(asked.ref);
  const question = { ...asked, wrong: wrongNumbers(asked, frame, variants) };
  if (question.kind === "number") return judgeNumber(question, text, value);
  const base = question.partner ? truth(question.partner) : 0;
  if (!text) return { refused: "Choose one of the three." };
  const say = (number: number): string => {
    const isSame = Math.abs(number - base) <= Math.max(DUST, ROUNDING * Math.abs(base));
    return CHOICES[question.kind]![isSame ? 1 : number < base ? 0 : 2]!;
  };
  if (text === say(value)) return { right: true };
  const causes = question.wrong.filter(
    ({ value, mistakes, slip }) => mistakes && !slip && say(value!) === text,
  );
  // Much turns a sign round. What does only that is the first to think of.
  const turned = causes.filter((cause) => isNear(cause.value!, 2 * base - value));
  return { causes: turned[0] ? turned : causes };
}

/** The wrong numbers that are known, each with all that leads to it; mistakes come first. */
export function wrongNumbers(
  { ref, wrong }: Question,
  frame: Frame,
  variants: readonly Variant[],
): Wrong[] {
  const asked = parseRef(ref)!;
  const right = frame.truth(asked);
  const led = variants.flatMap((variant) =>
    outcomes(variant, frame, asked)
      .filter(({ value }) => Number.isFinite(value) && !isNear(value, right))
      .map((outcome): Wrong => ({ mistakes: variant.mistakes, slip: variant.slip, ...outcome })),
  );
  const told = wrong.map((one) =>
    one.formula ? { ...one, value: valueOf(frame, one.formula) } : { ...one },
  );
  const found: Wrong[] = [];
  for (const one of [...led, ...told]) {
    const same = found.find(
      ({ value, slip, refs }) =>
        slip === one.slip && String(refs) === String(one.refs) && isNear(value!, one.value!),
    );
    if (!same) found.push(one);
    else if (one.mistakes) same.mistakes = [...new Set([...same.mistakes!, ...one.mistakes])];
  }
  return found;
}

function judgeNumber({ wrong }: Question, text: string, value: number): Verdict {
  const answer = readNumber(text, "");
  if (typeof answer === "string") return { refused: answer };
  const digits = digitsOf(text);
  const known = wrong.filter((one) => one.value !== undefined);
  const exact = known.filter((one) => isNear(answer, one.value!));
  if (agrees(answer, value, digits)) {
    if (!exact.length || isNear(answer, value)) return { right: true };
    // The old weight, say, is within the tolerance of the new one.
    if (isNear(answer, rounded(value, digits))) return { refused: AMBIGUOUS };
  }
  if (!exact.length && isCoarse(answer, value, digits)) {
    return { refused: "Right so far, but too coarse to tell: give three digits." };
  }
  const fits = exact.length ? exact : known.filter((one) => agrees(answer, one.value!, digits));
  const mistaken = fits.filter(({ mistakes }) => mistakes);
  return {
    causes: mistaken.length ? mistaken : fits,
    off: distance(answer, value, digits),
  };
}

function judgeInputs({ inputs, wrong }: Question, text: string): Verdict {
  const chosen = text.split(" ").filter(Boolean);
  if (!chosen.length) return { refused: "Choose at least one." };
  const isChosen = (refs: readonly string[]): boolean =>
    refs.length === chosen.length && refs.every((ref) => chosen.includes(ref));
  if (inputs!.some(isChosen)) return { right: true };
  const right = inputs![0]!;
  const missing = right.filter((ref) => !chosen.includes(ref)).length;
  const extra = chosen.filter((ref) => !right.includes(ref)).length;
  const parts = [
    missing && `${missing} ${missing > 1 ? "are" : "is"} missing`,
    extra && `${extra} ${extra > 1 ? "do" : "does"} not belong there`,
  ];
  return {
    causes: wrong.filter(({ reads }) => reads && isChosen(reads)),
    off: `Not these: ${parts.filter(Boolean).join(", ")}.`,
  };
}

/** How many significant digits a text gives; a fraction is exact. */
export function digitsOf(text: string): number {
  if (text.includes("/")) return Infinity;
  return text.replace(/e.*/i, "").replace(/\D/g, "").replace(/^0+/, "").length;
}

function isNear(one: number, other: number): boolean {
  const most = ROUNDING * Math.max(Math.abs(one), Math.abs(other));
  return Math.abs(one - other) <= Math.max(DUST_OF_ONE, most);
}

/** Whether a number that was given with so many digits means a value. */
export function agrees(answer: number, value: number, digits: number): boolean {
  if (isNear(answer, value) || (answer === 0 && Math.abs(value) < DUST)) return true;
  if (digits < 2) return false;
  return (
    Math.abs(answer - value) <= TOLERANCE * Math.abs(value) ||
    isNear(answer, rounded(value, digits))
  );
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(Math.max(1, Math.min(digits, 15))));
}

/** Whether a number is a value rounded or cut off so early that it says too little. */
function isCoarse(answer: number, value: number, digits: number): boolean {
  if (!value || digits < 1 || digits > 2) return false;
  const place = 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
  const cut = Math.trunc(value / place) * place;
  return isNear(answer, cut) || isNear(answer, rounded(value, digits));
}

function distance(answer: number, value: number, digits: number): string {
  if (value === 0) return "That is too far from 0.";
  if (answer === 0) return "It is not 0.";
  if (isCoarse(-answer, value, digits)) {
    return "Right but for the sign: give three digits.";
  }
  const ratio = Math.abs(answer / value);
  const sign = answer * value < 0 ? "The sign is wrong, and it is" : "The sign is right, but it is";
  if (ratio >= 10) return `${sign} too large, by more than ten times.`;
  if (ratio <= 0.1) return `${sign} too small, by more than ten times.`;
  return `${sign} too ${ratio > 1 ? "far from" : "close to"} 0.`;
}
