// A panel that asks, without a screen.

import type { Depth } from "../../src/protocol/program";
import { editing } from "../../src/state/editing";
import { PanelState } from "../../src/state/panel";
import type { Questions } from "../../src/state/predicting";
import { Predicting } from "../../src/state/predicting";
import { fill } from "../../src/state/wire";
import { fixture } from "../fixtures";

export interface Opened {
  state: PanelState;
  predicting: Predicting;
}

/** The panel of a fixture that asks these questions. */
export function asking(
  name: string,
  questions: Questions,
  traits: Readonly<Record<string, unknown>> = {},
): Opened {
  const { program, frames, names } = fixture(name);
  const depth: Depth = "unit";
  const values: Record<string, unknown> = {
    _view: "step",
    _program: program,
    _frames: Float64Array.from(frames.flatMap((row) => [...row])).buffer,
    _frame_names: names,
    _questions: questions,
    _given: { version: questions.version, serial: 0, round: 0, given: {} },
    depth,
    ...traits,
  };
  let predicting!: Predicting;
  const state = new PanelState((panel) => (predicting = new Predicting(panel)), editing);
  fill(state, (trait) => values[trait]);
  return { state, predicting };
}
