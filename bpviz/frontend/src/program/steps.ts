// Program × depth → steps. The steps are never listed: a 64-unit, 8-layer network has 10⁵ of
// them at the finest depth. They are counted, and step n is made when somebody asks for it.

import { bind, refOf, refsIn, termAt, termCount } from "./expression";
import type {
  Depth,
  Expression,
  Operation,
  Phase,
  Program,
  RefExpression,
} from "../protocol/program";
import { indicesAt, registerOf, sampleShape } from "../protocol/program";
import type { Ref } from "./refs";
import { refKey } from "./refs";

export interface Step {
  /** 1 … N; the cursor at which this step is the current one. */
  number: number;
  operation: Operation;
  /** Its place in the program. */
  order: number;
  depth: Depth;
  /** The values of the operation's index variables that the step fixes. */
  indices: number[];
  /** The term that it adds, from 1, of so many; terms = 1 if the step is not one of a sum. */
  term: number;
  terms: number;
}

export interface Equation {
  left: RefExpression;
  right: Expression;
}

/** Consecutive steps of one phase. */
export interface Band {
  phase: Phase;
  first: number;
  last: number;
}

interface Extent {
  before: number;
  count: number;
  /** Lengths of the index variables. */
  lengths: number[];
  /** Terms that one entry is made of at this depth, 1 if it is made at once. */
  terms: number;
}

export class Steps {
  readonly count: number;
  readonly bands: Band[];
  private readonly extents: Extent[];
  private readonly writer = new Map<string, number>();

  constructor(
    readonly program: Program,
    readonly depth: Depth,
    /** Registers whose operations take no step: they are written with the one before. */
    skipped: ReadonlySet<string> = new Set(),
  ) {
    let before = 0;
    this.bands = [];
    this.extents = program.operations.map((operation, order) => {
      const extent = extentOf(program, operation, depth, before);
      if (skipped.has(operation.writes)) extent.count = 0;
      const band = this.bands.at(-1);
      if (band?.phase === operation.phase) band.last = before + extent.count;
      else
        this.bands.push({
          phase: operation.phase,
          first: before + 1,
          last: before + extent.count,
        });
      before += extent.count;
      this.writer.set(operation.writes, order);
      return extent;
    });
    this.count = before;
  }

  /** Step `number`, from 1. */
  at(number: number): Step {
    if (!(number >= 1 && number <= this.count)) {
      throw new Error(`there is no step ${number}; this pass has ${this.count}`);
    }
    const order = this.orderAt(number);
    const extent = this.extents[order]!;
    const operation = this.program.operations[order]!;
    const shape = [...this.fixed(extent), extent.terms];
    const indices = indicesAt(shape, number - 1 - extent.before);
    const term = indices.pop()! + 1;
    return { number, operation, order, depth: this.depth, indices, term, terms: extent.terms };
  }

  private orderAt(number: number): number {
    let low = 0;
    let high = this.extents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.extents[middle]!.before < number) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private fixed(extent: Extent): number[] {
    if (this.depth === "layer") return [];
    return this.depth === "unit" ? extent.lengths.slice(0, 1) : extent.lengths;
  }

  /** The operation that writes a register, −1 for one that is given. */
  writerOf(register: string): number {
    return this.writer.get(register) ?? -1;
  }

  /** The step at which a number is known; 0 for what is given from the start. */
  knownAt(ref: Ref): number {
    const order = this.writerOf(ref.register);
    if (order < 0) return 0;
    const extent = this.extents[order]!;
    const fixed = this.fixed(extent);
    if (!ref.indices.length && fixed.length) return extent.before + extent.count;
    const entry = fixed.reduce((sum, length, axis) => sum * length + ref.indices[axis]!, 0);
    const done = entry * extent.terms + Math.min(ref.partial ?? Infinity, extent.terms);
    return extent.before + Math.min(done, extent.count);
  }

  /**
   * The cursor at this depth that stands where `step` of another depth stands: after
   * everything that `step` completes.
   */
  cursorAfter(step: Step): number {
    const extent = this.extents[step.order]!;
    const fixed = this.fixed(extent);
    const given = step.indices.slice(0, fixed.length);
    if (given.length < fixed.length) {
      // Coarser to finer: the last entry of those that the coarse step writes.
      for (const length of fixed.slice(given.length)) given.push(length - 1);
    }
    const entry = given.reduce((sum, index, axis) => sum * fixed[axis]! + index, 0);
    return extent.before + Math.min((entry + 1) * extent.terms, extent.count);
  }
}

/** The changes that are 0 by their formula, and what they leave as it is; none by a mistake. */
export function unchanging(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { phase, writes, array, right } of program.operations) {
    const isMinusNothing =
      typeof array === "object" &&
      "op" in array &&
      array.op === "subtract" &&
      found.has(refsIn(array).at(-1)!);
    if (phase === "update" && right === undefined && (array === 0 || isMinusNothing)) {
      found.add(writes);
    }
  }
  return found;
}

function extentOf(program: Program, operation: Operation, depth: Depth, before: number): Extent {
  const shape = sampleShape(registerOf(program, operation.writes));
  const lengths = shape.slice(0, operation.indices.length);
  const summed = depth === "term" && operation.indices.length === 1 && operation.words.term !== "";
  const terms = summed ? termCount(operation.element) : 1;
  if (depth === "layer") return { before, count: 1, lengths, terms };
  const fixed = depth === "unit" ? lengths.slice(0, 1) : lengths;
  return { before, count: fixed.reduce((n, length) => n * length, terms), lengths, terms };
}

function binding(step: Step, further: readonly number[] = []): Record<string, number> {
  const values = [...step.indices, ...further];
  return Object.fromEntries(
    step.operation.indices.slice(0, values.length).map((name, axis) => [name, values[axis]!]),
  );
}

function entry(step: Step, indices: readonly number[], partial?: number): RefExpression {
  const left: RefExpression = { ref: step.operation.writes };
  if (indices.length) left.at = [...indices];
  if (partial !== undefined) left.partial = partial;
  return left;
}

/** The columns that a unit step of an operation with two indices writes, else null. */
export function rowLength(program: Program, step: Step): number | null {
  if (step.depth !== "unit" || step.operation.indices.length < 2) return null;
  return sampleShape(registerOf(program, step.operation.writes))[1]!;
}

/** What a step computes; `column` chooses one equation of a unit step that writes a row. */
export function equation(step: Step, column?: number): Equation {
  const { operation } = step;
  if (step.depth === "layer") return { left: { ref: operation.writes }, right: operation.array };
  const indices = column === undefined ? step.indices : [...step.indices, column];
  const values = binding(step, column === undefined ? [] : [column]);
  if (step.terms === 1) {
    return { left: entry(step, indices), right: bind(operation.element, values) };
  }
  const added = termAt(operation.element, step.term - 1, values);
  const partial = step.term < step.terms ? step.term : undefined;
  const left = entry(step, indices, partial);
  if (step.term === 1) return { left, right: added };
  return { left, right: { op: "add", of: [entry(step, indices, step.term - 1), added] } };
}

/** The terms of the sum that a term step belongs to, written out one by one. */
export function termOf(step: Step, k: number): Expression {
  return termAt(step.operation.element, k - 1, binding(step));
}

function equations(program: Program, step: Step): Equation[] {
  const length = rowLength(program, step);
  if (length === null) return [equation(step)];
  return Array.from({ length }, (_, column) => equation(step, column));
}

/** Every number that a step writes, by itself. */
export function entriesOf(program: Program, step: Step): Ref[] {
  const register = step.operation.writes;
  const fixed = step.depth === "layer" ? [] : step.indices;
  const shape = sampleShape(registerOf(program, register)).slice(fixed.length);
  return shape
    .reduce<number[][]>(
      (all, length) => all.flatMap((one) => Array.from({ length }, (_, k) => [...one, k])),
      [[]],
    )
    .map((further) => ({ register, indices: [...fixed, ...further] }));
}

/** The refs that a step writes. A layer step writes a whole register. */
export function writesOf(program: Program, step: Step): string[] {
  return equations(program, step).map(({ left }) => refKey(refOf(left)));
}

/** The refs that a step reads, each once, in the order of its expression. */
export function readsOf(program: Program, step: Step): string[] {
  const reads = equations(program, step).flatMap(({ right }) => refsIn(bind(right, {})));
  return [...new Set(reads)];
}
