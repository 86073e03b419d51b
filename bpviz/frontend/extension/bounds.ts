// What a file says of a panel may come from anybody. Nothing in it is ever run, but a network of a
// milliard units, a sum of as many terms, or a run of as many updates would let the page hang, or
// compute for ever. What no notebook is given by this package is not drawn.
//
// bpviz/panels/bounds.py says the same of what is exported.

import type { Expression, Operation, Operator, Program } from "../src/protocol/program";
import { sizeOf } from "../src/protocol/program";
import type { Values } from "../src/state/wire";
import limits from "./limits.json";

/** Compressed text of so many characters is at most 43 MB; earlier versions wrote somewhat more. */
export const MOST_CHARACTERS = 2 * limits.characters;
/** How much may be counted under these names, wherever they stand. */
const MOST: Readonly<Record<string, number>> = {
  _updates_per_epoch: limits.things,
  ...Object.fromEntries(
    ["size", "samples", "sizes", "shape", "start", "count"].map((name) => [name, limits.numbers]),
  ),
};
/** What else would be read as a number of bytes. */
const BYTES = [
  ...["_frames", "_losses", "_right_frames", "_right_losses", "_pinned_losses"],
  ...["_start_row", "_inputs", "_targets", "_orders"],
];

/** Whether everything in a panel's values is as large as it may be. */
export function isWithinBounds(values: Values): boolean {
  const others = [values["_last_program"], values["_right_program"]] as (Program | undefined)[];
  const programs = [
    values["_program"] as Program,
    ...others.filter((one): one is Program => !!one?.operations),
  ];
  return (
    BYTES.every((name) => values[name] === undefined || ArrayBuffer.isView(values[name])) &&
    hasSmallCounts(values) &&
    programs.every(isProgram) &&
    isSoonMade(values, programs)
  );
}

function hasSmallCounts(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
  if ("op" in value && !(costOf(value as Operator) <= limits.numbers)) return false;
  if (Array.isArray(value) && value.length > limits.things) return false;
  return Object.entries(value).every(
    ([name, one]) =>
      (!Object.hasOwn(MOST, name) || areCounts(one, MOST[name]!)) && hasSmallCounts(one),
  );
}

function areCounts(value: unknown, most: number): boolean {
  if (Array.isArray(value)) return value.every((one) => areCounts(one, most));
  if (typeof value === "object") return true;
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

function isProgram({ size, network, registers }: Program): boolean {
  return (
    size > 0 &&
    network.sizes.every((units) => units > 0) &&
    total(network.sizes) <= size &&
    Object.values(registers).every((one) => one.start + sizeOf(one) <= size)
  );
}

/** Whether the page comes to an end with what it makes of a panel: at once, and one by one. */
function isSoonMade(values: Values, programs: readonly Program[]): boolean {
  const numbersIn = (name: string): number =>
    ((values[name] as ArrayBufferView | undefined)?.byteLength ?? 0) / 8;
  const countOf = (name: string): number => Number(values[name] ?? 0);
  const [{ network, samples }] = programs as [Program];
  const size = Math.min(...programs.map((program) => program.size));
  const held = (numbersIn("_frames") + numbersIn("_right_frames")) / size;
  const ofEpoch = numbersIn("_inputs") / (network.sizes[0]! * samples);
  const atOnce = Math.max(1, held, ofEpoch);
  // A lab checks each number, too.
  const ofLab = "_epochs" in values ? countOf("_epochs") * atOnce + size : 0;
  const terms = total(programs.map(termsOf));
  return (
    atOnce * terms <= limits.terms_at_once &&
    (countOf("_total_frames") + ofLab) * terms <= limits.terms_made
  );
}

/** Of how many numbers an update is made. */
function termsOf({ operations, start = [], registers }: Program): number {
  const formulas: readonly Partial<Operation>[] = [...operations, ...start];
  return total(
    formulas.map(({ writes = "", element, stable, right }) => {
      if (!Object.hasOwn(registers, writes)) return Infinity;
      const ways = [element, stable, right].filter((one) => one !== undefined);
      return sizeOf(registers[writes]!) * total(ways.map(costOf));
    }),
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
