// What can be switched of a rule without Python, and why some of it cannot show.

import type { Forms } from "../../program/forms";
import { shows } from "../../program/forms";
import type { Switches } from "../../protocol/messages";
import type { Program } from "../../protocol/program";
import type { Choice } from "./training";

/** Mistakes that are settings of the rule: one switch stands for both. */
export const DIRTY = "updated_weights_used";
export const UNTRAINED = "biases_not_trained";

/** Switches with one of them turned. */
export function turned<Some extends Switches>(switches: Some, name: string, on: boolean): Some {
  const others = switches.mistakes.filter((other) => other !== name);
  if (name === DIRTY) {
    return { ...switches, mistakes: others, update: on ? "dirty" : "simultaneous" };
  }
  if (name === UNTRAINED) return { ...switches, mistakes: others, train_biases: !on };
  return { ...switches, mistakes: on ? [...others, name] : others };
}

/** The choices beside what a program has on; what makes no difference there says what it needs. */
export function choicesUnder(
  choices: readonly Choice[],
  forms: Forms | null,
  { rule, samples }: Program,
  rate: number,
  optimizer = "",
): Choice[] {
  const names = rule.mistakes.map(({ name }) => name);
  const now = { ...rule, mistakes: names, optimizer };
  const known = forms?.sizes.some((size) => size.samples === samples);
  return choices.map((choice) => {
    const { name, title, unseen_at = [], needs } = choice;
    if (!forms || !known || !forms.sizes.some(({ switches }) => switches.includes(name)))
      return choice;
    const without = { ...now, mistakes: names.filter((other) => other !== name) };
    const isSeen = shows(forms, samples, without, {
      ...without,
      mistakes: [...without.mistakes, name],
    });
    const reason = isSeen && !unseen_at.includes(rate) ? "" : `“${title}” needs ${needs}`;
    return { ...choice, on: names.includes(name), reason };
  });
}
