// The bundle's two doors: `render` for anywidget, `mount` for a page without a kernel.

import { h, render as draw } from "preact";
import { loadRuns } from "./shared";
import { PanelState } from "./state";
import { Panel } from "./views/Panel";
import type { Connection, Model } from "./wire";
import { connect, fill } from "./wire";

type Cleanup = () => void;

function show(element: HTMLElement, state: PanelState, onLeave: () => void): Cleanup {
  draw(h(Panel, { state, onLeave }), element);
  return () => {
    draw(null, element);
    state.dispose();
  };
}

function render({ model, el }: { model: Model; el: HTMLElement }): Cleanup {
  const state = new PanelState();
  let connection: Connection | null = null;
  try {
    connection = connect(state, model);
    void loadRuns(state, model.get("_run_views"));
  } catch (error) {
    state.error.value = error instanceof Error ? error.message : String(error);
  }
  const undraw = show(el, state, () => connection?.save());
  return () => {
    connection?.save();
    connection?.close();
    undraw();
  };
}

/** The values of the traits, under their names; those left out have their defaults. */
export type Values = Readonly<Record<string, unknown>>;

/** Draw a panel into an element of a page; returns what takes it away again. */
export function mount(element: HTMLElement, values: Values): Cleanup {
  const state = new PanelState();
  try {
    fill(state, (name) => values[name]);
    void loadRuns(state, values["_run_views"]);
  } catch (error) {
    state.error.value = error instanceof Error ? error.message : String(error);
  }
  return show(element, state, () => undefined);
}

export default { render };
