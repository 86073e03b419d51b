// The two uses of a panels' module: `panel` for anywidget, `mount` for a page without a kernel.

import type { VNode } from "preact";
import { effect } from "@preact/signals";
import { render as draw } from "preact";
import { ALONE } from "../protocol/alone";
import { Choice } from "../protocol/choice";
import type { Model } from "../protocol/model";
import type { PanelState } from "../state/panel";
import type { Part, Values } from "../state/wire";
import { attempt, connect, fill } from "../state/wire";
import { Panel } from "../ui/Panel";

type Cleanup = () => void;

/** What is in a panel: its state, what it shows of it, and what it has beside that of every panel. */
export interface Inside {
  state: PanelState;
  content: VNode;
  part?: Part;
}

/** Makes what is in a panel. */
export type Make = () => Inside;

function show(
  { state, content, part }: Inside,
  element: HTMLElement,
  onLeave: () => void = () => undefined,
): Cleanup {
  draw(
    <Panel state={state} part={part} onLeave={onLeave}>
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

/** What is told of a panel that goes on alone, whenever it has changed; null once it has Python. */
export type Alone = Parameters<Watch> | null;

function tellAlone(element: HTMLElement, state: PanelState, part?: Part): Cleanup {
  return effect(() => {
    const detail: Alone = state.offline.value ? [state, part] : null;
    element.dispatchEvent(new CustomEvent(ALONE, { bubbles: true, detail }));
  });
}

/** Looks at a panel. */
export type Watch = (state: PanelState, part?: Part) => void;

/** What a module of panels is used for. */
export interface Uses {
  panel(): Widget;
  /**
   * Draw a panel into an element of a page; returns what takes it away again. `watch` is called now,
   * and again whenever a signal that it has read has changed.
   */
  mount(element: HTMLElement, values: Values, watch?: Watch): Cleanup;
}

/** The uses of a module whose panels are made so. */
export function uses(make: Make): Uses {
  return {
    panel: () => widget(make),
    mount(element, values, watch) {
      const inside = make();
      const { state, part } = inside;
      attempt(state, () => fill(state, (name) => values[name], part));
      const stop = part?.follow();
      const unwatch = effect(() => watch?.(state, part));
      const undraw = show(inside, element);
      return () => {
        unwatch();
        stop?.();
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
  const inside = make();
  const { state, part } = inside;
  let disconnect: Cleanup = () => undefined;
  attempt(state, () => (disconnect = connect(state, model, choice, part)));
  const undraw = show(inside, element, () => choice.save());
  const stopTelling = tellAlone(element, state, part);
  return () => {
    stopTelling();
    choice.save();
    disconnect();
    undraw();
  };
}
