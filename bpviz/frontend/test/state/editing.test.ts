import { describe, expect, test } from "vitest";
import type { Edit } from "../../src/state/editing";
import { Exchange } from "../../src/protocol/exchange";
import { NO_KERNEL } from "../../src/protocol/kernel";
import { Editing, moved, readNumber, speedOf, stepOf } from "../../src/state/editing";
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

const edit = (value: number, begin: boolean, ref = "W1[0,0]"): Edit => {
  return { ref, value, begin, frame: 0, sample: 0 };
};
const values = (sent: Sent[]): unknown[] =>
  sent.map(({ kind, ref, value, begin }) => (kind === "edit" ? [ref, value, begin] : kind));

describe("changes on their way", () => {
  function opened() {
    const { exchange, sent, answer } = python();
    return { editing: new Editing(exchange), sent, answer };
  }

  test("go one at a time; of a fast movement the last value wins", () => {
    const { editing, sent, answer } = opened();
    editing.change(edit(1, true));
    for (let value = 2; value <= 50; value++) editing.change(edit(value, false));
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
    expect(editing.newest.value).toBeNull();
  });

  test("keep their order, and each movement stays one that can be undone", () => {
    const { editing, sent, answer } = opened();
    editing.change(edit(1, true));
    editing.change(edit(2, true));
    editing.change(edit(3, false));
    editing.turn("undo");
    editing.turn("undo");
    editing.change(edit(4, true, "b1[0]"));
    for (let k = 0; k < 5; k++) answer();
    expect(values(sent)).toEqual([
      ["W1[0,0]", 1, true],
      ["W1[0,0]", 3, true],
      "undo",
      "undo",
      ["b1[0]", 4, true],
    ]);
  });

  test("are let go when nobody is there, and that is said", () => {
    const said: string[] = [];
    const exchange = new Exchange((why) => void said.push(why));
    const editing = new Editing(exchange);
    exchange.attach(() => {
      throw new Error("the comm is closed");
    });
    editing.change(edit(1, true));
    expect(editing.newest.value).toBeNull();
    expect(said).toEqual([NO_KERNEL]);
  });
});
