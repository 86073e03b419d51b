import { describe, expect, test } from "vitest";
import { Frame } from "../../src/program/frame";
import { SHOWN_PATHS, isFused, pathsOf, trueValue, workOf } from "../../src/program/paths";
import type { Program } from "../../src/protocol/program";
import { parseRef, refKey } from "../../src/program/refs";
import { fixture } from "../fixtures";

function frameOf(name: string, k = 0): Frame {
  const { program, frames } = fixture(name);
  return new Frame(program, frames[k]!);
}

/** Every weight and bias of a network. */
function parameters({ network: { sizes } }: Program): string[] {
  return sizes
    .slice(1)
    .flatMap((units, l) =>
      Array.from({ length: units }, (_, i) => [
        `b${l + 1}[${i}]`,
        ...Array.from({ length: sizes[l]! }, (_, j) => `W${l + 1}[${i},${j}]`),
      ]).flat(),
    );
}

describe("the sum over all paths", () => {
  test.each(["three_two_one", "xor_corrected", "softmax", "kinked", "batch", "wide"])(
    "is the gradient of every weight and bias: %s",
    (name) => {
      const { frames, program } = fixture(name);
      for (const k of frames.keys()) {
        const frame = frameOf(name, k);
        for (const ref of parameters(program)) {
          const gradient = frame.value(parseRef(`g${ref}`)!);
          expect(pathsOf(frame, parseRef(ref)!).mean, ref).toBeCloseTo(gradient, 12);
        }
      }
    },
  );

  test("is not the gradient where the error passed through updated weights, but with those it is", () => {
    const frame = frameOf("coupled");
    const ref = parseRef("W1[0,1]")!;
    const gradient = frame.value(parseRef("gW1[0,1]")!);
    expect(Math.abs(pathsOf(frame, ref).mean - gradient)).toBeGreaterThan(1e-5);
    expect(pathsOf(frame, ref, "nW").mean).toBeCloseTo(gradient, 12);
  });

  test("leaves a mistake in the slope of ReLU out", () => {
    const frame = frameOf("xor", 3);
    const dead = [0, 1].filter((i) => frame.value(parseRef(`a1[${i}]`)!) <= 0);
    expect(dead.length).toBeGreaterThan(0);
    for (const i of dead) {
      const slope = parseRef(`s1[${i}]`)!;
      expect([frame.value(slope), trueValue(frame, slope)]).toEqual([1, 0]);
      expect(Math.abs(frame.value(parseRef(`gb1[${i}]`)!))).toBeGreaterThan(0);
      expect(pathsOf(frame, parseRef(`b1[${i}]`)!).mean).toBeCloseTo(0, 15);
    }
  });
});

describe("a path", () => {
  test("goes from the weight's input to the loss", () => {
    const { shown, count } = pathsOf(frameOf("xor_corrected"), parseRef("W1[0,1]")!);
    expect(count).toBe(1);
    expect(shown[0]!.factors.map(refKey)).toEqual(["x[1]", "s1[0]", "W2[0,0]", "s2[0]", "e2[0]"]);
  });

  test("goes through every activation of a softmax layer, and ends at δ where that is all", () => {
    const softmax = frameOf("softmax");
    expect(isFused(softmax.program)).toBe(true);
    const { shown, count } = pathsOf(softmax, parseRef("b1[2]")!);
    expect(count).toBe(3);
    expect(shown.map(({ factors }) => factors.map(refKey).at(-1)).sort()).toEqual([
      "d2[0]",
      "d2[1]",
      "d2[2]",
    ]);
    const coupled = pathsOf(frameOf("coupled"), parseRef("W1[1,0]")!);
    expect(coupled.count).toBe(3 * 2);
    expect(new Set(coupled.shown.map(({ factors }) => refKey(factors[1]!)))).toEqual(
      new Set(["s1[0,1]", "s1[1,1]", "s1[2,1]"]),
    );
  });

  test("is shown if it is one of the largest", () => {
    const frame = frameOf("wide");
    const { shown, count } = pathsOf(frame, parseRef("W1[3,5]")!);
    expect(count).toBe(16 * 4);
    expect(shown).toHaveLength(SHOWN_PATHS);
    const value = (ref: string): number => frame.value(parseRef(ref)!);
    const all: number[] = [];
    for (let k = 0; k < 16; k++) {
      for (let m = 0; m < 4; m++) {
        const tail = value(`W3[${m},${k}]`) * value(`s3[${m}]`) * value(`e3[${m}]`);
        all.push(value("x[5]") * value("s1[3]") * value(`W2[${k},3]`) * value(`s2[${k}]`) * tail);
      }
    }
    const largest = all.sort((a, b) => Math.abs(b) - Math.abs(a)).slice(0, SHOWN_PATHS);
    shown.forEach(({ product }, k) => expect(product).toBeCloseTo(largest[k]!, 15));
  });
});

test("multiplications are counted by hand", () => {
  const small = fixture("three_two_one").program;
  // Layer 1: 6 weights with 4 each, 2 biases with 3; layer 2: 2 weights with 2, a bias with 1.
  // With δ: 2 + 1 for the deltas, 2 for the error, 6 + 2 for the weights.
  expect(workOf(small, parseRef("W1[0,1]")!)).toEqual({ alone: 4, byPaths: 35, byDeltas: 13 });
  expect(workOf(small, parseRef("b2[0]")!).alone).toBe(1);
  const wide = workOf(fixture("wide").program, parseRef("W1[0,1]")!);
  expect(wide.alone).toBe(16 * 4 * 6);
  expect(wide.byPaths / wide.byDeltas).toBeGreaterThan(100);
});
