// What a notebook need not hold of a panel: the words of the mistakes, which the extension has itself;
// bpviz/panels/known_words.py does the same, and makes mistakes.json.

import type { Values } from "../src/state/wire";
import mistakes from "./mistakes.json";

const CHOICES = "_mistake_choices";
const KNOWN: Record<string, Choice> = mistakes;

type Choice = Record<string, unknown>;

export function withoutWords(values: Values): Values {
  const kept = choicesOf(values)?.map((choice) => {
    const known = KNOWN[String(choice["name"])] ?? {};
    const isOwn = ([name, one]: [string, unknown]): boolean =>
      JSON.stringify(one) !== JSON.stringify(known[name]);
    return Object.fromEntries(Object.entries(choice).filter(isOwn));
  });
  return kept ? { ...values, [CHOICES]: kept } : values;
}

export function withWords(values: Values): Values {
  const whole = choicesOf(values)?.map((choice) => ({
    ...KNOWN[String(choice["name"])],
    ...choice,
  }));
  return whole ? { ...values, [CHOICES]: whole } : values;
}

function choicesOf(values: Values): Choice[] | undefined {
  const choices = values[CHOICES];
  return Array.isArray(choices) ? (choices as Choice[]) : undefined;
}
