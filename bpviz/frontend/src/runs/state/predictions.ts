// What the network of a run answers, and where its weights and biases stand in a row.

import { evaluatorOf } from "../../program/evaluate";
import { refKey } from "../../program/refs";
import type { PageRun } from "../../program/run";
import type { Program, Row } from "../../protocol/program";
import { registerOf, indicesAt, sizeOf } from "../../protocol/program";

const MOST_SAMPLES = 500;

/** Of a run's samples those that are shown. */
export function shownSamples(run: PageRun): {
  inputs: Float64Array;
  targets: Float64Array;
  count: number;
} {
  const [features, outputs] = endsOf(run.plan.program);
  const inputs = shown(run.plan.inputs, features);
  return { inputs, targets: shown(run.plan.targets, outputs), count: inputs.length / features };
}

/** The root of the mean square between predictions and targets. */
export function rmseOf(predictions: Float64Array, targets: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < predictions.length; k++) squares += (predictions[k]! - targets[k]!) ** 2;
  return Math.sqrt(squares / predictions.length);
}

/** How many numbers a sample has, and how many a prediction. */
export function endsOf({ network: { sizes } }: Program): [inputs: number, outputs: number] {
  return [sizes[0]!, sizes.at(-1)!];
}

/** At most so many of the samples, spread evenly. */
export function shown(samples: Float64Array, width: number): Float64Array {
  const count = samples.length / width;
  if (count <= MOST_SAMPLES) return samples;
  const chosen = new Float64Array(MOST_SAMPLES * width);
  for (let k = 0; k < MOST_SAMPLES; k++) {
    const from = Math.round((k * (count - 1)) / (MOST_SAMPLES - 1)) * width;
    chosen.set(samples.subarray(from, from + width), k * width);
  }
  return chosen;
}

/** The outputs for inputs, by the parameters of a row. */
export function predictionsOf(program: Program, row: Row, inputs: Float64Array): Float64Array {
  const [features, outputs] = endsOf(program);
  const count = inputs.length / features;
  const made = new Float64Array(count * outputs);
  const scratch = row.slice();
  const x = registerOf(program, "x").start;
  const h = registerOf(program, `h${program.network.activations.length}`).start;
  for (let first = 0; first < count; first += program.samples) {
    const some = Math.min(program.samples, count - first);
    scratch.set(inputs.subarray(first * features, (first + some) * features), x);
    evaluatorOf(program).forward(scratch);
    made.set(scratch.subarray(h, h + some * outputs), first * outputs);
  }
  return made;
}

/** Where each weight and bias stands in a row, in the order of the layers. */
export function parametersOf(program: Program): Map<string, number> {
  const places = new Map<string, number>();
  for (const layer of program.network.activations.keys()) {
    for (const register of [`W${layer + 1}`, `b${layer + 1}`]) {
      const { start, shape } = registerOf(program, register);
      for (let k = 0; k < sizeOf({ shape }); k++)
        places.set(refKey({ register, indices: indicesAt(shape, k) }), start + k);
    }
  }
  return places;
}
