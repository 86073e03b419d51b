// What Python tells about a run at the cursor: surface, predictions, trajectories, landscape.
// One question of each kind is under way at a time; of those that wait, the last is asked.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { Bytes } from "./protocol";
import { decodeNumbers, decodeRows } from "./protocol";
import type { PanelState } from "./state";

export const VIEWS = ["surface", "predictions", "weights", "landscape"] as const;
export type RunView = (typeof VIEWS)[number];
type Kind = "samples" | "views" | "trajectories" | "landscape";

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

type Post = (message: object) => boolean;
type Answer = Record<string, unknown> & { kind: string; serial: number };

/** After so long an answer is no longer waited for: a message may be lost with its kernel. */
const PATIENCE = 8000;
/** While a run goes on, what shows the whole of it rests for so long after each answer. */
const REST = 500;
/** And so many times as long as the answer took, so that the run has most of the time. */
const RESTS = 4;

/** Asks one question at a time; of those asked meanwhile only the last one is kept. */
export class Asker {
  // Another view of the same model has questions of its own, and hears these answers too.
  private serial = Math.floor(Math.random() * 2 ** 40);
  private since = 0;
  private next: { question: object; hurries: boolean } | null = null;
  private rested = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly kind: string,
    private readonly post: Post,
  ) {}

  /** Ask, at once where it hurries, else when there was a rest since the last answer. */
  ask(question: object, hurries = true): void {
    const now = performance.now();
    clearTimeout(this.timer);
    const isUnderWay = this.since && now - this.since < PATIENCE;
    const wait = hurries ? 0 : this.rested - now;
    if (isUnderWay || wait > 0) {
      this.next = { question, hurries };
      if (!isUnderWay) this.timer = setTimeout(() => this.ask(question), wait);
      return;
    }
    this.next = null;
    const sent = this.post({ ...question, kind: this.kind, serial: ++this.serial });
    this.since = sent ? now : 0;
  }

  /** Whether this answers the question; then the next one is asked. */
  hears(serial: number): boolean {
    if (serial !== this.serial || !this.since) return false;
    const now = performance.now();
    this.rested = now + Math.max(REST, RESTS * (now - this.since));
    this.since = 0;
    if (this.next) this.ask(this.next.question, this.next.hurries);
    return true;
  }

  /** Whether no answer is waited for. */
  get rests(): boolean {
    return !this.since;
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

export class ScrubState {
  /** Which views are open; null until somebody chooses, then the width decides. */
  readonly chosen = signal<readonly RunView[] | null>(null);
  readonly fitting = signal<readonly RunView[]>([]);
  readonly open = computed(() => this.chosen.value ?? this.fitting.value);
  readonly output = signal(0);
  readonly register = signal("");
  readonly unreachable = signal(false);
  /** The update that comes with the next moment, so that nobody else needs to ask for it. */
  readonly expected = signal<number | null>(null);

  readonly samples = signal<Samples | null>(null);
  readonly moment = signal<Moment | null>(null);
  readonly trajectories = signal<Trajectories | null>(null);
  readonly landscape = signal<Landscape | null>(null);

  private readonly askers = {} as Record<Kind, Asker>;

  constructor() {
    for (const kind of ["samples", "views", "trajectories", "landscape"] as const)
      this.askers[kind] = new Asker(kind, (message) => this.post(message));
  }

  private post: Post = () => false;
  private hold: (frame: number, bytes: Bytes | undefined) => void = () => undefined;

  toggle(view: RunView): void {
    const open = this.open.value;
    this.chosen.value = open.includes(view)
      ? open.filter((other) => other !== view)
      : [...open, view];
  }

  /** Ask what the open views need, whenever the cursor, the run or a choice changes. */
  follow(state: PanelState, send: (message: object) => void): () => void {
    this.post = (message) => {
      try {
        send(message);
        this.unreachable.value = false;
        return true;
      } catch {
        this.unreachable.value = true;
        this.expected.value = null;
        return false;
      }
    };
    this.hold = (first, bytes) => {
      const size = state.content.peek()?.program.size;
      if (size) state.held.hold({ first, rows: decodeRows(bytes, size) });
    };
    const isLive = computed(() => state.training.settings.value !== null);
    const run = computed(() => state.content.value?.frames);
    const rests = computed(() => state.training.status.value !== "running");
    const grown = computed(() => !rests.value && state.content.value?.run.losses.length);
    const isOpen = (view: RunView) => computed(() => this.open.value.includes(view));
    const epoch = computed(() => {
      const content = state.content.value;
      if (!content) return 0;
      const { losses, updatesPerEpoch } = content.run;
      return Math.min(Math.floor(state.frame.value / updatesPerEpoch) + 1, losses.length);
    });
    const [anything, weights, landscape] = [
      computed(() => isLive.value && this.open.value.length > 0),
      isOpen("weights"),
      isOpen("landscape"),
    ];
    const refs = computed(() => (weights.value ? (this.trajectories.value?.refs ?? []) : []));
    const also = computed(() =>
      /^[Wb]\d+\[/.test(state.selection.value) ? state.selection.value : "",
    );
    const stops = [
      effect(() => {
        if (anything.value && !this.samples.value) this.askers.samples.ask({});
      }),
      effect(() => {
        const question = { epoch: epoch.value, output: this.output.value, refs: refs.value };
        // The place on a landscape is known once that has come.
        void [run.value, this.landscape.value];
        const isHere = untracked(() => state.row.value || !state.content.value?.total);
        const frame = isHere || !anything.value ? null : state.frame.peek();
        this.expected.value = frame;
        if (anything.value) this.askers.views.ask({ ...question, frame });
      }),
      effect(() => {
        const question = { register: this.register.value, also: also.value };
        void [run.value, grown.value];
        if (anything.value && weights.value) this.askers.trajectories.ask(question, rests.value);
      }),
      effect(() => {
        void [run.value, grown.value];
        if (anything.value && landscape.value) this.askers.landscape.ask({}, rests.value);
      }),
      ...Object.values(this.askers).map((asker) => () => asker.stop()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Take in an answer; others are left alone. */
  receive(answer: Answer, buffers: readonly Bytes[]): void {
    const asker = this.askers[answer.kind as Kind];
    if (!asker?.hears(answer.serial)) return;
    batch(() => {
      this.take(answer, buffers);
      if (answer.kind === "views" && asker.rests) this.expected.value = null;
    });
  }

  private take(answer: Answer, buffers: readonly Bytes[]): void {
    const doubles = (k: number): Float64Array => decodeNumbers(buffers[k]);
    const singles = (k: number): Float32Array => decodeSingles(buffers[k]);
    const content: unknown = answer;
    if (answer.kind === "samples")
      this.samples.value = {
        ...(content as Samples),
        inputs: doubles(0),
        targets: doubles(1),
      };
    else if (answer.kind === "views") {
      const { frame, ...moment } = content as Moment & { frame?: number | null };
      this.moment.value = {
        ...moment,
        surface: singles(0),
        predictions: doubles(1),
        values: doubles(2),
      };
      if (typeof frame === "number") this.hold(frame, buffers[3]);
    } else if (answer.kind === "trajectories") {
      const [epochs, all] = [doubles(0), singles(1)];
      const { refs = [] } = content as Trajectories;
      const lines = refs.map((_, k) => all.subarray(k * epochs.length, (k + 1) * epochs.length));
      this.trajectories.value = { ...(content as Trajectories), refs, epochs, lines };
    } else
      this.landscape.value = {
        ...(content as Landscape),
        heights: singles(0),
        path: doubles(1),
        epochs: doubles(2),
      };
  }
}

/** Copy little-endian float32 bytes into numbers. */
export function decodeSingles(bytes: Bytes | null | undefined): Float32Array {
  if (!bytes || bytes.byteLength === 0) return new Float32Array(0);
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  return new Float32Array(view.slice().buffer);
}
