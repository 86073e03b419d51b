// The formula of the current step: in symbols, with its numbers, and the result.

import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Expression, RefExpression } from "../protocol/program";
import { registerOf } from "../protocol/program";
import type { NumberStyle } from "../protocol/style";
import { isOperator, isRef, termCount } from "../program/expression";
import type { Frame } from "../program/frame";
import { RefSet } from "../program/refs";
import type { Equation, Step } from "../program/steps";
import { equation, rowLength, termOf, writesOf } from "../program/steps";
import type { RefRole } from "../state/roles";
import { useAttention } from "../ui/attention";
import type { Piece } from "../ui/lines";
import { packed, pieces, shownTerms, widthOf } from "../ui/lines";
import type { Writing } from "../ui/math";
import { Binding, elided, math } from "../ui/math";
import { phaseClass } from "../ui/phases";
import { mo } from "../ui/symbols";

export interface FormulaProps {
  step: Step;
  frame: Frame;
  numbers: NumberStyle;
  /** The width of the formula's place, in em. */
  room: number;
  /** The size of its letters, as a share of the usual one. */
  letters?: number | undefined;
  /** Break lines as if every number were as long as can be; for reserving room. */
  longest?: boolean;
  /** Leave the numbers out: they are not computed yet. */
  symbolsOnly?: boolean;
}

/** The size of a formula's letters in pixels, as step.css has it. */
export const FORMULA_EM = 16;
const SHOWN_EQUATIONS = 5;

/** What is pointed at changes often: it is marked in what is drawn, not drawn anew. */
const NO_ROLE = { read: false, pointed: false, selected: false };

export function Formula(props: FormulaProps): VNode {
  const box = useRef<MathMLElement>(null);
  const rows = formulaRows(props);
  useAttention(box, rows);
  return (
    <math ref={box} class="bpviz-math" displaystyle style={sizeOf(props.letters)}>
      <mtable class="bpviz-equations">{rows}</mtable>
    </math>
  );
}

function sizeOf(letters = 1): { fontSize: string } | undefined {
  return letters < 1 ? { fontSize: `${letters * FORMULA_EM}px` } : undefined;
}

/** The lines that a formula takes. */
export function formulaRows(props: FormulaProps): VNode[] {
  const { step, frame, numbers } = props;
  const results = new RefSet(writesOf(frame.program, step));
  const roleOf = (ref: string): RefRole => {
    return { ...NO_ROLE, written: results.meets(ref), phase: step.operation.phase };
  };
  const updates = ["nW", "nb"].includes(registerOf(frame.program, step.operation.writes).quantity);
  const base = { frame, numbers, roleOf, updates };
  const symbols: Writing = { ...base, mode: "symbols" };
  const values: Writing = { ...base, mode: "numbers" };
  const length = rowLength(frame.program, step);
  return length === null
    ? wholeEquation(props, equation(step), symbols, values)
    : elided(length, SHOWN_EQUATIONS).flatMap((column) =>
        column < 0 ? [dots()] : shortEquation(props, equation(step, column), symbols, values),
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

/** One equation of a unit's row: symbols = numbers = result, on as few lines as they need. */
function shortEquation(
  { room, longest = false }: FormulaProps,
  { left, right }: Equation,
  symbols: Writing,
  values: Writing,
): VNode[] {
  const isShown = !isPlain(right);
  const parts = [
    { width: widthOf(symbols, right, longest), node: math(symbols, right) },
    ...(isShown ? [{ width: widthOf(values, right, longest), node: math(values, right) }] : []),
    { width: widthOf(values, left, longest), node: math(values, left) },
  ];
  const own = widthOf(symbols, left, longest) + 1.5;
  const lines = packed(
    parts.map(({ width }) => width),
    room - own,
  );
  return lines.map((places, k) =>
    line(
      k ? null : math(symbols, left),
      "=",
      places.flatMap((place, at) => [...(at ? [mo("=", "infix")] : []), parts[place]!.node]),
    ),
  );
}

function wholeEquation(
  props: FormulaProps,
  { left, right }: Equation,
  symbols: Writing,
  values: Writing,
): VNode[] {
  const { step } = props;
  if (step.terms > 1) return sumSoFar(props, { left, right }, symbols, values);
  const result = math(values, left);
  const arrays = step.depth === "layer";
  const inSymbols = pieces(symbols, right, arrays);
  const rows = brokenLines(props, left, inSymbols, symbols).map((content, k) =>
    k ? line(null, "", content) : line(math(symbols, left), "=", content),
  );
  if (props.symbolsOnly) return rows;
  if (!isPlain(right) && !isTotal(right)) {
    const inNumbers = pieces(values, right, arrays);
    brokenLines(props, left, inNumbers, values).forEach((content, k) =>
      rows.push(line(null, k ? "" : "=", content)),
    );
  }
  if (typeof right !== "number" || arrays) rows.push(line(null, "=", result));
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

/** Pieces on as many lines as they need; of a long sum the terms around `focus`. */
function brokenLines(
  { room, longest = false }: FormulaProps,
  left: Expression,
  all: Piece[],
  writing: Writing,
  decorate: (k: number, node: VNode) => VNode = (_, node) => node,
  focus?: number,
): VNode[][] {
  const shown = shownTerms(all.length, focus);
  const widths = shown.map((k) => (k < 0 ? 1 : widthOf(writing, all[k]!.part, longest)));
  const own = widthOf({ ...writing, mode: "symbols" }, left, false) + 2;
  return packed(widths, room - own).map((places) =>
    places.flatMap((place) => {
      const piece = all[shown[place]!];
      if (!piece) return [mo(all.at(-1)!.sign, "infix"), <mo>⋯</mo>];
      const node = decorate(shown[place]!, math(writing, piece.part, piece.inside));
      return place ? [mo(piece.sign, "infix"), node] : [node];
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
  const count = termCount(step.operation.element);
  const all = Array.from({ length: count }, (_, k): Piece => {
    return { sign: "+", part: termOf(step, k + 1), inside: k ? Binding.Sign : Binding.Sum };
  });
  const decorate = (k: number, node: VNode): VNode => {
    const phase = phaseClass(step.operation.phase);
    const place = k + 1 === step.term ? `now ${phase}` : k < step.term ? "done" : "later";
    return <mrow class={`bpviz-term bpviz-term-${place}`}>{node}</mrow>;
  };
  const entry: RefExpression = { ref: left.ref, ...(left.at && { at: left.at }) };
  const rows = brokenLines(props, left, all, symbols, decorate, step.term - 1).map((content, k) =>
    k ? line(null, "", content) : line(math(symbols, entry), "=", content),
  );
  const soFar = <mtext class="bpviz-so-far">so far</mtext>;
  rows.push(line(step.term < step.terms ? soFar : null, "=", math(values, right)));
  const note =
    step.term < step.terms ? (
      <mtext class="bpviz-so-far">
        &nbsp;after {step.term} of {step.terms} terms
      </mtext>
    ) : null;
  rows.push(line(null, "=", [math(values, left), ...(note ? [note] : [])]));
  return rows;
}
