// The bundle's two uses: `panel` for anywidget, `mount` for a page without a kernel.

import { h, render as draw } from "preact";
import type { Model } from "../protocol/choice";
import { Choice } from "../protocol/choice";
import { textOf } from "./modules";
import { loadRuns } from "./shared";
import { PanelState } from "../state/panel";
import { Panel } from "../step/Panel";
import { connect, fill } from "../state/wire";

type Cleanup = () => void;

function show(element: HTMLElement, state: PanelState, onLeave: () => void): Cleanup {
  draw(h(Panel, { state, onLeave }), element);
  return () => {
    draw(null, element);
    state.dispose();
  };
}

/** What anywidget runs: once for each model, and then for each of its views. */
export default function panel(): {
  initialize(context: { model: Model }): Cleanup;
  render(context: { model: Model; el: HTMLElement }): Cleanup;
} {
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
      const undraw = render(model, choice, el);
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

function render(model: Model, choice: Choice, element: HTMLElement): Cleanup {
  const state = new PanelState();
  let disconnect: Cleanup = () => undefined;
  try {
    disconnect = connect(state, model, choice);
    void loadRuns(state, textOf(model, "_run_views"));
  } catch (error) {
    state.error.value = error instanceof Error ? error.message : String(error);
  }
  const undraw = show(element, state, () => choice.save());
  return () => {
    choice.save();
    disconnect();
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
