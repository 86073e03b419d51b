import { expect, test } from "vitest";
import { formatNumber, localised } from "../src/numbers";

test.each([
  [0, "0"],
  [-0, "0"],
  [1, "1"],
  [0.5, "0.5"],
  [0.48497343084992534, "0.485"],
  [-0.15135720829769789, "−0.1514"],
  [4.983683526, "4.984"],
  [1234.5678, "1235"],
  [123456.7, "123500"],
  [999999, "1×10⁶"],
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
