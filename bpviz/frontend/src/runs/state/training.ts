// The state of a training run that can go on: what it is doing, its settings, pinned runs.

import { batch, signal } from "@preact/signals";
import type { Bytes, Mistake, Row } from "../../protocol/program";
import { decodeNumbers } from "../../protocol/program";

export interface Settings {
  learning_rate: number;
  update: "simultaneous" | "dirty";
  train_biases: boolean;
  mistakes: string[];
  batch_size: number;
  shuffle: boolean;
  seed: number;
  epochs: number;
  /** The seed of a new start; null for the start that the panel was made with. */
  start_seed: number | null;
}

/** A mistake, or another convention, that can be switched on. */
export interface Choice extends Mistake {
  source: string;
  unseen_because: string;
  on: boolean;
  /** Why it cannot show on this network; empty if it can. */
  reason: string;
  /** What a network and a rule must have for it to show. */
  needs: string;
  /** The names of those that it contradicts. */
  excludes: readonly string[];
}

export interface Curve {
  name: string;
  losses: Float64Array;
}

/** What a run begins with: a row with the start's weights and biases, and all samples. */
export interface Origin {
  start: Row;
  inputs: Float64Array;
  targets: Float64Array;
}

export class TrainingState {
  readonly status = signal<"ready" | "running" | "paused" | "stopped">("ready");
  /** Why the run made no more updates, in words. */
  readonly stopped = signal("");
  readonly settings = signal<Settings | null>(null);
  readonly choices = signal<Choice[]>([]);
  readonly pins = signal<Curve[]>([]);
  readonly logarithmic = signal(false);
  /** What a run begins with; null where the page does not have it. */
  readonly origin = signal<Origin | null>(null);
  /** Whether the page makes the run, not Python. */
  readonly isPages = signal(false);

  /** Read the traits of these names. */
  load(get: (name: string) => unknown): void {
    const settings = get("_settings") as Settings | undefined;
    if (!settings || !("epochs" in settings)) return;
    const [row, inputs, targets] = ["_start_row", "_inputs", "_targets"].map((name) =>
      decodeNumbers(get(name) as Bytes | null),
    ) as [Row, Float64Array, Float64Array];
    batch(() => {
      this.origin.value = inputs.length ? { start: row, inputs, targets } : null;
      this.isPages.value = false;
      this.status.value = get("_status") as typeof this.status.value;
      this.stopped.value = String(get("_stopped") ?? "");
      this.settings.value = settings;
      this.choices.value = get("_mistake_choices") as Choice[];
      const all = decodeNumbers(get("_pinned_losses") as Bytes | null);
      let start = 0;
      this.pins.value = (get("_pinned") as { name: string; epochs: number }[]).map((pin) => ({
        name: pin.name,
        losses: all.subarray(start, (start += pin.epochs)),
      }));
    });
  }
}

/** Losses that grow: room is made ahead, so that a long run is not copied at every report. */
export function grown(losses: Float64Array, first: number, more: Float64Array): Float64Array {
  const count = first + more.length;
  let room = new Float64Array(losses.buffer);
  if (losses.byteOffset !== 0 || room.length < count) {
    room = new Float64Array(Math.max(1024, 2 * count));
    room.set(losses.subarray(0, first));
  }
  room.set(more, first);
  return room.subarray(0, count);
}
