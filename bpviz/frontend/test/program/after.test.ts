import { expect, test } from "vitest";
import { afterUpdate } from "../../src/program/after";
import { Frame } from "../../src/program/frame";
import { fixture } from "../fixtures";

test("the first lecture's update takes the output nearer to its target of 0.6", () => {
  const { program, frames } = fixture("three_two_one");
  const before = new Frame(program, frames[0]!);
  const after = afterUpdate(before);
  const output = { register: "h2", indices: [0] };
  const loss = { register: "loss", indices: [] };
  expect(before.value(output)).toBeCloseTo(0.48497, 5);
  // By hand: the printed new weights through the same sigmoids.
  expect(after.value(output)).toBeCloseTo(0.48664, 5);
  expect(after.value(loss)).toBeCloseTo(0.5 * (0.48664 - 0.6) ** 2, 5);
  expect(before.value(loss)).toBeCloseTo(0.5 * (0.48497 - 0.6) ** 2, 5);
});
