import { describe, expect, test } from "vitest";
import { Frame } from "../../src/program/frame";
import { checkGradient } from "../../src/program/gradients";
import { parseRef } from "../../src/program/refs";
import { STEPPED, fixture, frameOf } from "../fixtures";

test.each(STEPPED)("the gradients of %s are checked as Python checks them", (name) => {
  const { program, frames, checks } = fixture(name);
  const frame = new Frame(program, frames[0]!);
  for (const [ref, analytic, numerical, note] of checks!) {
    const check = checkGradient(frame, parseRef(ref)!);
    expect(check.ref).toBe(ref);
    expect(check.analytic, ref).toBeCloseTo(analytic, 12);
    expect(check.numerical, ref).toBeCloseTo(numerical, 8);
    expect(check.note.slice(0, 30), ref).toBe(note.slice(0, 30));
  }
});

describe("the error against ε", () => {
  test("is least between the bend of the loss and the rounding of its digits", () => {
    const { epsilon, errors, relativeError, kink } = checkGradient(
      frameOf("three_two_one"),
      parseRef("W2[0,1]")!,
    );
    expect([epsilon.length, epsilon[0], epsilon.at(-1)]).toEqual([49, 1e-12, 1]);
    const best = epsilon[errors.indexOf(Math.min(...errors))]!;
    expect(best).toBeGreaterThan(1e-8);
    expect(best).toBeLessThan(1e-2);
    expect(errors[0]).toBeGreaterThan(1e-6);
    expect(relativeError).toBeLessThan(1e-8);
    expect(kink).toBeNull();
  });

  test("names the aggregate that a large ε carries across the kink of ReLU", () => {
    const { program, frames } = fixture("xor_corrected");
    const frame = new Frame(program, frames[2]!);
    const { kink, kinkNote } = checkGradient(frame, parseRef("b1[0]")!);
    const distance = Math.abs(frame.value(parseRef("a1[0]")!));
    expect(kink).toBeGreaterThan(distance);
    expect(kink).toBeLessThanOrEqual(distance * 10 ** 0.25);
    expect(kinkNote).toContain("at a kink of ReLU: a1[0] is ");
  });

  test("is that of a mistake, whatever ε is", () => {
    const frame = frameOf("xor");
    const wrong = fixture("xor").checks!.find(([, analytic, numerical, note]) => {
      return !note && Math.abs(analytic - numerical) > 1e-3;
    });
    expect(wrong).toBeDefined();
    const { errors, relativeError } = checkGradient(frame, parseRef(wrong![0])!);
    expect(relativeError).toBeGreaterThan(1e-3);
    expect(Math.min(...errors)).toBeGreaterThan(1e-6);
  });
});
