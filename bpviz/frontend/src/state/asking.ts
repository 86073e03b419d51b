// What a panel that asks keeps back until it is answered. Most panels ask nothing.

import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Ref } from "../program/refs";

export interface Asking {
  /** Whether a number is asked for and so must not be seen. */
  hides(ref: Ref): boolean;
  /** Whether somebody has a number already, also where its step is still to come. */
  has(ref: string): boolean;
  /** Whether a number is still asked for. */
  readonly isOpen: ReadonlySignal<boolean>;
  /** The registers whose formulas must not be seen. */
  readonly secret: ReadonlySignal<ReadonlySet<string>>;
  /** Whether the formula of the present step must not be seen. */
  readonly isSecret: ReadonlySignal<boolean>;
  /** The question that is to be answered now, as a sentence; empty while there is none. */
  readonly words: ReadonlySignal<string>;
  /** The last step that may be gone to. */
  readonly limit: ReadonlySignal<number>;
  /** Where somebody may go who wants to go to `cursor`. */
  allowed(cursor: number): number;
  /** Ask all questions again: the numbers are others now. */
  askAgain(): void;
  /** Read what Python asks, and what was answered. */
  load(get: (name: string) => unknown): void;
  /** What is asked and what was answered, for Python and for a notebook; null where nothing is. */
  readonly told: ReadonlySignal<{ _questions: object; _given: object } | null>;
}

export const NOTHING_ASKED: Asking = {
  hides: () => false,
  has: () => false,
  isOpen: signal(false),
  secret: signal(new Set<string>()),
  isSecret: signal(false),
  words: signal(""),
  limit: signal(Infinity),
  allowed: (cursor) => cursor,
  askAgain: () => undefined,
  load: () => undefined,
  told: signal(null),
};
