import { describe, expect, test } from "vitest";
import { originOf, resultsOf, sourcesOf } from "../../src/program/provenance";
import type { Program } from "../../src/protocol/program";
import { sampleShape } from "../../src/protocol/program";
import type { Ref } from "../../src/program/refs";
import { parseRef, refKey } from "../../src/program/refs";
import { nameOf } from "../../src/program/words";
import { STEPPED, fixture } from "../fixtures";

/** Every number of a program. */
function entries(program: Program): Ref[] {
  return Object.entries(program.registers).flatMap(([register, { shape, per_sample }]) => {
    const lengths = per_sample ? shape.slice(1) : shape;
    let all: number[][] = [[]];
    for (const n of lengths) all = all.flatMap((at) => [...Array(n).keys()].map((k) => [...at, k]));
    return all.map((indices) => ({ register, indices }));
  });
}

describe.each(STEPPED)("%s", (name) => {
  const { program, steps } = fixture(name);

  test("a number comes from what Python's step reads", () => {
    const axes = new Map(program.operations.map(({ writes, indices }) => [writes, indices.length]));
    for (const depth of ["unit", "term"] as const) {
      for (const { writes, reads } of steps![depth]) {
        const ref = parseRef(writes[0]!)!;
        const isOwn = writes.length === 1 && axes.get(ref.register)! > 1 === (depth === "term");
        if (!isOwn) continue;
        expect(sourcesOf(program, originOf(program, ref)!), writes[0]).toEqual(reads);
      }
    }
  });

  test("what is given comes from nothing, and everything else from something", () => {
    for (const ref of entries(program)) {
      const step = originOf(program, ref);
      expect(step === null, refKey(ref)).toBe(
        /^([xyWb]|[pq][Wb]|learning_rate)\d*$/.test(ref.register),
      );
    }
  });

  test("is used for the numbers that are made from it, and for no others", () => {
    const users = new Map<string, string[]>();
    for (const ref of entries(program)) {
      const step = originOf(program, ref);
      for (const source of step ? sourcesOf(program, step) : []) {
        users.set(source, [...(users.get(source) ?? []), refKey(ref)]);
      }
    }
    for (const ref of [...entries(program), { register: "learning_rate", indices: [] }]) {
      const results = resultsOf(program, ref);
      expect([...results].sort(), refKey(ref)).toEqual((users.get(refKey(ref)) ?? []).sort());
    }
  });
});

test("a whole register comes from and is used for whole registers", () => {
  const { program } = fixture("xor");
  const ref = parseRef("h1")!;
  const step = originOf(program, ref)!;
  expect([step.depth, sourcesOf(program, step)]).toEqual(["layer", ["a1"]]);
  expect(resultsOf(program, ref)).toEqual(["a2", "gW2", "s1"]);
});

test("numbers have names in words", () => {
  const { program } = fixture("xor");
  const names = [
    "x[1]",
    "W1[0,1]",
    "W2[0,1]",
    "b2[0]",
    "e1[1]",
    "gW1[1,0]",
    "nW2[0,0]",
    "loss",
    "W1",
  ];
  expect(names.map((name) => nameOf(program, parseRef(name)!))).toEqual([
    "input 2",
    "weight from input 2 to unit 1 of layer 1",
    "weight from unit 2 of layer 1 to unit 1 of layer 2",
    "bias of unit 1 of layer 2",
    "error that arrives at unit 2 of layer 1",
    "gradient of the weight from input 1 to unit 2 of layer 1",
    "new weight from unit 1 of layer 1 to unit 1 of layer 2",
    "loss of the sample",
    "weights of layer 1",
  ]);
  expect(nameOf(program, parseRef("learning_rate")!)).toBe("learning rate");
  const softmax = fixture("coupled").program;
  expect(nameOf(softmax, parseRef("s1[0,2]")!)).toBe(
    "derivative of activation 1 by aggregate 3 of layer 1",
  );
  expect(sampleShape(softmax.registers["s1"]!)).toEqual([3, 3]);
});
