// What is said about runs: counts, losses and how far a run is.

import type { Run } from "../protocol/content";
import type { NumberStyle } from "../protocol/style";
import { countText, DEFAULT_NUMBERS, formatNumber } from "../program/numbers";
import type { Settings } from "../protocol/messages";
import { parseRef } from "../program/refs";
import type { PageRun } from "../program/run";
import { wordsOf } from "../program/words";
import type { Program } from "../protocol/program";
import type { Moment } from "./state/scrub";

/** A count with its noun: "1 epoch", "2 epochs". */
export function counted(count: number, noun: string, numbers: NumberStyle): string {
  return `${countText(count, numbers)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The name of the loss of the weights at the end of an epoch, as in Python. */
export const AFTER = "RMSE after the epoch";

/** A loss with its name; one that is no finite number is said in words. */
export function lossWords(name: string, loss: number, numbers: NumberStyle): string {
  return Number.isFinite(loss) ? `${name} ${formatNumber(loss, numbers)}` : `no finite ${name}`;
}

/** After what the views show a run: "epoch 12", or "update 2 of epoch 13" where that is not whole. */
export function whenWords(moment: Pick<Moment, "epoch" | "update">, numbers: NumberStyle): string {
  const { epoch, update } = moment;
  const part = update ? `update ${countText(update, numbers)} of ` : "";
  return `${part}epoch ${countText(epoch + (update && 1), numbers)}`;
}

/** How far a run is: "500 epochs made, RMSE 0.5167". */
export function progressWords(run: Run, updates: number, numbers: NumberStyle): string {
  const { losses, lossName, updatesPerEpoch } = run;
  const last = losses[losses.length - 1];
  if (last === undefined)
    return `${counted(updates, "update", numbers)} made, of ${countText(updatesPerEpoch, numbers)} in the first epoch`;
  const more = updates - losses.length * updatesPerEpoch;
  const and = more > 0 ? ` and ${counted(more, "update", numbers)}` : "";
  return `${counted(losses.length, "epoch", numbers)}${and} made, ${lossWords(lossName, last, numbers)}`;
}

/** A part of a whole in percent: what is neither nothing nor all is never called so. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "under 1 %";
  if (share > 0.99 && share < 1) return "over 99 %";
  return `${Math.round(share * 100)} %`;
}

/** What a run is made by, in a few words and no style of numbers. */
export function settingsWords(settings: Settings): string {
  const departures = settings.mistakes.length;
  const on = departures ? [`${counted(departures, "departure", DEFAULT_NUMBERS)} on purpose`] : [];
  return [...partsOf(settings), ...on].join(", ");
}

/** What tells a run from others, as Python says it. */
export function runName(settings: Settings, choices: readonly Titled[]): string {
  const { start_seed: seed, mistakes } = settings;
  const titles = mistakes.map((name) => choices.find((one) => one.name === name)?.title ?? name);
  const start = seed === null ? [] : [`start of seed ${seed}`];
  return [...partsOf(settings), ...start, ...titles].join(", ");
}

interface Titled {
  name: string;
  title: string;
}

function partsOf(settings: Settings): string[] {
  const { learning_rate, update, optimizer, train_biases, batch_size, shuffle, seed } = settings;
  const parts = [`learning rate ${Number(learning_rate.toPrecision(6))}`, `${update} update`];
  if (optimizer && optimizer !== "SGD()") parts.push(optimizer);
  if (!train_biases) parts.push("biases not trained");
  if (batch_size > 1) parts.push(`batches of ${batch_size}`);
  if (shuffle) parts.push(`shuffled, seed ${seed}`);
  return parts;
}

/** Where and why a run stopped, as Python says it. */
export function divergenceWords(
  { diverged, updatesPerEpoch: per }: PageRun,
  program: Program,
): string {
  if (!diverged) return "";
  const { frame, ref, value } = diverged;
  const words = wordsOf(program, parseRef(ref)!.register);
  const [epoch, update] = [Math.floor(frame / per), frame % per];
  const text = (count: number): string => countText(count, DEFAULT_NUMBERS);
  const became = Number.isNaN(value) ? "not a number" : "infinite";
  const scaled = epoch ? "" : ", and inputs and targets of about −1 to 1";
  return (
    `diverged in epoch ${text(epoch + 1)}, update ${text(update + 1)}: the ${words} became ` +
    `${became}. Try a smaller learning rate${scaled}`
  );
}
