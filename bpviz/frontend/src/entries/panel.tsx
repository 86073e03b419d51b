// The two uses of a panels' module: `panel` for anywidget, `mount` for a page without a kernel.

import type { VNode } from "preact";
import { render as draw } from "preact";
import { CHOSEN, Choice } from "../protocol/choice";
import type { Model } from "../protocol/model";
import { PanelState } from "../state/panel";
import type { Part } from "../state/wire";
import { attempt, connect, fill, follow } from "../state/wire";
import { Panel } from "../ui/Panel";

type Cleanup = () => void;

/** What is in a panel: what it shows, and what it has beside the state of every panel. */
export interface Inside {
  content: VNode;
  part?: Part;
}

/** Makes what is in a panel of this state. */
export type Make = (state: PanelState) => Inside;

function show(
  content: VNode,
  element: HTMLElement,
  state: PanelState,
  onLeave: () => void,
): Cleanup {
  draw(
    <Panel state={state} onLeave={onLeave}>
      {content}
    </Panel>,
    element,
  );
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
  /**
   * Draw a panel into an element of a page; returns what takes it away again. `left` is told what
   * is chosen whenever somebody leaves the panel.
   */
  mount(element: HTMLElement, values: Values, left?: (chosen: Values) => void): Cleanup;
}

/** The uses of a module whose panels are made so. */
export function uses(make: Make): Uses {
  return {
    panel: () => widget(make),
    mount(element, values, left = () => undefined) {
      const state = new PanelState();
      const { content, part } = make(state);
      attempt(state, () => fill(state, (name) => values[name], part));
      const stop = follow(state, part);
      const leave = (): void => left(chosenIn(state));
      const undraw = show(content, element, state, leave);
      return () => {
        leave();
        stop();
        undraw();
      };
    },
  };
}

function widget(make: Make): Widget {
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
      const undraw = render(make, model, choice, el);
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
  "_forms",
];

/** Let go of what a closed model holds: JupyterLab keeps the model itself, cell run after cell run. */
function lighten(model: Model): void {
  for (const name of LARGE) model.set(name, undefined);
}

function render(make: Make, model: Model, choice: Choice, element: HTMLElement): Cleanup {
  const state = new PanelState();
  const { content, part } = make(state);
  let disconnect: Cleanup = () => undefined;
  attempt(state, () => (disconnect = connect(state, model, choice, part)));
  const undraw = show(content, element, state, () => choice.save());
  return () => {
    choice.save();
    disconnect();
    undraw();
  };
}

function chosenIn(state: PanelState): Values {
  const given = state.predicting.questions.peek() && state.predicting.answers.peek();
  const chosen = Object.fromEntries(CHOSEN.map((name) => [name, state[name].peek()]));
  return { ...chosen, ...(given && { _given: given }) };
}
