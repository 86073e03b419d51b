import { describe, expect, test } from "vitest";
import { isOperator, isRef } from "../../src/program/expression";
import { registerNamed, renamed, written } from "../../src/program/notation";
import type { Expression } from "../../src/protocol/program";
import { subscript } from "../../src/ui/symbols";
import { fixture, frameOf } from "../fixtures";

/** An expression as short text: T for transpose, * for products. */
function short(part: Expression): string {
  if (typeof part === "number") return String(part);
  if (isRef(part)) return part.at ? `${part.ref}[${part.at.join()}]` : part.ref;
  if (!isOperator(part)) return "";
  const of = part.of.map(short);
  if (part.op === "transpose") return `${of[0]}.T`;
  const signs: Record<string, string> = {
    add: "+",
    subtract: "-",
    multiply: "*",
    matmul: "@",
    hadamard: "∘",
  };
  return signs[part.op] ? `(${of.join(signs[part.op])})` : `${part.op}(${of.join()})`;
}

const arrays = (name: string, vectors: "column" | "row"): Record<string, string> =>
  Object.fromEntries(
    frameOf(name, { vectors }).program.operations.map(({ writes, array }) => [
      writes,
      short(array),
    ]),
  );

describe("row vectors", () => {
  test("turn every product round, and nothing else", () => {
    const column = arrays("three_two_one", "column");
    const row = arrays("three_two_one", "row");
    expect([column["a1"], row["a1"]]).toEqual(["((W1@x)+b1)", "((x@W1)+b1)"]);
    expect([column["e1"], row["e1"]]).toEqual(["(W2.T@d2)", "(d2@W2.T)"]);
    expect([column["gW1"], row["gW1"]]).toEqual(["(d1@x.T)", "(x.T@d1)"]);
    expect(row["loss"]).toBe("(0.5*((h2-y)@(h2-y).T))");
    for (const name of ["h1", "d1", "gb1", "uW1", "nW1", "nb2"])
      expect(row[name]).toBe(column[name]);
  });

  test("leave the matrix of softmax's derivatives as it is", () => {
    expect(arrays("coupled", "column")["d1"]).toBe("(s1.T@e1)");
    expect(arrays("coupled", "row")["d1"]).toBe("(e1@s1)");
    expect(arrays("coupled", "row")["s1"]).toBe("softmax_derivative(h1)");
  });

  test("put the input before its weight in each term, and turn the weight's indices", () => {
    const { program } = frameOf("three_two_one", { vectors: "row" });
    expect(short(program.operations[0]!.element)).toBe("(sum((x[j]*W1[i,j]))+b1[i])");
    expect(subscript(program, { register: "W1", indices: [1, 0] })).toBe("1,1,2");
    expect(subscript(program, { register: "a1", indices: [1] })).toBe("1,2");
    expect(subscript(fixture("three_two_one").program, { register: "W1", indices: [1, 0] })).toBe(
      "1,2,1",
    );
  });

  test("use the code of the row form", () => {
    const { program } = frameOf("xor", { vectors: "row" });
    expect(program.operations[0]!.code.layer).toBe("a1 = x @ W1 + b1");
    expect(program.operations[0]!.code.term).toBe("a1[{i}] {assign} W1[{j}, {i}] * x[{j}]");
  });
});

test("z and a are put for a and h in code, but not in comments, fields and other words", () => {
  const notation = { vectors: "column", symbols: "z/a" } as const;
  expect(renamed("h1[{i}] {assign} np.maximum(0, a1[{i}])", notation)).toBe(
    "a1[{i}] {assign} np.maximum(0, z1[{i}])",
  );
  expect(renamed("    return h * (1 - h)", notation)).toBe("    return a * (1 - a)");
  expect(renamed("# the samples, one a row", notation)).toBe("# the samples, one a row");
  const { program } = frameOf("xor", notation);
  expect(["z1", "a1", "W1", "np"].map((name) => registerNamed(program, name))).toEqual([
    "a1",
    "h1",
    "W1",
    undefined,
  ]);
});

test("a program in a notation is made once", () => {
  const { program } = fixture("xor");
  const one = written(program, { vectors: "row", symbols: "a/h" });
  expect(written(program, { vectors: "row", symbols: "a/h" })).toBe(one);
  expect(written(program, { vectors: "column", symbols: "a/h" })).not.toBe(one);
});
