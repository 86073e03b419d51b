// How a number is written on the screen.

export interface NumberStyle {
  digits: number;
  decimal: "." | ",";
  /** Write a number as a fraction where that is short: 1/3. */
  fractions?: boolean;
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
  const size = Math.abs(value);
  const fraction = style.fractions ? shortFraction(size) : "";
  return sign + (fraction || magnitude(size, style.digits).replace(".", style.decimal));
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

function magnitude(size: number, digits: number): string {
  if (size === Infinity) return "∞";
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return `${Number(mantissa)}×10${superscript(exponent)}`;
  return String(Number(size.toPrecision(digits)));
}
