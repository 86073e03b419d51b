// What an update has brought: the same sample, through the network as it is afterwards.

import { evaluatorOf } from "./evaluate";
import { Frame, newOf } from "./frame";
import { registerOf, sizeOf } from "../protocol/program";

/** The frame of a second forward pass, with the new weights and biases in the place of the old. */
export function afterUpdate({ program, row, sample }: Frame): Frame {
  const after = row.slice();
  for (const name of Object.keys(program.registers)) {
    const now = newOf(program, { register: name, indices: [] });
    if (!now) continue;
    const from = registerOf(program, now.register);
    const numbers = row.subarray(from.start, from.start + sizeOf(from));
    after.set(numbers, registerOf(program, name).start);
  }
  evaluatorOf(program).forward(after);
  return new Frame(program, after, sample);
}
