import { describe, expect, test } from "vitest";
import { marksOf, pathOf, shareOf, valueAt } from "../../src/runs/axes";
import { finiteRange } from "../../src/runs/fields";
import { pacesOf } from "../../src/runs/Speed";

describe("the marks of an axis", () => {
  test("are round, and as many as have room", () => {
    expect(marksOf({ low: 0.47, high: 0.66 }, 5)).toEqual([0.5, 0.55, 0.6, 0.65]);
    expect(marksOf({ low: -2, high: 2 }, 4)).toEqual([-2, -1, 0, 1, 2]);
    expect(marksOf({ low: 0, high: 0.35 }, 4)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(marksOf({ low: 1, high: 500 }, 7, true)).toEqual([100, 200, 300, 400, 500]);
  });

  test("are whole where they count", () => {
    expect(marksOf({ low: 1, high: 3 }, 9, true)).toEqual([1, 2, 3]);
    expect(marksOf({ low: 0.5, high: 1.5 }, 9, true)).toEqual([1]);
  });

  test("are powers of ten where it is logarithmic, with parts of them if there is room", () => {
    const axis = { low: 0.004, high: 3, logarithmic: true };
    expect(marksOf(axis, 9)).toEqual([0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(marksOf(axis, 4)).toEqual([0.01, 0.1, 1]);
    expect(marksOf({ low: 1e-9, high: 1, logarithmic: true }, 5)).toEqual([
      1e-9, 1e-7, 1e-5, 1e-3, 0.1,
    ]);
  });

  test("there are none on an axis without length", () => {
    expect(marksOf({ low: 2, high: 2 }, 5)).toEqual([]);
    expect(marksOf({ low: 0, high: 1, logarithmic: true }, 5)).toEqual([]);
  });
});

test("a place on an axis and its value lead to each other", () => {
  for (const axis of [
    { low: 1, high: 5 },
    { low: 0.01, high: 100, logarithmic: true },
  ])
    for (const share of [0, 0.25, 1])
      expect(shareOf(axis, valueAt(axis, share))).toBeCloseTo(share, 12);
  expect(shareOf({ low: 0.01, high: 100, logarithmic: true }, 1)).toBeCloseTo(0.5, 12);
});

describe("the path of a line", () => {
  const at = (values: readonly number[]) => (k: number) => [k, values[k]!] as const;

  test("goes through every point, with gaps where no number is", () => {
    expect(pathOf(4, 10, at([1, 2, NaN, 3]))).toBe("M0.0 1.0L1.0 2.0M3.0 3.0");
    expect(pathOf(2, 10, at([1, -3e300]))).toBe("M0.0 1.0L1.0 -1000000.0");
  });

  test("of very many points keeps the ends and what sticks out", () => {
    const values = Array.from({ length: 10_000 }, (_, k) => (k === 4321 ? -5 : k === 777 ? 9 : 0));
    const path = pathOf(values.length, 100, at(values));
    expect(path).toMatch(/^M0\.0 0\.0L/);
    expect(path).toMatch(/L9999\.0 0\.0$/);
    expect(path).toContain("L4321.0 -5.0");
    expect(path).toContain("L777.0 9.0");
    expect(path.split("L").length).toBeLessThan(810);
  });
});

test("the range of numbers leaves out what is not finite, or not above a bound", () => {
  expect(
    finiteRange([
      [3, NaN, -1],
      [Infinity, 2],
    ]),
  ).toEqual([-1, 3]);
  expect(finiteRange([[3, 0, 0.5]], 0)).toEqual([0.5, 3]);
  expect(finiteRange([[]])).toEqual([1, 1]);
});

test("every speed is faster than the one before, and the last has no end", () => {
  expect(pacesOf(4).map(({ words }) => words)).toEqual([
    "1 update/s",
    "3 updates/s",
    "1 epoch/s",
    "5 epochs/s",
    "20 epochs/s",
    "100 epochs/s",
    "as fast as can be",
  ]);
  expect(pacesOf(1).map(({ pace }) => pace)).toEqual([1, 3, 5, 20, 100, 0]);
});
