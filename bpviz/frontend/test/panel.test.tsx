// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import panel, { mount } from "../src/index";
import type { Style } from "../src/style";
import { DEFAULT_STYLE } from "../src/style";
import type { Model } from "../src/wire";
import { fixture, predictions } from "./fixtures";

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
  vi.unstubAllGlobals();
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
    // Till it comes the numbers before it stay, dimmed, so that nothing flickers.
    expect(host.querySelector(".bpviz-step-view")!.getAttribute("aria-busy")).toBe("true");
    expect(at("x[1]")).not.toBe("−1");
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
  test("lights a number up at once; a click keeps it lit", () => {
    const model = new FakeModel({ ...traits("xor"), cursor: 1 });
    open(model);
    const inDiagram = host.querySelector<HTMLElement>('.bpviz-label [data-ref="W1[0,1]"]')!;
    act(() => void inDiagram.dispatchEvent(new PointerEvent("pointerover", { bubbles: true })));
    const lit = [...host.querySelectorAll('[data-ref="W1[0,1]"].pointed')];
    expect(lit.map((node) => node.closest("math") !== null)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    act(() => inDiagram.click());
    expect(model.get("selection")).toBe("W1[0,1]");
    press("Escape");
    expect(model.get("selection")).toBe("");
  });
});

const cells = (ref: string) =>
  [...host.querySelectorAll(`.bpviz-arrays [data-ref="${ref}"]`)].map((node) => node.textContent);
const choose = (label: string) =>
  act(() => [...host.querySelectorAll("label")].find((one) => one.textContent === label)!.click());

describe("matrices", () => {
  test("fill in term by term, with the row and column in use marked", () => {
    open(new FakeModel({ ...traits("three_two_one"), depth: "term" }));
    expect(cells("a1[0]")[0]).toContain("not computed yet");
    press("ArrowRight");
    press("ArrowRight");
    expect(cells("a1[0]")).toEqual(["0.26"]);
    expect(cells("a1[1]")[0]).toContain("not computed yet");
    const marked = (name: string) =>
      [...host.querySelectorAll(`.bpviz-arrays ${name}`)].map((node) =>
        (node.querySelector("[data-ref]") ?? node).getAttribute("data-ref"),
      );
    expect(marked(".read:not(.written)")).toEqual(["W1[0,1]", "x[1]"]);
    expect(marked(".bpviz-along")).toEqual([
      "W1[0,0]",
      "W1[0,1]",
      "W1[0,2]",
      "x[0]",
      "x[1]",
      "x[2]",
      "b1[0]",
    ]);
  });

  test("are tables with captions for screen readers", () => {
    open(new FakeModel({ ...traits("three_two_one"), cursor: 11, depth: "layer" }));
    const captions = [...host.querySelectorAll(".bpviz-arrays caption .bpviz-hidden")];
    expect(captions.map((node) => node.textContent!.trim())).toEqual([
      "errors that arrive at layer 1, ∂L/∂h, 2 × 1",
      "weights of layer 2, transposed, 2 × 1",
      "deltas of layer 2, ∂L/∂a, 1 × 1",
    ]);
  });
});

describe("code", () => {
  test("marks the line of the step and says the step at its depth", () => {
    open(new FakeModel({ ...traits("three_two_one"), depth: "term" }));
    expect(host.querySelector(".bpviz-now")).toBeNull();
    press("ArrowRight");
    expect(text(".bpviz-now")).toBe("a1 = W1 @ x + b1");
    expect(text(".bpviz-code")).toBe("a1[0] = W1[0, 0] * x[0]");
    press("End");
    expect(text(".bpviz-now")).toBe("nb2 = b2 - ub2");
    expect(host.querySelectorAll(".bpviz-now, [aria-current=step]")).toHaveLength(1);
  });

  test("is copied whole, and says so", async () => {
    const writeText = vi.fn(async (_: string) => undefined);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    open(new FakeModel(traits("xor")));
    await act(async () => {
      host.querySelector<HTMLElement>('[aria-label="Copy the script"]')!.click();
      await Promise.resolve();
    });
    expect(writeText.mock.calls[0]![0]).toBe(fixture("xor").scripts!.column);
    expect(text(".bpviz-answer")).toBe("Copied");
    expect(host.querySelector(".bpviz-script code")!.textContent).toBe(
      fixture("xor").scripts!.column,
    );
  });
});

describe("conventions", () => {
  test("apply to every view at once", () => {
    open(new FakeModel({ ...traits("three_two_one"), cursor: 1 }));
    click("Settings");
    choose("rows: x W");
    choose("z, a");
    choose("0,5");
    expect(text(".bpviz-now")).toBe("z1 = x @ W1 + b1");
    expect(text(".bpviz-code")).toContain("z1[0] = sum(W1[j, 0] * x[j]");
    expect(at("x[0]")).toBe("0,5");
    expect(text(".bpviz-sentence")).toContain("gives 0,24.");
    expect(text(".bpviz-forward-side")).toContain("z0,24");
    expect(text(".bpviz-formula mtr")).toMatch(/^z1,1=x1.W1,1,1/);
    expect(host.querySelectorAll(".bpviz-arrays table")[1]!.querySelectorAll("tr")).toHaveLength(1);
  });

  test("are told to Python when the pointer leaves, and follow Python", async () => {
    const model = new FakeModel({ ...traits("xor"), appearance: { ...DEFAULT_STYLE } });
    open(model);
    act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
    expect(model.saves).toBe(0);
    click("Settings");
    choose("Fractions");
    expect(model.saves).toBe(0);
    act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
    expect(model.get("appearance")).toEqual({ ...DEFAULT_STYLE, fractions: true });
    expect(model.saves).toBe(1);
    await act(async () => {
      model.set("appearance", { ...DEFAULT_STYLE, digits: 2 });
      await Promise.resolve();
    });
    expect(at("W2[0,0]")).toBe("−0.15");
    expect(model.saves).toBe(1);
  });
});

describe("views", () => {
  test("can be hidden by key, and what is left uses the room", () => {
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1400);
    const model = new FakeModel({ ...traits("xor"), cursor: 3, appearance: { ...DEFAULT_STYLE } });
    open(model);
    const shown = () =>
      [...host.querySelectorAll("[data-view]")].map((node) => node.getAttribute("data-view"));
    expect(shown()).toEqual(["diagram", "matrices", "formula", "code"]);
    press("6");
    press("4");
    expect(shown()).toEqual(["formula", "code"]);
    expect((model.get("appearance") as Style).views).toEqual(["formula", "code"]);
    press("4");
    press("5");
    expect(shown()).toEqual(["diagram", "code"]);
    expect(text(".bpviz-sentence")).not.toBe("");
  });

  test("light a ref up in all of them, by pointer and by focus", () => {
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1400);
    open(new FakeModel({ ...traits("xor"), cursor: 1 }));
    const lit = () =>
      new Set(
        [...host.querySelectorAll(".pointed")].map((node) =>
          node.closest("[data-view]")?.getAttribute("data-view"),
        ),
      );
    const all = new Set(["diagram", "matrices", "formula", "code"]);
    for (const view of all) {
      const node = host.querySelector(`[data-view=${view}] [data-ref="W1[0,1]"]`)!;
      act(() => void node.dispatchEvent(new PointerEvent("pointerover", { bubbles: true })));
      expect(lit()).toEqual(all);
      act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
      expect(lit().size).toBe(0);
      act(() => void node.dispatchEvent(new FocusEvent("focusin", { bubbles: true })));
      expect(lit()).toEqual(all);
      act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
    }
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

describe("what Python sends back", () => {
  const leave = () => act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));

  test("does not take back who has stepped on meanwhile", async () => {
    const model = new FakeModel(traits("xor"));
    open(model);
    press("ArrowRight");
    leave();
    press("ArrowRight");
    await act(async () => {
      model.set("cursor", 1);
      await Promise.resolve();
    });
    expect(text(".bpviz-count")).toBe("Step 2 of 34");
    leave();
    expect([model.get("cursor"), model.saves]).toEqual([2, 2]);
  });

  test("does not take back an answer", async () => {
    const { mixed } = predictions();
    const before = { version: mixed.version, serial: 0, round: 0, given: {} };
    const model = new FakeModel({
      ...traits("three_two_one"),
      _questions: mixed,
      _given: before,
    });
    open(model);
    press("End");
    const input = host.querySelector<HTMLInputElement>(".bpviz-ask input")!;
    act(() => {
      input.value = "0.56";
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    act(() => input.form!.requestSubmit());
    expect(text(".bpviz-settled")).toBe("✓ Right: h1,1 = 0.5597");
    expect(document.activeElement).toBe(host.querySelector(".bpviz-settled"));
    await act(async () => {
      model.set("_given", before);
      await Promise.resolve();
    });
    expect(at("h1[0]")).toBe("0.5597");
    leave();
    const right = { state: "right", tries: ["0.56"], hints: 0 };
    expect(model.get("_given")).toMatchObject({ given: { "0/h1[0]": right } });
    // But what Python asks anew is asked.
    await act(async () => {
      model.set("_questions", { ...mixed, version: mixed.version + 1 });
      model.set("_given", { ...before, version: mixed.version + 1 });
      await Promise.resolve();
    });
    expect(at("h1[0]")).toContain("?");
    expect(text(".bpviz-count")).toBe("Step 3 of 34");
  });
});

test("a page without Python asks as well", () => {
  const { each } = predictions();
  act(() => {
    undo = mount(host, {
      ...traits("xor"),
      _questions: each,
      _given: { version: each.version, serial: 0, round: 0, given: {} },
      cursor: 34,
    });
  });
  expect(text(".bpviz-count")).toBe("Step 4 of 34");
  expect(text(".bpviz-ask")).toContain("Show the answer");
  act(() => host.querySelector<HTMLElement>(".bpviz-ask .bpviz-button:last-child")!.click());
  expect(at("h1[1]")).toBe("1.29");
  act(() => render(null, host));
});
