import { describe, expect, test } from "vitest";
import { Frame } from "../../src/program/frame";
import type { Question, Wrong } from "../../src/state/judging";
import { agrees, digitsOf, judge, wrongNumbers } from "../../src/state/judging";
import { parseRef } from "../../src/program/refs";
import { valueOf } from "../../src/program/evaluate";
import { fixture, wrongAnswers } from "../fixtures";

const { program, frames } = fixture("three_two_one");
const frame = new Frame(program, frames[0]!);
const value = (ref: string, wrong: Wrong[] = []): Question => ({ ref, kind: "number", wrong });
const refused = (question: Question, text: string) => judge(question, text, frame).refused;

describe("a number", () => {
  // δ₁,₁ is −0.000708022, a₁,₁ is 0.24.
  test("is right at the digits that were given, from two on, or within half a percent", () => {
    for (const text of ["-0.00071", "−0.000708", "-7.08e-4", "-0,000708", "-0.000710", "-71/1e5"]) {
      expect([text, judge(value("d1[0]"), text, frame).right]).toEqual([text, true]);
    }
    for (const text of ["-0.00072", "-0.00070800e1", "0.00071", "0", "-0.000704"]) {
      expect([text, judge(value("d1[0]"), text, frame).right]).toEqual([text, undefined]);
    }
    expect(judge(value("a1[0]"), "0.24", frame).right).toBe(true);
    expect(judge(value("a1[0]"), "6/25", frame).right).toBe(true);
    expect(judge(value("x[0]"), "1/2", frame).right).toBe(true);
    expect(judge(value("x[0]"), ".5", frame).right).toBe(true);
  });

  test("that is right but too coarse is no try", () => {
    expect(refused(value("d1[0]"), "-0.0007")).toContain("give three digits");
    expect(refused(value("a1[0]"), "0.2")).toContain("give three digits");
    expect(refused(value("d1[0]"), "-0.00070")).toContain("give three digits");
    expect(refused(value("a1[0]"), "0.3")).toBeUndefined();
  });

  test("must be one", () => {
    for (const text of ["", "  ", "a", "1/0", "0.1.2", "<b>", "NaN", "1 2"]) {
      expect(refused(value("a1[0]"), text)).toContain("not a");
    }
  });

  test("has as many digits as it shows", () => {
    const counts = ["0.24", "-0.00070", "120", "1.20e-7", "0", "1/3", ",5"].map(digitsOf);
    expect(counts).toEqual([2, 2, 3, 3, 0, Infinity, 1]);
  });

  test("of zero is right only as zero", () => {
    expect(agrees(0, 0, 0)).toBe(true);
    expect(agrees(0, 1e-17, 0)).toBe(true);
    expect(agrees(1e-9, 0, 3)).toBe(false);
    expect(agrees(0, 1e-9, 3)).toBe(false);
  });
});

const found = Object.entries(wrongAnswers());
test.each(found)("wrong numbers are those that Python finds: %s", (name, { variants, wrong }) => {
  const { program, frames } = fixture(name);
  wrong.forEach((ofRefs, k) => {
    const frame = new Frame(program, frames[k]!);
    for (const [ref, expected] of Object.entries(ofRefs)) {
      const here = wrongNumbers(value(ref), frame, variants);
      expect([ref, here.map(({ mistakes = [], slip = "" }) => [mistakes, slip])]).toEqual([
        ref,
        expected.map(([, mistakes, slip]) => [mistakes, slip]),
      ]);
      here.forEach((one, number) => {
        const [python] = expected[number]!;
        expect(one.value).toBeCloseTo(python, 12);
        // It is told with its formula where that alone leads to it.
        if (one.formula) expect(valueOf(frame, one.formula)).toBeCloseTo(python, 12);
      });
    }
  });
});

describe("a wrong number", () => {
  const wrong: Wrong[] = [
    { value: -0.00287307, mistakes: ["hidden_derivative_missing"] },
    { value: 0.00070802, mistakes: ["error_sign_flipped"] },
    { slip: "sign", formula: { op: "negate", of: [{ ref: "d1", at: [0] }] } },
    { slip: "other", refs: ["e1[0]"], formula: { ref: "e1", at: [0] } },
    { slip: "other", refs: ["a1[0]"], formula: { ref: "a1", at: [0] } },
    { slip: "other", refs: ["x[2]"], formula: { ref: "x", at: [2] } },
  ];
  const causes = (text: string) => judge(value("d1[0]", wrong), text, frame).causes;

  test("is explained by a mistake before a slip", () => {
    expect(causes("-0.00287")).toEqual([wrong[0]]);
    expect(causes("0.000708")).toEqual([wrong[1]]);
    expect(causes("0.24")).toMatchObject([wrong[4]!]);
    // One digit is enough where it is the whole number.
    expect(causes("-0.2")).toMatchObject([wrong[5]!]);
  });

  test("that two mistakes lead to is told with both", () => {
    const both = [wrong[0]!, { value: -0.002870001, mistakes: ["one_path_only"] }];
    expect(judge(value("d1[0]", both), "-0.00287", frame).causes).toEqual(both);
  });

  test("that the tolerance would let pass is told from the right one", () => {
    // W₁,₁,₁ goes from 0.5 to 0.500177.
    const weight = value("nW1[0,0]", [
      { slip: "other", refs: ["W1[0,0]"], formula: { ref: "W1", at: [0, 0] } },
    ]);
    expect(refused(weight, "0.500")).toContain("give more");
    expect(judge(weight, "0.5", frame).causes).toMatchObject(weight.wrong);
    expect(judge(weight, "0.5000", frame).causes).toMatchObject(weight.wrong);
    expect(judge(weight, "0.5002", frame).right).toBe(true);
  });

  test("that nothing explains is told how far off it is", () => {
    const off = (text: string) => judge(value("d1[0]", wrong), text, frame).off;
    expect(off("-0.0009")).toBe("The sign is right, but it is too far from 0.");
    expect(off("-0.00044")).toBe("The sign is right, but it is too close to 0.");
    expect(off("0.0009")).toBe("The sign is wrong, and it is too far from 0.");
    expect(off("-33")).toBe("The sign is right, but it is too large, by more than ten times.");
    expect(off("0")).toBe("It is not 0.");
    expect(judge(value("b1[0]"), "2", frame).off).toBe("That is too far from 0.");
    expect(causes("-0.0009")).toEqual([]);
    for (const text of ["0.0007", "0.00070"]) {
      expect(off(text)).toBe("Right but for the sign: give three digits.");
    }
  });
});

describe("a choice", () => {
  const flipped: Wrong = { value: 0.0007, mistakes: ["error_sign_flipped"] };
  const sign: Question = {
    ref: "d1[0]",
    kind: "sign",
    wrong: [flipped, { value: 1, slip: "sign" }],
  };

  test("of the sign is right or explained by what changes the sign", () => {
    expect(judge(sign, "negative", frame).right).toBe(true);
    expect(judge(sign, "positive", frame).causes).toEqual([flipped]);
    expect(judge(sign, "zero", frame).causes).toEqual([]);
    expect(refused(sign, "")).toBe("Choose one of the three.");
    expect(judge({ ...sign, ref: "b1[0]" }, "zero", frame).right).toBe(true);
  });

  test("of larger or smaller compares with the partner", () => {
    // W₁,₁,₁ grows from 0.5 to 0.5002, b₁,₁ is not trained.
    const added: Wrong = { value: 0.4998, mistakes: ["gradient_added"] };
    const larger: Question = {
      ref: "nW1[0,0]",
      kind: "larger",
      wrong: [added],
      partner: "W1[0,0]",
    };
    expect(judge(larger, "larger", frame).right).toBe(true);
    expect(judge(larger, "smaller", frame).causes).toEqual([added]);
    const bias: Question = { ref: "nb1[0]", kind: "larger", wrong: [], partner: "b1[0]" };
    expect(judge(bias, "the same", frame).right).toBe(true);
  });

  test("of a direction names first what only turns it round", () => {
    const turned: Wrong = { value: 1 - frame.truth(parseRef("nW1[0,0]")!), mistakes: ["flipped"] };
    const other: Wrong = { value: 0.1, mistakes: ["derivative_of_aggregate"] };
    const larger = (...wrong: Wrong[]): Question => ({
      ref: "nW1[0,0]",
      kind: "larger",
      wrong,
      partner: "W1[0,0]",
    });
    expect(judge(larger(other, turned), "smaller", frame).causes).toEqual([turned]);
    expect(judge(larger(other), "smaller", frame).causes).toEqual([other]);
  });

  test("of inputs must be all of them and no other", () => {
    const early: Wrong = { slip: "early", refs: ["e1[0]"], reads: ["s1[0]", "W2[0,0]", "d2[0]"] };
    const missing: Wrong = { mistakes: ["hidden_derivative_missing"], reads: ["e1[0]"] };
    const question: Question = {
      ref: "d1[0]",
      kind: "inputs",
      wrong: [missing, early],
      inputs: [["e1[0]", "s1[0]"]],
      options: ["e1[0]", "s1[0]", "h1[0]", "W2[0,0]", "d2[0]"],
    };
    expect(judge(question, "s1[0] e1[0]", frame).right).toBe(true);
    expect(judge(question, "e1[0]", frame).causes).toEqual([missing]);
    expect(judge(question, "W2[0,0] s1[0] d2[0]", frame).causes).toEqual([early]);
    expect(judge(question, "h1[0]", frame).off).toBe(
      "Not these: 2 are missing, 1 does not belong there.",
    );
    expect(refused(question, "")).toBe("Choose at least one.");
    const either = { ...question, inputs: [["h1[0]"], ["s1[0]"]] };
    expect(judge(either, "s1[0]", frame).right).toBe(true);
  });
});
