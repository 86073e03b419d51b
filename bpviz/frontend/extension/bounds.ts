// What a file says of a panel may come from anybody. Nothing in it is ever run, but a network of a
// milliard units, or a sum of as many terms, would let the page hang. What no notebook is given by
// this package is not drawn.

import type { Expression, Operator, Program } from "../src/protocol/program";
import { sizeOf } from "../src/protocol/program";
import type { Values } from "../src/state/wire";
import limits from "./limits.json";

/** Compressed text of so many characters is at most 43 MB; earlier versions wrote somewhat more. */
export const MOST_CHARACTERS = 2 * limits.characters;
/** Numbers of an update. */
const MOST_NUMBERS = 2_000_000;
/** Things in a list, and updates of an epoch, of which there is a list to choose from. */
const MOST_THINGS = 200_000;
/** How much may be counted under these names, wherever they stand. */
const MOST: Readonly<Record<string, number>> = {
  _updates_per_epoch: MOST_THINGS,
  ...Object.fromEntries(
    ["size", "samples", "sizes", "shape", "start", "count"].map((name) => [name, MOST_NUMBERS]),
  ),
};

/** Whether everything in a panel's values is as large as it may be. */
export function isWithinBounds(values: Values): boolean {
  const others = [values["_last_program"], values["_right_program"]] as (Program | undefined)[];
  return (
    hasSmallCounts(values) &&
    isProgram(values["_program"] as Program) &&
    others.every((one) => !one?.operations || isProgram(one))
  );
}

function hasSmallCounts(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  if ("op" in value && !(costOf(value as Operator) <= MOST_NUMBERS)) return false;
  if (Array.isArray(value) && value.length > MOST_THINGS) return false;
  return Object.entries(value).every(
    ([name, one]) =>
      areCounts(one, Object.hasOwn(MOST, name) ? MOST[name]! : Infinity) && hasSmallCounts(one),
  );
}

function areCounts(value: unknown, most: number): boolean {
  if (most === Infinity) return true;
  const isCount = (one: unknown): boolean =>
    typeof one !== "number" || (Number.isInteger(one) && one >= 0 && one <= most);
  return Array.isArray(value) ? value.every(isCount) : isCount(value);
}

function isProgram({ size, network, registers, operations }: Program): boolean {
  const isIn = (name: string): boolean => Object.hasOwn(registers, name);
  const numbers = operations.map(({ writes, element }) =>
    isIn(writes) ? sizeOf(registers[writes]!) * costOf(element) : Infinity,
  );
  return (
    size > 0 &&
    network.sizes.every((units) => units > 0) &&
    total(network.sizes) <= size &&
    Object.values(registers).every((one) => one.start + sizeOf(one) <= size) &&
    total(numbers) <= limits.numbers_made
  );
}

/** Of how many numbers an entry is made. */
function costOf(expression: Expression): number {
  if (typeof expression !== "object" || !("op" in expression)) return 1;
  return (expression.count ?? 1) * total((expression.of ?? []).map(costOf)) || 1;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
