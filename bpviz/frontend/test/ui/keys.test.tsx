// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { predictions } from "../fixtures";
import { FakeModel, at, click, host, open, press, root, text, traits } from "../opened";

type Pressed = Pick<KeyboardEventInit, "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const CTRL = { ctrlKey: true };
const CMD = { metaKey: true };
const ALT = { altKey: true };
const SHIFT = { shiftKey: true };

/** What Jupyter hears: Notebook 7 before the panel does, JupyterLab when nobody has kept it. */
const heard = { early: vi.fn(), late: vi.fn() };

function early({ target }: Event): void {
  if (!(target as Element).closest("[data-lm-suppress-shortcuts]")) heard.early();
}

beforeEach(() => {
  document.addEventListener("keydown", early, true);
  document.addEventListener("keydown", heard.late);
});

afterEach(() => {
  document.removeEventListener("keydown", early, true);
  document.removeEventListener("keydown", heard.late);
});

/** Press a key; return whether each of the two front ends may use it. */
function jupyterHears(target: Element, key: string, pressed: Pressed = {}): [boolean, boolean] {
  heard.early.mockClear();
  heard.late.mockClear();
  const options = { key, bubbles: true, cancelable: true, ...pressed };
  act(() => void target.dispatchEvent(new KeyboardEvent("keydown", options)));
  return [heard.early.mock.calls.length > 0, heard.late.mock.calls.length > 0];
}

const OURS: [string, Pressed][] = [
  ...[..."012389abcdhijklmovxyz?"].map((key): [string, Pressed] => [key, {}]),
  ...["ArrowRight", "ArrowDown", "Home", "Escape", "Enter", " ", "Delete"].map(
    (key): [string, Pressed] => [key, {}],
  ),
  ["M", SHIFT],
  ["J", SHIFT],
  ["z", CTRL],
  ["Z", { ...CTRL, ...SHIFT }],
  ["y", CTRL],
  ["z", CMD],
];

const THEIRS: [string, Pressed][] = [
  ["s", CTRL],
  ["s", CMD],
  ["C", { ...CTRL, ...SHIFT }],
  ["Enter", SHIFT],
  ["Enter", CTRL],
  ["Enter", ALT],
  ["b", CTRL],
  ["F11", {}],
];

const PLACES = [".bpviz", ".bpviz-help-button", ".bpviz-slider", "[type=radio]", "select"];

test.each([...PLACES, ".bpviz-diagram [data-ref]"])(
  "at %s the panel keeps its keys, and no others",
  (place) => {
    open(new FakeModel({ ...traits("xor"), cursor: 1 }));
    const find = () => host.querySelector(place)!;
    for (const [key, pressed] of OURS) {
      const kept = jupyterHears(find(), key, pressed);
      expect([key, pressed, ...kept]).toEqual([key, pressed, false, false]);
    }
    for (const [key, pressed] of THEIRS) {
      const kept = jupyterHears(find(), key, pressed);
      expect([key, pressed, ...kept]).toEqual([key, pressed, true, true]);
    }
  },
);

test("a field of text keeps what is used to write in it", () => {
  open(new FakeModel({ ...traits("xor"), selection: "W1[0,1]" }));
  act(() => host.querySelector<HTMLElement>('.bpviz-diagram [data-ref="W1[0,1]"]')!.click());
  const field = host.querySelector("[role=spinbutton]")!;
  for (const key of ["a", "c", "v", "x", "z", "ArrowLeft", "Backspace"]) {
    expect([key, ...jupyterHears(field, key, CTRL)]).toEqual([key, false, false]);
  }
  expect(jupyterHears(field, "ArrowUp", ALT)).toEqual([false, false]);
  expect(jupyterHears(field, "s", CTRL)).toEqual([true, true]);
});

test.each([
  ["select", true],
  ["[type=checkbox]", true],
  ["[inputmode=numeric]", true],
  [".bpviz-ask [type=text]", false],
])("? in %s opens the help: %s", (place, opens) => {
  const { mixed } = predictions();
  const given = { version: mixed.version, serial: 0, round: 0, given: {} };
  open(new FakeModel({ ...traits("three_two_one"), _questions: mixed, _given: given }));
  press("End");
  click("Settings");
  root().insertAdjacentHTML("beforeend", '<input inputmode="numeric">');
  press("?", host.querySelector<HTMLElement>(place)!);
  expect(host.querySelector(".bpviz-help") !== null).toBe(opens);
});

test("where numbers cannot be changed, undo is Jupyter's", () => {
  open(new FakeModel({ ...traits("xor"), _view: "training" }));
  expect(jupyterHears(root(), "z", CTRL)).toEqual([true, true]);
});

test("outside a panel every key is Jupyter's, also after the panel had one", () => {
  open(new FakeModel(traits("xor")));
  expect(at("W2[0,0]")).toBe("−0.1514");
  jupyterHears(root(), "d");
  expect(jupyterHears(document.body, "d")).toEqual([true, true]);
  expect(jupyterHears(root().parentElement!, "d")).toEqual([true, true]);
});

describe("while a question is open", () => {
  beforeEach(() => {
    const { mixed } = predictions();
    const given = { version: mixed.version, serial: 0, round: 0, given: {} };
    open(new FakeModel({ ...traits("three_two_one"), _questions: mixed, _given: given }));
  });
  const form = () => host.querySelector<HTMLElement>(".bpviz-ask")!;
  const reveal = () => act(() => form().querySelector<HTMLElement>("button:last-child")!.click());

  test("a number that is typed beside the field goes into it", () => {
    for (const key of ["3", "-", ".", ","]) {
      press("End");
      root().focus();
      press(key);
      expect([key, document.activeElement]).toEqual([key, form().querySelector("input")]);
      expect(text(".bpviz-count")).toBe("Step 3 of 34");
    }
  });

  test("a number that is typed before the question leads to it, and to its field", () => {
    root().focus();
    press("1");
    expect(text(".bpviz-count")).toBe("Step 3 of 34");
    expect(document.activeElement).toBe(form().querySelector("input"));
    reveal();
    press("4");
    const chosen = form().querySelector("[type=radio]");
    expect(document.activeElement).toBe(chosen);
    expect(host.querySelector(".bpviz-diagram")).not.toBeNull();
  });

  test("Shift+Enter in its field answers, and is Jupyter's elsewhere", () => {
    press("End");
    expect(jupyterHears(form().querySelector("input")!, "Enter", SHIFT)).toEqual([false, false]);
    expect(jupyterHears(root(), "Enter", SHIFT)).toEqual([true, true]);
  });

  test("Home and End go on from a button for choosing; arrows stay there", () => {
    press("End");
    reveal();
    press("End");
    const radio = form().querySelector<HTMLElement>("[type=radio]")!;
    const place = text(".bpviz-count");
    press("ArrowLeft", radio);
    expect(text(".bpviz-count")).toBe(place);
    press("Home", radio);
    expect(text(".bpviz-count")).toBe("Step 0 of 34");
  });

  test("all of it is brought into view, and what has nothing to say has no focus", () => {
    const seen: (string | null)[] = [];
    vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
      seen.push(this.classList[0]!);
    });
    root().focus();
    press("End");
    expect(seen).toEqual(["bpviz", "bpviz-step-card", "bpviz-reserved"]);
    reveal();
    // The name of what has the focus is said, and its status: what it holds is said once.
    const place = document.activeElement!;
    expect(["class", "role", "aria-label"].map((name) => place.getAttribute(name))).toEqual([
      "bpviz-question",
      "group",
      "Question",
    ]);
    expect(place.closest("[role=status], [aria-live]")).toBeNull();
    expect(place.querySelector("[role=status]")!.textContent).toMatch(/^○ Shown:/);
    press("ArrowRight");
    expect(document.activeElement).toBe(host.querySelector(".bpviz"));
  });
});
