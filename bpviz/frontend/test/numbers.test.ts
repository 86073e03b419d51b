import { expect, test } from "vitest";
import { formatNumber } from "../src/numbers";

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
