// What Python gives a panel to show.

import type { Program, Row } from "./program";

/** What a panel is for. */
export type Kind = "step" | "training" | "buglab";

/** Frames that lie next to one another in a run. */
export interface Block {
  first: number;
  rows: Row[];
}

/** An answer that is always the same, such as "always ½", and its RMSE. */
export interface Constant {
  name: string;
  rmse: number;
}

export interface Run {
  losses: Float64Array;
  lossName: string;
  /** What always giving the same answer comes to; null where that is always right. */
  constant: Constant | null;
  updatesPerEpoch: number;
}

export interface Content {
  view: Kind;
  program: Program;
  /** The program of a smaller last batch, if each epoch ends with one. */
  lastProgram: Program | null;
  frames: Block;
  /** Frames in the whole run; the browser may hold fewer. */
  total: number;
  names: string[];
  run: Run;
}
