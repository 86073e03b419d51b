// What Python tells about a run at the cursor: surface, predictions, trajectories, landscape.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { Asker } from "../../protocol/exchange";
import type { Answers, Messages } from "../../protocol/messages";
import type { Bytes } from "../../protocol/program";
import { decodeNumbers, decodeRows } from "../../protocol/program";
import type { PanelState } from "../../state/panel";
import { hold } from "./fetching";
import type { TrainingState } from "./training";

/** The views of which one is open at a time. */
export const TABS = ["predictions", "weights", "landscape", "losses"] as const;
export type Tab = (typeof TABS)[number];

export type Samples = Answers["samples"] & { inputs: Float64Array; targets: Float64Array };

export type Moment = Omit<Answers["views"], "frame"> & {
  surface: Float32Array;
  predictions: Float64Array;
  values: Float64Array;
};

export type Trajectories = Answers["trajectories"] & {
  epochs: Float64Array;
  lines: Float32Array[];
};

export type Landscape = Answers["landscape"] & {
  heights: Float32Array;
  path: Float64Array;
  epochs: Float64Array;
};

/** What is asked for the views. */
type Asked = "samples" | "views" | "trajectories" | "landscape";

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
  /** Why there is no newer answer to some of these. */
  readonly refusals = signal<Partial<Record<Asked, string>>>({});

  constructor(
    private readonly panel: PanelState,
    private readonly training: TrainingState,
  ) {}

  /** Ask what is on the screen needs, whenever the cursor, the run or a choice changes. */
  follow(): () => void {
    const { panel: state, training } = this;
    const { exchange } = state;
    const isLive = computed(() => training.settings.value !== null);
    const run = computed(() => state.content.value?.frames);
    const rests = computed(() => training.status.value !== "running");
    const grown = computed(() => !rests.value && state.content.value?.run.losses.length);
    const isOpen = (tab: Tab) => computed(() => this.tab.value === tab);
    const made = computed(() => Math.min(state.frame.value + 1, state.content.value?.total ?? 0));
    const per = computed(() => state.content.value?.run.updatesPerEpoch ?? 1);
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
        void exchange.offline.value; // who is alone now asks anew: the page may answer
        if (!anything.value || this.samples.value) return;
        this.ask("samples", {}, true, (answer, [inputs, targets]) => {
          this.samples.value = {
            ...answer,
            inputs: decodeNumbers(inputs),
            targets: decodeNumbers(targets),
          };
        });
      }),
      effect(() => {
        const [epoch, update] = [Math.floor(made.value / per.value), made.value % per.value];
        const question = { epoch, update, output: this.output.value, refs: refs.value };
        // The place on a landscape is known once that has come.
        void [run.value, this.landscape.value, exchange.offline.value];
        const isHere = untracked(() => state.row.value || !state.content.value?.total);
        const frame = isHere || !anything.value ? null : state.frame.peek();
        batch(() => {
          this.wanted.value = frame;
          if (!anything.value) return;
          this.ask("views", { ...question, frame }, true, this.takeMoment);
        });
      }),
      effect(() => {
        const question = { register: this.register.value, also: also.value };
        void [run.value, grown.value, exchange.offline.value];
        if (!anything.value || !weights.value) return;
        this.ask("trajectories", question, rests.value, (answer, buffers) => {
          const [epochs, all] = [decodeNumbers(buffers[0]), decodeSingles(buffers[1])];
          const lines = answer.refs.map((_, k) =>
            all.subarray(k * epochs.length, (k + 1) * epochs.length),
          );
          this.trajectories.value = { ...answer, epochs, lines };
        });
      }),
      effect(() => {
        void [run.value, grown.value, exchange.offline.value];
        if (!anything.value || !landscape.value) return;
        this.ask("landscape", {}, rests.value, (answer, [heights, path, epochs]) => {
          this.landscape.value = {
            ...answer,
            heights: decodeSingles(heights),
            path: decodeNumbers(path),
            epochs: decodeNumbers(epochs),
          };
        });
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  private ask<K extends Asked>(
    kind: K,
    question: Messages[K],
    hurries: boolean,
    take: Asker<K>["answered"],
  ): void {
    const note = (why: string): void => {
      this.refusals.value = { ...this.refusals.peek(), [kind]: why };
    };
    this.panel.exchange.ask(kind, question, {
      hurries,
      answered: (...answer) =>
        batch(() => {
          note("");
          take(...answer);
        }),
      refused: note,
    });
  }

  private readonly takeMoment: Asker<"views">["answered"] = ({ frame, ...moment }, buffers) => {
    const [surface, predictions, values, row] = buffers;
    this.moment.value = {
      ...moment,
      surface: decodeSingles(surface),
      predictions: decodeNumbers(predictions),
      values: decodeNumbers(values),
    };
    if (frame === null) return;
    const { held, content } = this.panel;
    hold(held, { first: frame, rows: decodeRows(row, content.peek()!.program.size) });
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
