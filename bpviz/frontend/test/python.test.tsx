// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, test } from "vitest";
import { fixture, predictions } from "./fixtures";
import {
  FakeModel,
  at,
  bytes,
  click,
  host,
  leave,
  open,
  press,
  show,
  text,
  traits,
} from "./opened";

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

describe("what Python sends back", () => {
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
  show({
    ...traits("xor"),
    _questions: each,
    _given: { version: each.version, serial: 0, round: 0, given: {} },
    cursor: 34,
  });
  expect(text(".bpviz-count")).toBe("Step 4 of 34");
  expect(text(".bpviz-ask")).toContain("Show the answer");
  act(() => host.querySelector<HTMLElement>(".bpviz-ask .bpviz-button:last-child")!.click());
  expect(at("h1[1]")).toBe("1.29");
  act(() => render(null, host));
});
