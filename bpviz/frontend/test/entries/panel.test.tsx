// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, test, vi } from "vitest";
import { mount } from "../../src/entries/all";
import { fixture } from "../fixtures";
import {
  FakeModel,
  at,
  click,
  host,
  leave,
  open,
  panel,
  press,
  root,
  show,
  text,
  traits,
} from "../opened";

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

  test("draws ahead out of sight what comes next, and then only shows it", async () => {
    open(new FakeModel(traits("xor")));
    press("ArrowRight");
    const drawings = () => [...host.querySelectorAll<HTMLElement>(".bpviz-formula > div")];
    const isShown = () => drawings().map((one) => !one.matches('.bpviz-ahead[aria-hidden="true"]'));
    await vi.waitFor(() => expect(isShown()).toEqual([true, false]));
    const [, next] = drawings();
    expect(next!.textContent).toContain("a1,2");
    press("ArrowRight");
    expect(drawings()[1]).toBe(next);
    expect(isShown().slice(0, 2)).toEqual([false, true]);
    press("Home");
    expect(host.querySelector(".bpviz-formula")!.matches(".bpviz-ahead")).toBe(true);
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

  test("is told, too, when somebody leaves the page with the focus in the panel", () => {
    const model = new FakeModel(traits("xor"));
    open(model);
    press("ArrowRight");
    act(() => void window.dispatchEvent(new Event("beforeunload")));
    expect(model.saves).toBe(1);
    act(() => void window.dispatchEvent(new Event("pagehide")));
    expect(model.saves).toBe(1);
    press("ArrowRight");
    act(() => void document.dispatchEvent(new Event("visibilitychange")));
    expect(model.saves).toBe(1);
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    act(() => void document.dispatchEvent(new Event("visibilitychange")));
    expect(model.saves).toBe(2);
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

  test("tells nothing to a kernel that is known to be gone", () => {
    const model = new FakeModel(traits("xor"));
    open(model);
    press("ArrowRight");
    model.widget_manager = { kernel: null };
    leave();
    expect(model.saves).toBe(0);
    model.widget_manager = { kernel: { status: "idle" } };
    leave();
    expect(model.saves).toBe(1);
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

  test("the bar of all steps tells what the step gave, also where its sentence has no room", () => {
    open(new FakeModel({ ...traits("three_two_one"), depth: "layer", cursor: 1 }));
    const bar = host.querySelector(".bpviz-slider")!;
    expect(bar.getAttribute("aria-valuetext")).toMatch(/ The results are 0\.24 and −0\.46\.$/);
  });

  test("plays at first at 3 s a step, which leaves time to read it", () => {
    vi.useFakeTimers();
    open(new FakeModel(traits("three_two_one")));
    press(" ");
    const before = text(".bpviz-count");
    act(() => void vi.advanceTimersByTime(2900));
    expect(text(".bpviz-count")).toBe(before);
    act(() => void vi.advanceTimersByTime(200));
    expect(text(".bpviz-count")).not.toBe(before);
    press(" ");
    vi.useRealTimers();
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

test("keys of a control that has the focus stay with it", () => {
  const model = new FakeModel(traits("xor"));
  open(model);
  press("ArrowRight", host.querySelector<HTMLElement>(".bpviz-slider")!);
  press(" ", host.querySelector<HTMLElement>('[aria-label="Forward"]')!);
  press("2", host.querySelector<HTMLElement>("select")!);
  expect(model.get("cursor")).toBe(0);
});

test.each([
  ["step", "xor", "Step panel: 2-2-1 network on XOR"],
  ["buglab", "xor", "Bug lab: 2-2-1 network on XOR"],
  ["training", "wide", "Training panel: 16-32-16-4 network"],
])("a %s panel of %s is called %s", (view, name, called) => {
  open(new FakeModel({ ...traits(name), _view: view }));
  expect(["role", "aria-label"].map((name) => root().getAttribute(name))).toEqual([
    "region",
    called,
  ]);
});

test.each(["Close help", "Escape"])("the focus is back where it was after %s", (way) => {
  open(new FakeModel(traits("xor")));
  const help = host.querySelector<HTMLElement>('[aria-label="Help"]')!;
  help.focus();
  click("Help");
  expect(document.activeElement!.getAttribute("aria-label")).toBe("Close help");
  if (way === "Escape") press("Escape", document.activeElement as HTMLElement);
  else click(way);
  expect(document.activeElement).toBe(help);
});

test("a model that is closed lets its numbers go when its last view is gone", () => {
  const model = new FakeModel(traits("xor"));
  const widget = panel();
  const close = widget.initialize({ model });
  const other = document.createElement("div");
  const undraw = [host, other].map((el) => widget.render({ model, el }));
  const held = () => ["_program", "_frames"].filter((name) => model.get(name) !== undefined);
  undraw[0]!();
  close();
  expect(held()).toEqual(["_program", "_frames"]);
  undraw[1]!();
  expect(held()).toEqual([]);
});

test("a panel that cannot be drawn says why", () => {
  const { program } = fixture("xor");
  const [first, ...others] = program.operations;
  const broken = { ...program, operations: [{ ...first!, writes: "q1" }, ...others] };
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  open(new FakeModel({ ...traits("xor"), _program: broken }));
  expect(text('[role="alert"]')).toContain("there is no register q1");
});

test("mount needs no model", () => {
  show({ ...traits("three_two_one"), cursor: 1e9 });
  expect(at("h2[0]")).toBe("0.485");
  act(() => render(null, host));
});

describe("numbers that were lost are said to be lost", () => {
  const WORDS = "The numbers of this panel were lost. Run its cell again to have them back.";
  const SETTINGS = { epochs: 500, learning_rate: 0.01, mistakes: [] };
  const run = { _settings: SETTINGS, _mistake_choices: [], _total_frames: 2000 };
  const lab = { _right_program: fixture("xor").program, _mistake_choices: [] };

  test.each([
    ["step", {}],
    ["training", { ...run, _losses: null, _status: "paused" }],
    ["training", { ...run, _status: "paused" }],
    ["training", { ...run, stepping: true }],
    ["buglab", { ...lab, _checks: [] }],
    ["buglab", lab],
  ])("in a %s panel", (_view, more) => {
    for (const lost of [null, {}, new ArrayBuffer(0)]) {
      const values = { ...traits("xor"), ...more, _view, _frames: lost, _right_frames: lost };
      let undraw = (): void => undefined;
      act(() => void (undraw = mount(host, { ...values, _inputs: lost, _targets: lost })));
      expect(text(".bpviz-note")).toBe(WORDS);
      expect(host.textContent).not.toMatch(/way|again:/);
      expect(text("[role=alert]")).toBe("");
      act(undraw);
    }
  });
});
