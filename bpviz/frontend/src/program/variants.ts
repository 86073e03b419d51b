// An update by other formulas, such as those of a mistake: what a number of it comes to.

import type { Expression, Formula, Operation } from "../protocol/program";
import { Evaluator } from "./evaluate";
import { bind } from "./expression";
import { Frame } from "./frame";
import type { Ref } from "./refs";

/** What another rule computes otherwise. */
export interface Variant {
  mistakes?: string[];
  /** What is done instead, where that is no mistake. */
  slip?: string;
  /** What it makes of the parameters first. */
  start?: Formula[];
  formulas: Formula[];
  /** The registers in the order in which they are written, where that is another one. */
  order?: string[];
}

/** What a number comes to. */
export interface Outcome {
  value: number;
  /** How, where its own formula is another one. */
  formula?: Expression | undefined;
}

/** How a number is computed by a variant, where its own formula is another one. */
export function formulaOf({ formulas }: Variant, { register, indices }: Ref) {
  const [i = 0, j = 0] = indices;
  const other = formulas.find(({ writes }) => writes === register);
  return other && bind(other.element, { i, j });
}

/** What a number comes to where a variant is made in its step, in its layer, and everywhere. */
export function outcomes(variant: Variant, { program, row, sample }: Frame, ref: Ref): Outcome[] {
  const usual = new Map(program.operations.map((one) => [one.writes, one]));
  const own = usual.get(ref.register)!;
  const { start = [], formulas, order = [...usual.keys()] } = variant;
  const operations = order.map((register) => {
    const one = usual.get(register)!;
    const other = formulas.find(({ writes }) => writes === register);
    return other ? { ...other, layer: one.layer } : one;
  }) as Operation[];
  const evaluator = new Evaluator({ ...program, start, operations });
  const valueWhere = (isMade?: (one: Operation) => boolean): number => {
    const numbers = row.slice();
    if (!isMade) evaluator.begin(numbers);
    evaluator.update(numbers, isMade);
    return new Frame(program, numbers, sample).truth(ref);
  };
  return [
    { value: valueWhere(({ writes }) => writes === own.writes), formula: formulaOf(variant, ref) },
    { value: valueWhere(({ layer }) => layer === own.layer) },
    { value: valueWhere() },
  ];
}
