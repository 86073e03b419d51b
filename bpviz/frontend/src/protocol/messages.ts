// All that a panel and Python say to each other. bpviz/panels/messages.py has the same lists; a test
// compares them.

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
  /** After whole epochs, and updates of the next. */
  views: {
    epoch: number;
    update: number;
    output: number;
    refs: readonly string[];
    frame: number | null;
  };
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

/** What each kind of message is answered, beside the numbers that come as bytes. */
export interface Answers {
  hello: Nothing;
  /** The first frame, and how many there are; their rows. */
  frames: { start: number; count: number };
  /** Inputs and targets, of as many samples as are shown; `total` counts all. */
  samples: {
    total: number;
    features: number;
    outputs: number;
    /** The ends of the surface, on both axes. */
    limits: [number, number];
    /** Why there is no surface; empty if there is one. */
    no_surface: string;
  };
  /** The surface, the predictions, the values of the refs, and the row of the frame if one was asked for. */
  views: {
    frame: number | null;
    epoch: number;
    update: number;
    output: number;
    loss: number | null;
    refs: string[];
    /** Where the run is on the landscape of this number, if that is known. */
    place: [number, number] | null;
    slice: number;
  };
  /** Epochs, and the line of each ref through them; `total` counts the refs that there are. */
  trajectories: { refs: string[]; total: number; registers: string[] };
  /** The heights of a grid, the path of the run on it, and the epochs of that. */
  landscape: {
    slice: number;
    /** Which share of the movement each of the two directions holds. */
    shares: [number, number];
    first: [number, number];
    second: [number, number];
    low: number;
    high: number;
    logarithmic: boolean;
  };
  edit: Nothing;
  undo: Nothing;
  redo: Nothing;
  reset: Nothing;
  rule: Nothing;
  run: Nothing;
  pause: Nothing;
  pace: Nothing;
  update: Nothing;
  epoch: Nothing;
  new_start: Nothing;
  settings: Nothing;
  pin: Nothing;
  unpin: Nothing;
  seen: Nothing;
}

/** What Python says without being asked. */
export interface Reports {
  /** How far a run is that goes on: its losses from an epoch on, and the row of its newest update. */
  progress: { updates: number; first_epoch: number };
}

/** One of these, as it comes. */
export type Report = { [K in keyof Reports]: { kind: K } & Reports[K] }[keyof Reports];

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
