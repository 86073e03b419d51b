// The gradient of one weight or bias beside differences of the loss, as Python's gradient check.

import { evaluatorOf } from "./evaluate";
import type { Frame } from "./frame";
import { formatNumber } from "./numbers";
import type { Program, Row } from "../protocol/program";
import { registerOf, slot } from "../protocol/program";
import type { Ref } from "./refs";
import { refKey } from "./refs";

export interface Check {
  ref: string;
  analytic: number;
  numerical: number;
  relativeError: number;
  /** Why the two cannot be compared; empty where they can. */
  note: string;
  epsilon: number[];
  /** The relative error with each ε. */
  errors: number[];
  /** The smallest ε at which an aggregate crosses a kink, and which that is. */
  kink: number | null;
  kinkNote: string;
  /** The numbers that were checked. */
  row: Row;
}

/** ε for a number of size 1: there rounding and curvature disturb a difference alike. */
const STEP = Math.cbrt(2 ** -52);
/** From which relative error on a gradient counts as wrong. */
export const TOLERANCE = 1e-6;
/** Gradients below this times the loss (or times 1) count as 0, which rounding cannot tell. */
const SMALL = 1e-3;
/** Powers of ten from 10⁻¹² to 1, four to a decade. */
const EPSILON = Array.from({ length: 49 }, (_, k) => 10 ** (k / 4 - 12));

/** Check a weight or bias of a frame. */
export function checkGradient({ program, row }: Frame, ref: Ref): Check {
  const place = slot(registerOf(program, ref.register), ref.indices, 0);
  const gradient = slot(registerOf(program, `g${ref.register}`), ref.indices, 0);
  const analytic = row[gradient]!;
  const floor = SMALL * Math.max(1, meanLoss(program, row));
  const relativeError = (numerical: number): number => {
    const size = Math.max(Math.abs(analytic), Math.abs(numerical), floor);
    const error = Math.abs(analytic - numerical) / size;
    return Number.isFinite(error) ? error : Infinity;
  };
  const differences = EPSILON.map((epsilon) => central(program, row, place, epsilon));
  const best = central(program, row, place, STEP * Math.max(1, Math.abs(row[place]!)));
  const kink = differences.findIndex(({ note }) => note);
  return {
    ref: refKey(ref),
    analytic,
    numerical: best.slope,
    relativeError: relativeError(best.slope),
    note: best.note,
    epsilon: EPSILON,
    errors: differences.map(({ slope }) => relativeError(slope)),
    kink: EPSILON[kink] ?? null,
    kinkNote: differences[kink]?.note ?? "",
    row,
  };
}

/** The central difference of the mean loss, and at which kink it says nothing. */
function central(
  program: Program,
  row: Row,
  place: number,
  epsilon: number,
): { slope: number; note: string } {
  const [above, below] = [row[place]! + epsilon, row[place]! - epsilon];
  const [upper, lower] = [above, below].map((value) => {
    const moved = row.slice();
    moved[place] = value;
    evaluatorOf(program).forward(moved);
    return moved;
  }) as [Row, Row];
  const slope = (meanLoss(program, upper) - meanLoss(program, lower)) / (above - below);
  return { slope, note: kinkBetween(program, row, upper, lower) };
}

function meanLoss(program: Program, row: Row): number {
  const { start } = registerOf(program, "loss");
  const losses = row.subarray(start, start + program.samples);
  return losses.reduce((sum, loss) => sum + loss, 0) / program.samples;
}

/** Which aggregate is on different sides of a kink in three rows; empty if none is. */
function kinkBetween(program: Program, row: Row, upper: Row, lower: Row): string {
  for (const [k, isKinked] of program.network.kinked.entries()) {
    if (!isKinked) continue;
    const name = `a${k + 1}`;
    const { start, shape } = registerOf(program, name);
    const [samples, units] = shape as [number, number];
    for (let at = 0; at < samples * units; at++) {
      const [base, above, below] = [row, upper, lower].map((one) => one[start + at]! > 0);
      if (above === below && above === base) continue;
      const sample = samples > 1 ? ` of sample ${Math.floor(at / units)}` : "";
      const value = formatNumber(row[start + at]!, { digits: 3, decimal: "." });
      return (
        `at a kink of ReLU: ${name}[${at % units}]${sample} is ${value}, and ε carries it ` +
        "across 0, where the slope jumps"
      );
    }
  }
  return "";
}
