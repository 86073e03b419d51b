// What the page answers about a run that it makes by itself, in the form in which Python does.

import type { Reply } from "../../protocol/exchange";
import type { PageRun } from "../../program/run";
import type { Answers, Messages } from "../../protocol/messages";
import type { Program, Row } from "../../protocol/program";
import { GRID } from "../fields";
import type { Cut } from "./landscape";
import { MOST_EPOCHS, placeOn } from "./landscape";
import { endsOf, parametersOf, predictionsOf, rmseOf, shown, shownSamples } from "./predictions";

const MARGIN = 0.5;
/** More lines than these cannot be told apart. */
const MOST_LINES = 24;

/** The samples, and where the surface lies. */
export function samplesOf(run: PageRun): Reply<"samples"> {
  const { inputs, targets, program } = run.plan;
  const [features, outputs] = endsOf(program);
  const low = inputs.reduce((least, value) => Math.min(least, value), Infinity) - MARGIN;
  const high = inputs.reduce((most, value) => Math.max(most, value), -Infinity) + MARGIN;
  const why = `The decision surface needs a network with 2 inputs; this one has ${features}.`;
  const content: Answers["samples"] = {
    total: run.samples,
    features,
    outputs,
    limits: [low, high],
    no_surface: features === 2 ? "" : why,
  };
  return [content, [shown(inputs, features), shown(targets, outputs)]];
}

/** The updates that the views of an epoch need, as `momentOf` makes them. */
export function updatesIn(run: PageRun, asked: Messages["views"]): number[] {
  const { frame } = asked;
  return frame === null ? [madeBy(run, asked)] : [madeBy(run, asked), frame];
}

/** How many updates are made where the views show the run. */
function madeBy(run: PageRun, { epoch, update }: Messages["views"]): number {
  return Math.min(epoch * run.updatesPerEpoch + update, run.updates);
}

/** What the network answers after some updates, and where the run is then on a slice. */
export function momentOf(run: PageRun, asked: Messages["views"], cut: Cut | null): Reply<"views"> {
  const { output, refs, frame } = asked;
  const { program, inputs } = run.plan;
  const [features] = endsOf(program);
  const made = madeBy(run, asked);
  const row = run.afterUpdates(made);
  const samples = shownSamples(run);
  const predictions = predictionsOf(program, row, samples.inputs);
  const loss = rmseOf(predictions, samples.targets);
  const surface = features === 2 ? surfaceOf(program, row, inputs, output) : new Float32Array(0);
  const places = parametersOf(program);
  const known = refs.filter((ref) => places.has(ref));
  const content = {
    frame,
    epoch: Math.floor(made / run.updatesPerEpoch),
    update: made % run.updatesPerEpoch,
    output,
    loss: Number.isFinite(loss) ? loss : null,
    refs: known,
    place: cut && placeOn(cut, row),
    slice: cut?.number ?? 0,
  };
  const values = Float64Array.from(known, (ref) => row[places.get(ref)!]!);
  const rows = frame === null ? new Float64Array(0) : run.frame(frame);
  return [content, [surface, predictions, values, rows]];
}

/** The way of the weights and biases of a register, or of all registers. */
export function waysOf(
  run: PageRun,
  { register, also }: Messages["trajectories"],
): Reply<"trajectories"> {
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
export function frameOf(run: PageRun, { start }: Messages["frames"]): Reply<"frames"> {
  return [{ start, count: 1 }, [run.frame(start)]];
}

function surfaceOf(program: Program, row: Row, inputs: Float64Array, output: number): Float32Array {
  const [low, high] = [Math.min(...shown(inputs, 2)), Math.max(...shown(inputs, 2))];
  const tick = (k: number): number => low - MARGIN + (k / (GRID - 1)) * (high - low + 2 * MARGIN);
  const points = new Float64Array(2 * GRID * GRID);
  for (let k = 0; k < GRID * GRID; k++)
    points.set([tick(k % GRID), tick(Math.floor(k / GRID))], 2 * k);
  const [, outputs] = endsOf(program);
  const made = predictionsOf(program, row, points);
  return Float32Array.from({ length: GRID * GRID }, (_, k) => made[k * outputs + output]!);
}
