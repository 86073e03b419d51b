// The one state of a panel. Views read signals and call these methods; they know nothing else.

import { batch, computed, effect, signal } from "@preact/signals";
import type { Content } from "../protocol/content";
import type { Options } from "../protocol/exchange";
import { Exchange } from "../protocol/exchange";
import type { Kind, Messages } from "../protocol/messages";
import type { Depth, Program, Row } from "../protocol/program";
import { DEPTHS } from "../protocol/program";
import type { NumberStyle, Style } from "../protocol/style";
import { DEFAULT_STYLE } from "../protocol/style";
import { bind, refsIn } from "../program/expression";
import { Frame } from "../program/frame";
import { written } from "../program/notation";
import { RefSet, parseRef, refKey } from "../program/refs";
import type { Step } from "../program/steps";
import { Steps, readsOf, unchanging, writesOf } from "../program/steps";
import type { Asking } from "./asking";
import { Attention } from "./attention";
import type { Changing } from "./changing";
import { HeldFrames } from "./frames";
import type { RefRole } from "./roles";
import { Roles } from "./roles";
import { ShownViews } from "./views";
import { follow, windowStart } from "./windows";

/** Milliseconds from step to step when playing; the first leaves time to read a step. */
export const PACES = [3000, 1500, 600, 200] as const;

export class PanelState {
  readonly exchange = new Exchange((why) => {
    // What was changed in a step panel shows all the same.
    if (this.view.peek() !== "step") this.error.value = why;
  });
  readonly content = signal<Content | null>(null);
  /** What the panel is for; it stays, whatever numbers come. */
  readonly view = computed(() => this.content.value?.view);
  readonly held = new HeldFrames();

  readonly frame = signal(0);
  readonly depth = signal<Depth>("unit");
  readonly cursor = signal(0);
  readonly sample = signal(0);
  readonly attention = new Attention();
  readonly selection = this.attention.selection;
  readonly playing = signal(false);
  readonly pace = signal<number>(PACES[0]);
  readonly help = signal(false);
  readonly settings = signal(false);
  readonly error = signal("");
  /** The conventions of all views. */
  readonly appearance = signal<Style>(DEFAULT_STYLE);
  readonly views = new ShownViews(this.appearance);
  readonly numbers = computed<NumberStyle>(() => this.appearance.value);
  /** Why Python cannot be asked for anything; empty while it can. */
  readonly offline = this.exchange.offline;
  /** Where the focus goes when a number is shown that was asked for just now. */
  readonly focusNext = signal<"" | "title" | "editor">("");

  readonly program = computed(() => {
    const content = this.content.value;
    if (!content) return null;
    const endsEpoch = (this.frame.value + 1) % content.run.updatesPerEpoch === 0;
    const program = endsEpoch && content.lastProgram ? content.lastProgram : content.program;
    return written(program, this.appearance.value);
  });
  /** What steps may be left out for. */
  readonly unchanging = computed(() => unchanging(this.program.value!));
  readonly steps = computed(() => {
    const program = this.program.value;
    const skipped = this.appearance.value.skip_unchanged ? this.unchanging.value : undefined;
    return program && new Steps(program, this.depth.value, skipped);
  });
  readonly step = computed<Step | null>(() => {
    const steps = this.steps.value;
    const number = Math.min(this.cursor.value, steps?.count ?? 0);
    return steps && number > 0 ? steps.at(number) : null;
  });
  readonly row = computed<Row | null>(() => this.held.find(this.frame.value));
  /** Whether the panel came without its numbers, and nobody can make them. */
  readonly isLost = computed(() => {
    const content = this.content.value;
    const hasSome = content && (content.total > 0 || content.view !== "training");
    return !!hasSome && this.held.areMissing.value;
  });
  /** Why a frame that is not here cannot be had; empty while it can. */
  readonly unreachable = computed(() =>
    !this.row.value && this.offline.value && !this.held.areMadeHere() && this.content.value?.total
      ? "This update is not among those that the page holds: choose an earlier one. " +
        this.offline.value
      : "",
  );
  /** Whether the chosen frame is on its way; till it comes, the numbers are the last ones. */
  readonly awaited = computed(
    () => !this.row.value && !this.unreachable.value && !!this.content.value?.total,
  );
  private last: { program: Program; row: Row } | null = null;
  readonly values = computed(() => {
    const program = this.program.value;
    if (!program) return null;
    if (this.row.value) this.last = { program, row: this.row.value };
    // A panel that went blank for a moment at every frame that is fetched would flicker.
    const isSame = this.last?.program === program && this.awaited.value;
    const row = this.row.value ?? (isSame ? this.last!.row : null);
    if (!row) return null;
    const sample = Math.min(this.sample.value, program.samples - 1);
    return new Frame(program, row, sample, this.asking.hides);
  });

  readonly writes = computed(() => {
    const [program, step] = [this.program.value, this.step.value];
    return program && step ? writesOf(program, step) : [];
  });
  readonly reads = computed(() => {
    const [program, step] = [this.program.value, this.step.value];
    return program && step && !this.asking.isSecret.value ? readsOf(program, step) : [];
  });
  /** The numbers that the entry under way is made of, at the depth of terms. */
  readonly summands = computed(() => {
    const step = this.step.value;
    if (!step || step.terms === 1) return new RefSet([]);
    const [name = ""] = step.operation.indices;
    return new RefSet(refsIn(bind(step.operation.element, { [name]: step.indices[0]! })));
  });

  private readonly roles = new Roles(this);
  /** How a ref stands out now. Every view asks this, and nothing else. */
  readonly roleOf = (ref: string): RefRole => this.roles.of(ref);

  /** The first drawn unit of each layer; wide layers are drawn in part. */
  readonly windows = signal<readonly number[]>([]);

  readonly asking: Asking;
  readonly changing: Changing;
  private readonly stops: readonly (() => void)[];

  /** `ask` makes what a panel asks, `change` what changes its numbers, each of that panel. */
  constructor(ask: (panel: PanelState) => Asking, change: (panel: PanelState) => Changing) {
    this.asking = ask(this);
    this.changing = change(this);
    this.stops = [
      effect(() => {
        const program = this.program.value;
        if (!program) return;
        const starts = follow(program, this.windows.peek(), this.writes.value, this.reads.value);
        this.windows.value = starts;
      }),
      effect(() => {
        if (!this.playing.value) return;
        const timer = setInterval(() => this.advance(), this.pace.value);
        return () => clearInterval(timer);
      }),
      effect(() => {
        const limit = this.asking.limit.value;
        if (this.cursor.value > limit) this.cursor.value = limit;
      }),
    ];
  }

  dispose(): void {
    this.stops.forEach((stop) => stop());
    this.exchange.stop();
  }

  /** Draw the part of a wide layer in which a unit is. */
  reveal(layer: number, unit: number): void {
    const units = this.program.value?.network.sizes[layer] ?? 0;
    const starts = [...this.windows.value];
    starts[layer] = windowStart(units, unit);
    this.windows.value = starts;
  }

  /**
   * Show new content; what was chosen stays chosen as far as it still exists. Where of its frames only
   * the given numbers are right, `make` makes the others so.
   */
  load(content: Content, make?: (row: Row) => void): void {
    batch(() => {
      this.content.value = content;
      this.last = null;
      this.held.startWith(content.frames, make);
      this.error.value = "";
      this.setSample(this.sample.value);
      this.setFrame(this.frame.value);
      this.goTo(this.cursor.value);
    });
  }

  // Steps.

  goTo(cursor: number): void {
    const wanted = Math.max(0, Math.min(Math.round(cursor), this.steps.value?.count ?? 0));
    this.cursor.value = this.asking.allowed(wanted);
  }

  /** Go to the step that completes a register, and select it. */
  open(register: string): void {
    const steps = this.steps.value;
    if (!steps) return;
    this.jumpTo(steps.knownAt({ register, indices: [] }));
    this.attention.close();
    this.selection.value = register;
  }

  stepBy(count: number): void {
    this.pause();
    this.goTo(this.cursor.value + count);
  }

  jumpTo(cursor: number): void {
    this.pause();
    this.goTo(cursor);
  }

  get atEnd(): boolean {
    return this.cursor.value >= (this.steps.value?.count ?? 0);
  }

  play(): void {
    batch(() => {
      if (this.atEnd) this.goTo(0);
      // At an open question it does not begin, and says so.
      this.playing.value = this.asking.allowed(this.cursor.value + 1) > this.cursor.value;
    });
  }

  pause(): void {
    this.playing.value = false;
  }

  togglePlay(): void {
    if (this.playing.value) this.pause();
    else this.play();
  }

  private advance(): void {
    const before = this.cursor.value;
    this.goTo(before + 1);
    if (this.atEnd || this.cursor.value === before) this.pause();
  }

  /** Come to rest, before something else takes the place of what is shown. */
  rest(): void {
    batch(() => {
      this.pause();
      this.help.value = this.settings.value = false;
      this.attention.rest();
    });
  }

  /** Close what is open; false if nothing is. */
  closeAll(): boolean {
    const { help, settings, attention } = this;
    const isOpen = help.value || settings.value || attention.isOpen.value;
    batch(() => {
      help.value = settings.value = false;
      attention.close();
    });
    return isOpen;
  }

  /** Change the depth and stay at the same place of the algorithm. */
  setDepth(depth: Depth): void {
    if (DEPTHS.includes(depth)) this.stay(() => (this.depth.value = depth));
  }

  /** Change conventions and stay there, too: there may be other steps. */
  setStyle(changed: Partial<Style>): void {
    this.stay(() => (this.appearance.value = { ...this.appearance.value, ...changed }));
  }

  private stay(change: () => void): void {
    batch(() => {
      const step = this.step.value;
      change();
      if (step) this.cursor.value = this.steps.value!.cursorAfter(step);
    });
  }

  // Python.

  /** Tell Python something, or ask it; where that cannot be done, say so. */
  readonly tell = <K extends Kind>(
    kind: K,
    content: Messages[K],
    options: Options<K> = {},
  ): void => {
    if (!this.exchange.ask(kind, content, options)) this.error.value = this.offline.value;
  };

  /** The number that a ref stands for, hidden or not. */
  numberOf(ref: string): number {
    return this.values.value!.value(parseRef(ref)!);
  }

  // Frames.

  setFrame(frame: number): void {
    const last = Math.max(0, (this.content.value?.total ?? 1) - 1);
    this.frame.value = Math.max(0, Math.min(Math.round(frame), last));
  }

  /** Choose the sample of the batch whose numbers are shown. */
  setSample(sample: number): void {
    const last = (this.content.value?.program.samples ?? 1) - 1;
    this.sample.value = Math.max(0, Math.min(Math.round(sample), last));
  }

  // Refs.

  /** Ask where a number came from; `further` goes on from the one that is open. */
  select(ref: string, further = false): void {
    batch(() => {
      this.attention.select(ref, further);
      this.bringIntoSight(ref);
    });
  }

  /** Open the field in which a given number is changed, where it stands in a view. */
  change(ref: string, view: string): void {
    batch(() => {
      this.attention.change(ref, view);
      this.bringIntoSight(ref);
    });
  }

  /** Draw the part of a wide layer that a ref is in. */
  private bringIntoSight(ref: string): void {
    const program = this.program.value;
    if (program) this.windows.value = follow(program, this.windows.value, [ref], []);
  }

  /** Whether a ref's number is computed at the cursor. */
  isKnown(ref: Parameters<Steps["knownAt"]>[0]): boolean {
    const steps = this.steps.value;
    if (steps === null) return false;
    return steps.knownAt(ref) <= this.cursor.value || this.asking.has(refKey(ref));
  }
}
