// Computes rows that come from Python, one a line, and says what they are now: the browser's side
// of tests/explain/test_evaluated_in_the_browser.py.

import { createInterface } from "node:readline";
import { Evaluator } from "../src/program/evaluate";
import type { Program } from "../src/protocol/program";
import { decodeNumbers } from "../src/protocol/program";

for await (const line of createInterface(process.stdin)) {
  const { program, row, begins } = JSON.parse(line) as {
    program: Program;
    row: string;
    begins: boolean;
  };
  const numbers = decodeNumbers(Uint8Array.from(atob(row), (byte) => byte.charCodeAt(0)));
  const evaluator = new Evaluator(program);
  if (begins) evaluator.begin(numbers);
  evaluator.update(numbers);
  console.log(btoa(String.fromCharCode(...new Uint8Array(numbers.buffer))));
}
