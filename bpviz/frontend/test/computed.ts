// What an update is that comes from Python, once its formulas are computed here.

import { Evaluator } from "../src/program/evaluate";
import type { Program } from "../src/protocol/program";
import { decodeNumbers } from "../src/protocol/program";

export interface Update {
  program: Program;
  row: string;
  begins: boolean;
}

export function computed({ program, row, begins }: Update): string {
  const numbers = decodeNumbers(Uint8Array.from(atob(row), (byte) => byte.charCodeAt(0)));
  const evaluator = new Evaluator(program);
  if (begins) evaluator.begin(numbers);
  evaluator.update(numbers);
  return btoa(String.fromCharCode(...new Uint8Array(numbers.buffer)));
}
