// A program in the notation that somebody chose. Refs, and so all numbers, stay what they are.

import { isOperator, isRef } from "./expression";
import type {
  Expression,
  Operation,
  Program,
  Quantity,
  ScriptLine,
  Templates,
} from "../protocol/program";
import { registerOf } from "../protocol/program";
import type { Notation } from "../protocol/style";

/** Whether an array has a row per unit among columns, and a column per unit among rows. */
export function isPerUnit(program: Program, register: string): boolean {
  const { shape, per_sample } = registerOf(program, register);
  return !per_sample && shape.length === 2;
}

/** Whether an array stands transposed where vectors are rows: a vector, or weights. */
export function turns(program: Program, register: string): boolean {
  const { shape, per_sample } = registerOf(program, register);
  return shape.length - Number(per_sample) < 2 || isPerUnit(program, register);
}

const inNotation = new WeakMap<Program, Map<string, Program>>();

/** The program with its expressions and code in a notation; the same object each time. */
export function written(program: Program, { vectors, symbols }: Notation): Program {
  const known = inNotation.get(program) ?? new Map<string, Program>();
  inNotation.set(program, known);
  const key = vectors + symbols;
  const made = known.get(key) ?? make(program, { vectors, symbols });
  known.set(key, made);
  return made;
}

function make(program: Program, notation: Notation): Program {
  const rows = notation.vectors === "row";
  const lines = program.listing?.[notation.vectors] ?? [];
  const operations = program.operations.map((operation) => ({
    ...operation,
    element: rows && isProduct(operation) ? swapped(operation.element) : operation.element,
    array:
      rows && turns(program, operation.writes) ? inRows(program, operation.array) : operation.array,
    code: renamedAll(rows ? (operation.row_code ?? operation.code) : operation.code, notation),
  }));
  return {
    ...program,
    notation,
    quantities: mapped(program.quantities, (one) => inLetters(one, notation)),
    script: lines.map(([text, place, register]): ScriptLine => {
      return [
        place === null ? renamed(text, notation) : operations[place]!.code.layer,
        place,
        register,
      ];
    }),
    operations,
  };
}

function isProduct({ array }: Operation): boolean {
  const has = (part: Expression): boolean =>
    isOperator(part) && (part.op === "matmul" || part.of.some(has));
  return has(array);
}

/** The transpose of an expression on arrays, in which each symbol means its row form. */
function inRows(program: Program, part: Expression): Expression {
  if (typeof part === "number") return part;
  if (isRef(part)) return turns(program, part.ref) ? part : { op: "transpose", of: [part] };
  const of = part.of.map((one) => inRows(program, one));
  if (part.op === "matmul") return { ...part, of: of.reverse() };
  const inner = of[0];
  const isDouble =
    part.op === "transpose" && inner && isOperator(inner) && inner.op === "transpose";
  return isDouble ? inner.of[0]! : { ...part, of };
}

/** Products of two entries the other way round: x W instead of W x. */
function swapped(part: Expression): Expression {
  if (!isOperator(part)) return part;
  const of = part.of.map(swapped);
  const turned = part.op === "multiply" && of.length === 2 && of.every(isRef);
  return { ...part, of: turned ? of.reverse() : of };
}

const LETTERS: Readonly<Record<string, string>> = { a: "z", h: "a" };

/** A quantity with the chosen letters; those of an optimiser, which have a mark, stay. */
function inLetters(quantity: Quantity, { symbols }: Notation): Quantity {
  if (symbols === "a/h" || quantity.mark) return quantity;
  const renamed = (text: string): string =>
    text.replace(/(^|∂)([ah])$/, (_, before: string, letter: string) => before + LETTERS[letter]!);
  const { letter, words, legend } = quantity;
  return {
    ...quantity,
    letter: renamed(letter),
    words: renamed(words),
    legend: renamed(legend ?? ""),
  };
}

/** Code with the chosen letters; comments stay. */
export function renamed(code: string, notation: Notation): string {
  if (notation.symbols === "a/h" || code.startsWith("#")) return code;
  return code.replace(/\b([ah])(\d*)\b/g, (_, letter: string, layer: string) => {
    return LETTERS[letter]! + layer;
  });
}

function renamedAll(code: Templates, notation: Notation): Templates {
  return mapped(code, (line: string) => renamed(line, notation)) as unknown as Templates;
}

function mapped<T>(record: object, change: (one: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [name, change(one)]));
}

/** The register that a name in the code stands for, if it is one. */
export function registerNamed(program: Program, name: string): string | undefined {
  const [, letter = "", layer = ""] = /^([A-Za-z_]+)(\d*)$/.exec(name) ?? [];
  const quantity =
    program.notation?.symbols === "z/a" ? ({ z: "a", a: "h" }[letter] ?? letter) : letter;
  return program.registers[quantity + layer] && quantity + layer;
}
