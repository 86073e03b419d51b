// Where a number came from, and what is made from it.

import { isOperator, isRef, refsIn } from "./expression";
import type { Expression, Index, Program } from "../protocol/program";
import { registerOf, sampleShape } from "../protocol/program";
import type { Ref } from "./refs";
import { refKey } from "./refs";
import type { Step } from "./steps";
import { Steps, readsOf } from "./steps";

/** The step that writes a number or a register by itself, at whatever depth; null if given. */
export function originOf(program: Program, ref: Ref): Step | null {
  const operation = program.operations.find(({ writes }) => writes === ref.register);
  if (!operation) return null;
  const axes = operation.indices.length;
  const depth = axes && !ref.indices.length ? "layer" : axes > 1 ? "term" : "unit";
  const steps = new Steps(program, depth);
  return steps.at(steps.knownAt(ref));
}

/** The numbers that a step computes with. */
export function sourcesOf(program: Program, step: Step): string[] {
  return readsOf(program, step);
}

/** The numbers that are computed from a number or a register, in the order of the algorithm. */
export function resultsOf(program: Program, ref: Ref): string[] {
  const found = new Set<string>();
  for (const operation of program.operations) {
    const { element, array, writes } = operation;
    if (isWhole(program, ref)) {
      if (refsIn(array).includes(ref.register)) found.add(writes);
      continue;
    }
    visit(element, (register, at) => {
      const bound = register === ref.register && bindingOf(at, ref.indices);
      if (!bound) return;
      const lengths = sampleShape(registerOf(program, writes));
      let entries: number[][] = [[]];
      operation.indices.forEach((name, axis) => {
        const fixed = bound[name];
        const values = fixed === undefined ? [...Array(lengths[axis]).keys()] : [fixed];
        entries = entries.flatMap((entry) => values.map((value) => [...entry, value]));
      });
      for (const indices of entries) found.add(refKey({ register: writes, indices }));
    });
  }
  return [...found];
}

/** Whether a ref means all numbers of an array. */
export function isWhole(program: Program, { register, indices }: Ref): boolean {
  return !indices.length && sampleShape(registerOf(program, register)).length > 0;
}

function visit(part: Expression, leaf: (register: string, at: readonly Index[]) => void): void {
  if (isRef(part)) leaf(part.ref, part.at ?? []);
  else if (isOperator(part)) part.of.forEach((one) => visit(one, leaf));
}

/** The values of index variables at which `at` means these indices; null if at none. */
function bindingOf(
  at: readonly Index[],
  indices: readonly number[],
): Record<string, number> | null {
  const bound: Record<string, number> = {};
  for (const [axis, index] of at.entries()) {
    const wanted = indices[axis]!;
    const known = typeof index === "number" ? index : (bound[index] ??= wanted);
    if (known !== wanted) return null;
  }
  return bound;
}
