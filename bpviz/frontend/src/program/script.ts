// The NumPy script of the program, with the numbers of a frame, and the refs in its lines.

import type { Frame } from "./frame";
import { HIDDEN } from "./frame";
import { isPerUnit, registerNamed } from "./notation";
import type { Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import type { Ref } from "./refs";
import { refKey } from "./refs";

/** A piece of a line: code that stands for a ref, a comment, a word of Python, or other text. */
export interface Token {
  text: string;
  ref?: string;
  kind?: "comment" | "keyword";
}

export interface CodeLine {
  tokens: Token[];
  /** The place of the operation that the line carries out. */
  operation: number | null;
}

/** Registers of more numbers are one ref in the script, not one for each number. */
const SINGLE_NUMBERS = 36;
const KEYWORDS = /^(import|as|def|return|for|in)$/;
const WORDS = /\b[A-Za-z_]\w*(?:\[[\w:, ]*\])?/g;

/** A number as Python writes it: the shortest that reads back as the same double. */
export function pythonNumber(value: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? "np.nan" : value > 0 ? "np.inf" : "-np.inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [mantissa, sign, power] = value.toExponential().split(/e([+-])/) as [
      string,
      string,
      string,
    ];
    return `${mantissa}e${sign}${power.padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A line as far as the program alone decides it; `register` is that whose numbers it lacks. */
interface OpenLine extends CodeLine {
  register: string | null;
  after: string;
}

/** The script of a program, line by line, without the numbers that are given. */
export function openScript(
  program: Program,
  secret: ReadonlySet<string> = new Set(),
): readonly OpenLine[] {
  return (program.script ?? []).map(([text, operation, register]) => {
    const { writes } = program.operations[operation ?? -1] ?? {};
    const [before = "", after = ""] = register === null ? [text] : text.split("{}");
    const isSecret = writes !== undefined && secret.has(writes);
    return {
      tokens: isSecret ? [{ text: `${text.split("=")[0]}= ${HIDDEN}` }] : tokens(program, before),
      operation,
      register,
      after,
    };
  });
}

/**
 * The script with the numbers of a frame, line by line; joined with line ends it runs by itself.
 * Lines without such numbers are those that were given.
 */
export function scriptLines({ program, row }: Frame, lines: readonly OpenLine[]): CodeLine[] {
  return lines.map((line) => {
    if (line.register === null) return line;
    const numbers = numbersOf(program, row, line.register);
    return { ...line, tokens: [...line.tokens, ...numbers, { text: line.after }] };
  });
}

export function scriptText(lines: readonly CodeLine[]): string {
  return lines.map((line) => line.tokens.map(({ text }) => text).join("") + "\n").join("");
}

/** The code's words and what they stand for. */
export function tokens(program: Program, code: string): Token[] {
  if (code.startsWith("#")) return [{ text: code, kind: "comment" }];
  const found: Token[] = [];
  let end = 0;
  for (const { 0: text, index } of code.matchAll(WORDS)) {
    const token = wordOf(program, text);
    if (!token) continue;
    if (index > end) found.push({ text: code.slice(end, index) });
    found.push(token);
    end = index + text.length;
  }
  if (end < code.length) found.push({ text: code.slice(end) });
  return found;
}

function wordOf(program: Program, text: string): Token | null {
  if (KEYWORDS.test(text)) return { text, kind: "keyword" };
  const [name = "", inside] = text.split(/[[\]]/);
  const register = registerNamed(program, name);
  return register
    ? { text, ref: refKey({ register, indices: indicesIn(program, register, inside) }) }
    : null;
}

/** The indices of one number of one sample; none where the code means a row or all of it. */
function indicesIn(program: Program, register: string, inside: string | undefined): number[] {
  const places = inside?.split(",").map((place) => place.trim()) ?? [];
  if (program.samples > 1 && registerOf(program, register).per_sample) places.shift();
  if (!places.every((place) => /^\d+$/.test(place))) return [];
  const indices = places.map(Number);
  return isTurned(program, register) ? indices.reverse() : indices;
}

function isTurned(program: Program, register: string): boolean {
  return program.notation?.vectors === "row" && isPerUnit(program, register);
}

/** A given register as nested lists. */
function numbersOf(program: Program, row: Float64Array, register: string): Token[] {
  const { start, shape, per_sample } = registerOf(program, register);
  const isSingle = per_sample && program.samples === 1;
  const stored = isSingle ? shape.slice(1) : shape;
  const turned = isTurned(program, register);
  const size = stored.reduce((count, length) => count * length, 1);
  const found: Token[] = [];
  const list = (at: number[]): void => {
    if (at.length === stored.length) {
      const places = turned ? [...at].reverse() : at;
      const offset = places.reduce((sum, place, axis) => sum * stored[axis]! + place, 0);
      const token: Token = { text: pythonNumber(row[start + offset]!) };
      const indices = per_sample && !isSingle ? places.slice(1) : places;
      const ref: Ref = { register, indices };
      if (size <= SINGLE_NUMBERS) token.ref = refKey(ref);
      found.push(token);
      return;
    }
    const length = turned ? stored[stored.length - 1 - at.length]! : stored[at.length]!;
    found.push({ text: "[" });
    for (let k = 0; k < length; k++) {
      if (k) found.push({ text: ", " });
      list([...at, k]);
    }
    found.push({ text: "]" });
  };
  list([]);
  return size <= SINGLE_NUMBERS
    ? found
    : [{ text: found.map(({ text }) => text).join(""), ref: register }];
}
