// Programs that the page makes by itself, of the forms that each operation can take. What a mistake
// does to a formula only Python knows; which of its forms an operation has follows from the switches.

import { isOperator } from "./expression";
import type {
  Expression,
  Formula,
  Mistake,
  Operation,
  Phase,
  Program,
  Register,
  ScriptLine,
} from "../protocol/program";
import { sizeOf } from "../protocol/program";
import type { Notation } from "../protocol/style";

/** Things by the switches that make a difference to them: their names, joined by blanks. */
interface Table<Thing> {
  by: readonly string[];
  are: Readonly<Record<string, Thing>>;
}

/** The forms of an update of so many samples. */
interface Size {
  samples: number;
  /** What can be switched; what is none of these makes no difference to an update. */
  switches: readonly string[];
  /** The places of the operations that write a register. */
  of: Readonly<Record<string, Table<number | null>>>;
  order: Table<readonly string[]>;
  registers: Table<Record<string, Register>>;
  /** Those that not every update has. */
  quantities: Table<Program["quantities"]>;
  start: Table<Formula[]>;
  listing: {
    beginning: readonly string[];
    definitions: Readonly<Record<string, readonly string[]>>;
    given: Readonly<Record<Notation["vectors"], readonly ScriptLine[]>>;
    headings: Readonly<Record<Phase, string>>;
  };
}

export interface Forms {
  sizes: readonly Size[];
  operations: readonly Operation[];
}

/** What a trait holds of forms; null for none. */
export function formsOf(value: unknown): Forms | null {
  return value && typeof value === "object" && "sizes" in value ? (value as Forms) : null;
}

/** What decides about a program, beside the network. */
export interface Switches {
  mistakes: readonly string[];
  update: "simultaneous" | "dirty";
  train_biases: boolean;
  optimizer?: string;
}

const made = new WeakMap<Forms, Map<string, Program | null>>();

/** The numbers of samples of which there are programs. */
export function sizesOf(forms: Forms): number[] {
  return forms.sizes.map(({ samples }) => samples);
}

/**
 * The program of an update of so many samples, of the same network as another; the same object each
 * time. Null where no form is known.
 */
export function programUnder(
  forms: Forms,
  like: Program,
  switches: Switches,
  known: readonly Mistake[],
  samples = like.samples,
): Program | null {
  const size = forms.sizes.find((one) => one.samples === samples);
  if (!size) return null;
  const on = switched(switches);
  const names = switches.mistakes.join(" ");
  const key = [samples, names, ...size.switches.filter((name) => on.has(name))].join("+");
  const programs = made.get(forms) ?? new Map<string, Program | null>();
  made.set(forms, programs);
  if (!programs.has(key)) programs.set(key, make(forms, size, like, switches, on, known));
  return programs.get(key)!;
}

/** Whether another switch would make a difference to an update; true where no form is known. */
export function shows(forms: Forms, samples: number, before: Switches, after: Switches): boolean {
  const size = forms.sizes.find((one) => one.samples === samples);
  if (!size) return true;
  const [one, other] = [switched(before), switched(after)];
  const tables: Table<unknown>[] = [...Object.values(size.of), size.order, size.start];
  return tables.some((table) => {
    const [here, there] = [find(table, one), find(table, other)];
    return here === undefined || here !== there;
  });
}

function switched({ mistakes, update, train_biases, optimizer = "" }: Switches): Set<string> {
  const settings = [update, train_biases ? "" : "biases_left", optimizer];
  return new Set([...mistakes, ...settings]);
}

function find<Thing>({ by, are }: Table<Thing>, on: ReadonlySet<string>): Thing | undefined {
  return are[by.filter((name) => on.has(name)).join(" ")];
}

function make(
  forms: Forms,
  size: Size,
  like: Program,
  switches: Switches,
  on: ReadonlySet<string>,
  known: readonly Mistake[],
): Program | null {
  const registers = find(size.registers, on);
  const start = find(size.start, on);
  const operations = find(size.order, on)?.map((register) => {
    const place = find(size.of[register]!, on);
    return forms.operations[place ?? -1];
  });
  if (!registers || !start || !operations?.every((one) => one !== undefined)) return null;
  const mistakes = switches.mistakes.map((name) => known.find((one) => one.name === name)!);
  const { update, train_biases } = switches;
  const last = Object.values(registers).at(-1)!;
  return {
    ...like,
    samples: size.samples,
    size: last.start + sizeOf(last),
    rule: { update, train_biases, mistakes: mistakes.map(plain) },
    start,
    quantities: { ...like.quantities, ...find(size.quantities, on) },
    registers,
    operations: operations as Operation[],
    listing: {
      column: script(size, registers, operations as Operation[], "column"),
      row: script(size, registers, operations as Operation[], "row"),
    },
  };
}

function plain({ name, title, change, notice, right_because }: Mistake): Mistake {
  return { name, title, change, notice, right_because };
}

/** The lines of the script of operations, in Python's order. */
function script(
  { listing: { beginning, definitions, given, headings } }: Size,
  registers: Readonly<Record<string, Register>>,
  operations: readonly Operation[],
  vectors: Notation["vectors"],
): ScriptLine[] {
  const text = (line: string): ScriptLine => [line, null, null];
  const used = new Set(operations.flatMap(({ array }) => functionsIn(array)));
  const lines = beginning.map(text);
  for (const name of used)
    if (definitions[name]) lines.push(text(""), ...definitions[name].map(text), text(""));
  lines.push(...inOrder(given[vectors], registers));
  let last: Phase | null = null;
  operations.forEach(({ phase }, place) => {
    if (phase !== last) lines.push(text(""), text(`# ${headings[phase]}`));
    last = phase;
    lines.push(["", place, null]);
  });
  return lines;
}

/** The lines of what an update begins with; what it carries over is in the order of the registers. */
function inOrder(
  given: readonly ScriptLine[],
  registers: Readonly<Record<string, Register>>,
): ScriptLine[] {
  const lines = given.filter(([, , register]) => !register || register in registers);
  const isCarried = ([, , register]: ScriptLine): boolean => /^[a-z]+[Wb]\d+$/.test(register ?? "");
  const carried = lines
    .filter(isCarried)
    .sort(([, , one], [, , other]) => registers[one!]!.start - registers[other!]!.start);
  return lines.map((line) => (isCarried(line) ? carried.shift()! : line));
}

/** The names of what a formula is made of, in the order in which that is computed. */
function functionsIn(part: Expression): string[] {
  if (!isOperator(part)) return [];
  return [...part.of.flatMap(functionsIn), part.op === "apply" ? part.name! : part.op];
}
