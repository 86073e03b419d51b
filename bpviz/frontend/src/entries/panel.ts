// The two uses of a panels' module: `panel` for anywidget, `mount` for a page without a kernel.

import { h, render as draw } from "preact";
import type { Model } from "../protocol/choice";
import { Choice } from "../protocol/choice";
import type { RunComponents } from "../state/panel";
import { PanelState } from "../state/panel";
import { Panel } from "../step/Panel";
import { connect, fill, follow } from "../state/wire";

type Cleanup = () => void;

function show(element: HTMLElement, state: PanelState, onLeave: () => void): Cleanup {
  draw(h(Panel, { state, onLeave }), element);
  return () => {
    draw(null, element);
    state.dispose();
  };
}

/** What anywidget runs for each model, and then for each of its views. */
export interface Widget {
  initialize(context: { model: Model }): Cleanup;
  render(context: { model: Model; el: HTMLElement }): Cleanup;
}

/** The values of the traits, under their names; those left out have their defaults. */
export type Values = Readonly<Record<string, unknown>>;

/** What a module of panels is used for. */
export interface Uses {
  panel(): Widget;
  /** Draw a panel into an element of a page; returns what takes it away again. */
  mount(element: HTMLElement, values: Values): Cleanup;
}

/** The uses of a module that has these views of runs, or none. */
export function uses(runs: RunComponents | null): Uses {
  return {
    panel: () => widget(runs),
    mount(element, values) {
      const state = new PanelState(runs);
      attempt(state, () => fill(state, (name) => values[name]));
      const stop = follow(state);
      const undraw = show(element, state, () => undefined);
      return () => {
        stop();
        undraw();
      };
    },
  };
}

function widget(runs: RunComponents | null): Widget {
  let choice: Choice;
  let views = 0;
  let isClosed = false;
  const leave = (model: Model): void => {
    if (isClosed && !views) lighten(model);
  };
  return {
    initialize({ model }) {
      choice = new Choice(model);
      return () => {
        choice.close();
        isClosed = true;
        leave(model);
      };
    },
    render({ model, el }) {
      const undraw = render(new PanelState(runs), model, choice, el);
      views++;
      return () => {
        undraw();
        views--;
        leave(model);
      };
    },
  };
}

/** What may be large in a model. */
const LARGE = [
  "_css",
  "_program",
  "_frames",
  "_losses",
  "_start_row",
  "_inputs",
  "_targets",
  "_questions",
  "_mistake_choices",
  "_right_program",
  "_right_frames",
  "_right_losses",
  "_checks",
  "_differences",
];

/** Let go of what a closed model holds: JupyterLab keeps the model itself, cell run after cell run. */
function lighten(model: Model): void {
  for (const name of LARGE) model.set(name, undefined);
}

function render(state: PanelState, model: Model, choice: Choice, element: HTMLElement): Cleanup {
  let disconnect: Cleanup = () => undefined;
  attempt(state, () => (disconnect = connect(state, model, choice)));
  const undraw = show(element, state, () => choice.save());
  return () => {
    choice.save();
    disconnect();
    undraw();
  };
}

function attempt(state: PanelState, action: () => void): void {
  try {
    action();
  } catch (error) {
    state.error.value = error instanceof Error ? error.message : String(error);
  }
}
