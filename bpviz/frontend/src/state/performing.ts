// The backward pass as somebody performs it: what each question is called, and what a choice of the
// number that comes next is worth.

import { originOf, sourcesOf } from "../program/provenance";
import { parseRef } from "../program/refs";
import type { Program } from "../protocol/program";
import type { Given, Question, Verdict } from "./judging";

/** What stands for an answer that was shown, and then taken back. */
export const TAKEN_BACK = "○";

/** What tells a question from the others about an update; Python says the same. */
export function questionName({ kind, ref }: Question): string {
  return kind === "next" ? `next ${ref}` : ref;
}

/** An answer that is taken back: what was wrong stays counted, and what was shown is remembered. */
export function reopened(given: Given): Given {
  const { state, tries } = given;
  if (state === "right") return { ...given, state: "open", tries: tries.slice(0, -1) };
  return state === "shown" ? { ...given, state: "open", tries: [...tries, TAKEN_BACK] } : given;
}

/** Of the numbers that are still open, those without which a number cannot be computed. */
export function missing(program: Program, ref: string, open: ReadonlySet<string>): string[] {
  const origin = originOf(program, parseRef(ref)!);
  if (!origin) return [];
  return sourcesOf(program, origin).filter(
    // What is not asked for, such as a new weight of a dirty update, waits for what it is made of.
    (one) => open.has(one) || missing(program, one, open).length > 0,
  );
}

/** What the choice of the number that comes next is worth. */
export function judgeNext(program: Program, chosen: string, open: readonly string[]): Verdict {
  if (!open.includes(chosen)) return { refused: "Choose one of the numbers." };
  const refs = missing(program, chosen, new Set(open));
  return refs.length ? { causes: [{ slip: "next", refs }] } : { right: true };
}
