// Program × row: the value of any ref, as one sample of the batch sees it.

import type { Program, Row } from "../protocol/program";
import { registerOf, slot } from "../protocol/program";
import type { NumberStyle } from "../protocol/style";
import { evaluatorOf } from "./evaluate";
import { formatNumber, toldApart } from "./numbers";
import type { Ref } from "./refs";

/** What stands in the place of a number that is asked for. */
export const HIDDEN = "?";

/** The old weight or bias of a new one; null for all other refs. */
export function oldOf(program: Program, ref: Ref): Ref | null {
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

  /** The number that a ref names; a sum of the first terms is added up. */
  readonly value = (ref: Ref): number => (this.hides(ref) ? NaN : this.truth(ref));

  /** The number that a ref names, hidden or not. */
  readonly truth = (ref: Ref): number => {
    const { register, indices, partial, sample = this.sample } = ref;
    if (partial !== undefined)
      return evaluatorOf(this.program).partial(this.row, register, indices, sample, partial);
    return this.row[slot(registerOf(this.program, register), indices, sample)]!;
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
}
