// What the second module, runs/, takes from the first: both must speak of one Preact and one state.

import * as preact from "preact";
import * as hooks from "preact/hooks";
import { moduleOf } from "./modules";
import * as numbers from "./numbers";
import * as protocol from "./protocol";
import * as refs from "./refs";
import * as scrub from "./scrub";
import type { PanelState, RunComponents } from "./state";
import * as state from "./state";
import * as Header from "./views/Header";
import * as Panel from "./views/Panel";
import * as RefName from "./views/RefName";
import * as Transport from "./views/Transport";
import * as context from "./views/context";
import * as phases from "./views/phases";
import * as symbols from "./views/symbols";
import * as useWidth from "./views/useWidth";

/** Modules by their paths from src/, without the ending. */
const MODULES: Readonly<Record<string, object>> = {
  preact,
  "preact/hooks": hooks,
  numbers,
  protocol,
  refs,
  scrub,
  state,
  "views/Header": Header,
  "views/Panel": Panel,
  "views/RefName": RefName,
  "views/Transport": Transport,
  "views/context": context,
  "views/phases": phases,
  "views/symbols": symbols,
  "views/useWidth": useWidth,
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
