// The value of a formula as it is written, without any care for large numbers or for time.

import type { Expression } from "../src/protocol/program";
import type { Ref } from "../src/program/refs";
import { refOf } from "../src/program/expression";

const MEANING: Readonly<Record<string, (...values: number[]) => number>> = {
  add: (...values) => values.reduce((sum, value) => sum + value),
  subtract: (a, b) => a! - b!,
  multiply: (...values) => values.reduce((product, value) => product * value),
  divide: (a, b) => a! / b!,
  negate: (a) => -a!,
  power: (a, b) => a! ** b!,
  exp: Math.exp,
  ln: Math.log,
  log_softmax: (chosen, ...all) => chosen! - Math.log(all.reduce((s, a) => s + Math.exp(a), 0)),
  max: Math.max,
  tanh: Math.tanh,
  sqrt: Math.sqrt,
  softplus: (a) => Math.log(1 + Math.exp(a!)),
  step: (a) => Number(a! > 0),
  step_from_zero: (a) => Number(a! >= 0),
};

/** The value of a formula whose indices are all numbers. */
export function plainValue(formula: Expression, valueOf: (ref: Ref) => number): number {
  if (typeof formula === "number") return formula;
  if ("ref" in formula) return valueOf(refOf(formula));
  if (formula.op === "kronecker") return Number(formula.at![0] === formula.at![1]);
  return MEANING[formula.op]!(...formula.of.map((part) => plainValue(part, valueOf)));
}
