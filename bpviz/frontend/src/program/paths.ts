// Every path from a weight or a bias to the loss. The product along a path is what the weight
// does to the loss that way, and the sum over all paths is its gradient.

import { evaluatorOf } from "./evaluate";
import type { Frame } from "./frame";
import type { Program } from "../protocol/program";
import { registerOf, sampleShape } from "../protocol/program";
import type { Ref } from "./refs";
import { refKey } from "./refs";

/** The rest of a path, factor by factor, up to the loss. */
interface Tail {
  ref: Ref;
  product: number;
  next: Tail | null;
}

export interface Path {
  factors: Ref[];
  product: number;
}

export interface Paths {
  /** How many there are. */
  count: number;
  /** The largest ones. */
  shown: Path[];
  /** The sum of all, for the chosen sample and on average over the batch. */
  sum: number;
  mean: number;
}

export const SHOWN_PATHS = 6;

/** A unit as something that a path goes through. */
export function unitKey(layer: number, unit: number): string {
  return `${layer},${unit}`;
}

/** What a path from a weight or a bias goes through: weights by their refs, and units. */
export function placesOn(program: Program, start: Ref, factors: readonly Ref[]): string[] {
  const { layer: first } = registerOf(program, start.register);
  const weight = { ...start, register: start.register.replace(/^g/, "") };
  return [weight, ...factors].flatMap((ref) => {
    const { layer, quantity } = registerOf(program, ref.register);
    const [unit = 0, from] = ref.indices;
    if (quantity === "W") {
      return [refKey(ref), unitKey(layer, unit), unitKey(layer - 1, from!)];
    }
    // The input of the first weight is where the path comes from.
    return layer < first ? [] : [unitKey(layer, unit)];
  });
}

interface Bundle {
  best: Tail[];
  sum: number;
}

/** Whether loss and last activation function are derived together, without ∂L/∂h and f′. */
export function isFused({ network, registers }: Program): boolean {
  return !(`e${network.activations.length}` in registers);
}

/** Whether each activation of a layer depends on every aggregate: then its f′ is a matrix. */
function isCoupled(program: Program, layer: number): boolean {
  if (endsAtDelta(program, layer)) return false;
  return sampleShape(registerOf(program, `s${layer}`)).length === 2;
}

function endsAtDelta(program: Program, layer: number): boolean {
  return layer === program.network.activations.length && isFused(program);
}

/**
 * The paths of the weight or bias that a ref such as W1[0,1], gW1[0,1] or b1[0] is about.
 * `weights` = "nW" takes the updated weights, as a dirty update does.
 */
export function pathsOf(frame: Frame, ref: Ref, weights: "W" | "nW" = "W"): Paths {
  const { program } = frame;
  const { layer } = registerOf(program, ref.register);
  const of = (sample: number): Bundle => bundleOf(frame, ref, weights, sample);
  const own = of(frame.sample);
  let total = 0;
  for (let sample = 0; sample < program.samples; sample++) {
    total += program.samples === 1 ? own.sum : of(sample).sum;
  }
  return {
    count: countPaths(program, layer),
    shown: own.best.map((tail) => {
      const factors: Ref[] = [];
      for (let part: Tail | null = tail; part; part = part.next) factors.push(part.ref);
      return { factors, product: tail.product };
    }),
    sum: own.sum,
    mean: total / program.samples,
  };
}

function bundleOf(frame: Frame, ref: Ref, weights: string, sample: number): Bundle {
  const { program } = frame;
  const { sizes, activations } = program.network;
  const { layer } = registerOf(program, ref.register);
  const [unit, from] = ref.indices as [number, number | undefined];
  const units = (of: number): number[] => [...Array(sizes[of]).keys()];
  const times = (register: string, indices: number[], rest: Bundle | null): Bundle => {
    const factor = { register, indices };
    const value = trueValue(frame, { ...factor, sample });
    return {
      sum: value * (rest?.sum ?? 1),
      best: (rest?.best ?? [null]).map((next) => ({
        ref: factor,
        product: value * (next?.product ?? 1),
        next,
      })),
    };
  };
  // From the loss backwards: what follows each activation, then what follows each aggregate.
  let afterActivation = (q: number): Bundle => times(`e${activations.length}`, [q], null);
  for (let at = activations.length; ; at--) {
    const after = afterActivation;
    const follow = (p: number): Bundle => {
      if (endsAtDelta(program, at)) return times(`d${at}`, [p], null);
      if (!isCoupled(program, at)) return times(`s${at}`, [p], after(p));
      return merged(units(at).map((q) => times(`s${at}`, [q, p], after(q))));
    };
    if (at === layer) {
      const bundle = follow(unit);
      if (from === undefined) return bundle;
      return times(layer > 1 ? `h${layer - 1}` : "x", [from], bundle);
    }
    const afterAggregate = units(at).map(follow);
    afterActivation = (q) =>
      merged(afterAggregate.map((rest, k) => times(weights + at, [k, q], rest)));
  }
}

function merged(bundles: Bundle[]): Bundle {
  const best = bundles.flatMap((bundle) => bundle.best);
  best.sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
  return {
    best: best.slice(0, SHOWN_PATHS),
    sum: bundles.reduce((sum, bundle) => sum + bundle.sum, 0),
  };
}

/** A factor's number; under a mistaken rule not as recorded, but as it should be. */
export function trueValue(frame: Frame, ref: Ref): number {
  const { program, row } = frame;
  const { register, indices, sample = frame.sample } = ref;
  const recorded = frame.value(ref);
  if (Number.isNaN(recorded) || !"sed".includes(registerOf(program, register).quantity))
    return recorded;
  return evaluatorOf(program).right(row, register, indices, sample) ?? recorded;
}

function countPaths(program: Program, layer: number): number {
  const { sizes } = program.network;
  let count = 1;
  for (let at = layer; at < sizes.length; at++) {
    if (at > layer) count *= sizes[at]!;
    if (isCoupled(program, at)) count *= sizes[at]!;
  }
  return count;
}

export interface Work {
  /** Multiplications for this one gradient, path by path, and with its δ known. */
  alone: number;
  /** For the gradients of all weights and biases: path by path, and passing δ back. */
  byPaths: number;
  byDeltas: number;
}

/**
 * Count multiplications of one sample: each × between factors, with the slopes f′ and the errors
 * at the outputs known in both ways; sums are not counted.
 */
export function workOf(program: Program, ref: Ref): Work {
  const { sizes } = program.network;
  const last = sizes.length - 1;
  // Along a path from an aggregate: f′ of each layer, weights between them, the error at the end.
  const along = (layer: number): number => 2 * (last - layer) + Number(!isFused(program));
  const work = { alone: 0, byPaths: 0, byDeltas: 0 };
  for (let layer = 1; layer <= last; layer++) {
    const [from, units] = [sizes[layer - 1]!, sizes[layer]!];
    const paths = countPaths(program, layer);
    work.byPaths += units * paths * (along(layer) + from * (along(layer) + 1));
    if (!endsAtDelta(program, layer)) {
      work.byDeltas += isCoupled(program, layer) ? units * units : units;
    }
    if (layer < last) work.byDeltas += units * sizes[layer + 1]!;
    work.byDeltas += units * from;
  }
  const { layer } = registerOf(program, ref.register);
  work.alone = countPaths(program, layer) * (along(layer) + ref.indices.length - 1);
  return work;
}
