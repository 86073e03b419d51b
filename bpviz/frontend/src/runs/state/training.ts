// The state of a training run that can go on: what it is doing, its settings, pinned runs.

import { batch, computed, signal } from "@preact/signals";
import type { Forms } from "../../program/forms";
import { formsOf } from "../../program/forms";
import { whyNotCarried } from "../../program/run";
import type { Settings } from "../../protocol/messages";
import type { Bytes, Mistake, Row } from "../../protocol/program";
import { decodeNumbers } from "../../protocol/program";
import type { PanelState } from "../../state/panel";

/** A mistake, or another convention, that can be switched on. */
export interface Choice extends Mistake {
  source: string;
  unseen_because: string;
  on: boolean;
  /** Why it cannot show on this network; empty if it can. */
  reason: string;
  /** What a network and a rule must have for it to show. */
  needs: string;
  /** Learning rates with which it changes nothing; not in an older page. */
  unseen_at?: readonly number[];
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
  /** The samples of each epoch that Python has shuffled; null where it has shuffled none. */
  orders: Uint16Array | null;
}

export const TRAINING_TRAITS = [
  "_status",
  "_stopped",
  "_pace",
  "_settings",
  "_start_row",
  "_inputs",
  "_targets",
  "_orders",
  "_losses",
  "_mistake_choices",
  "_forms",
  "_pinned",
  "_pinned_losses",
];

const NO_SAMPLES =
  "Only Python can train this network: the page does not have the samples. To train it, run its " +
  "cell in a notebook.";
const NOT_CARRIED =
  "Only Python can train this network: the page does not know what one update hands on to the next. " +
  "To train it, run its cell in a notebook.";
const SHUFFLED =
  "Only Python can go on with this run: it shuffled the samples, and the page does not have their " +
  "order. Reset starts anew here; to go on, run its cell in a notebook.";

export class TrainingState {
  readonly status = signal<"ready" | "running" | "paused" | "stopped">("ready");
  /** Why the run made no more updates, in words. */
  readonly stopped = signal("");
  readonly settings = signal<Settings | null>(null);
  readonly choices = signal<Choice[]>([]);
  readonly pins = signal<Curve[]>([]);
  readonly logarithmic = signal(false);
  /** Whether the mistakes are unfolded among the settings. */
  readonly showsMistakes = signal(false);
  /** Updates in a second; 0 for as many as can be. */
  readonly pace = signal(0);
  /** What a run begins with; null where the page does not have it. */
  readonly origin = signal<Origin | null>(null);
  /** From which the page makes programs by other settings; null where it cannot. */
  readonly forms = signal<Forms | null>(null);
  /** Whether the page makes the run, not Python. */
  readonly isPages = signal(false);

  private readonly program = computed(() => this.panel.content.value?.program);
  private readonly isBegun = computed(() => (this.panel.content.value?.total ?? 0) > 0);
  /** Why the page can make no run at all; empty where it can. */
  private readonly whyNoRun = computed(() => {
    if (!this.origin.value || !this.program.value) return NO_SAMPLES;
    return whyNotCarried(this.program.value) ? NOT_CARRIED : "";
  });
  /** Why the page cannot make each update of the run again; empty where it can. */
  private readonly whyNotAgain = computed(() => {
    const isPythons = this.isBegun.value && !this.isPages.value;
    const isLost = isPythons && this.settings.value?.shuffle && !this.origin.value?.orders;
    return this.whyNoRun.value || (isLost ? SHUFFLED : "");
  });
  /** Whether the page can make each update of the run again. */
  readonly isRepeatable = computed(() => !this.whyNotAgain.value);
  private readonly isAlone = computed(() => this.settings.value && this.panel.offline.value !== "");
  /** Why only Python can do anything with the run; empty where somebody else can. */
  readonly fixed = computed(() => (this.isAlone.value ? this.whyNoRun.value : ""));
  /** Why only Python can go on with it; where it is not fixed, it can be started anew. */
  readonly ended = computed(() => (this.isAlone.value ? this.whyNotAgain.value : ""));
  /** Whether the run is not carried, but made again by the page. */
  readonly isBare = signal(false);

  constructor(private readonly panel: PanelState) {}

  /** Read the traits; of the pace not, while one that was chosen here is on its way to Python. */
  load(get: (name: string) => unknown, isChanging: boolean): void {
    const settings = get("_settings") as Settings | undefined;
    if (!settings || !("epochs" in settings)) return;
    const [row, inputs, targets] = ["_start_row", "_inputs", "_targets"].map((name) =>
      decodeNumbers(get(name) as Bytes | null),
    ) as [Row, Float64Array, Float64Array];
    batch(() => {
      const orders = decodeOrders(get("_orders") as Bytes | null);
      this.origin.value = inputs.length ? { start: row, inputs, targets, orders } : null;
      this.isBare.value = get("_losses") === undefined;
      this.isPages.value = get("_pages") === true;
      this.forms.value = formsOf(get("_forms"));
      this.status.value = get("_status") as typeof this.status.value;
      if (!isChanging) this.pace.value = Number(get("_pace") ?? 0);
      this.stopped.value = String(get("_stopped") ?? "");
      this.settings.value = settings;
      this.choices.value = get("_mistake_choices") as Choice[];
      const all = decodeNumbers(get("_pinned_losses") as Bytes | null);
      let start = 0;
      const pins = (get("_pinned") ?? []) as { name: string; epochs: number }[];
      this.pins.value = pins.map((pin) => ({
        name: pin.name,
        losses: all.subarray(start, (start += pin.epochs)),
      }));
    });
  }
}

/** Little-endian places of samples; null for none. */
function decodeOrders(bytes: Bytes | null | undefined): Uint16Array | null {
  if (!bytes?.byteLength) return null;
  const whole = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  return Uint16Array.from({ length: view.byteLength >> 1 }, (_, k) => view.getUint16(2 * k, true));
}
