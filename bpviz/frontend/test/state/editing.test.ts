import { describe, expect, test } from "vitest";
import { Exchange } from "../../src/protocol/exchange";
import { NO_KERNEL } from "../../src/protocol/kernel";
import { Editing, isEditable, moved, readNumber, speedOf, stepOf } from "../../src/state/editing";
import { fixture } from "../fixtures";
import type { Sent } from "../python";
import { python } from "../python";

describe("a typed number", () => {
  test.each([
    ["0.25", 0.25],
    ["-0.25", -0.25],
    ["−0,25", -0.25],
    [" +3 ", 3],
    ["1e-3", 0.001],
    ["1/3", 1 / 3],
    ["-1 / 8", -0.125],
    ["0,5/2", 0.25],
    [".5", 0.5],
    ["7.", 7],
  ])("%s is %d", (text, value) => {
    expect(readNumber(text, "W1[0,0]")).toBe(value);
  });

  test.each(["", "abc", "1/", "1 2", "1,234.5", "0x10", "1e", "--1", "Infinity", "1/2/3"])(
    "“%s” is refused in words",
    (text) => {
      expect(readNumber(text, "x[0]")).toBe(
        `“${text}” is not a number. Write one such as 0.25, -1e-3 or 1/3.`,
      );
    },
  );

  test("that is not finite is refused, and so is a learning rate below 0", () => {
    expect(readNumber("1/0", "x[0]")).toBe("1/0 is not a finite number.");
    expect(readNumber("1e999", "x[0]")).toBe("1e999 is not a finite number.");
    expect(readNumber("-0.1", "learning_rate")).toBe("The learning rate cannot be less than 0.");
    expect(readNumber("0", "learning_rate")).toBe(0);
  });
});

test("a step fits the size of the number, and leaves no dust", () => {
  expect([0, 0.5, -0.6, 4.98, 250].map((value) => stepOf("W1[0,0]", value))).toEqual([
    0.01, 0.01, 0.01, 0.1, 10,
  ]);
  expect(stepOf("learning_rate", 0.01)).toBe(0.001);
  expect(moved("W1[0,0]", 0.1, 0.2)).toBe(0.3);
  expect(moved("learning_rate", 0.01, -1)).toBe(0);
  const [plain, shift, alt] = [
    { shiftKey: false, altKey: false },
    { shiftKey: true, altKey: false },
    { shiftKey: false, altKey: true },
  ];
  expect([plain, shift, alt].map(speedOf)).toEqual([1, 10, 0.1]);
});

test("targets that a loss takes as shares stay from 0 to 1, and alone do not change their sum", () => {
  const shares = { targets: "shares" } as const;
  const outside = "Give a number from 0 to 1.";
  expect(["-0.1", "0", "1", "1.5"].map((text) => readNumber(text, "y[0]", shares))).toEqual([
    outside,
    0,
    1,
    outside,
  ]);
  expect(readNumber("1.5", "x[0]", shares)).toBe(1.5);
  expect(readNumber("1.5", "y[0]", {})).toBe(1.5);
  expect(moved("y[0]", 0.9, 0.3, shares)).toBe(1);
  expect(moved("y[0]", 0.1, -0.3, shares)).toBe(0);
  expect(isEditable("y[0]", shares)).toBe(true);
  expect(isEditable("y[0]", { targets: "distribution" })).toBe(false);
  expect(isEditable("x[0]", { targets: "distribution" })).toBe(true);
});

const values = (sent: Sent[]): unknown[] =>
  sent.map(({ kind, ref, value, begin }) => (kind === "edit" ? [ref, value, begin] : kind));

/** Numbers by their refs, and how often Python's were taken. */
function numbers(values: Record<string, number> = {}) {
  const taken = { count: 0 };
  return {
    values,
    taken,
    place: () => ({ frame: 0, sample: 0 }),
    read: ({ ref }: { ref: string }) => values[ref] ?? 0,
    write: (all: readonly { ref: string; value: number }[]) => {
      for (const { ref, value } of all) values[ref] = value;
      return true;
    },
  };
}

describe("changes on their way", () => {
  function opened() {
    const { exchange, sent, answer } = python();
    const shown = numbers();
    const editing = new Editing(exchange, shown);
    editing.attach(() => void shown.taken.count++);
    return { editing, sent, answer, shown };
  }

  test("show at once, and go one at a time; of a fast movement the last value wins", () => {
    const { editing, sent, answer, shown } = opened();
    editing.edit("W1[0,0]", 1, true);
    for (let value = 2; value <= 50; value++) editing.edit("W1[0,0]", value, false);
    expect(values(sent)).toEqual([["W1[0,0]", 1, true]]);
    expect(shown.values["W1[0,0]"]).toBe(50);
    answer();
    expect(values(sent)).toEqual([
      ["W1[0,0]", 1, true],
      ["W1[0,0]", 50, false],
    ]);
    expect([editing.isAhead, shown.taken.count]).toEqual([true, 0]);
    answer();
    expect(sent).toHaveLength(2);
    expect([editing.isAhead, shown.taken.count]).toEqual([false, 1]);
  });

  test("keep their order, and each movement stays one that can be undone", () => {
    const { editing, sent, answer, shown } = opened();
    editing.edit("W1[0,0]", 1, true);
    editing.edit("W1[0,0]", 2, true);
    editing.edit("W1[0,0]", 3, false);
    editing.turn("undo");
    expect(shown.values).toEqual({ "W1[0,0]": 1 });
    editing.turn("undo");
    expect(shown.values).toEqual({ "W1[0,0]": 0 });
    editing.edit("b1[0]", 4, true);
    for (let k = 0; k < 5; k++) answer();
    expect(values(sent)).toEqual([
      ["W1[0,0]", 1, true],
      ["W1[0,0]", 3, true],
      "undo",
      "undo",
      ["b1[0]", 4, true],
    ]);
  });

  test("that Python refuses give way to Python's numbers", () => {
    const { editing, answer, shown } = opened();
    editing.edit("W1[0,0]", 1, true);
    answer("edit", { why: "the value of W1[0,0] is refused" });
    expect([shown.taken.count, editing.canUndo.value]).toEqual([1, false]);
  });

  test("go on here when nobody is there", () => {
    const said: string[] = [];
    const exchange = new Exchange((why) => void said.push(why));
    const shown = numbers();
    const editing = new Editing(exchange, shown);
    exchange.attach(() => {
      throw new Error("the comm is closed");
    });
    editing.edit("W1[0,0]", 1, true);
    expect(shown.values["W1[0,0]"]).toBe(1);
    expect([editing.isAhead, editing.canUndo.value]).toEqual([false, true]);
    expect(said).toEqual([NO_KERNEL]);
  });
});

describe("changes without Python", () => {
  function alone() {
    const shown = numbers({ "W1[0,0]": 0.5, "x[0]": 1 });
    return { editing: new Editing(new Exchange(), shown), shown };
  }
  const told = (firsts: unknown) => (name: string) =>
    ({ _firsts: firsts, _program: fixture("xor").program })[name];
  const possible = ({ canUndo, canRedo }: Editing) => [canUndo.value, canRedo.value];

  test("are undone and made again, a whole movement at once", () => {
    const { editing, shown } = alone();
    expect(possible(editing)).toEqual([false, false]);
    editing.edit("W1[0,0]", 0.6, true);
    editing.edit("W1[0,0]", 0.7, false);
    editing.edit("x[0]", 2, true);
    editing.turn("undo");
    expect(shown.values).toEqual({ "W1[0,0]": 0.7, "x[0]": 1 });
    editing.turn("undo");
    expect(shown.values).toEqual({ "W1[0,0]": 0.5, "x[0]": 1 });
    expect(possible(editing)).toEqual([false, true]);
    editing.turn("redo");
    editing.turn("redo");
    editing.turn("redo");
    expect(shown.values).toEqual({ "W1[0,0]": 0.7, "x[0]": 2 });
    expect(possible(editing)).toEqual([true, false]);
  });

  test("are all taken back at once, which can be undone, too", () => {
    const { editing, shown } = alone();
    editing.edit("W1[0,0]", 0.6, true);
    editing.edit("x[0]", 2, true);
    editing.edit("W1[0,0]", 0.8, true);
    editing.turn("reset");
    expect(shown.values).toEqual({ "W1[0,0]": 0.5, "x[0]": 1 });
    editing.turn("undo");
    expect(shown.values).toEqual({ "W1[0,0]": 0.8, "x[0]": 2 });
  });

  test("leave nothing to do again once something else is changed", () => {
    const { editing } = alone();
    editing.edit("W1[0,0]", 0.6, true);
    editing.turn("undo");
    editing.edit("W1[0,0]", 0.9, true);
    expect(possible(editing)).toEqual([true, false]);
  });

  test("made before the page was opened are undone at once, and made again", () => {
    const { editing, shown } = alone();
    const first = { ref: "W1[0,0]", value: 0.4, frame: 0, sample: 0 };
    editing.load(told([first]));
    expect(editing.wasOf("W1[0,0]")).toBe(0.4);
    expect(possible(editing)).toEqual([true, false]);
    editing.edit("W1[0,0]", 0.6, true);
    expect([...editing.firsts.value.values()]).toEqual([first]);
    editing.turn("undo");
    editing.turn("undo");
    expect(shown.values).toEqual({ "W1[0,0]": 0.4, "x[0]": 1 });
    expect(possible(editing)).toEqual([false, true]);
    editing.turn("redo");
    expect(shown.values).toEqual({ "W1[0,0]": 0.5, "x[0]": 1 });
    editing.edit("x[0]", 2, true);
    editing.turn("reset");
    expect(shown.values).toEqual({ "W1[0,0]": 0.4, "x[0]": 1 });
  });

  test.each([
    { firsts: "no list" },
    { firsts: [null] },
    { firsts: [{ ref: "W9[0,0]", value: 1, frame: 0, sample: 0 }] },
    { firsts: [{ ref: "x[0]" }, { ref: "<b>", value: 1 }] },
  ])("that a notebook tells wrongly are none: %j", ({ firsts }) => {
    const { editing } = alone();
    editing.load(told(firsts));
    expect(editing.firsts.value.size).toBe(0);
  });
});
