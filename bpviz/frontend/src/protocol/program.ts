// What Python sends, as types, and how it is decoded. Nothing here knows a view.

import type { Notation } from "./style";

export type Phase = "forward" | "loss" | "backward" | "update";
export type Depth = "layer" | "unit" | "term";
export type Index = string | number;

export const DEPTHS: readonly Depth[] = ["layer", "unit", "term"];
export const PHASES: readonly Phase[] = ["forward", "loss", "backward", "update"];

export interface RefExpression {
  ref: string;
  at?: Index[];
  sample?: Index;
  partial?: number;
}

export interface Operator {
  op: string;
  of: Expression[];
  over?: string;
  count?: number;
  name?: string;
  at?: Index[];
}

export type Expression = number | RefExpression | Operator;

/** How a kind of number is written and called; what is empty is left out. */
export interface Quantity {
  /** What has the layer and the indices below it. */
  letter: string;
  /** The letter alone, the loss derived by it, its change, or f′ of it. */
  form: "W" | "∂L/∂W" | "ΔW" | "f′(a)";
  /** What stands above the letter, as "new". */
  mark?: string;
  /** What a register of it is called; {layer} is the number of the layer. */
  words: string;
  /** What one number of it is called, before the unit that it belongs to: "delta of". */
  one: string;
  /** What a legend says of its symbol. */
  legend?: string;
}

export interface Register {
  start: number;
  shape: number[];
  per_sample: boolean;
  layer: number;
  /** Its place among the program's quantities. */
  quantity: string;
}

/** Texts with fields in braces; `last` is for a term that comes after a Σ, such as the bias. */
export interface Templates {
  layer: string;
  unit: string;
  term: string;
  last?: string;
}

/** What is written to every entry of a register. */
export interface Formula {
  writes: string;
  indices: string[];
  /** One entry, as it is shown. */
  element: Expression;
  /** How the entry is computed without overflow, where that differs. */
  stable?: Expression;
}

export interface Operation extends Formula {
  phase: Phase;
  layer: number;
  /** The entry without mistakes, where one is made in it. */
  right?: Expression;
  array: Expression;
  words: Templates;
  code: Templates;
  /** The code where vectors are rows. */
  row_code?: Templates;
}

/**
 * A line of the script, the place of the operation that it carries out, and the register whose
 * numbers go to its `{}`. An operation's line, its code for a whole layer, may be left empty.
 */
export type ScriptLine = [text: string, operation: number | null, register: string | null];

export interface Mistake {
  name: string;
  title: string;
  change: string;
  notice: string;
  /** Why it is right as well, if it is another convention; empty for a mistake. */
  right_because: string;
}

/** A mistake, or another convention, that is on: "A mistake is on: …". */
export function saidOn({ title, right_because }: Pick<Mistake, "title" | "right_because">): string {
  return `${right_because ? "Another convention" : "A mistake"} is on: ${title}.`;
}

export interface Program {
  version: number;
  title?: string;
  size: number;
  network: {
    sizes: number[];
    activations: string[];
    loss: string;
    /** What the function of each layer, and at last the loss, is called; earlier ones lack it. */
    titles?: string[];
    /** What targets the loss can take: numbers from 0 to 1, which may have to add up to 1. */
    targets?: "shares" | "distribution";
  };
  rule: {
    update: "simultaneous" | "dirty";
    train_biases: boolean;
    mistakes: Mistake[];
  };
  samples: number;
  quantities: Readonly<Record<string, Quantity>>;
  registers: Record<string, Register>;
  operations: Operation[];
  /** What mistakes make of the parameters at the start of a run. */
  start?: Formula[];
  /** The script in both notations for vectors. */
  listing?: Record<Notation["vectors"], ScriptLine[]>;
  /** Added here: the chosen notation, in which operations and script are written. */
  notation?: Notation;
  script?: ScriptLine[];
}

/** One frame: every number of one update. */
export type Row = Float64Array;

/** Bytes as the widget manager, `fetch` or a base64 string in a page deliver them. */
export type Bytes = ArrayBuffer | ArrayBufferView;

/** Copy little-endian float64 bytes into numbers; a `DataView` may start at any byte. */
export function decodeNumbers(bytes: Bytes | null | undefined): Float64Array {
  if (!bytes || bytes.byteLength === 0) return new Float64Array(0);
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  if (view.byteLength % 8 !== 0) {
    throw new Error(`${view.byteLength} bytes came; a row of numbers needs a multiple of 8`);
  }
  return new Float64Array(view.slice().buffer);
}

/** Split frames into rows of `size` numbers; rows are views, not copies. */
export function decodeRows(bytes: Bytes | null | undefined, size: number): Row[] {
  const numbers = decodeNumbers(bytes);
  if (numbers.length % size !== 0) {
    throw new Error(`${numbers.length} numbers came; frames of this program have ${size} each`);
  }
  return Array.from({ length: numbers.length / size }, (_, k) =>
    numbers.subarray(k * size, (k + 1) * size),
  );
}

/** How many numbers a register has. */
export function sizeOf({ shape }: Pick<Register, "shape">): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The shape of a register for one sample. */
export function sampleShape(register: Register): number[] {
  return register.per_sample ? register.shape.slice(1) : register.shape;
}

/** The register of the learning rate. */
export const RATE = "learning_rate";

export function registerOf(program: Program, name: string): Register {
  const register = program.registers[name];
  if (!register) throw new Error(`there is no register ${name} in this program`);
  return register;
}

/** How what a register holds is written and called. */
export function quantityOf(program: Program, name: string): Quantity {
  return program.quantities[registerOf(program, name).quantity]!;
}

/** The indices of an entry in an array of this shape, from its place there. */
export function indicesAt(shape: readonly number[], place: number): number[] {
  let rest = place;
  return shape.reduceRight<number[]>((indices, length) => {
    const index = rest % length;
    rest = Math.floor(rest / length);
    return [index, ...indices];
  }, []);
}

/** The place in a row of one entry of a register. */
export function slot(register: Register, indices: readonly number[], sample: number): number {
  const full = register.per_sample ? [sample, ...indices] : indices;
  if (full.length !== register.shape.length) {
    throw new Error(`${full.length} indices were given for shape (${register.shape.join(", ")})`);
  }
  let offset = 0;
  register.shape.forEach((length, axis) => {
    const index = full[axis]!;
    if (!(index >= 0 && index < length)) {
      throw new Error(`index ${index} is outside shape (${register.shape.join(", ")})`);
    }
    offset = offset * length + index;
  });
  return register.start + offset;
}
