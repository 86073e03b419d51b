// What somebody points at, has selected, and asks the origin of.

import { batch, computed, signal } from "@preact/signals";
import { RefSet } from "../program/refs";

/** Whether somebody points at a ref, or has selected it. */
export interface Attended {
  pointed: boolean;
  selected: boolean;
}

export class Attention {
  readonly hover = signal("");
  readonly selection = signal("");
  /** Whether the origin of the selected number is shown. */
  readonly asking = computed(() => this.asked.value && this.selection.value !== "");
  private readonly asked = signal(false);
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
      this.asked.value = true;
    });
  }

  /** Let the selected number go, and close what is open about it. */
  close(): void {
    batch(() => {
      this.selection.value = "";
      this.asked.value = false;
    });
  }

  /** Close what is open about the selected number, which stays selected. */
  rest(): void {
    this.asked.value = false;
  }

  point(ref: string): void {
    this.hover.value = ref;
  }

  to(ref: string): Attended {
    return { pointed: this.pointed.value.meets(ref), selected: this.selected.value.meets(ref) };
  }
}
