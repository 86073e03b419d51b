// All that a panel says to Python. bpviz/panels/exchange.py has the same list; a test compares them.

import type { Switches } from "../runs/state/lab";
import type { Edit } from "../state/editing";
import type { Settings } from "../runs/state/training";

export type Nothing = Record<string, never>;

/** What each kind of message holds. */
export interface Messages {
  /** Whether anybody is there. */
  hello: Nothing;
  frames: { start: number };
  samples: Nothing;
  views: { epoch: number; output: number; refs: readonly string[]; frame: number | null };
  trajectories: { register: string; also: string };
  landscape: Nothing;
  edit: Edit;
  undo: Nothing;
  redo: Nothing;
  reset: Nothing;
  rule: Switches;
  run: Nothing;
  pause: Nothing;
  update: Nothing;
  epoch: Nothing;
  new_start: { seed: number };
  settings: { settings: Partial<Settings> };
  pin: Nothing;
  unpin: { index: number };
  /** How many losses the view holds. */
  seen: { epochs: number };
}

export type Kind = keyof Messages;

/**
 * How a message is treated. What asks changes nothing: of each kind only the newest waits. What
 * changes something is sent in order, and none is left out. A note has no answer.
 */
export type Manner = "ask" | "change" | "note";

export const MANNERS: Readonly<Record<Kind, Manner>> = {
  hello: "ask",
  frames: "ask",
  samples: "ask",
  views: "ask",
  trajectories: "ask",
  landscape: "ask",
  edit: "change",
  undo: "change",
  redo: "change",
  reset: "change",
  rule: "change",
  run: "change",
  pause: "change",
  update: "change",
  epoch: "change",
  new_start: "change",
  settings: "change",
  pin: "change",
  unpin: "change",
  seen: "note",
};
