// How everything is shown: one set of conventions for all views and for the script.

/** How numbers are written. */
export interface NumberStyle {
  digits: number;
  decimal: "." | ",";
  /** Write a number as a fraction where that is short: 1/3. */
  fractions?: boolean;
}

export type View = "diagram" | "formula" | "matrices" | "code";

export const VIEWS: readonly View[] = ["diagram", "formula", "matrices", "code"];

/** How arrays and quantities are written. */
export interface Notation {
  /** Columns: a = W x, W has one row per unit. Rows: a = x W, W has one column per unit. */
  vectors: "column" | "row";
  /** The letters of aggregate and activation. */
  symbols: "a/h" | "z/a";
}

export interface Style extends NumberStyle, Notation {
  /** Leave out steps that change nothing. */
  skip_unchanged: boolean;
  /** Everything larger and of high contrast. */
  projector: boolean;
  views: readonly View[];
}

export const LEAST_DIGITS = 2;
export const MOST_DIGITS = 8;

export const DEFAULT_STYLE: Style = {
  vectors: "column",
  symbols: "a/h",
  digits: 4,
  decimal: ".",
  fractions: false,
  skip_unchanged: false,
  projector: false,
  views: VIEWS,
};

/** A style made of what is well said in a value; the rest is as usual. */
export function readStyle(value: unknown): Style {
  const given = (value ?? {}) as Partial<Record<keyof Style, unknown>>;
  const digits = Math.round(Number(given.digits ?? DEFAULT_STYLE.digits)) || DEFAULT_STYLE.digits;
  return {
    vectors: given.vectors === "row" ? "row" : "column",
    symbols: given.symbols === "z/a" ? "z/a" : "a/h",
    digits: Math.max(LEAST_DIGITS, Math.min(digits, MOST_DIGITS)),
    decimal: given.decimal === "," ? "," : ".",
    fractions: given.fractions === true,
    skip_unchanged: given.skip_unchanged === true,
    projector: given.projector === true,
    views: Array.isArray(given.views) ? VIEWS.filter((v) => isIn(given.views, v)) : VIEWS,
  };
}

function isIn(list: unknown, view: View): boolean {
  return (list as unknown[]).includes(view);
}

export function sameStyle(one: Style, other: Style): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
