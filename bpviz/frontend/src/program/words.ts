// The sentence and the line of NumPy of a step, from its operation's templates.

import type { Program, Templates } from "../protocol/program";
import { quantityOf, registerOf } from "../protocol/program";
import type { NumberStyle } from "../protocol/style";
import { refOf } from "./expression";
import type { Frame } from "./frame";
import type { Ref } from "./refs";
import type { Step } from "./steps";
import { formatNumber } from "./numbers";
import { entriesOf, equation } from "./steps";

function chosen(templates: Templates, step: Step): string {
  if (step.depth === "layer") return templates.layer;
  if (step.depth === "unit" || step.indices.length === 0) return templates.unit;
  if (step.operation.indices.length === 2) return templates.term;
  if (step.terms === 1) return templates.unit;
  return step.term === step.terms && templates.last ? templates.last : templates.term;
}

function fill(template: string, fields: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (field, name: string) => String(fields[name] ?? field));
}

function fieldsOf(step: Step): Record<string, string | number> {
  const [i = 0, second] = step.indices;
  const j = second ?? step.term - 1;
  const assign = step.term > 1 ? "+=" : "=";
  return { unit: i + 1, from: j + 1, terms: step.terms, i, j, assign };
}

export function sentence(step: Step, frame: Frame, numbers: NumberStyle): string {
  const template = chosen(step.operation.words, step);
  const fields = fieldsOf(step);
  if (template.includes("{value}")) {
    fields["value"] = frame.text(refOf(equation(step).left), numbers);
  }
  return fill(template, fields);
}

/** So many results are said one by one. */
const FEW = 4;

/** The numbers that a step has written, where its sentence has no room for them. */
export function results(step: Step, frame: Frame, numbers: NumberStyle): string {
  if (chosen(step.operation.words, step).includes("{value}")) return "";
  const refs = entriesOf(frame.program, step);
  if (refs.some(frame.hides)) return "";
  const texts = refs.map((ref) => frame.text(ref, numbers));
  if (texts.length === 1) return `The result is ${texts[0]}.`;
  if (texts.length <= FEW) {
    return `The results are ${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}.`;
  }
  const values = refs.map(frame.value);
  const text = (value: number): string => formatNumber(value, numbers);
  const [least, most] = [text(Math.min(...values)), text(Math.max(...values))];
  return `The results are ${texts.length} numbers from ${least} to ${most}.`;
}

export function codeLine(step: Step): string {
  return fill(chosen(step.operation.code, step), fieldsOf(step));
}

/** What a register is called: "weights of layer 1". */
export function wordsOf(program: Program, register: string): string {
  const { words } = quantityOf(program, register);
  return words.replace("{layer}", String(registerOf(program, register).layer));
}

/** What a ref is called: "weight from input 1 to unit 2 of layer 1". */
export function nameOf(program: Program, { register, indices }: Ref): string {
  const { quantity, layer } = registerOf(program, register);
  const { one } = quantityOf(program, register);
  const [i, j] = indices.map((index) => index + 1);
  if (i === undefined) return wordsOf(program, register);
  if ("xy".includes(quantity)) return `${one} ${i}`;
  const unit = `unit ${i} of layer ${layer}`;
  if (j === undefined) return `${one} ${unit}`;
  if (quantity === "s") return `derivative of activation ${i} by aggregate ${j} of layer ${layer}`;
  return `${one} from ${layer > 1 ? `unit ${j} of layer ${layer - 1}` : `input ${j}`} to ${unit}`;
}
