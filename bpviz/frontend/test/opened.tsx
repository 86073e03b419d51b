// A panel on a page without a browser, and a model without Python.

import type { VNode } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, vi } from "vitest";
import type { Widget } from "../src/entries/panel";
import { RunState } from "../src/runs/state/run";
import { StepView } from "../src/step/StepView";
import { usePanel } from "../src/ui/context";
import { asking } from "../src/entries/asking";
import { editingUpdates } from "../src/entries/editing";
import { uses } from "../src/entries/panel";
import { fixture } from "./fixtures";
import type { Model } from "../src/protocol/model";

/** Curves need a canvas, which this page has not, so that of a run nothing is drawn. */
function Drawn(): VNode | null {
  return usePanel().content.value!.view === "step" ? <StepView /> : null;
}

export const { panel, mount } = uses(() => {
  const { state, content } = asking(<Drawn />, editingUpdates);
  return { state, content, part: new RunState(state) };
});

export class FakeModel implements Model {
  widget_manager: Model["widget_manager"];
  saves = 0;
  /** The number of the hello. */
  hello = 0;
  sent: { kind: string; id: number; [key: string]: unknown }[] = [];
  private readonly listeners = new Map<string, Set<(...values: never[]) => void>>();

  constructor(private readonly values: Record<string, unknown>) {}

  get(name: string): unknown {
    return this.values[name];
  }

  set(name: string, value: unknown): void {
    this.values[name] = value;
    this.emit(`change:${name}`);
  }

  emit(event: string, ...values: unknown[]): void {
    this.listeners.get(event)?.forEach((callback) => callback(...(values as never[])));
  }

  save_changes(): void {
    this.saves += 1;
  }

  send(content: unknown): void {
    const message = content as (typeof this.sent)[number];
    if (message.kind === "hello") this.hello = message.id;
    else this.sent.push(message);
  }

  on(name: string, callback: (...values: never[]) => void): void {
    const known = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, known.add(callback));
  }

  off(name: string, callback: (...values: never[]) => void): void {
    this.listeners.get(name)?.delete(callback);
  }
}

export const bytes = (rows: Float64Array[]) =>
  Float64Array.from(rows.flatMap((row) => [...row])).buffer;

export function traits(name: string): Record<string, unknown> {
  const { program, frames, names } = fixture(name);
  return {
    _view: "step",
    _program: program,
    _frames: bytes(frames),
    _frame_names: names,
    _error: "",
    depth: "unit",
    cursor: 0,
    frame: 0,
    sample: 0,
    selection: "",
  };
}

export let host: HTMLElement;
let undo: () => void = () => undefined;

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  host = document.body.appendChild(document.createElement("div"));
});

afterEach(() => {
  act(() => undo());
  undo = () => undefined;
  host.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

export function open(model: FakeModel): Widget {
  const widget = panel();
  act(() => {
    const stops = [widget.initialize({ model }), widget.render({ model, el: host })];
    undo = () => stops.reverse().forEach((stop) => stop());
  });
  return widget;
}

export const root = () => host.querySelector<HTMLElement>(".bpviz")!;
export const text = (selector: string) => host.querySelector(selector)?.textContent?.trim() ?? "";
/** A number of the diagram. */
export const at = (ref: string) =>
  text(`.bpviz-diagram [data-ref="${ref}"]`).slice(was(ref).length);
/** What it was before it was changed. */
export const was = (ref: string) => text(`.bpviz-diagram [data-ref="${ref}"] > s`);
export const press = (key: string, target: HTMLElement = root()) =>
  act(() => {
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
export const click = (label: string) =>
  act(() => host.querySelector<HTMLElement>(`[aria-label="${label}"]`)!.click());

/** Answer the last message of a kind, as Python does. */
export function answer(
  model: FakeModel,
  kind: string,
  content: object = {},
  buffers: DataView[] = [],
): void {
  const { id } = model.sent.findLast((message) => message.kind === kind)!;
  act(() => model.emit("msg:custom", { kind, id, why: "", ...content }, buffers));
}

export const leave = () => act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));

/** Show a panel without a model, as on a page of its own. */
export function show(values: Record<string, unknown>): void {
  act(() => {
    undo = mount(host, values);
  });
}
