// Expressions as MathML: in symbols, and with numbers in the place of the symbols.

import type { VNode } from "preact";
import type { Expression, Operator, Program, RefExpression } from "../protocol/program";
import { quantityOf, registerOf, sampleShape } from "../protocol/program";
import type { NumberStyle } from "../protocol/style";
import { bind, isOperator, isRef, refOf } from "../program/expression";
import type { Frame } from "../program/frame";
import { HIDDEN } from "../program/frame";
import { turns } from "../program/notation";
import { formatNumber } from "../program/numbers";
import type { Ref } from "../program/refs";
import { refKey } from "../program/refs";
import type { RefRole } from "../state/roles";
import { phaseClass } from "./phases";
import { mo, symbol } from "./symbols";

export interface Writing {
  frame: Frame;
  numbers: NumberStyle;
  mode: "symbols" | "numbers";
  /** Whether old weights and biases stand beside the new ones. */
  updates?: boolean;
  roleOf(ref: string): RefRole;
}

/** How tightly an expression holds together; looser ones get parentheses inside tighter ones. */
export const enum Binding {
  Sum,
  Sign,
  Product,
  Power,
}

const SHOWN_ROWS = 4;
const SHOWN_COLUMNS = 4;
export const SHOWN_POWERS = 4;

export function roleClass(role: RefRole): string {
  const names = ["written", "read", "pointed", "selected"] as const;
  const marks = names.filter((name) => role[name]);
  return ["bpviz-ref", ...marks, (role.written || role.read) && phaseClass(role.phase)]
    .filter(Boolean)
    .join(" ");
}

/** A node that stands for a ref: pointing at it lights the ref up in every view. */
export function marked(writing: Writing, ref: string, content: VNode | string): VNode {
  return (
    <mrow class={roleClass(writing.roleOf(ref))} data-ref={ref}>
      {content}
    </mrow>
  );
}

/** A number that is written as `text`. */
function numberNode(text: string): VNode {
  if (!text.startsWith("−")) return <mn>{text}</mn>;
  return (
    <mrow>
      {mo("−", "prefix")}
      <mn>{text.slice(1)}</mn>
    </mrow>
  );
}

function parenthesised(content: VNode): VNode {
  return (
    <mrow>
      {mo("(", "prefix")}
      {content}
      {mo(")", "postfix")}
    </mrow>
  );
}

function operator(text: string): VNode {
  return mo(text, "infix");
}

function called(name: string, parts: VNode[], decimal: string): VNode {
  return (
    <mrow>
      <mi mathvariant="normal">{name}</mi>
      {mo("(", "prefix")}
      {separated(parts, operator(decimal === "," ? ";" : ","))}
      {mo(")", "postfix")}
    </mrow>
  );
}

function separated(parts: VNode[], separator: VNode): VNode {
  return <mrow>{parts.flatMap((part, k) => (k ? [separator, part] : [part]))}</mrow>;
}

/** A bound expression as MathML. `inside` is how tightly what surrounds it binds. */
export function math(
  writing: Writing,
  expression: Expression,
  inside: Binding = Binding.Sum,
): VNode {
  if (typeof expression === "number") {
    return bound(formatNumber(expression, writing.numbers), inside);
  }
  if (isRef(expression)) return leaf(writing, expression, inside);
  return operation(writing, expression, inside);
}

function leaf(writing: Writing, expression: RefExpression, inside: Binding): VNode {
  const { frame } = writing;
  const ref = refOf(expression);
  const key = refKey({ ...ref, sample: undefined });
  if (writing.mode === "symbols") {
    const sample = expression.sample;
    const shown = typeof sample === "number" ? String(sample + 1) : (sample ?? "");
    const node = marked(writing, key, symbol(frame.program, ref, shown));
    return inside === Binding.Power && isFraction(writing, expression) ? parenthesised(node) : node;
  }
  const shape = sampleShape(registerOf(frame.program, expression.ref));
  if (!expression.at && shape.length) return arrayNode(writing, expression.ref);
  if (frame.hides(ref)) return hidden(writing, key);
  const text = frame.text(ref, writing.numbers, writing.updates);
  return bound(text, inside, (number) => marked(writing, key, number));
}

/** A number that is asked for. */
function hidden(writing: Writing, key: string): VNode {
  return marked(writing, key, <mtext class="bpviz-asked">{HIDDEN}</mtext>);
}

/** A number, in parentheses where its sign or its fraction bar would mislead. */
function bound(
  text: string,
  inside: Binding,
  mark: (number: VNode) => VNode = (number) => number,
): VNode {
  const isLoose = inside === Binding.Power && text.includes("/");
  const isNegative = text.startsWith("−");
  const node = mark(numberNode(text));
  return isLoose || (isNegative && inside > Binding.Sum) ? parenthesised(node) : node;
}

/** Whether a power of it would be read as a power of its last part. */
function isTall(base: Expression): boolean {
  return isOperator(base) && ["divide", "power", "exp"].includes(base.op);
}

function operation(writing: Writing, expression: Operator, inside: Binding): VNode {
  const { op, of } = expression;
  const wrap = (own: Binding, node: VNode): VNode => (inside > own ? parenthesised(node) : node);
  const one = (level: Binding): VNode => math(writing, of[0] ?? 0, level);
  switch (op) {
    case "add":
      return wrap(
        Binding.Sum,
        separated(
          of.map((part, k) => math(writing, part, k ? Binding.Sign : Binding.Sum)),
          operator("+"),
        ),
      );
    case "subtract":
      return wrap(
        Binding.Sum,
        <mrow>
          {one(Binding.Sum)}
          {operator("−")}
          {math(writing, of[1]!, Binding.Product)}
        </mrow>,
      );
    case "negate":
      return wrap(
        Binding.Sum,
        <mrow>
          {mo("−", "prefix")}
          {one(Binding.Product)}
        </mrow>,
      );
    case "multiply":
    case "hadamard":
    case "matmul":
      return wrap(Binding.Product, product(writing, expression, inside));
    case "divide":
      return (
        <mfrac>
          {one(Binding.Sum)}
          {math(writing, of[1]!)}
        </mfrac>
      );
    case "power":
      return (
        <msup>
          {isTall(of[0]!) ? parenthesised(one(Binding.Sum)) : one(Binding.Power)}
          {math(writing, of[1]!)}
        </msup>
      );
    case "sqrt":
      return <msqrt>{one(Binding.Sum)}</msqrt>;
    case "exp":
      return (
        <msup>
          <mi>e</mi>
          {one(Binding.Sum)}
        </msup>
      );
    case "transpose":
      return (
        <msup>
          {one(Binding.Power)}
          <mi mathvariant="normal">T</mi>
        </msup>
      );
    case "log_softmax":
      return of.length === 1
        ? called("ln softmax", [one(Binding.Sum)], writing.numbers.decimal)
        : wrap(Binding.Sum, logSoftmax(writing, expression));
    case "step":
    case "step_from_zero":
      return condition(writing, expression);
    case "kronecker":
      return kronecker(expression);
    case "sum":
      return sum(writing, expression);
    default:
      return called(
        expression.name ?? op,
        of.map((part) => math(writing, part)),
        writing.numbers.decimal,
      );
  }
}

function product(writing: Writing, { op, of }: Operator, inside: Binding): VNode {
  // Only a negative number at the very beginning of a sum goes without parentheses.
  const first = of.length > 1 && inside === Binding.Sum && !isOperator(of[0]!);
  return (
    <mrow>
      {of.flatMap((part, k) => {
        const node = math(writing, part, k || !first ? Binding.Product : Binding.Sum);
        return k ? [operator(timesSign(writing, op, of[k - 1]!, part)), node] : [node];
      })}
    </mrow>
  );
}

/** Between symbols nothing is written, between numbers a ×, and a dot where 2 x would mislead. */
export function timesSign(
  writing: Writing,
  op: string,
  left: Expression,
  right: Expression,
): string {
  if (op === "hadamard") return "∘";
  if (op === "matmul") return "\u2062";
  if (writing.mode === "numbers") return "×";
  const plain = (part: Expression): boolean => {
    if (typeof part === "number") return false;
    if (!isRef(part)) return part.op === "subtract";
    return !isFraction(writing, part);
  };
  return plain(left) && plain(right) ? "\u2062" : "·";
}

function isFraction({ frame }: Writing, { ref }: RefExpression): boolean {
  return quantityOf(frame.program, ref).form === "∂L/∂W";
}

/** a − ln(e^a₁ + e^a₂ + …), of many aggregates the first, dots, and the last. */
function logSoftmax(writing: Writing, { of }: Operator): VNode {
  const among = of.slice(1);
  const powers = elided(among.length, SHOWN_POWERS).map((k) =>
    k < 0 ? <mo>⋯</mo> : math(writing, { op: "exp", of: [among[k]!] }),
  );
  return (
    <mrow>
      {math(writing, of[0]!)}
      {operator("−")}
      {called("ln", [separated(powers, operator("+"))], writing.numbers.decimal)}
    </mrow>
  );
}

function condition(writing: Writing, { op, of }: Operator): VNode {
  return (
    <mrow>
      <mn>1</mn>
      <mtext>&nbsp;if&nbsp;</mtext>
      {math(writing, of[0] ?? 0)}
      {operator(op === "step" ? ">" : "≥")}
      <mn>0</mn>
      <mtext>, else&nbsp;</mtext>
      <mn>0</mn>
    </mrow>
  );
}

function kronecker({ at }: Operator): VNode {
  const [i, j] = at ?? [];
  if (typeof i === "number" && typeof j === "number") return <mn>{i === j ? 1 : 0}</mn>;
  return (
    <msub>
      <mi>δ</mi>
      <mrow>
        <mi>{String(i)}</mi>
        <mi>{String(j)}</mi>
      </mrow>
    </msub>
  );
}

function sum(writing: Writing, expression: Operator): VNode {
  return (
    <mrow>
      <munderover>
        {mo("∑", "prefix")}
        <mrow>
          <mi>{expression.over}</mi>
          <mo>=</mo>
          <mn>1</mn>
        </mrow>
        <mn>{expression.count}</mn>
      </munderover>
      {math(writing, bind(expression.of[0] ?? 0, {}), Binding.Product)}
    </mrow>
  );
}

/** The entries to show of so many: all, or the first ones, dots (−1), and the last. */
export function elided(length: number, limit: number): number[] {
  if (length <= limit) return Array.from({ length }, (_, k) => k);
  return [...Array.from({ length: limit - 2 }, (_, k) => k), -1, length - 1];
}

/** A whole register as a matrix, turned as the notation has it: the rows and columns that are shown. */
export function arrayOf(program: Program, register: string): ShownArray {
  const shape = sampleShape(registerOf(program, register));
  const turned = program.notation?.vectors === "row" && turns(program, register);
  const lengths = [shape[0]!, shape[1] ?? 1];
  const [down, across] = turned ? lengths.reverse() : lengths;
  return {
    rows: elided(down!, SHOWN_ROWS),
    columns: elided(across!, SHOWN_COLUMNS),
    at: (row, column) => {
      const indices = (turned ? [column, row] : [row, column]).slice(0, shape.length);
      return { register, indices };
    },
  };
}

interface ShownArray {
  /** Their numbers; −1 for those that are left out. */
  rows: readonly number[];
  columns: readonly number[];
  at(row: number, column: number): Ref;
}

function arrayNode(writing: Writing, register: string): VNode {
  const { rows, columns, at } = arrayOf(writing.frame.program, register);
  const entry = (row: number, column: number): VNode => {
    if (row < 0) return <mo>{column < 0 ? "⋱" : "⋮"}</mo>;
    if (column < 0) return <mo>⋯</mo>;
    const ref = at(row, column);
    if (writing.frame.hides(ref)) return hidden(writing, refKey(ref));
    const text = writing.frame.text(ref, writing.numbers, writing.updates);
    return marked(writing, refKey(ref), numberNode(text));
  };
  return (
    <mtable class="bpviz-array">
      {rows.map((row) => (
        <mtr>
          {columns.map((column) => (
            <mtd>{entry(row, column)}</mtd>
          ))}
        </mtr>
      ))}
    </mtable>
  );
}
