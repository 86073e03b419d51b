// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { describe, expect, test, vi } from "vitest";
import type { Style } from "../../src/protocol/style";
import { DEFAULT_STYLE } from "../../src/protocol/style";
import { fixture } from "../fixtures";
import { FakeModel, at, click, host, open, press, root, text, traits } from "../opened";

describe("pointing", () => {
  test("lights a number up at once; a click keeps it lit", () => {
    const model = new FakeModel({ ...traits("xor"), cursor: 1 });
    wide();
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

/** Enough room for all views at once. */
const wide = () => vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1400);

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
    wide();
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
    wide();
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

  test("says so for its whole time, however often it is copied", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("navigator", { clipboard: { writeText: async () => undefined } });
    wide();
    open(new FakeModel(traits("xor")));
    const copy = () =>
      act(async () => {
        host.querySelector<HTMLElement>('[aria-label="Copy the script"]')!.click();
        await Promise.resolve();
      });
    const pass = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));
    await copy();
    await pass(2000);
    await copy();
    await pass(2000);
    expect(text(".bpviz-answer")).toBe("Copied");
    await pass(1000);
    expect(text(".bpviz-answer")).toBe("");
    vi.useRealTimers();
  });
});

describe("conventions", () => {
  test("apply to every view at once", () => {
    wide();
    open(new FakeModel({ ...traits("three_two_one"), cursor: 1 }));
    click("Settings");
    choose("rows: x W");
    choose("z, a");
    choose("0,5");
    expect(text(".bpviz-now")).toBe("z1 = x @ W1 + b1");
    expect(text(".bpviz-code")).toContain("z1[0] = sum(W1[j, 0] * x[j]");
    expect(at("x[0]")).toBe("0,5");
    expect(text(".bpviz-sentence")).toContain("gives 0,24.");
    expect(text(".bpviz-forward-side")).toContain("z1,10,24");
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
    choose("Skip what changes nothing");
    expect(text(".bpviz-count")).toBe("Step 0 of 28");
    expect(model.saves).toBe(0);
    act(() => void root().dispatchEvent(new PointerEvent("pointerleave")));
    expect(model.get("appearance")).toEqual({
      ...DEFAULT_STYLE,
      fractions: true,
      skip_unchanged: true,
    });
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
    wide();
    const model = new FakeModel({ ...traits("xor"), cursor: 3, appearance: { ...DEFAULT_STYLE } });
    open(model);
    const shown = () =>
      [...host.querySelectorAll("[data-view]")].map((node) => node.getAttribute("data-view"));
    expect(shown()).toEqual(["diagram", "formula", "matrices", "code"]);
    press("6");
    press("4");
    expect(shown()).toEqual(["formula", "code"]);
    expect((model.get("appearance") as Style).views).toEqual(["formula", "code"]);
    press("4");
    press("5");
    expect(shown()).toEqual(["diagram", "code"]);
    expect(text(".bpviz-sentence")).not.toBe("");
  });

  test("share a place where there is none for all, and are chosen by tab or key", () => {
    const model = new FakeModel({ ...traits("xor"), cursor: 3, appearance: { ...DEFAULT_STYLE } });
    open(model);
    const shown = () =>
      [...host.querySelectorAll("[data-view]")].map((node) => node.getAttribute("data-view"));
    expect(shown()).toEqual(["diagram", "formula", "matrices"]);
    press("7");
    expect(shown()).toEqual(["diagram", "formula", "code"]);
    choose("Matrices");
    expect(shown()).toEqual(["diagram", "formula", "matrices"]);
    press("6");
    expect(shown()).toEqual(["diagram", "formula", "code"]);
    expect((model.get("appearance") as Style).views).toEqual(["diagram", "formula", "code"]);
  });

  test("light a ref up in all of them, by pointer and by focus", () => {
    wide();
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

test.each(["softmax", "logistic"])("no loss is named where the paths of %s end", (name) => {
  open(new FakeModel(traits(name)));
  act(() => host.querySelector<HTMLElement>('[data-ref="W2[0,1]"]')!.click());
  click("Paths to the loss");
  expect(text("[data-view=paths] + p")).toBe(
    "The paths end at δ of the last layer: its activation function and the loss are derived " +
      "together, which gives output minus target.",
  );
});
