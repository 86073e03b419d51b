// @vitest-environment happy-dom
import { render } from "preact";
import { expect, test } from "vitest";
import type { Expression } from "../../src/protocol/program";
import type { Writing } from "../../src/ui/math";
import { math } from "../../src/ui/math";

const numbers = { style: "decimal", digits: 4, decimal: "." };

function written(expression: Expression): string {
  const element = document.createElement("div");
  render(math({ numbers } as unknown as Writing, expression), element);
  return element.textContent ?? "";
}

test.each([
  [{ op: "power", of: [2, 3] }, "(23)4"],
  [{ op: "divide", of: [2, 3] }, "(23)4"],
  [{ op: "exp", of: [2] }, "(e2)4"],
  [{ op: "add", of: [1, 2] }, "(1+2)4"],
  [{ op: "sqrt", of: [2] }, "24"],
  [-0.5, "(−0.5)4"],
  [3, "34"],
] as [Expression, string][])("the base %j of a power", (base, text) => {
  expect(written({ op: "power", of: [base, 4] })).toBe(text);
});
