// Expressions: binding of index variables, terms of a sum, values.

import type { Expression, Index, Operator, RefExpression } from "../protocol/program";
import type { Ref } from "./refs";
import { refKey } from "./refs";

export type Binding = Readonly<Record<string, number>>;

export function isRef(expression: Expression): expression is RefExpression {
  return typeof expression === "object" && "ref" in expression;
}

export function isOperator(expression: Expression): expression is Operator {
  return typeof expression === "object" && "op" in expression;
}

function bindIndex(index: Index, binding: Binding): Index {
  return typeof index === "string" ? (binding[index] ?? index) : index;
}

/** Put numbers in the place of index variables, and write every sum out as its terms. */
export function bind(expression: Expression, binding: Binding): Expression {
  if (typeof expression === "number") return expression;
  if (isRef(expression)) {
    const bound: RefExpression = { ...expression };
    if (expression.at) bound.at = expression.at.map((index) => bindIndex(index, binding));
    if (expression.sample !== undefined) bound.sample = bindIndex(expression.sample, binding);
    return bound;
  }
  if (expression.op === "sum" && expression.over !== undefined) {
    const body = expression.of[0] ?? 0;
    const terms = Array.from({ length: expression.count ?? 0 }, (_, value) =>
      bind(body, { ...binding, [expression.over!]: value }),
    );
    return terms.length === 1 ? terms[0]! : { op: "add", of: terms };
  }
  if (expression.op === "log_softmax" && expression.over !== undefined) {
    return { op: "log_softmax", of: operandsOf(expression).map((part) => bind(part, binding)) };
  }
  if (expression.op === "exchanged" && expression.over !== undefined) {
    const index = bindIndex(expression.at![0]!, binding);
    if (typeof index === "number") {
      return bind(expression.of[0]!, { ...binding, [expression.over]: exchanged(index) });
    }
  }
  const bound: Operator = {
    ...expression,
    of: (expression.of ?? []).map((part) => bind(part, binding)),
  };
  if (expression.at) bound.at = expression.at.map((index) => bindIndex(index, binding));
  return bound;
}

/** The index of an entry where the first two have changed places. */
export function exchanged(index: number): number {
  return index < 2 ? 1 - index : index;
}

/** What an operator is applied to, with all values of its variable put into the last operand. */
function operandsOf({ of, over, count = 0 }: Operator): readonly Expression[] {
  if (over === undefined) return of;
  const body = of.at(-1) ?? 0;
  const bodies = Array.from({ length: count }, (_, value) => bind(body, { [over]: value }));
  return [...of.slice(0, -1), ...bodies];
}

/** The number of terms of an expression, without writing them out. */
export function termCount(expression: Expression): number {
  if (!isOperator(expression)) return 1;
  if (expression.op === "add") {
    return expression.of.reduce<number>((count, part) => count + termCount(part), 0);
  }
  return expression.op === "sum" ? (expression.count ?? 0) : 1;
}

/** Term k (from 0) of an expression whose free indices are bound to numbers. */
export function termAt(expression: Expression, k: number, binding: Binding): Expression {
  if (isOperator(expression) && expression.op === "add") {
    let rest = k;
    for (const part of expression.of) {
      const count = termCount(part);
      if (rest < count) return termAt(part, rest, binding);
      rest -= count;
    }
  }
  if (isOperator(expression) && expression.op === "sum" && expression.over !== undefined) {
    return bind(expression.of[0] ?? 0, { ...binding, [expression.over]: k });
  }
  return bind(expression, binding);
}

/** The ref of a leaf whose indices are all bound. */
export function refOf(leaf: RefExpression): Ref {
  return {
    register: leaf.ref,
    indices: (leaf.at ?? []).map(Number),
    partial: leaf.partial,
    sample: leaf.sample === undefined ? undefined : Number(leaf.sample),
  };
}

/** Every ref in a bound expression, in order, each once; entries of any sample count as one. */
export function refsIn(expression: Expression): string[] {
  const found = new Set<string>();
  const visit = (part: Expression): void => {
    if (isRef(part)) found.add(refKey({ ...refOf(part), sample: undefined }));
    else if (isOperator(part)) part.of.forEach(visit);
  };
  visit(expression);
  return [...found];
}
