// What the second module, runs/, takes from the first: both must speak of one Preact and one state.

import * as preact from "preact";
import * as hooks from "preact/hooks";
import { moduleOf } from "./modules";
import * as numbers from "../program/numbers";
import * as protocol from "../protocol/program";
import * as refs from "../program/refs";
import * as scrub from "../runs/state/scrub";
import type { PanelState, RunComponents } from "../state/panel";
import * as state from "../state/panel";
import * as Header from "../step/Header";
import * as Panel from "../step/Panel";
import * as RefName from "../ui/RefName";
import * as Transport from "../step/Transport";
import * as context from "../ui/context";
import * as phases from "../ui/phases";
import * as symbols from "../ui/symbols";
import * as useWidth from "../ui/useWidth";

/** Modules by their paths from src/, without the ending. */
const MODULES: Readonly<Record<string, object>> = {
  preact,
  "preact/hooks": hooks,
  "program/numbers": numbers,
  "protocol/program": protocol,
  "program/refs": refs,
  "runs/state/scrub": scrub,
  "state/panel": state,
  "step/Header": Header,
  "step/Panel": Panel,
  "ui/RefName": RefName,
  "step/Transport": Transport,
  "ui/context": context,
  "ui/phases": phases,
  "ui/symbols": symbols,
  "ui/useWidth": useWidth,
};

/** Return a module of the first bundle to the second. */
export function shared(name: string): object {
  const module = MODULES[name];
  if (!module) throw new Error(`the bundle does not share ${name}`);
  return module;
}

/** Load the views of runs, which travel as the text of a module; panels without a run have none. */
export async function loadRuns(state: PanelState, module: unknown): Promise<void> {
  try {
    const text = await module;
    if (typeof text === "string" && text) state.runs.value = await runsOf(text);
  } catch (error) {
    state.error.value = `The run cannot be drawn: ${error instanceof Error ? error.message : error}`;
  }
}

type Runs = { default(share: typeof shared): RunComponents };
const made = new WeakMap<Runs, RunComponents>();

async function runsOf(text: string): Promise<RunComponents> {
  const runs = await moduleOf<Runs>(text);
  const components = made.get(runs) ?? runs.default(shared);
  made.set(runs, components);
  return components;
}
