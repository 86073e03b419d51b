// A training run that the page makes by itself, update by update, from the program alone.

import { evaluatorOf } from "./evaluate";
import type { Program, Register, Row } from "../protocol/program";
import { registerOf, sizeOf, indicesAt } from "../protocol/program";
import { shuffled } from "./random";

/** Numbers of what an update begins with that are kept, 8 bytes each. */
const MOST_KEPT = 2_000_000;
/** A view asks for the end of an epoch and for an update of it, and then for those beside them. */
const MOST_REACHED = 4;
/** The mistake in what a run says of itself: its updates are right. */
const UNPAIRED = "targets_not_shuffled";

export interface Plan {
  program: Program;
  /** The program of a smaller last batch, if each epoch ends with one. */
  lastProgram: Program | null;
  /** A row that holds what the first update begins with. */
  start: Row;
  inputs: Float64Array;
  targets: Float64Array;
  /** What the order of the samples follows from; null keeps them in order. */
  seed: number | null;
  /** The samples of the epochs that Python has shuffled, in its order. */
  orders?: Uint16Array | null;
}

/** Where a run ended since a number was no finite one any more. */
export interface Divergence {
  frame: number;
  ref: string;
  value: number;
}

/** What an update begins with. */
interface Reached {
  state: Float64Array;
  number: number;
}

export class PageRun {
  readonly updatesPerEpoch: number;
  readonly samples: number;
  /** The RMSE of the predictions during each whole epoch. */
  readonly rmse: number[] = [];
  updates = 0;
  diverged: Divergence | null = null;
  newest: Row | null = null;
  private readonly carriers: readonly [main: Carrier, last: Carrier];
  private readonly inputs: number;
  private readonly outputs: number;
  /** What the next update begins with. */
  private state: Float64Array;
  private squares = 0;
  /** What epochs 0, `every`, 2 `every`, … began with. */
  private readonly kept: Float64Array[] = [];
  private every = 1;
  /** What was asked for last, within epochs or between those that are kept. */
  private reached: readonly Reached[] = [];
  /** Whether the loss of an epoch compares what was predicted with the targets in their order. */
  private readonly pairsInOrder: boolean;
  private order: readonly number[] = [];
  private orderOf = -1;

  constructor(readonly plan: Plan) {
    const { program, lastProgram, inputs } = plan;
    [this.inputs, this.outputs] = [program.network.sizes[0]!, program.network.sizes.at(-1)!];
    this.samples = inputs.length / this.inputs;
    this.updatesPerEpoch = Math.ceil(this.samples / program.samples);
    const main = new Carrier(program);
    this.carriers = [main, lastProgram ? new Carrier(lastProgram) : main];
    const start = plan.start.slice();
    evaluatorOf(program).begin(start);
    this.state = main.given(start);
    this.pairsInOrder = program.rule.mistakes.some(({ name }) => name === UNPAIRED);
  }

  /** Go on until so many updates are made, or it diverges, or time is up. */
  advance(updates: number, seconds = Infinity): void {
    const end = performance.now() + 1000 * seconds;
    while (this.updates < updates && !this.diverged) {
      this.update();
      if (performance.now() > end) return;
    }
  }

  /** An update that was made, computed anew. */
  frame(number: number): Row {
    return this.computed(number, this.stateBefore(number));
  }

  /** A row that begins with the parameters after an epoch; 0 is the start. */
  after(epoch: number): Row {
    return this.afterUpdates(epoch * this.updatesPerEpoch);
  }

  /** A row that begins with the parameters after so many updates. */
  afterUpdates(count: number): Row {
    const row = this.plan.start.slice();
    this.carriers[0].put(this.stateBefore(count), row);
    return row;
  }

  /** Make what leads up to an update again, in pieces, which may be many; it is then at hand. */
  *reach(number: number): Generator<void> {
    let { state, number: at } = this.closest(number);
    for (; at < number; at++) {
      state = this.carrierOf(at).next(this.computed(at, state));
      yield;
    }
    const others = this.reached.filter((one) => one.number !== number);
    this.reached = [{ state, number }, ...others].slice(0, MOST_REACHED);
  }

  /** The epochs whose parameters are at hand: at most so many of them, the newest one too. */
  epochsAtHand(most: number): number[] {
    const last = this.rmse.length;
    const step = this.every * Math.max(1, Math.ceil(last / this.every / most));
    const epochs = Array.from({ length: Math.ceil(last / step) }, (_, k) => k * step);
    return [...epochs, last];
  }

  private stateBefore(number: number): Float64Array {
    const pieces = this.reach(number);
    while (!pieces.next().done);
    return this.reached[0]!.state;
  }

  /** What is at hand from which an update is soonest reached. */
  private closest(number: number): Reached {
    const { every, kept, state, updates, updatesPerEpoch: per } = this;
    if (number === updates) return { state, number };
    const place = Math.min(Math.floor(number / (every * per)), kept.length - 1);
    const start = { state: kept[place]!, number: place * every * per };
    return this.reached.reduce(
      (best, one) => (best.number < one.number && one.number <= number ? one : best),
      start,
    );
  }

  private update(): void {
    const { updatesPerEpoch: per, updates: number } = this;
    if (number % per === 0) this.keep(number / per);
    const row = this.computed(number, this.state);
    this.newest = row;
    this.updates += 1;
    this.squares += this.squaresOf(row, number);
    if (this.updates % per === 0) {
      this.rmse.push(Math.sqrt(this.squares / (this.samples * this.outputs)));
      this.squares = 0;
    }
    this.diverged = divergence(this.carrierOf(number).program, row, number);
    this.state = this.carrierOf(number).next(row);
  }

  private carrierOf(number: number): Carrier {
    return this.carriers[(number + 1) % this.updatesPerEpoch === 0 ? 1 : 0];
  }

  /** Compute an update that begins with a state. */
  private computed(number: number, state: Float64Array): Row {
    const carrier = this.carrierOf(number);
    const { program } = carrier;
    // As wide as any, as Python has those of a smaller last batch.
    const row = new Float64Array(this.plan.program.size);
    carrier.put(state, row);
    const [x, y] = [registerOf(program, "x").start, registerOf(program, "y").start];
    for (let k = 0; k < program.samples; k++) {
      const sample = this.sampleAt(number, k);
      for (let i = 0; i < this.inputs; i++)
        row[x + k * this.inputs + i] = this.plan.inputs[sample * this.inputs + i]!;
      for (let i = 0; i < this.outputs; i++)
        row[y + k * this.outputs + i] = this.plan.targets[sample * this.outputs + i]!;
    }
    evaluatorOf(program).update(row);
    return row;
  }

  /** Which sample an update takes in place k. */
  private sampleAt(number: number, k: number): number {
    const { program, seed, orders } = this.plan;
    const place = (number % this.updatesPerEpoch) * program.samples + k;
    if (seed === null) return place;
    const epoch = Math.floor(number / this.updatesPerEpoch);
    const known = orders?.[epoch * this.samples + place];
    if (known !== undefined) return known;
    if (this.orderOf !== epoch) this.order = shuffled(this.samples, seed, epoch);
    this.orderOf = epoch;
    return this.order[place]!;
  }

  private squaresOf(row: Row, number: number): number {
    const { program } = this.carrierOf(number);
    const h = registerOf(program, `h${program.network.activations.length}`).start;
    const y = registerOf(program, "y").start;
    const first = (number % this.updatesPerEpoch) * this.carriers[0].program.samples;
    const target = this.pairsInOrder
      ? (k: number) => this.plan.targets[first * this.outputs + k]!
      : (k: number) => row[y + k]!;
    let sum = 0;
    for (let k = 0; k < program.samples * this.outputs; k++) sum += (row[h + k]! - target(k)) ** 2;
    return sum;
  }

  private keep(epoch: number): void {
    if (epoch % this.every) return;
    this.kept.push(this.state);
    if (this.kept.length * this.state.length < MOST_KEPT) return;
    this.every *= 2;
    this.kept.splice(0, this.kept.length, ...this.kept.filter((_, k) => k % 2 === 0));
  }
}

/** Why a program cannot be carried on in the page; empty if it can. */
export function whyNotCarried(program: Program): string {
  const left = givenIn(program).filter(([name]) => !sourceOf(program, name));
  return left.length ? `${left[0]![0]} comes from where the page does not know` : "";
}

/** What an update hands on to the next: the new weights and biases, and whatever it kept. */
class Carrier {
  private readonly pairs: readonly { from: number; to: number; length: number }[];
  private readonly length: number;

  constructor(readonly program: Program) {
    this.pairs = givenIn(program).map(([name, register]) => ({
      from: registerOf(program, sourceOf(program, name)).start,
      to: register.start,
      length: sizeOf(register),
    }));
    this.length = this.pairs.reduce((sum, { length }) => sum + length, 0);
  }

  /** What an update began with. */
  given(row: Row): Float64Array {
    return this.gathered(row, "to");
  }

  /** What the update after it begins with. */
  next(row: Row): Float64Array {
    return this.gathered(row, "from");
  }

  put(state: Float64Array, row: Row): void {
    let place = 0;
    for (const { to, length } of this.pairs) row.set(state.subarray(place, (place += length)), to);
  }

  private gathered(row: Row, end: "from" | "to"): Float64Array {
    const state = new Float64Array(this.length);
    let place = 0;
    for (const pair of this.pairs) {
      state.set(row.subarray(pair[end], pair[end] + pair.length), place);
      place += pair.length;
    }
    return state;
  }
}

/** The registers that an update begins with, but for the samples. */
function givenIn(program: Program): [string, Register][] {
  const written = new Set(program.operations.map(({ writes }) => writes));
  return Object.entries(program.registers).filter(
    ([name, { per_sample }]) => !per_sample && !written.has(name),
  );
}

/** Where the next update's number comes from: new weights, the gradient of before, or nothing new. */
function sourceOf(program: Program, name: string): string {
  const { registers } = program;
  if (`n${name}` in registers) return `n${name}`;
  const gradient = `g${name.slice(1)}`;
  if (name.startsWith("p") && gradient in registers) return gradient;
  return registers[name]!.shape.length ? "" : name;
}

function divergence(program: Program, row: Row, frame: number): Divergence | null {
  if (row.every(Number.isFinite)) return null;
  for (const { writes } of program.operations) {
    const register = registerOf(program, writes);
    const { start, shape, per_sample } = register;
    const place = row
      .subarray(start, start + sizeOf(register))
      .findIndex((value) => !Number.isFinite(value));
    if (place < 0) continue;
    const indices = indicesAt(shape, place);
    if (per_sample) indices.shift();
    const at = indices.length ? `[${indices.join(",")}]` : "";
    return { frame, ref: writes + at, value: row[start + place]! };
  }
  return null;
}
