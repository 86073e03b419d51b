// How a number is written on the screen.

import type { NumberStyle } from "../protocol/style";

export const DEFAULT_NUMBERS: NumberStyle = { digits: 4, decimal: "." };

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return (exponent < 0 ? "⁻" : "") + digits.join("");
}

/**
 * Write a number with so many significant digits, equal to the character with what Python's
 * `number_text` writes: a true minus sign, no zeros at the end, a power of ten only below 10⁻⁴ and
 * from 10⁶ on. A tie goes away from zero, as JavaScript rounds, and digits before the point are
 * never rounded away.
 */
export function formatNumber(value: number, style: NumberStyle = DEFAULT_NUMBERS): string {
  if (Number.isNaN(value)) return "not a number";
  if (value === 0) return "0";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  const fraction = style.fractions ? shortFraction(size) : "";
  return sign + (fraction || magnitude(size, style.digits).replace(".", style.decimal));
}

/** So many significant digits tell every number from its neighbours. */
const ALL_DIGITS = 17;

/**
 * Write two numbers with as few digits as tell them apart, but no fewer than usual, and with
 * equally many decimals (0 is 0), as Python's `told_apart` does: 0.1 and 0.09993 are 0.10000 and 0.09993.
 */
export function toldApart(old: number, now: number, style: NumberStyle): [string, string] {
  const wanted = { ...style, digits: digitsToTell(old, now, style) };
  const [one, other] = [formatNumber(old, wanted), formatNumber(now, wanted)];
  if (one === other || !PLAIN.test(one) || !PLAIN.test(other)) return [one, other];
  const decimalsOf = (text: string): number => (text.split(style.decimal)[1] ?? "").length;
  const decimals = Math.max(decimalsOf(one), decimalsOf(other));
  // All digits are the number's own: `toFixed` rounds its exact value.
  const fixed = (value: number, text: string): string =>
    decimals && text !== "0"
      ? (value < 0 ? "−" : "") + Math.abs(value).toFixed(decimals).replace(".", style.decimal)
      : text;
  return [fixed(old, one), fixed(now, other)];
}

/** As many digits as it takes to tell two numbers apart, but no fewer than usual. */
export function digitsToTell(one: number, other: number, style: NumberStyle): number {
  for (let digits = style.digits; digits <= ALL_DIGITS; digits++) {
    const wanted = { ...style, digits };
    if (formatNumber(one, wanted) !== formatNumber(other, wanted)) return digits;
  }
  return style.digits;
}

const PLAIN = /^−?[\d.,]+$/;

/** Write the mark of an axis, which is a round number, with all digits that it has. */
export function markText(value: number, { decimal }: Pick<NumberStyle, "decimal">): string {
  return formatNumber(value, { digits: SURE_DIGITS, decimal });
}

/** So many digits hold before the error of adding up steps, as 0.1 + 0.2, shows. */
const SURE_DIGITS = 14;

/** Write a count with all its digits, in groups of three: 12,345. */
export function countText(count: number, { decimal }: Pick<NumberStyle, "decimal">): string {
  const group = decimal === "," ? "\u202f" : ",";
  return String(count)
    .replace("-", "−")
    .replace(/\B(?=(\d{3})+$)/g, group);
}

const LARGEST_DENOMINATOR = 100;
const LONGEST_FRACTION = 5;
/** Numbers count as a fraction if they differ from it by no more than rounding does. */
const ROUNDING = 1e-13;

function shortFraction(size: number): string {
  if (Number.isInteger(size)) return "";
  for (let below = 2; below <= LARGEST_DENOMINATOR; below++) {
    const above = Math.round(size * below);
    if (above && Math.abs(above / below - size) <= ROUNDING * size) {
      const text = `${above}/${below}`;
      return text.length <= LONGEST_FRACTION ? text : "";
    }
  }
  return "";
}

/** A number with every digit that tells it from its neighbours. */
export function exactNumber(value: number, { decimal }: NumberStyle): string {
  return String(value).replace("-", "−").replace(".", decimal);
}

/** Text with numbers in it that Python wrote, such as the name of a sample. */
export function localised(text: string, { decimal }: NumberStyle): string {
  if (decimal === ".") return text;
  return text
    .replace(/\(.*?\)/g, (list) => list.replace(/, /g, "; "))
    .replace(/(\d)\.(\d)/g, "$1,$2");
}

const LEAST_EXPONENT = -4;
const LARGEST_EXPONENT = 5;

function magnitude(size: number, digits: number): string {
  if (size === Infinity) return "∞";
  const whole = Math.round(size);
  if (whole >= 10 ** digits && whole < 10 ** (LARGEST_EXPONENT + 1)) return String(whole);
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= LEAST_EXPONENT && exponent <= LARGEST_EXPONENT) {
    return withoutTrailingZeros(shifted(mantissa!, exponent));
  }
  return `${withoutTrailingZeros(mantissa!)}×10${superscript(exponent)}`;
}

/** Move the point of a number with one digit before it, without computing: 1.5, −2 is 0.015. */
function shifted(mantissa: string, exponent: number): string {
  const figures = mantissa.replace(".", "");
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${figures}`;
  const before = exponent + 1;
  const padded = figures.padEnd(before, "0");
  return padded.length > before ? `${padded.slice(0, before)}.${padded.slice(before)}` : padded;
}

function withoutTrailingZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
