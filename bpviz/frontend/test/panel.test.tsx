// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import panel, { mount } from "../src/index";
import type { Model } from "../src/wire";
import { fixture } from "./fixtures";

class FakeModel implements Model {
  saves = 0;
  sent: unknown[] = [];
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
    this.sent.push(content);
  }

  on(name: string, callback: (...values: never[]) => void): void {
    const known = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, known.add(callback));
  }

  off(name: string, callback: (...values: never[]) => void): void {
    this.listeners.get(name)?.delete(callback);
  }
}

const bytes = (rows: Float64Array[]) => Float64Array.from(rows.flatMap((row) => [...row])).buffer;

function traits(name: string): Record<string, unknown> {
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

let host: HTMLElement;
let undo: () => void = () => undefined;

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
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
  vi.useRealTimers();
});

function open(model: FakeModel): void {
  act(() => {
    undo = panel.render({ model, el: host });
  });
}

const root = () => host.querySelector<HTMLElement>(".bpviz")!;
const text = (selector: string) => host.querySelector(selector)?.textContent?.trim() ?? "";
const at = (ref: string) => text(`.bpviz-diagram [data-ref="${ref}"]`);
const press = (key: string, target: HTMLElement = root()) =>
  act(() => {
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
const click = (label: string) =>
  act(() => host.querySelector<HTMLElement>(`[aria-label="${label}"]`)!.click());

describe("stepping", () => {
  test("shows the lecture's numbers when their step is done, and not before", () => {
    const model = new FakeModel(traits("xor"));
    open(model);
    expect(at("a1[0]")).toContain("not computed yet");
    expect(at("W2[0,0]")).toBe("−0.1514");
    press("ArrowRight");
    expect(at("a1[0]")).toBe("4.984");
    expect(at("a1[1]")).toContain("not computed yet");
    expect(text(".bpviz-count")).toBe("Step 1 of 34");
    press("End");
    expect(at("nW2[0,0]")).toBe("→\u2009−0.1046");
    expect(at("e2[0]")).toBe("−0.9374");
    press("Home");
    expect(at("a1[0]")).toContain("not computed yet");
  });

  test("sends nothing; the place is told when the pointer leaves", () => {
    const model = new FakeModel(traits("xor"));
    open(model);
    for (let k = 0; k < 34; k++) press("ArrowRight");
    click("Back");
    expect(model.get("cursor")).toBe(33);
    expect([model.saves, model.sent]).toEqual([0, []]);
    act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
    expect(model.saves).toBe(1);
    act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
    expect(model.saves).toBe(1);
  });

  test("goes on when the kernel is gone", () => {
    const model = new FakeModel(traits("xor"));
    model.save_changes = () => {
      throw new Error("comm is dead");
    };
    open(model);
    press("ArrowRight");
    act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
    press("ArrowRight");
    expect(text(".bpviz-count")).toBe("Step 2 of 34");
  });

  test("by term shows the sum so far, and changing the depth keeps the place", () => {
    open(new FakeModel(traits("three_two_one")));
    press("3");
    press("ArrowRight");
    expect(at("a1[0]")).toBe("0.25");
    press("ArrowRight");
    expect(at("a1[0]")).toBe("0.26");
    press("2");
    expect(text(".bpviz-count")).toBe("Step 1 of 34");
    expect(at("a1[0]")).toBe("0.24");
  });

  test("plays to the end and stops", () => {
    vi.useFakeTimers();
    const model = new FakeModel({ ...traits("xor"), cursor: 32 });
    open(model);
    press(" ");
    act(() => void vi.advanceTimersByTime(10_000));
    expect(model.get("cursor")).toBe(34);
    expect(host.querySelector('[aria-label="Play"]')).not.toBeNull();
  });
});

describe("Python", () => {
  test("moves the screen at once, depth and cursor together", async () => {
    const model = new FakeModel(traits("xor"));
    open(model);
    await act(async () => {
      model.set("depth", "layer");
      model.set("cursor", 1);
      await Promise.resolve();
    });
    expect(text(".bpviz-count")).toBe("Step 1 of 23");
    expect([at("a1[0]"), at("a1[1]")]).toEqual(["4.984", "1.29"]);
    expect(model.saves).toBe(0);
  });

  test("has an error shown in the panel, as text", () => {
    const model = new FakeModel(traits("xor"));
    open(model);
    act(() => model.set("_error", "<b>the value of W1[0,0] is inf</b>"));
    expect(text('[role="alert"] span')).toBe("<b>the value of W1[0,0] is inf</b>");
    click("Dismiss");
    expect(host.querySelector('[role="alert"]')).toBeNull();
  });

  test("is asked for frames that are not here, one request at a time", async () => {
    const { frames, program } = fixture("xor");
    const model = new FakeModel({
      ...traits("xor"),
      _frames: bytes(frames.slice(0, 2)),
      _first_frame: 0,
      _total_frames: 4,
    });
    open(model);
    await act(async () => {
      model.set("frame", 2);
      await Promise.resolve();
      model.set("frame", 3);
      await Promise.resolve();
    });
    expect(model.sent).toEqual([{ kind: "frames", start: 2 }]);
    expect(text(".bpviz-note")).toBe("This update is on its way from Python.");
    act(() => {
      const buffers = [new DataView(bytes(frames.slice(2)))];
      model.emit("msg:custom", { kind: "frames", start: 2, count: 2 }, buffers);
    });
    expect(at("x[1]")).toBe("−1");
    expect(model.sent).toHaveLength(1);
    expect(frames[3]).toHaveLength(program.size);
  });
});

describe("pointing", () => {
  test("lights a number up in diagram and formula at once; a click keeps it lit", () => {
    const model = new FakeModel({ ...traits("xor"), cursor: 1 });
    open(model);
    const inDiagram = host.querySelector<HTMLElement>('.bpviz-label [data-ref="W1[0,1]"]')!;
    act(() => void inDiagram.dispatchEvent(new PointerEvent("pointerover", { bubbles: true })));
    const lit = [...host.querySelectorAll('[data-ref="W1[0,1]"].pointed')];
    expect(lit.map((node) => node.closest("math") !== null)).toEqual([false, true, true]);
    act(() => inDiagram.click());
    expect(model.get("selection")).toBe("W1[0,1]");
    act(() => inDiagram.click());
    expect(model.get("selection")).toBe("");
  });
});

test("keys of a control that has the focus stay with it", () => {
  const model = new FakeModel(traits("xor"));
  open(model);
  press("ArrowRight", host.querySelector<HTMLElement>(".bpviz-slider")!);
  press(" ", host.querySelector<HTMLElement>('[aria-label="Forward"]')!);
  press("2", host.querySelector<HTMLElement>("select")!);
  expect(model.get("cursor")).toBe(0);
  expect(root().getAttribute("data-lm-suppress-shortcuts")).toBe("true");
});

test("a panel that cannot be drawn says why", () => {
  const { program } = fixture("xor");
  const broken = { ...program, operations: [{ ...program.operations[0]!, writes: "q1" }] };
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  open(new FakeModel({ ...traits("xor"), _program: broken }));
  expect(text('[role="alert"]')).toContain("there is no register q1");
});

test("mount needs no model", () => {
  act(() => {
    undo = mount(host, { ...traits("three_two_one"), cursor: 1e9 });
  });
  expect(at("h2[0]")).toBe("0.485");
  act(() => render(null, host));
});
