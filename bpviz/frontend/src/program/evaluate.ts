// A program's formulas as functions of a row, each made once. Whatever a panel computes by itself
// is computed here, from the formulas that Python sent: there is no other maths in the browser.

import { exchanged, isOperator, isRef, termCount } from "./expression";
import type {
  Expression,
  Index,
  Operation,
  Operator,
  Program,
  RefExpression,
  Row,
} from "../protocol/program";
import { registerOf, sampleShape } from "../protocol/program";

/** A row, the sample that is meant, and the values of the formula's variables. */
interface Place {
  row: Row;
  /** The sample, then the variables in the order in which they were bound. */
  at: number[];
}

type Value = (place: Place) => number;
interface Scope {
  /** The names of the variables, as they stand in `Place.at`. */
  names: readonly string[];
  /** Parts that are computed already, and where in `Place.at`. */
  known: ReadonlyMap<Expression, number>;
}

const SAMPLE = "§";
const NOTHING: Value = () => NaN;

/** The functions that a program's formulas are made of; of one number, or of two. */
const UNARY: Readonly<Record<string, (a: number) => number>> = {
  negate: (a) => -a,
  exp: Math.exp,
  ln: Math.log,
  tanh: Math.tanh,
  sqrt: Math.sqrt,
  softplus: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
  step: (a) => (a > 0 ? 1 : a <= 0 ? 0 : NaN),
  step_from_zero: (a) => (a >= 0 ? 1 : a < 0 ? 0 : NaN),
};
const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power: (a, b) => a ** b,
  max: Math.max,
  times_ln: (a, b) => (a === 0 ? 0 : a * Math.log(b)),
};
/** What joins the terms of an operator that runs over a variable. */
const FOLDS: Readonly<Record<string, (a: number, b: number) => number>> = {
  sum: BINARY["add"]!,
  greatest: Math.max,
};

export class Evaluator {
  private readonly parts: readonly Part[];
  private readonly writers = new Map<string, Part>();
  /** The operations up to the loss, without the way back. */
  private readonly untilLoss: number;

  private readonly starts: readonly Part[];

  constructor(program: Program) {
    this.starts = (program.start ?? []).map((formula) => new Part(program, formula as Operation));
    this.parts = program.operations.map((operation) => new Part(program, operation));
    for (const part of this.parts) this.writers.set(part.operation.writes, part);
    const isBack = ({ phase }: Operation): boolean => phase === "backward" || phase === "update";
    const first = program.operations.findIndex(isBack);
    this.untilLoss = first < 0 ? this.parts.length : first;
  }

  /** Make of the parameters in a row what a run begins with. */
  begin(row: Row): void {
    const given = row.slice();
    for (const part of this.starts) part.run(row, given);
  }

  /** Compute a whole update in a row, or some operations of it, from the other numbers in it. */
  update(row: Row, isMade: (one: Operation) => boolean = () => true): void {
    for (const part of this.parts) if (isMade(part.operation)) part.run(row);
  }

  /** Compute a forward pass and its losses in a row. */
  forward(row: Row): void {
    for (let k = 0; k < this.untilLoss; k++) this.parts[k]!.run(row);
  }

  /** The same as it would be without mistakes. */
  plainForward(row: Row): void {
    for (let k = 0; k < this.untilLoss; k++) this.parts[k]!.runRight(row);
  }

  /** The sum of the first terms of an entry. */
  partial(
    row: Row,
    register: string,
    at: readonly number[],
    sample: number,
    terms: number,
  ): number {
    const part = this.writers.get(register);
    if (!part) throw new Error(`${register} is given; it is no sum`);
    return part.partial({ row, at: [sample, ...at] }, terms);
  }

  /** An entry as its formula gives it, from the other numbers of a row. */
  entry(row: Row, register: string, at: readonly number[], sample: number): number {
    return this.writers.get(register)?.entry({ row, at: [sample, ...at] }) ?? NaN;
  }

  /** An entry as it would be without mistakes; null where it is no other. */
  right(row: Row, register: string, at: readonly number[], sample: number): number | null {
    return this.writers.get(register)?.right?.({ row, at: [sample, ...at] }) ?? null;
  }
}

const made = new WeakMap<Program, Evaluator>();

/** The evaluator of a program, which is made once. */
export function evaluatorOf(program: Program): Evaluator {
  let evaluator = made.get(program);
  if (!evaluator) made.set(program, (evaluator = new Evaluator(program)));
  return evaluator;
}

/** What a formula without variables comes to in a row, for a sample. */
export function valueOf(
  { program, row, sample }: { program: Program; row: Row; sample: number },
  formula: Expression,
): number {
  return compile(program, formula, { names: [SAMPLE], known: new Map() })({ row, at: [sample] });
}

/** One entry of a formula in its variables, as a function of a row, the sample and their values. */
export function entryOf(
  program: Program,
  formula: Expression,
  indices: readonly string[],
): (row: Row, at: number[]) => number {
  const value = compile(program, formula, { names: [SAMPLE, ...indices], known: new Map() });
  return (row, at) => value({ row, at });
}

/** An operation, with what its formula computes. */
class Part {
  private readonly start: number;
  private readonly samples: number;
  private readonly shape: readonly number[];
  private readonly scope: Scope;
  private value: Value | null = null;
  private terms: Value[] | null = null;
  private rightValue: Value | null = null;

  constructor(
    private readonly program: Program,
    readonly operation: Operation,
  ) {
    const register = registerOf(program, operation.writes);
    this.start = register.start;
    this.samples = register.per_sample ? register.shape[0]! : 1;
    this.shape = sampleShape(register);
    this.scope = { names: [SAMPLE, ...operation.indices], known: new Map() };
  }

  /** How an entry is computed. */
  private get formula(): Expression {
    return this.operation.stable ?? this.operation.element;
  }

  entry(place: Place): number {
    this.value ??= compile(this.program, this.formula, this.scope);
    return this.value(place);
  }

  /** Write every entry, of each sample, from the numbers of the row itself or of another. */
  run(row: Row, from: Row = row): void {
    this.value ??= compile(this.program, this.formula, this.scope);
    this.write(row, from, this.value);
  }

  /** Write every entry as it would be without mistakes. */
  runRight(row: Row): void {
    const { right } = this;
    if (right) this.write(row, row, right);
    else this.run(row);
  }

  private write(row: Row, from: Row, value: Value): void {
    const [rows = 1, columns = 1] = this.shape;
    const place: Place = { row: from, at: [0, 0, 0] };
    let offset = this.start;
    for (let sample = 0; sample < this.samples; sample++) {
      place.at[0] = sample;
      for (let i = 0; i < rows; i++) {
        place.at[1] = i;
        for (let j = 0; j < columns; j++) {
          place.at[2] = j;
          row[offset++] = value(place);
        }
      }
    }
  }

  partial(place: Place, count: number): number {
    this.terms ??= termsOf(this.program, this.formula, this.scope);
    let sum = this.terms[0]!(place);
    for (let k = 1; k < count; k++) sum += this.terms[k]!(place);
    return sum;
  }

  get right(): Value | null {
    const { right } = this.operation;
    if (right === undefined) return null;
    return (this.rightValue ??= compile(this.program, right, this.scope));
  }
}

/** The terms of a formula, each by itself. */
function termsOf(program: Program, formula: Expression, scope: Scope): Value[] {
  if (!isOperator(formula)) return [compile(program, formula, scope)];
  const { op, of, over } = formula;
  if (op === "add") return of.flatMap((part) => termsOf(program, part, scope));
  if (op !== "sum" || over === undefined) return [compile(program, formula, scope)];
  const [names, slot] = [[...scope.names, over], scope.names.length];
  const body = compile(program, of[0]!, { ...scope, names });
  return Array.from({ length: termCount(formula) }, (_, k) => (place: Place) => {
    place.at[slot] = k;
    return body(place);
  });
}

function compile(program: Program, formula: Expression, scope: Scope): Value {
  if (typeof formula === "number") return () => formula;
  if (isRef(formula)) return reference(program, formula, scope);
  const { op, of, at } = formula;
  const place = scope.known.get(formula);
  if (place !== undefined) return (known) => known.at[place]!;
  if (op === "kronecker") {
    const [one, other] = at!.map((index) => indexed(index, scope)) as [Value, Value];
    return (place) => (one(place) === other(place) ? 1 : 0);
  }
  if (op === "exchanged") {
    const [which, slot] = [indexed(at![0]!, scope), scope.names.length];
    const body = compile(program, of[0]!, { ...scope, names: [...scope.names, formula.over!] });
    return (place) => {
      place.at[slot] = exchanged(which(place));
      return body(place);
    };
  }
  if (op in FOLDS) return folded(program, formula, scope);
  const parts = of.map((part) => compile(program, part, scope));
  const [first = NOTHING, second = NOTHING] = parts;
  const unary = UNARY[op];
  if (unary) return (place) => unary(first(place));
  const binary = BINARY[op];
  if (!binary) return NOTHING; // an operator of a version to come
  if (parts.length === 1) return first;
  // What most formulas are made of has no call in between.
  if (parts.length === 2) {
    if (op === "multiply") return (place) => first(place) * second(place);
    if (op === "add") return (place) => first(place) + second(place);
    if (op === "subtract") return (place) => first(place) - second(place);
    return (place) => binary(first(place), second(place));
  }
  return (place) => {
    let result = first(place);
    for (let k = 1; k < parts.length; k++) result = binary(result, parts[k]!(place));
    return result;
  };
}

/** Run over a variable; what does not depend on it is computed once, before. */
function folded(program: Program, { op, of, over = "", count = 0 }: Operator, scope: Scope): Value {
  const [formula = 0] = of;
  const slot = scope.names.length;
  const before = foldsWithout(formula, over);
  const names = [...scope.names, over, ...before.map(() => "")];
  const known = new Map(scope.known);
  const first = before.map((part) => compile(program, part, { names, known: scope.known }));
  before.forEach((part, k) => known.set(part, slot + 1 + k));
  const [body, join] = [compile(program, formula, { names, known }), FOLDS[op]!];
  const isSum = op === "sum";
  return (place) => {
    for (let k = 0; k < first.length; k++) place.at[slot + 1 + k] = first[k]!(place);
    place.at[slot] = 0;
    let result = body(place);
    for (let k = 1; k < count; k++) {
      place.at[slot] = k;
      result = isSum ? result + body(place) : join(result, body(place));
    }
    return result;
  };
}

/** The parts that run over a variable of their own, and not over this one. */
function foldsWithout(formula: Expression, variable: string): Operator[] {
  if (!isOperator(formula)) return [];
  if (formula.op in FOLDS && !dependsOn(formula, variable)) return [formula];
  return formula.of.flatMap((part) => foldsWithout(part, variable));
}

function dependsOn(formula: Expression, variable: string): boolean {
  if (typeof formula === "number") return false;
  if (formula.at?.includes(variable)) return true;
  if (isRef(formula)) return formula.sample === variable;
  return formula.of.some((part) => dependsOn(part, variable));
}

function indexed(index: Index, scope: Scope): Value {
  if (typeof index === "number") return () => index;
  const slot = scope.names.lastIndexOf(index);
  return ({ at }) => at[slot]!;
}

/** The number that a ref with indices stands for. */
function reference(program: Program, { ref, at = [], sample }: RefExpression, scope: Scope): Value {
  const { start, shape, per_sample } = registerOf(program, ref);
  const indices = per_sample ? [sample ?? SAMPLE, ...at] : at;
  let first = start;
  const slots: number[] = [];
  const strides: number[] = [];
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const index = indices[axis]!;
    if (typeof index === "number") first += index * stride;
    else {
      slots.push(scope.names.lastIndexOf(index));
      strides.push(stride);
    }
    stride *= shape[axis]!;
  }
  const [one = 0, other = 0] = slots;
  const [by = 0, byOther = 0] = strides;
  if (slots.length === 0) return ({ row }) => row[first]!;
  if (slots.length === 1) return ({ row, at }) => row[first + by * at[one]!]!;
  if (slots.length === 2)
    return ({ row, at }) => row[first + by * at[one]! + byOther * at[other]!]!;
  return ({ row, at }) => {
    let offset = first;
    for (let k = 0; k < slots.length; k++) offset += strides[k]! * at[slots[k]!]!;
    return row[offset]!;
  };
}
