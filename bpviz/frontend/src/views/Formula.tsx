// The formula of the current step: in symbols, with its numbers, and the result.

import type { VNode } from "preact";
import { bind, evaluate, isOperator, isRef, refOf, termCount } from "../expression";
import type { Frame } from "../frame";
import type { NumberStyle } from "../numbers";
import type { Expression, RefExpression } from "../protocol";
import { sampleShape, registerOf } from "../protocol";
import { refKey } from "../refs";
import type { RefRole } from "../state";
import type { Equation, Step } from "../steps";
import { equation, rowLength, termOf } from "../steps";
import { packed, shownTerms, widthOf } from "./lines";
import type { Writing } from "./math";
import { elided, marked, math, numberNode } from "./math";
import { mo } from "./symbols";

export interface FormulaProps {
  step: Step;
  frame: Frame;
  numbers: NumberStyle;
  /** The width of the formula's place, in em. */
  room: number;
  /** Break lines as if every number were as long as can be; for reserving room. */
  longest?: boolean;
  roleOf(ref: string): RefRole;
}

const SHOWN_EQUATIONS = 5;

export function Formula(props: FormulaProps): VNode {
  const { step, frame, numbers, roleOf } = props;
  const base = { frame, numbers, roleOf };
  const symbols: Writing = { ...base, mode: "symbols" };
  const values: Writing = { ...base, mode: "numbers" };
  const length = rowLength(frame.program, step);
  const rows =
    length === null
      ? wholeEquation(props, equation(step), symbols, values)
      : elided(length, SHOWN_EQUATIONS).flatMap((column) =>
          column < 0 ? [dots()] : shortEquation(props, equation(step, column), symbols, values),
        );
  return (
    <math class="bpviz-math" displaystyle>
      <mtable class="bpviz-equations">{rows}</mtable>
    </math>
  );
}

function line(left: VNode | null, sign: string, right: VNode | VNode[]): VNode {
  return (
    <mtr>
      <mtd>{left}</mtd>
      <mtd>{sign && mo(sign, "infix")}</mtd>
      <mtd>{right}</mtd>
    </mtr>
  );
}

function dots(): VNode {
  return line(<mo>⋮</mo>, "", []);
}

/** One equation of a unit's row: symbols = numbers = result, on one line or on two. */
function shortEquation(
  { room, longest = false }: FormulaProps,
  { left, right }: Equation,
  symbols: Writing,
  values: Writing,
): VNode[] {
  const equals = mo("=", "infix");
  const ofSymbols = math(symbols, left);
  const result = [...(isPlain(right) ? [] : [math(values, right), equals]), math(values, left)];
  const widths = [
    widthOf(symbols, left, longest),
    widthOf(symbols, right, longest),
    widthOf(values, right, longest),
    widthOf(values, left, longest),
  ];
  const together = widths.reduce((total, width) => total + width + 1.3, 0) <= room;
  if (together) return [line(ofSymbols, "=", [math(symbols, right), equals, ...result])];
  return [line(ofSymbols, "=", math(symbols, right)), line(null, "=", result)];
}

function wholeEquation(
  props: FormulaProps,
  { left, right }: Equation,
  symbols: Writing,
  values: Writing,
): VNode[] {
  const { step, frame } = props;
  if (step.terms > 1) return sumSoFar(props, { left, right }, symbols, values);
  const result = math(values, left);
  const rows = sumLines(props, left, terms(right), symbols).map((content, k) =>
    k ? line(null, "", content) : line(math(symbols, left), "=", content),
  );
  if (!isPlain(right) && !isTotal(right)) {
    sumLines(props, left, terms(right), values).forEach((content, k) =>
      rows.push(line(null, k ? "" : "=", content)),
    );
  }
  if (typeof right !== "number" || sampleShape(registerOf(frame.program, left.ref)).length) {
    rows.push(line(null, "=", result));
  }
  return rows;
}

/** Whether putting numbers in would only repeat the result. */
function isPlain(expression: Expression): boolean {
  return typeof expression === "number" || isRef(expression);
}

/** Whether it adds up over the samples of a batch as arrays; its numbers would fill pages. */
function isTotal(expression: Expression): boolean {
  return isOperator(expression) && (expression.op === "sum" || expression.of.some(isTotal));
}

function terms(expression: Expression): Expression[] {
  return isOperator(expression) && expression.op === "add" ? expression.of : [expression];
}

function sumLines(
  { room, longest = false }: FormulaProps,
  left: Expression,
  all: Expression[],
  writing: Writing,
  decorate: (k: number, node: VNode) => VNode = (_, node) => node,
  focus?: number,
): VNode[][] {
  const shown = shownTerms(all.length, focus);
  const widths = shown.map((k) => (k < 0 ? 1 : widthOf(writing, all[k]!, longest)));
  const own = widthOf({ ...writing, mode: "symbols" }, left, false) + 2;
  return packed(widths, room - own).map((places) =>
    places.flatMap((place) => {
      const k = shown[place]!;
      const content = k < 0 ? <mo>⋯</mo> : math(writing, all[k]!, place ? 1 : 0);
      const node = k < 0 ? content : decorate(k, content);
      return place ? [mo("+", "infix"), node] : [node];
    }),
  );
}

/** A term step: the whole sum with the present term marked, then the sum so far. */
function sumSoFar(
  props: FormulaProps,
  { left, right }: Equation,
  symbols: Writing,
  values: Writing,
): VNode[] {
  const { step } = props;
  const all = Array.from({ length: termCount(step.operation.element) }, (_, k) =>
    termOf(step, k + 1),
  );
  const decorate = (k: number, node: VNode): VNode => {
    const place = k + 1 === step.term ? "now" : k < step.term ? "done" : "later";
    return <mrow class={`bpviz-term bpviz-term-${place}`}>{node}</mrow>;
  };
  const entry: RefExpression = { ref: left.ref, ...(left.at && { at: left.at }) };
  const rows = sumLines(props, left, all, symbols, decorate, step.term - 1).map((content, k) =>
    k ? line(null, "", content) : line(math(symbols, entry), "=", content),
  );
  const soFar = <mtext class="bpviz-so-far">so far</mtext>;
  rows.push(line(step.term < step.terms ? soFar : null, "=", math(values, right)));
  const value = evaluate(bind(left, {}), values.frame.value);
  const note =
    step.term < step.terms ? (
      <mtext class="bpviz-so-far">
        &nbsp;after {step.term} of {step.terms} terms
      </mtext>
    ) : null;
  rows.push(
    line(null, "=", [
      marked(values, refKey(refOf(left)), numberNode(values, value)),
      ...(note ? [note] : []),
    ]),
  );
  return rows;
}
