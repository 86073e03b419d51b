// What runs along the edges: inputs times weights forwards, deltas times weights backwards.

import { isOperator, isRef } from "../program/expression";
import type { Expression, Operation, Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import type { Edge } from "./geometry";
import type { PanelState } from "../state/panel";

export type Flow = "left" | "right" | "none";

/** Which way an operation sends numbers along the edges. */
export function flowOf(program: Program, operation: Operation): Flow {
  if (operation.phase === "update") return "none";
  const { quantity } = registerOf(program, operation.writes);
  return ["a", "h", "loss"].includes(quantity) ? "right" : "left";
}

/** What passes along an edge: the number that enters it, and the product that leaves it. */
export interface Passage {
  flow: "left" | "right";
  enters: number;
  leaves: number;
}

/** The weights that the error passes through on its way back: of a dirty update the new ones. */
export function weightsBack(program: Program, layer: number): string | null {
  const operation = program.operations.find(({ writes }) => writes === `e${layer - 1}`);
  const old = `W${layer}`;
  if (!operation) return null;
  const names = registersIn(operation.element);
  return names.find((name) => name === old || name === `n${old}`) ?? null;
}

function registersIn(expression: Expression): string[] {
  if (isRef(expression)) return [expression.ref];
  return isOperator(expression) ? expression.of.flatMap(registersIn) : [];
}

/**
 * What has passed along an edge so far, in the direction in which numbers run now; null if
 * nothing has, and where what passes is asked for.
 */
export function passageOf(
  state: PanelState,
  { layer, unit, from }: Edge,
  flow: Flow,
  back: string | null,
): Passage | null {
  const frame = state.values.value;
  if (!frame || flow === "none") return null;
  const weight = (register: string): number => frame.value({ register, indices: [unit, from] });
  const source = layer > 1 ? `h${layer - 1}` : "x";
  if (flow === "right") {
    if (!isReached(state, `a${layer}`, unit, from)) return null;
    return passed(flow, frame.value({ register: source, indices: [from] }), weight(`W${layer}`));
  }
  if (!back || !isReached(state, `e${layer - 1}`, from, unit)) return null;
  return passed(flow, frame.value({ register: `d${layer}`, indices: [unit] }), weight(back));
}

function passed(flow: "left" | "right", enters: number, weight: number): Passage | null {
  const leaves = enters * weight;
  return Number.isFinite(leaves) ? { flow, enters, leaves } : null;
}

/** Whether term k of the sum that makes an entry is added by now. */
function isReached(state: PanelState, register: string, entry: number, k: number): boolean {
  return state.isKnown({ register, indices: [entry], partial: k + 1 });
}
