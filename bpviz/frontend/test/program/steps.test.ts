import { describe, expect, test } from "vitest";
import { bind, refsIn } from "../../src/program/expression";
import { Frame } from "../../src/program/frame";
import { DEFAULT_NUMBERS, formatNumber } from "../../src/program/numbers";
import type { Expression } from "../../src/protocol/program";
import { DEPTHS } from "../../src/protocol/program";
import { parseRef, refKey } from "../../src/program/refs";
import {
  Steps,
  entriesOf,
  equation,
  readsOf,
  rowLength,
  unchanging,
  writesOf,
} from "../../src/program/steps";
import { codeLine, results, sentence } from "../../src/program/words";
import { STEPPED, fixture } from "../fixtures";
import { plainValue } from "../plain";

const numbers = (count: number) => Array.from({ length: count }, (_, k) => k + 1);

describe.each(STEPPED)("the steps of %s", (name) => {
  const { program, frames, steps: python } = fixture(name);
  const frame = new Frame(program, frames[0]!);

  test.each(DEPTHS)("are Python's, by %s", (depth) => {
    const steps = new Steps(program, depth);
    const ours = numbers(steps.count).map((number) => {
      const step = steps.at(number);
      return {
        writes: writesOf(program, step),
        reads: readsOf(program, step),
        words: sentence(step, frame, DEFAULT_NUMBERS),
        code: codeLine(step),
      };
    });
    // Python's words for a batch are those of no sample: they have dots for numbers.
    const number = /…|−?\d+(\.\d+)?(×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?/g;
    const words = (text: string) => (name === "batch" ? text.replace(number, "#") : text);
    const open = ours.map((step) => ({ ...step, words: words(step.words) }));
    const theirs = python![depth].map((step) => ({ ...step, words: words(step.words) }));
    expect(open).toEqual(theirs);
  });

  test.each(DEPTHS)("say each number that they write, or between which all lie, by %s", (depth) => {
    const steps = new Steps(program, depth);
    for (const number of numbers(steps.count)) {
      const step = steps.at(number);
      const words = `${sentence(step, frame, DEFAULT_NUMBERS)} ${results(step, frame, DEFAULT_NUMBERS)}`;
      const said = words
        .match(/−?(\d[\d.]*(×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?|∞)/g)
        ?.map((one) => one.replace(/\.$/, ""));
      // Of a sum that is under way, what it has come to.
      const partial = step.depth === "term" && step.term < step.terms ? { partial: step.term } : {};
      const refs = entriesOf(program, step).map((ref) => ({ ...ref, ...partial }));
      const values = refs.map(frame.value);
      const ends = [Math.min(...values), Math.max(...values)];
      const expected =
        refs.length <= 4
          ? refs.map((ref) => frame.text(ref, DEFAULT_NUMBERS))
          : ends.map((value) => formatNumber(value, DEFAULT_NUMBERS));
      for (const one of expected) expect(said, `${words} (step ${number})`).toContain(one);
    }
  });

  test.each(DEPTHS)("make every number known at the step that writes it, by %s", (depth) => {
    const steps = new Steps(program, depth);
    for (const number of numbers(steps.count)) {
      for (const written of writesOf(program, steps.at(number))) {
        expect(steps.knownAt(parseRef(written)!)).toBe(number);
      }
      for (const read of readsOf(program, steps.at(number))) {
        expect(steps.knownAt(parseRef(read)!)).toBeLessThan(number);
      }
    }
  });

  test.each(["unit", "term"] as const)("compute the numbers of the frame, by %s", (depth) => {
    const steps = new Steps(program, depth);
    for (const number of numbers(steps.count)) {
      const step = steps.at(number);
      const length = rowLength(program, step);
      for (const column of length === null ? [undefined] : numbers(length).map((j) => j - 1)) {
        const { left, right } = equation(step, column);
        const value = frame.value(
          parseRef(
            refKey({
              register: left.ref,
              indices: (left.at ?? []).map(Number),
              partial: left.partial,
            }),
          )!,
        );
        expect(plainValue(right, frame.value)).toBeCloseTo(value, 12);
      }
    }
  });
});

describe("changing the depth", () => {
  const { program } = fixture("three_two_one");
  const [layer, unit, term] = DEPTHS.map((depth) => new Steps(program, depth)) as [
    Steps,
    Steps,
    Steps,
  ];

  test("goes to the end of what the coarser step completed", () => {
    // Layer step 1 writes a1: two units, each of three products and a bias.
    expect(unit.cursorAfter(layer.at(1))).toBe(2);
    expect(term.cursorAfter(layer.at(1))).toBe(8);
    expect(term.cursorAfter(unit.at(1))).toBe(4);
  });

  test("goes to the coarser step that the finer one is part of", () => {
    expect(unit.cursorAfter(term.at(5))).toBe(2);
    expect(layer.cursorAfter(term.at(5))).toBe(1);
  });

  test("there and back leads to the same step", () => {
    for (const coarse of [layer, unit]) {
      for (const number of numbers(coarse.count)) {
        const fine = term.at(term.cursorAfter(coarse.at(number)));
        expect(coarse.cursorAfter(fine)).toBe(number);
      }
    }
  });
});

describe("what changes nothing", () => {
  const { program } = fixture("three_two_one");

  test("takes no step where it is left out, at any depth", () => {
    const skipped = unchanging(program);
    expect([...skipped]).toEqual(["ub1", "nb1", "ub2", "nb2"]);
    const [layer, unit, term] = DEPTHS.map((depth) => new Steps(program, depth, skipped));
    expect([layer!.count, unit!.count, term!.count]).toEqual([19, 28, 51]);
    expect(numbers(28).flatMap((number) => unit!.at(number).operation.writes)).not.toContain("nb1");
    const known = ["nW1[1,2]", "ub1[0]", "nb1[1]", "uW2[0,0]", "nb2[0]"];
    expect(known.map((ref) => unit!.knownAt(parseRef(ref)!))).toEqual([26, 26, 26, 27, 28]);
    // From a step that is left out to the one before.
    expect(unit!.cursorAfter(new Steps(program, "unit").at(30))).toBe(26);
    expect(unit!.bands.at(-1)).toEqual({ phase: "update", first: 23, last: 28 });
  });

  test("is shown where a mistake makes it so", () => {
    const mistaken = program.operations.map((one) => ({ ...one, right: 1 }));
    expect(unchanging({ ...program, operations: mistaken }).size).toBe(0);
  });
});

describe("a wide network", () => {
  const { program, counts } = fixture("wide");

  test("has its steps counted without listing them", () => {
    for (const depth of DEPTHS) expect(new Steps(program, depth).count).toBe(counts[depth]);
    const steps = new Steps(program, "term");
    // Unit 32 of layer 1 has 16 products and a bias: 17 steps for each of 32 units.
    expect(writesOf(program, steps.at(32 * 17))).toEqual(["a1[31]"]);
    expect(writesOf(program, steps.at(32 * 17 - 1))).toEqual(["a1[31]~16"]);
  });

  test("refuses a step that does not exist", () => {
    expect(() => new Steps(program, "layer").at(0)).toThrow("there is no step 0");
  });
});

test("phases follow one another, and interleave with a dirty update", () => {
  const phases = (name: string) =>
    new Steps(fixture(name).program, "layer").bands.map(({ phase }) => phase);
  expect(phases("three_two_one")).toEqual(["forward", "loss", "backward", "update"]);
  expect(phases("xor")).toEqual(["forward", "loss", "backward", "update", "backward", "update"]);
});

test("the logarithm of a share is written out with all aggregates", () => {
  const share: Expression = {
    op: "log_softmax",
    of: [
      { ref: "a1", at: [1] },
      { ref: "a1", at: ["j"] },
    ],
    over: "j",
    count: 2,
  };
  expect(refsIn(bind(share, {}))).toEqual(["a1[1]", "a1[0]"]);
});
