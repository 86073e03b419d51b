// What an update begins with, in the row of another program.

import type { Program, Row } from "../protocol/program";
import { RATE, registerOf, sizeOf } from "../protocol/program";

/** A row that holds the given numbers of another one, as far as it has them, and a learning rate. */
export function givenAgain(from: Program, given: Row, program: Program, rate: number): Row {
  const row = new Float64Array(program.size);
  const written = new Set(program.operations.map(({ writes }) => writes));
  for (const [name, register] of Object.entries(program.registers)) {
    const there = from.registers[name];
    if (written.has(name) || !there || String(there.shape) !== String(register.shape)) continue;
    row.set(given.subarray(there.start, there.start + sizeOf(there)), register.start);
  }
  row[registerOf(program, RATE).start] = rate;
  return row;
}
