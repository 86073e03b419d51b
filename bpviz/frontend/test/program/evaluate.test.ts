import { describe, expect, test } from "vitest";
import { Evaluator, evaluatorOf } from "../../src/program/evaluate";
import { termAt } from "../../src/program/expression";
import { Frame } from "../../src/program/frame";
import type { Program, Row } from "../../src/protocol/program";
import { fixture, STEPPED } from "../fixtures";
import { plainValue } from "../plain";

/** A row of which only what no operation writes is left. */
function givenOnly(program: Program, row: Row): Row {
  const bare = row.slice();
  for (const { writes } of program.operations) {
    const { start, shape } = program.registers[writes]!;
    bare.fill(NaN, start, start + shape.reduce((product, length) => product * length, 1));
  }
  return bare;
}

describe.each([...STEPPED, "wide"])("an update of %s", (name) => {
  const { program, frames } = fixture(name);

  test("is computed anew from what is given", () => {
    for (const row of frames) {
      const made = givenOnly(program, row);
      expect(made.some(Number.isNaN)).toBe(true);
      new Evaluator(program).update(made);
      made.forEach((value, k) => expect(value).toBeCloseTo(row[k]!, 12));
    }
  });

  test("has its losses after a forward pass", () => {
    const made = givenOnly(program, frames[0]!);
    new Evaluator(program).forward(made);
    const { start, shape } = program.registers["loss"]!;
    for (let k = start; k < start + (shape[0] ?? 1); k++) {
      expect(made[k]).toBeCloseTo(frames[0]![k]!, 12);
    }
    expect(made[program.registers["d1"]!.start]).toBeNaN();
  });
});

test("sums of the first terms are those terms added up", () => {
  const { program, frames } = fixture("softmax");
  const frame = new Frame(program, frames[0]!);
  const { element, indices } = program.operations.find(({ writes }) => writes === "a2")!;
  let sum = 0;
  for (let terms = 1; terms <= 5; terms++) {
    sum += plainValue(termAt(element, terms - 1, { [indices[0]!]: 1 }), frame.value);
    expect(evaluatorOf(program).partial(frames[0]!, "a2", [1], 0, terms)).toBeCloseTo(sum, 14);
  }
  expect(sum).toBeCloseTo(frame.value({ register: "a2", indices: [1] }), 14);
  expect(() => evaluatorOf(program).partial(frames[0]!, "x", [0], 0, 1)).toThrow("x is given");
});

test("shares that underflow to 0 leave a loss that is a number", () => {
  const { program, frames } = fixture("softmax");
  const row = frames[0]!.slice();
  const { start } = program.registers["b2"]!;
  row.set([0, 2000, -2000], start);
  new Evaluator(program).forward(row);
  const at = (register: string, k = 0): number => row[program.registers[register]!.start + k]!;
  expect([at("h2", 0), at("h2", 1), at("h2", 2)]).toEqual([0, 1, 0]);
  expect(at("y", 0)).toBe(1);
  expect(at("loss")).toBeCloseTo(at("a2", 1) - at("a2", 0), 9);
});

test("an operator of a version to come has no value, and does no harm", () => {
  const { program, frames } = fixture("three_two_one");
  const operations = program.operations.map((operation) =>
    operation.writes === "h2" ? { ...operation, element: { op: "fold", of: [1, 2] } } : operation,
  );
  const row = frames[0]!.slice();
  new Evaluator({ ...program, operations }).update(row);
  expect(row[program.registers["h2"]!.start]).toBeNaN();
  expect(row[program.registers["h1"]!.start]).toBe(frames[0]![program.registers["h1"]!.start]);
});
