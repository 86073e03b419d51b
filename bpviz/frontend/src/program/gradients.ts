// The gradient of one weight or bias beside differences of the loss, as Python's gradient check.

import { entryOf, evaluatorOf } from "./evaluate";
import { isOperator, isRef } from "./expression";
import type { Frame } from "./frame";
import { formatNumber } from "./numbers";
import type { Expression, Program, Row } from "../protocol/program";
import { registerOf, slot, indicesAt, sizeOf } from "../protocol/program";
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

/** A gradient beside a central difference of the loss. */
export type Compared = Pick<Check, "ref" | "analytic" | "numerical" | "relativeError" | "note">;

/** Check a weight or bias of a frame. */
export function checkGradient(frame: Frame, ref: Ref): Check {
  const check = new GradientCheck(frame.program, frame.row);
  const differences = EPSILON.map((epsilon) => check.central(check.placeOf(ref), epsilon));
  const compared = check.compare(ref);
  const kink = differences.findIndex(({ note }) => note);
  return {
    ...compared,
    epsilon: EPSILON,
    errors: differences.map(({ slope }) => check.relativeError(compared.analytic, slope)),
    kink: EPSILON[kink] ?? null,
    kinkNote: differences[kink]?.note ?? "",
    row: frame.row,
  };
}

/** Check every weight and bias of a row, in the order in which they lie in it. */
export function* checkedGradients(program: Program, row: Row): Generator<Compared> {
  const check = new GradientCheck(program, row);
  for (const layer of program.network.activations.keys()) {
    for (const register of [`W${layer + 1}`, `b${layer + 1}`]) {
      const { shape } = registerOf(program, register);
      for (let k = 0; k < sizeOf({ shape }); k++)
        yield check.compare({ register, indices: indicesAt(shape, k) });
    }
  }
}

/** Whether a gradient is wrong; of one at a kink nothing is said. */
export function isWrong({ note, relativeError }: Compared): boolean {
  return !note && !(relativeError <= TOLERANCE);
}

/** Gradients of a row, compared with losses that come of a forward pass without mistakes. */
class GradientCheck {
  private readonly plain: Row;
  private readonly floor: number;

  constructor(
    private readonly program: Program,
    private readonly row: Row,
  ) {
    this.plain = row.slice();
    evaluatorOf(program).plainForward(this.plain);
    this.floor = SMALL * Math.max(1, meanLoss(program, this.plain));
  }

  placeOf(ref: Ref): number {
    return slot(registerOf(this.program, ref.register), ref.indices, 0);
  }

  compare(ref: Ref): Compared {
    const place = this.placeOf(ref);
    const analytic = this.row[this.placeOf({ ...ref, register: `g${ref.register}` })]!;
    const best = this.central(place, STEP * Math.max(1, Math.abs(this.row[place]!)));
    return {
      ref: refKey(ref),
      analytic,
      numerical: best.slope,
      relativeError: this.relativeError(analytic, best.slope),
      note: best.note,
    };
  }

  relativeError(analytic: number, numerical: number): number {
    const size = Math.max(Math.abs(analytic), Math.abs(numerical), this.floor);
    const error = Math.abs(analytic - numerical) / size;
    return Number.isFinite(error) ? error : Infinity;
  }

  /** The central difference of the mean loss, and at which kink it says nothing. */
  central(place: number, epsilon: number): { slope: number; note: string } {
    const { program, plain } = this;
    const [above, below] = [plain[place]! + epsilon, plain[place]! - epsilon];
    const [upper, lower] = [above, below].map((value) => {
      const moved = plain.slice();
      moved[place] = value;
      evaluatorOf(program).plainForward(moved);
      return moved;
    }) as [Row, Row];
    const slope = (meanLoss(program, upper) - meanLoss(program, lower)) / (above - below);
    return { slope, note: kinkBetween(program, plain, upper, lower) };
  }
}

function meanLoss(program: Program, row: Row): number {
  const { start } = registerOf(program, "loss");
  const losses = row.subarray(start, start + program.samples);
  return losses.reduce((sum, loss) => sum + loss, 0) / program.samples;
}

/** What jumps where a formula passes 0: a function, the loss, or the derivative of one. */
interface Kink {
  title: string;
  /** The aggregates or the outputs that decide. */
  register: string;
  isAtZero: boolean;
  value: (row: Row, at: number[]) => number;
}

const kinksOf = new WeakMap<Program, Kink[]>();

/** The arguments of all steps in functions and in slopes, as they are without mistakes. */
function kinks(program: Program): Kink[] {
  const known = kinksOf.get(program);
  if (known) return known;
  const { activations, loss, titles = [...activations, loss] } = program.network;
  const last = activations.length;
  const found = program.operations.flatMap((operation): Kink[] => {
    const { writes, layer, element, right = element, indices } = operation;
    const { quantity } = registerOf(program, writes);
    const isOfLoss = writes === `e${last}`;
    if (indices.length !== 1 || !(isOfLoss || quantity === "h" || quantity === "s")) return [];
    const register = isOfLoss ? `h${last}` : `a${layer}`;
    const title = titles[isOfLoss ? last : layer - 1]!;
    return argumentsOfSteps(right).map((formula) => {
      const isAtZero = isRef(formula) && formula.ref === register;
      return { title, register, isAtZero, value: entryOf(program, formula, indices) };
    });
  });
  kinksOf.set(program, found);
  return found;
}

function argumentsOfSteps(formula: Expression): Expression[] {
  if (!isOperator(formula)) return [];
  return [...formula.of.flatMap(argumentsOfSteps), ...(formula.op === "step" ? formula.of : [])];
}

/** Which kink three rows are on different sides of; empty if none. */
function kinkBetween(program: Program, row: Row, upper: Row, lower: Row): string {
  for (const { title, register, isAtZero, value } of kinks(program)) {
    const { start, shape } = registerOf(program, register);
    const [samples, units] = shape as [number, number];
    for (let at = 0; at < samples * units; at++) {
      const place = [Math.floor(at / units), at % units];
      const [base, above, below] = [row, upper, lower].map((one) => value(one, place) > 0);
      if (above === below && above === base) continue;
      const sample = samples > 1 ? ` of sample ${place[0]}` : "";
      const number = formatNumber(row[start + at]!, { digits: 3, decimal: "." });
      return (
        `at a kink of ${title}: ${register}[${place[1]}]${sample} is ${number}, and ε carries it ` +
        `${isAtZero ? "across 0, where" : "to where"} the derivative jumps`
      );
    }
  }
  return "";
}
