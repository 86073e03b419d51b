// Program × row: the value of any ref, as one sample of the batch sees it.

import { evaluate } from "./expression";
import type { NumberStyle } from "./numbers";
import { formatNumber, toldApart } from "./numbers";
import type { Program, Row } from "../protocol/program";
import { RATE, registerOf, slot } from "../protocol/program";
import type { Ref } from "./refs";
import { bind, termAt } from "./expression";

/** What stands in the place of a number that is asked for. */
export const HIDDEN = "?";

/** The old weight or bias of a new one; null for all other refs. */
function oldOf(program: Program, ref: Ref): Ref | null {
  const isNew = ["nW", "nb"].includes(program.registers[ref.register]?.quantity ?? "");
  return isNew && ref.partial === undefined ? { ...ref, register: ref.register.slice(1) } : null;
}

/** The new weight or bias of an old one; null for all other refs. */
export function newOf(program: Program, ref: Ref): Ref | null {
  const isOld = ["W", "b"].includes(program.registers[ref.register]?.quantity ?? "");
  const register = `n${ref.register}`;
  return isOld && register in program.registers ? { ...ref, register } : null;
}

export class Frame {
  constructor(
    readonly program: Program,
    readonly row: Row,
    readonly sample = 0,
    /** Whether a number must not be seen: then it is NaN for all views. */
    readonly hides: (ref: Ref) => boolean = () => false,
  ) {}

  /** The number that a ref names; a sum of the first terms is added up here. */
  readonly value = (ref: Ref): number => (this.hides(ref) ? NaN : this.truth(ref));

  /** The number that a ref names, hidden or not. */
  readonly truth = (ref: Ref): number => {
    if (ref.partial !== undefined) return this.partialSum(ref, ref.partial);
    if (ref.register === RATE) return this.program.rule.learning_rate;
    const register = registerOf(this.program, ref.register);
    return this.row[slot(register, ref.indices, ref.sample ?? this.sample)]!;
  };

  /**
   * The number as text, a question mark where it is hidden. A new weight or bias has the digits in
   * which it differs from the old one; so has the old one where both are seen (`beside`).
   */
  text(ref: Ref, style: NumberStyle, beside = false): string {
    if (this.hides(ref)) return HIDDEN;
    const old = oldOf(this.program, ref);
    if (old) return toldApart(this.truth(old), this.truth(ref), style)[1];
    const now = beside ? newOf(this.program, ref) : null;
    if (now && !this.hides(now)) return toldApart(this.truth(ref), this.truth(now), style)[0];
    return formatNumber(this.truth(ref), style);
  }

  private partialSum(ref: Ref, terms: number): number {
    const operation = this.program.operations.find(({ writes }) => writes === ref.register);
    if (!operation) throw new Error(`${ref.register} is given; it is no sum`);
    const binding = Object.fromEntries(
      operation.indices.map((name, axis) => [name, ref.indices[axis]!]),
    );
    let sum = 0;
    for (let k = 0; k < terms; k++) {
      const term = evaluate(bind(termAt(operation.element, k, binding), {}), this.value);
      sum = k === 0 ? term : sum + term;
    }
    return sum;
  }
}
