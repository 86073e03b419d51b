// What Python tells about a run at the cursor: surface, predictions, trajectories, landscape.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { Answer } from "../../protocol/exchange";
import type { Bytes } from "../../protocol/program";
import { decodeNumbers, decodeRows } from "../../protocol/program";
import type { PanelState } from "../../state/panel";
import type { TrainingState } from "./training";

/** The views of which one is open at a time. */
export const TABS = ["predictions", "weights", "landscape", "losses"] as const;
export type Tab = (typeof TABS)[number];

export interface Samples {
  why: string;
  total: number;
  features: number;
  outputs: number;
  /** The ends of the surface, on both axes. */
  limits: [number, number];
  /** Why there is no surface; empty if there is one. */
  no_surface: string;
  inputs: Float64Array;
  targets: Float64Array;
}

export interface Moment {
  why: string;
  epoch: number;
  output: number;
  loss: number | null;
  refs: string[];
  /** Where the run is on the landscape of this number, if that is known. */
  place: [number, number] | null;
  slice: number;
  surface: Float32Array;
  predictions: Float64Array;
  values: Float64Array;
}

export interface Trajectories {
  why: string;
  refs: string[];
  total: number;
  registers: string[];
  epochs: Float64Array;
  lines: Float32Array[];
}

export interface Landscape {
  why: string;
  slice: number;
  /** Which share of the movement each of the two directions holds. */
  shares: [number, number];
  first: [number, number];
  second: [number, number];
  low: number;
  high: number;
  logarithmic: boolean;
  heights: Float32Array;
  path: Float64Array;
  epochs: Float64Array;
}

export class ScrubState {
  readonly tab = signal<Tab>("predictions");
  /** Whether the run is on the screen; only then anything is asked. */
  readonly visible = signal(false);
  readonly output = signal(0);
  readonly register = signal("");
  private readonly wanted = signal<number | null>(null);
  /** The update that comes with the next moment, so that nobody else needs to ask for it. */
  readonly expected = computed(() =>
    this.panel.exchange.isBusy("views") ? this.wanted.value : null,
  );

  readonly samples = signal<Samples | null>(null);
  readonly moment = signal<Moment | null>(null);
  readonly trajectories = signal<Trajectories | null>(null);
  readonly landscape = signal<Landscape | null>(null);

  constructor(
    private readonly panel: PanelState,
    private readonly training: TrainingState,
  ) {}

  /** Ask what is on the screen needs, whenever the cursor, the run or a choice changes. */
  follow(): () => void {
    const { panel: state, training } = this;
    const { exchange } = state;
    const hold = (first: number, bytes: Bytes | undefined): void => {
      const size = state.content.peek()?.program.size;
      if (size) state.held.hold({ first, rows: decodeRows(bytes, size) });
    };
    const isLive = computed(() => training.settings.value !== null);
    const run = computed(() => state.content.value?.frames);
    const rests = computed(() => training.status.value !== "running");
    const grown = computed(() => !rests.value && state.content.value?.run.losses.length);
    const isOpen = (tab: Tab) => computed(() => this.tab.value === tab);
    const epoch = computed(() => {
      const content = state.content.value;
      if (!content) return 0;
      const { losses, updatesPerEpoch } = content.run;
      return Math.min(Math.floor(state.frame.value / updatesPerEpoch) + 1, losses.length);
    });
    const [anything, weights, landscape] = [
      computed(() => isLive.value && this.visible.value),
      isOpen("weights"),
      isOpen("landscape"),
    ];
    const refs = computed(() => (weights.value ? (this.trajectories.value?.refs ?? []) : []));
    const also = computed(() =>
      /^[Wb]\d+\[/.test(state.selection.value) ? state.selection.value : "",
    );
    const stops = [
      effect(() => {
        if (anything.value && !this.samples.value)
          exchange.ask("samples", {}, { answered: this.takeSamples });
      }),
      effect(() => {
        const question = { epoch: epoch.value, output: this.output.value, refs: refs.value };
        // The place on a landscape is known once that has come.
        void [run.value, this.landscape.value, exchange.offline.value];
        const isHere = untracked(() => state.row.value || !state.content.value?.total);
        const frame = isHere || !anything.value ? null : state.frame.peek();
        batch(() => {
          this.wanted.value = frame;
          if (!anything.value) return;
          exchange.ask(
            "views",
            { ...question, frame },
            { answered: (answer, buffers) => this.takeMoment(answer, buffers, hold) },
          );
        });
      }),
      effect(() => {
        const question = { register: this.register.value, also: also.value };
        void [run.value, grown.value, exchange.offline.value];
        if (!anything.value || !weights.value) return;
        exchange.ask("trajectories", question, {
          answered: this.takeTrajectories,
          hurries: rests.value,
        });
      }),
      effect(() => {
        void [run.value, grown.value, exchange.offline.value];
        if (!anything.value || !landscape.value) return;
        exchange.ask("landscape", {}, { answered: this.takeLandscape, hurries: rests.value });
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  private readonly takeSamples = (answer: Answer, buffers: readonly Bytes[]): void => {
    const content = answer as unknown as Samples;
    const [inputs, targets] = [decodeNumbers(buffers[0]), decodeNumbers(buffers[1])];
    this.samples.value = { ...content, inputs, targets };
  };

  private takeMoment(
    answer: Answer,
    buffers: readonly Bytes[],
    hold: (frame: number, bytes: Bytes | undefined) => void,
  ): void {
    const { frame, ...moment } = answer as unknown as Moment & { frame?: number | null };
    this.moment.value = {
      ...moment,
      surface: decodeSingles(buffers[0]),
      predictions: decodeNumbers(buffers[1]),
      values: decodeNumbers(buffers[2]),
    };
    if (typeof frame === "number") hold(frame, buffers[3]);
  }

  private readonly takeTrajectories = (answer: Answer, buffers: readonly Bytes[]): void => {
    const content = answer as unknown as Trajectories;
    const [epochs, all] = [decodeNumbers(buffers[0]), decodeSingles(buffers[1])];
    const { refs = [] } = content;
    const lines = refs.map((_, k) => all.subarray(k * epochs.length, (k + 1) * epochs.length));
    this.trajectories.value = { ...content, refs, epochs, lines };
  };

  private readonly takeLandscape = (answer: Answer, buffers: readonly Bytes[]): void => {
    this.landscape.value = {
      ...(answer as unknown as Landscape),
      heights: decodeSingles(buffers[0]),
      path: decodeNumbers(buffers[1]),
      epochs: decodeNumbers(buffers[2]),
    };
  };
}

/** Copy little-endian float32 bytes into numbers. */
export function decodeSingles(bytes: Bytes | null | undefined): Float32Array {
  if (!bytes || bytes.byteLength === 0) return new Float32Array(0);
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  return new Float32Array(view.slice().buffer);
}
