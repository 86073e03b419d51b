import { expect, test } from "vitest";
import {
  countText,
  DEFAULT_NUMBERS,
  formatNumber,
  localised,
  markText,
  toldApart,
} from "../../src/program/numbers";
import table from "../fixtures/numbers.json";

/** A value as Python's `repr` writes it. */
const valueOf = (text: string): number =>
  ({ inf: Infinity, "-inf": -Infinity, nan: NaN })[text] ?? Number(text);

test("every number of Python's table is written as Python writes it", () => {
  expect(table.numbers.length).toBeGreaterThan(400);
  for (const [value, digits, text] of table.numbers as [string, number, string][]) {
    const written = formatNumber(valueOf(value), { digits, decimal: "." });
    expect(`${value} with ${digits} digits is ${written}`).toBe(
      `${value} with ${digits} digits is ${text}`,
    );
  }
});

test("old and new are told apart by the digits that Python takes", () => {
  for (const [old, now, digits, texts] of table.pairs as [string, string, number, string[]][]) {
    const written = toldApart(valueOf(old), valueOf(now), { digits, decimal: "." });
    expect([old, now, digits, written]).toEqual([old, now, digits, texts]);
  }
});

test("counts have all their digits, as in Python", () => {
  for (const [count, text] of table.counts as [number, string][])
    expect(countText(count, DEFAULT_NUMBERS)).toBe(text);
  expect(countText(1234567, { decimal: "," })).toBe("1\u202f234\u202f567");
});

test("old and new with a decimal comma and as fractions", () => {
  expect(toldApart(0.5, 0.49995, { digits: 4, decimal: "," })).toEqual(["0,50000", "0,49995"]);
  const style = { digits: 4, decimal: ".", fractions: true } as const;
  expect(toldApart(0.5, 0.25, style)).toEqual(["1/2", "1/4"]);
});

test.each([
  [0.1 + 0.2, "0.3"],
  [2.5e-17, "2.5×10⁻¹⁷"],
  [0.475, "0.475"],
  [0, "0"],
])("the mark %d of an axis is %s", (value, text) => {
  expect(markText(value, { decimal: "." })).toBe(text);
});

test.each([
  [0, "0"],
  [-0, "0"],
  [1, "1"],
  [0.5, "0.5"],
  [0.48497343084992534, "0.485"],
  [-0.15135720829769789, "−0.1514"],
  [4.983683526, "4.984"],
  [1234.5678, "1235"],
  [0.15625, "0.1563"],
  [12345, "12345"],
  [123456.7, "123457"],
  [999999, "999999"],
  [0.0001, "0.0001"],
  [0.00009999999, "0.0001"],
  [0.0000123456, "1.235×10⁻⁵"],
  [-2.5e12, "−2.5×10¹²"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
  [NaN, "not a number"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("more digits and a decimal comma", () => {
  expect(formatNumber(-4.98368353, { digits: 7, decimal: "," })).toBe("−4,983684");
});

test.each([
  [0.5, "1/2"],
  [-1 / 3, "−1/3"],
  [0.1 * 3, "3/10"],
  [0.01, "1/100"],
  [2.5, "5/2"],
  [4, "4"],
  [0.37, "0.37"],
  [0.33, "0.33"],
  [0.4849734, "0.485"],
])("%d as a fraction, where that is short, is %s", (value, text) => {
  expect(formatNumber(value, { digits: 4, decimal: ".", fractions: true })).toBe(text);
});

test("names of samples follow the decimal comma", () => {
  const name = "sample 1 of 4: x = (0.5, −1), y = 0.25";
  expect(localised(name, { digits: 4, decimal: "," })).toBe(
    "sample 1 of 4: x = (0,5; −1), y = 0,25",
  );
  expect(localised(name, { digits: 4, decimal: "." })).toBe(name);
});
