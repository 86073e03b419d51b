// How a number is written on the screen.

export interface NumberStyle {
  digits: number;
  decimal: "." | ",";
}

export const DEFAULT_NUMBERS: NumberStyle = { digits: 4, decimal: "." };

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return (exponent < 0 ? "⁻" : "") + digits.join("");
}

/**
 * Write a number with so many significant digits, as Python's `number_text` does: a true minus
 * sign, no zeros at the end, a power of ten only below 10⁻⁴ and from 10⁶ on.
 */
export function formatNumber(value: number, style: NumberStyle = DEFAULT_NUMBERS): string {
  if (Number.isNaN(value)) return "not a number";
  if (value === 0) return "0";
  const sign = value < 0 ? "−" : "";
  return sign + magnitude(Math.abs(value), style.digits).replace(".", style.decimal);
}

function magnitude(size: number, digits: number): string {
  if (size === Infinity) return "∞";
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return `${Number(mantissa)}×10${superscript(exponent)}`;
  return String(Number(size.toPrecision(digits)));
}
