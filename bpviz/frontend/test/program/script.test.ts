import { describe, expect, test } from "vitest";
import type { CodeLine } from "../../src/program/script";
import {
  openScript,
  pythonNumber,
  scriptLines,
  scriptText,
  tokens,
} from "../../src/program/script";
import type { Frame } from "../../src/program/frame";
import { fixture, frameOf } from "../fixtures";

function linesOf(frame: Frame): CodeLine[] {
  return scriptLines(frame, openScript(frame.program));
}

test.each([
  [1, "1.0"],
  [-0, "-0.0"],
  [0.1, "0.1"],
  [1e-7, "1e-07"],
  [-1.5e-10, "-1.5e-10"],
  [1e16, "1e+16"],
  [123456789012345, "123456789012345.0"],
  [0.0001, "0.0001"],
  [Infinity, "np.inf"],
  [NaN, "np.nan"],
])("%d is %s in Python", (value, text) => {
  expect(pythonNumber(value)).toBe(text);
});

describe("the script", () => {
  test.each(["three_two_one", "xor", "softmax", "coupled", "batch", "functions", "logistic"])(
    "of %s is Python's own",
    (name) => {
      for (const vectors of ["column", "row"] as const) {
        expect(scriptText(linesOf(frameOf(name, { vectors })))).toBe(
          fixture(name).scripts![vectors],
        );
      }
    },
  );

  test("says which operation each line carries out", () => {
    const lines = linesOf(frameOf("xor"));
    const text = (operation: number) =>
      lines
        .find((line) => line.operation === operation)!
        .tokens.map((token) => token.text)
        .join("");
    expect(text(0)).toBe("a1 = W1 @ x + b1");
    expect(lines.filter((line) => line.operation !== null)).toHaveLength(23);
  });

  test("with other numbers has the same lines where none of them stand", () => {
    const frame = frameOf("xor");
    const script = openScript(frame.program);
    const [lines, others] = [scriptLines(frame, script), scriptLines(frame, script)];
    const isSame = lines.map((line, k) => line === others[k]);
    expect(isSame.filter((same) => !same)).toHaveLength(7);
    const given = /= np.array|^learning_rate = /;
    lines.forEach((line, k) => expect(isSame[k]).toBe(!given.test(scriptText([line]))));
  });

  test("gives each number its ref, in the row form too", () => {
    const refs = (vectors: "column" | "row") =>
      linesOf(frameOf("xor", { vectors }))
        .flatMap((line) => line.tokens)
        .filter(({ ref, text }) => ref?.startsWith("W1[") && /\d\.\d/.test(text))
        .map(({ ref, text }) => [ref, Number(text).toFixed(3)]);
    expect(refs("column")).toEqual([
      ["W1[0,0]", "0.979"],
      ["W1[0,1]", "2.241"],
      ["W1[1,0]", "1.868"],
      ["W1[1,1]", "-0.977"],
    ]);
    expect(refs("row").map(([ref]) => ref)).toEqual(["W1[0,0]", "W1[1,0]", "W1[0,1]", "W1[1,1]"]);
  });
});

test("the code of a step shows its refs", () => {
  const refs = (name: string, vectors: "column" | "row", code: string) =>
    tokens(frameOf(name, { vectors }).program, code).flatMap(({ ref }) => ref ?? []);
  expect(refs("xor", "column", "a1[0] += W1[0, 1] * x[1]")).toEqual(["a1[0]", "W1[0,1]", "x[1]"]);
  expect(refs("xor", "row", "a1[0] += W1[1, 0] * x[1]")).toEqual(["a1[0]", "W1[0,1]", "x[1]"]);
  expect(refs("xor", "column", "gW2[0, :] = d2[0] * h1[:]")).toEqual(["gW2", "d2[0]", "h1"]);
  expect(
    refs("batch", "column", "gW1[0, 1] = sum(d1[s, 0] * x[s, 1] for s in range(4)) / 4"),
  ).toEqual(["gW1[0,1]", "d1[0]", "x[1]"]);
});
