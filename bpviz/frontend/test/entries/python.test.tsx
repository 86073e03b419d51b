// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, test, vi } from "vitest";
import { LATE, PATIENCE, SILENT } from "../../src/protocol/exchange";
import { LOST, NOBODY } from "../../src/protocol/kernel";
import { fixture, predictions } from "../fixtures";
import {
  FakeModel,
  answer,
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
  was,
} from "../opened";

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
    expect(model.sent).toMatchObject([{ kind: "frames", start: 2 }]);
    // Till it comes the numbers before it stay, dimmed, so that nothing flickers.
    expect(host.querySelector(".bpviz-step-view")!.getAttribute("aria-busy")).toBe("true");
    expect(at("x[1]")).not.toBe("−1");
    answer(model, "frames", { start: 2 }, [new DataView(bytes(frames.slice(2)))]);
    expect(at("x[1]")).toBe("−1");
    expect(model.sent.map(({ start }) => start)).toEqual([2, 3]);
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

  test("is known by its value, however late it comes", async () => {
    vi.useFakeTimers();
    const model = new FakeModel(traits("xor"));
    open(model);
    press("ArrowRight");
    leave();
    press("ArrowRight");
    vi.advanceTimersByTime(60_000);
    await act(async () => {
      model.set("cursor", 1);
      await Promise.resolve();
    });
    expect(text(".bpviz-count")).toBe("Step 2 of 34");
    // But what Python chooses is followed at once, be it where it was before.
    for (const cursor of [7, 1]) {
      await act(async () => {
        model.set("cursor", cursor);
        await Promise.resolve();
      });
      expect(text(".bpviz-count")).toBe(`Step ${cursor} of 34`);
    }
  });

  test("is no choice of Python's: what is said to who wants to go on stays", async () => {
    const { mixed } = predictions();
    const given = { version: mixed.version, serial: 0, round: 0, given: {} };
    const model = new FakeModel({ ...traits("three_two_one"), _questions: mixed, _given: given });
    open(model);
    const said = () => host.textContent!.includes("Here it is your turn");
    press("End");
    expect(said()).toBe(true);
    await act(() => Promise.resolve());
    expect(said()).toBe(true);
    leave();
    await act(() => Promise.resolve());
    expect(said()).toBe(true);
    press("ArrowLeft");
    expect(said()).toBe(false);
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
    expect(document.activeElement).toBe(host.querySelector(".bpviz-question[role]"));
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

test("two views of one model follow each other, and Python", async () => {
  const model = new FakeModel(traits("xor"));
  const other = document.body.appendChild(document.createElement("div"));
  const widget = open(model);
  let close = (): void => undefined;
  act(() => void (close = widget.render({ model, el: other })));
  const places = () =>
    [host, other].map((box) => box.querySelector(".bpviz-count")!.textContent!.trim());
  const settle = () => act(() => Promise.resolve());
  press("ArrowRight");
  await settle();
  expect(places()).toEqual(["Step 1 of 34", "Step 1 of 34"]);
  leave();
  press("ArrowRight", other.querySelector<HTMLElement>(".bpviz")!);
  await settle();
  expect(places()).toEqual(["Step 2 of 34", "Step 2 of 34"]);
  // The first view told Python 1, which sends it back when both are further.
  model.set("cursor", 1);
  await settle();
  expect(places()).toEqual(["Step 2 of 34", "Step 2 of 34"]);
  model.set("cursor", 3);
  await settle();
  expect(places()).toEqual(["Step 3 of 34", "Step 3 of 34"]);
  act(() => close());
  other.remove();
});

test("an edit to a kernel that is busy says so, then that there may be none", () => {
  const model = new FakeModel(traits("xor"));
  open(model);
  act(() => host.querySelector<HTMLElement>('.bpviz-label [data-ref="W1[0,0]"]')!.click());
  vi.useFakeTimers();
  const said = () => text(".bpviz-silence");
  click("More");
  click("More");
  expect(model.sent.map(({ kind }) => kind)).toEqual(["edit"]);
  act(() => void vi.advanceTimersByTime(LATE));
  expect(said()).toBe("Waiting for Python…");
  act(() => void vi.advanceTimersByTime(SILENT));
  expect(said()).toMatch(/^No answer from Python: there is no kernel, or it is busy/);
  answer(model, "edit");
  expect(said()).toBe("");
  click("More");
  const field = () => host.querySelector<HTMLInputElement>("[role=spinbutton]")!.value;
  const before = Number(field());
  act(() => model.emit("comm_live_update"));
  click("More");
  expect(Number(field())).toBeGreaterThan(before);
  expect(text('[role="alert"] span')).toBe("");
  expect(text(".bpviz-change")).toContain(LOST);
});

test("an edit shows at once, and Python's numbers take its place once it has answered", async () => {
  const { program, frames } = fixture("three_two_one");
  const model = new FakeModel(traits("three_two_one"));
  const settle = () => act(() => Promise.resolve());
  open(model);
  press("End");
  const output = at("h2[0]");
  act(() => host.querySelector<HTMLElement>('.bpviz-diagram [data-ref="W2[0,0]"]')!.click());
  for (let presses = 0; presses < 2; presses++) click("More");
  const shown = at("h2[0]");
  expect(shown).not.toBe(output);
  // What Python answers to the first is older than what shows; it could be anything.
  const old = frames[0]!.slice();
  old[program.registers["h2"]!.start] = 0.111;
  act(() => model.set("_frames", bytes([old])));
  await settle();
  answer(model, "edit");
  expect(at("h2[0]")).toBe(shown);
  const newest = old.slice();
  newest[program.registers["h2"]!.start] = 0.222;
  act(() => model.set("_frames", bytes([newest])));
  await settle();
  answer(model, "edit");
  expect(at("h2[0]")).toBe("0.222");
});

describe("a panel that nobody answers", () => {
  const change = () => {
    act(() => host.querySelector<HTMLElement>('.bpviz-diagram [data-ref="W1[0,1]"]')!.click());
    click("More");
  };

  test("goes on by itself, without waiting for anybody", () => {
    vi.useFakeTimers();
    const model = new FakeModel(traits("three_two_one"));
    open(model);
    act(() => void vi.advanceTimersByTime(PATIENCE));
    change();
    expect(at("W1[0,1]")).toBe("0.11");
    expect(text(".bpviz-change")).toContain(NOBODY);
    act(() => void vi.advanceTimersByTime(SILENT));
    expect(model.sent).toEqual([]);
    expect(text(".bpviz-silence")).toBe("");
  });

  test("waits while its kernel is busy, and takes Python's numbers when it is heard again", () => {
    vi.useFakeTimers();
    const model = new FakeModel(traits("three_two_one"));
    const kernel = { status: "busy" };
    model.widget_manager = { kernel };
    open(model);
    act(() => void vi.advanceTimersByTime(2 * PATIENCE));
    change();
    expect(model.sent.map(({ kind }) => kind)).toEqual(["edit"]);
    kernel.status = "idle";
    act(() => void vi.advanceTimersByTime(PATIENCE));
    expect(text(".bpviz-change")).toContain(NOBODY);
    act(() => model.emit("msg:custom", { kind: "hello", id: model.hello, why: "" }, []));
    expect(text(".bpviz-change")).not.toContain(NOBODY);
    expect(at("W1[0,1]")).toBe("0.1");
  });
});

test("what was changed keeps a mark with its old value, until it is as it was", () => {
  open(new FakeModel(traits("three_two_one")));
  const number = '.bpviz-diagram [data-ref="W1[0,1]"]';
  act(() => host.querySelector<HTMLElement>(number)!.click());
  expect(was("W1[0,1]")).toBe("");
  for (let presses = 0; presses < 2; presses++) click("More");
  expect([was("W1[0,1]"), at("W1[0,1]")]).toEqual(["0.1", "0.12"]);
  const node = host.querySelector<HTMLElement>(number)!;
  node.tabIndex = -1;
  act(() => node.focus());
  expect(node.getAttribute("aria-label")).toBe(
    "weight from input 2 to unit 1 of layer 1: 0.12, changed from 0.1",
  );
  expect(was("W1[0,0]")).toBe("");
  click("Back to 0.1");
  expect([was("W1[0,1]"), at("W1[0,1]")]).toEqual(["", "0.1"]);
});

test("keys that come faster than the field is drawn all count", () => {
  const model = new FakeModel(traits("three_two_one"));
  open(model);
  act(() => host.querySelector<HTMLElement>('.bpviz-diagram [data-ref="W1[0,1]"]')!.click());
  const field = host.querySelector("[role=spinbutton]")!;
  act(() => {
    for (const [k, key] of ["ArrowUp", "ArrowUp", "ArrowDown", "ArrowUp"].entries()) {
      field.dispatchEvent(new KeyboardEvent("keydown", { key, repeat: k > 0, bubbles: true }));
    }
  });
  expect((field as HTMLInputElement).value).toBe("0.12");
  answer(model, "edit");
  expect(model.sent.map(({ value }) => value)).toEqual([0.11, 0.12]);
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
