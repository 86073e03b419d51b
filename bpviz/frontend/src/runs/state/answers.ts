// What the page answers about a run that it makes by itself, in the form in which Python does.

import type { Reply } from "../../protocol/exchange";
import { evaluatorOf } from "../../program/evaluate";
import type { PageRun } from "../../program/run";
import { refKey } from "../../program/refs";
import type { Messages } from "../../protocol/messages";
import type { Program, Row } from "../../protocol/program";
import { registerOf } from "../../protocol/program";
import { GRID } from "../fields";

const MARGIN = 0.5;
const MOST_SAMPLES = 500;
const MOST_EPOCHS = 600;
/** More lines than these cannot be told apart. */
const MOST_LINES = 24;

/** The samples, and where the surface lies. */
export function samplesOf(run: PageRun): Reply {
  const { inputs, targets, program } = run.plan;
  const [features, outputs] = endsOf(program);
  const low = inputs.reduce((least, value) => Math.min(least, value), Infinity) - MARGIN;
  const high = inputs.reduce((most, value) => Math.max(most, value), -Infinity) + MARGIN;
  const why = `The decision surface needs a network with 2 inputs; this one has ${features}.`;
  const content = {
    total: run.samples,
    features,
    outputs,
    limits: [low, high],
    no_surface: features === 2 ? "" : why,
  };
  return [content, [shown(inputs, features), shown(targets, outputs)]];
}

/** What the network answers after an epoch. */
export function momentOf(run: PageRun, { epoch, output, refs, frame }: Messages["views"]): Reply {
  const { program, inputs, targets } = run.plan;
  const [features, outputs] = endsOf(program);
  const at = Math.min(epoch, run.rmse.length);
  const row = run.after(at);
  const predictions = outputsOf(program, row, shown(inputs, features));
  const wanted = shown(targets, outputs);
  let squares = 0;
  predictions.forEach((value, k) => (squares += (value - wanted[k]!) ** 2));
  const loss = Math.sqrt(squares / predictions.length);
  const surface = features === 2 ? surfaceOf(program, row, inputs, output) : new Float32Array(0);
  const places = parametersOf(program);
  const known = refs.filter((ref) => places.has(ref));
  const content = {
    frame,
    epoch: at,
    output,
    loss: Number.isFinite(loss) ? loss : null,
    refs: known,
    place: null,
    slice: 0,
  };
  const values = Float64Array.from(known, (ref) => row[places.get(ref)!]!);
  const rows = frame === null ? new Float64Array(0) : run.frame(frame);
  return [content, [surface, predictions, values, rows]];
}

/** The way of the weights and biases of a register, or of all registers. */
export function waysOf(run: PageRun, { register, also }: Messages["trajectories"]): Reply {
  const { program } = run.plan;
  const places = parametersOf(program);
  const epochs = run.epochsAtHand(MOST_EPOCHS);
  const rows = epochs.map((epoch) => run.after(epoch));
  const all = [...places.keys()].filter((ref) => !register || ref.startsWith(`${register}[`));
  const moved = (ref: string): number => {
    const values = rows.map((row) => row[places.get(ref)!]!);
    return Math.max(...values) - Math.min(...values);
  };
  const most = new Set([...all].sort((one, other) => moved(other) - moved(one)));
  const chosen = new Set([...most].slice(0, MOST_LINES));
  const refs = all.filter((ref) => chosen.has(ref) || ref === also);
  if (places.has(also) && !refs.includes(also)) refs.push(also);
  const lines = new Float32Array(refs.length * epochs.length);
  refs.forEach((ref, k) =>
    rows.forEach((row, e) => (lines[k * epochs.length + e] = row[places.get(ref)!]!)),
  );
  const registers = program.network.activations.flatMap((_, k) => [`W${k + 1}`, `b${k + 1}`]);
  const content = { refs, total: all.length, registers };
  return [content, [Float64Array.from(epochs), lines]];
}

/** A frame of the run. */
export function frameOf(run: PageRun, { start }: Messages["frames"]): Reply {
  return [{ start, count: 1 }, [run.frame(start)]];
}

function endsOf({ network: { sizes } }: Program): [inputs: number, outputs: number] {
  return [sizes[0]!, sizes.at(-1)!];
}

/** At most so many of the samples, spread evenly. */
function shown(samples: Float64Array, width: number): Float64Array {
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
function outputsOf(program: Program, row: Row, inputs: Float64Array): Float64Array {
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

function surfaceOf(program: Program, row: Row, inputs: Float64Array, output: number): Float32Array {
  const [low, high] = [Math.min(...shown(inputs, 2)), Math.max(...shown(inputs, 2))];
  const tick = (k: number): number => low - MARGIN + (k / (GRID - 1)) * (high - low + 2 * MARGIN);
  const points = new Float64Array(2 * GRID * GRID);
  for (let k = 0; k < GRID * GRID; k++)
    points.set([tick(k % GRID), tick(Math.floor(k / GRID))], 2 * k);
  const [, outputs] = endsOf(program);
  const made = outputsOf(program, row, points);
  return Float32Array.from({ length: GRID * GRID }, (_, k) => made[k * outputs + output]!);
}

/** Where each weight and bias stands in a row, in the order of the layers. */
function parametersOf(program: Program): Map<string, number> {
  const places = new Map<string, number>();
  for (const layer of program.network.activations.keys()) {
    for (const register of [`W${layer + 1}`, `b${layer + 1}`]) {
      const { start, shape } = registerOf(program, register);
      const [rows = 1, columns] = shape;
      for (let k = 0; k < rows * (columns ?? 1); k++) {
        const indices = columns === undefined ? [k] : [Math.floor(k / columns), k % columns];
        places.set(refKey({ register, indices }), start + k);
      }
    }
  }
  return places;
}
