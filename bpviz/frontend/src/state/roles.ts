// How refs stand out: what the step writes and reads, what somebody points at or has selected.

import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import type { Phase } from "../protocol/program";
import { RefSet } from "../program/refs";
import type { Step } from "../program/steps";
import type { Attended, Attention } from "./attention";

/** How a ref stands out. */
export interface RefRole extends Attended {
  written: boolean;
  read: boolean;
  /** The phase of the step that reads and writes. */
  phase: Phase | undefined;
}

/** What decides how refs stand out. */
interface Pointed {
  readonly attention: Attention;
  readonly step: ReadonlySignal<Step | null>;
  readonly writes: ReadonlySignal<readonly string[]>;
  readonly reads: ReadonlySignal<readonly string[]>;
}

export class Roles {
  private readonly written = computed(() => new RefSet(this.panel.writes.value));
  private readonly read = computed(() => new RefSet(this.panel.reads.value));

  constructor(private readonly panel: Pointed) {}

  of(ref: string): RefRole {
    return {
      written: this.written.value.meets(ref),
      read: this.read.value.meets(ref),
      phase: this.panel.step.value?.operation.phase,
      ...this.panel.attention.to(ref),
    };
  }
}
