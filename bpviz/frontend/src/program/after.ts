// What an update has brought: the same sample, through the network as it is afterwards.

import { evaluatorOf } from "./evaluate";
import { Frame, newOf } from "./frame";
import { registerOf } from "../protocol/program";

/** The frame of a second forward pass, with the new weights and biases in the place of the old. */
export function afterUpdate({ program, row, sample }: Frame): Frame {
  const after = row.slice();
  for (const name of Object.keys(program.registers)) {
    const now = newOf(program, { register: name, indices: [] });
    if (!now) continue;
    const [old, { start, shape }] = [registerOf(program, name), registerOf(program, now.register)];
    const count = shape.reduce((product, length) => product * length, 1);
    after.set(row.subarray(start, start + count), old.start);
  }
  evaluatorOf(program).forward(after);
  return new Frame(program, after, sample);
}
