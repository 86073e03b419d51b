// How the given numbers of a panel are changed. Most panels show what is recorded, and it stays.

import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Edit } from "../protocol/messages";

/** A number that can be changed, or was: what it is, and of which frame and sample. */
export type Given = Omit<Edit, "begin">;

export interface Changing {
  /** Why numbers cannot be changed; empty where they can. */
  readonly frozen: ReadonlySignal<string>;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly canRedo: ReadonlySignal<boolean>;
  /** The numbers at the start, of all that were changed since. */
  readonly firsts: ReadonlySignal<ReadonlyMap<string, Given>>;
  /** Whether Python has yet to answer what shows already. */
  readonly isAhead: boolean;
  /** Change a number of what is shown; `begin` is false while one movement goes on. */
  edit(ref: string, value: number, begin: boolean): void;
  /** Go back or forth among the changes. */
  turn(kind: "undo" | "redo" | "reset"): void;
  /** What a number of what is shown was before it was changed; null if it is as it was. */
  wasOf(ref: string): number | null;
  /** Read what was changed, and what Python says can be taken back. */
  load(get: (name: string) => unknown): void;
  /** Forget changes: the numbers are others now, and not from here. */
  forget(): void;
  /** Learn how the numbers that Python has are taken. */
  attach(takePythons: () => void): void;
}

export const RECORDED: Changing = {
  frozen: signal(
    "This update is recorded, so its numbers stay as they are. To change them, open it in a " +
      "panel of its own: bp.StepPanel(panel.trace)",
  ),
  canUndo: signal(false),
  canRedo: signal(false),
  firsts: signal(new Map()),
  isAhead: false,
  edit: () => undefined,
  turn: () => undefined,
  wasOf: () => null,
  load: () => undefined,
  forget: () => undefined,
  attach: () => undefined,
};
