import { describe, expect, test } from "vitest";
import type { Edit } from "../src/editing";
import { Editing, moved, readNumber, speedOf, stepOf } from "../src/editing";

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

/** A Python that answers when it is told to. */
function python(): { editing: Editing; sent: Record<string, unknown>[]; answer(): void } {
  const sent: Record<string, unknown>[] = [];
  const editing = new Editing((message) => sent.push(message as Record<string, unknown>) > 0);
  const answer = (): void => {
    const serial = sent.findLast(({ kind }) => kind === "edit")!["serial"];
    editing.load((name) => ({ _serial: serial, _can_undo: true })[name]);
  };
  return { editing, sent, answer };
}

const edit = (value: number, begin: boolean, ref = "W1[0,0]"): Edit => {
  return { kind: "edit", ref, value, begin, frame: 0, sample: 0 };
};
const values = (sent: Record<string, unknown>[]): unknown[] =>
  sent.map(({ kind, ref, value, begin }) => (kind === "edit" ? [ref, value, begin] : kind));

describe("changes on their way", () => {
  test("go one at a time; of a fast movement the last value wins", () => {
    const { editing, sent, answer } = python();
    editing.push(edit(1, true));
    for (let value = 2; value <= 50; value++) editing.push(edit(value, false));
    expect(values(sent)).toEqual([["W1[0,0]", 1, true]]);
    expect(editing.newest.value?.value).toBe(50);
    answer();
    expect(values(sent)).toEqual([
      ["W1[0,0]", 1, true],
      ["W1[0,0]", 50, false],
    ]);
    expect(editing.newest.value?.value).toBe(50);
    answer();
    expect(sent).toHaveLength(2);
    expect([editing.newest.value, editing.canUndo.value]).toEqual([null, true]);
  });

  test("keep their order, and each movement stays one that can be undone", () => {
    const { editing, sent, answer } = python();
    editing.push(edit(1, true));
    editing.push(edit(2, true));
    editing.push(edit(3, false));
    editing.push({ kind: "undo" });
    editing.push(edit(4, true, "b1[0]"));
    for (let k = 0; k < 3; k++) answer();
    expect(values(sent)).toEqual([
      ["W1[0,0]", 1, true],
      ["W1[0,0]", 3, true],
      "undo",
      ["b1[0]", 4, true],
    ]);
  });

  test("have numbers of their own, so that no other view's answer counts", () => {
    const { editing, sent } = python();
    editing.push(edit(1, true));
    editing.push(edit(2, false));
    editing.load((name) => ({ _serial: (sent[0]!["serial"] as number) + 1 })[name]);
    expect(sent).toHaveLength(1);
  });

  test("are let go when nobody is there", () => {
    const editing = new Editing(() => {
      editing.drop();
      return false;
    });
    editing.push(edit(1, true));
    expect(editing.newest.value).toBeNull();
  });
});
