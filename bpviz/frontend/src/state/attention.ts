// What somebody points at, has selected, changes, and asks the origin of.

import { batch, computed, signal } from "@preact/signals";
import { RefSet } from "../program/refs";

/** Whether somebody points at a ref, or has selected it. */
export interface Attended {
  pointed: boolean;
  selected: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** What is open about the selected number. */
type About = "" | "origin" | "editor";

/** What had the focus when something was opened. */
export interface Opener {
  current: { focus(options: { preventScroll: boolean }): void } | null;
}

export class Attention {
  readonly hover = signal("");
  readonly selection = signal("");
  private readonly about = signal<About>("");
  /** Whether anything is open about the selected number. */
  readonly isOpen = computed(() => this.about.value !== "" && this.selection.value !== "");
  /** Whether its origin is shown. */
  readonly asking = computed(() => this.isOpen.value && this.about.value === "origin");
  /** Whether the field is shown in which it is changed. */
  readonly changing = computed(() => this.isOpen.value && this.about.value === "editor");
  readonly opener: Opener = { current: null };
  /** Whether a key, not the pointer, was used last. */
  byKeyboard = false;
  /** The view in which it was chosen; the field is shown there. */
  readonly where = signal("");
  /** Weights, and units as "1,0", of the paths to the loss that are lit up on the network. */
  readonly lit = signal<ReadonlySet<string>>(NONE);
  /** The refs that led to the selected one, which is the last. */
  private readonly steppingStones = signal<readonly string[]>([]);
  readonly trail = computed<readonly string[]>(() => {
    const [trail, selection] = [this.steppingStones.value, this.selection.value];
    return trail.at(-1) === selection ? trail : selection ? [selection] : [];
  });
  private readonly pointed = computed(() => new RefSet([this.hover.value]));
  private readonly selected = computed(() => new RefSet([this.selection.value]));

  /** Ask where a number came from; `further` goes on from the one that is open. */
  select(ref: string, further: boolean): void {
    batch(() => {
      const trail = further ? this.trail.value : [];
      const known = trail.indexOf(ref);
      this.steppingStones.value = known < 0 ? [...trail, ref] : trail.slice(0, known + 1);
      this.selection.value = ref;
      this.about.value = "origin";
    });
  }

  /** Change a number, where it stands in a view. */
  change(ref: string, view: string): void {
    batch(() => {
      this.steppingStones.value = [ref];
      this.selection.value = ref;
      this.where.value = view;
      this.about.value = "editor";
    });
  }

  /** Let the selected number go, and close what is open about it. */
  close(): void {
    batch(() => {
      this.selection.value = "";
      this.about.value = "";
    });
  }

  /** Close what is open about the selected number, which stays selected. */
  rest(): void {
    this.about.value = "";
  }

  point(ref: string): void {
    this.hover.value = ref;
  }

  to(ref: string): Attended {
    return { pointed: this.pointed.value.meets(ref), selected: this.selected.value.meets(ref) };
  }
}
