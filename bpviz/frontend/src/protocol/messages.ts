// All that a panel says to Python. bpviz/panels/exchange.py has the same list; a test compares them.

/** A change of a number. */
export interface Edit {
  ref: string;
  value: number;
  /** Whether it can be undone by itself; false while one movement goes on. */
  begin: boolean;
  frame: number;
  sample: number;
}

/** What can be switched of a rule. */
export interface Switches {
  mistakes: readonly string[];
  update: "simultaneous" | "dirty";
  train_biases: boolean;
}

/** The settings of a run. */
export interface Settings {
  learning_rate: number;
  update: "simultaneous" | "dirty";
  train_biases: boolean;
  mistakes: string[];
  batch_size: number;
  shuffle: boolean;
  seed: number;
  epochs: number;
  /** How a gradient becomes a change, in code: "SGD(momentum=0.9)"; not in an older page. */
  optimizer?: string;
  optimizers?: readonly string[];
  /** The seed of a new start; null for the start that the panel was made with. */
  start_seed: number | null;
}

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
  /** Updates in a second; 0 for as many as can be. */
  pace: { pace: number };
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
  pace: "change",
  update: "change",
  epoch: "change",
  new_start: "change",
  settings: "change",
  pin: "change",
  unpin: "change",
  seen: "note",
};
