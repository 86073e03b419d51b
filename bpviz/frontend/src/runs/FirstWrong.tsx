// The first number that goes wrong, done right and as switched on, and the way there: all registers
// in their order of computing, each right or not.

import type { VNode } from "preact";
import type { Program, Row } from "../protocol/program";
import { bind, termCount } from "../program/expression";
import { Frame } from "../program/frame";
import { written } from "../program/notation";
import { toldApart } from "../program/numbers";
import { refKey } from "../program/refs";
import { Length } from "../ui/Bar";
import { usePanel } from "../ui/context";
import type { Writing } from "../ui/math";
import { math } from "../ui/math";
import { PHASE_NAMES, phaseClass } from "../ui/phases";
import { RefName } from "../ui/RefName";
import type { Compared } from "./compare";
import { firstEntry } from "./compare";
import { useRun } from "./context";
import type { Departure } from "./state/lab";
import { useName } from "../ui/id";

/** A formula of more terms has no room in its line. */
const MOST_TERMS = 3;
/** The least width of a register in the strip, in pixels. */
const CELL = 24;
const NO_ROLE = { written: false, read: false, phase: undefined, pointed: false, selected: false };

interface FirstWrongProps {
  rows: readonly Compared[];
  on: readonly Departure[];
}

export function FirstWrong({ rows, on }: FirstWrongProps): VNode {
  const run = useRun();
  const first = rows.find(({ differs }) => differs);
  const shown = rows.find(({ name }) => name === run.lab.register.value) ?? first;
  return (
    <section class="bpviz-first-wrong" aria-label="First wrong number">
      <Summary on={on} rows={rows} />
      {shown ? <Pair row={shown} isFirst={shown === first} /> : <Nothing on={on} />}
      <Strip rows={rows} shown={shown} />
    </section>
  );
}

/** What is going on, in one or two sentences, for who hears it. */
function Summary({ on, rows }: { on: readonly Departure[]; rows: readonly Compared[] }): VNode {
  const state = usePanel();
  const { program } = useRun().lab.content.value!;
  const different = rows.filter(({ differs }) => differs);
  const [first] = different;
  const count = on.length === 1 ? "One departure" : `${on.length} departures`;
  const place = first && placeOf(first);
  const told =
    first && toldApart(first.right[place!.at]!, first.wrong[place!.at]!, state.numbers.value);
  return (
    <p class="bpviz-hidden bpviz-summary" aria-live="polite">
      {on.length
        ? `${count} from the right algorithm ${on.length === 1 ? "is" : "are"} on.`
        : "No mistake is on: this is the right algorithm."}{" "}
      {first ? (
        <>
          On this sample the first number that differs is{" "}
          <RefName program={program} name={place!.ref} />, among the {first.words}: {told![0]} if
          done right, {told![1]} here. {different.length} of {rows.length} registers differ.
        </>
      ) : (
        nothingWords(on)
      )}
    </p>
  );
}

function nothingWords(on: readonly Departure[]): string {
  return on.length
    ? "On this sample nothing differs; another sample, or the curve, may show it."
    : "Both sides are the same. Switch a mistake on to see what becomes of the numbers.";
}

function Nothing({ on }: { on: readonly Departure[] }): VNode {
  return (
    <>
      <div class="bpviz-first-head">
        <h3>{on.length ? "No wrong number" : "The right algorithm"}</h3>
      </div>
      <p class="bpviz-no-difference">{nothingWords(on)}</p>
    </>
  );
}

/** The first entry of a register that differs, or its first. */
function placeOf(row: Compared): { ref: string; indices: number[]; at: number } {
  const indices = firstEntry(row);
  const at = indices.reduce((place, index, axis) => place * row.shape[axis]! + index, 0);
  return { ref: refKey({ register: row.name, indices }), indices, at };
}

function Pair({ row, isFirst }: { row: Compared; isFirst: boolean }): VNode {
  const state = usePanel();
  const run = useRun();
  const { program, right, rightRows } = run.lab.content.value!;
  const { ref, indices, at } = placeOf(row);
  const [one, other] = toldApart(row.right[at]!, row.wrong[at]!, state.numbers.value);
  const full = Math.max(Math.abs(row.right[at]!), Math.abs(row.wrong[at]!));
  const title = isFirst ? "First wrong number: " : row.differs ? "Wrong too: " : "Right: ";
  const line = (label: string, text: string, value: number, of: Program, numbers: Row): VNode => (
    <div class={`bpviz-lab-side ${phaseClass(row.phase)}`}>
      <span>{label}</span>
      <Formula program={of} row={numbers} register={row.name} indices={indices} />
      <b class={label === "here" && row.differs ? "bpviz-unlike" : undefined}>{text}</b>
      <span class="bpviz-bar" aria-hidden="true">
        {Number.isFinite(value) && <Length value={value} full={full} />}
      </span>
    </div>
  );
  return (
    <>
      <div class="bpviz-first-head">
        <h3>
          {title}
          <RefName program={program} name={ref} />
        </h3>
        <span class="bpviz-soft" title={row.words}>
          among the {row.words}
        </span>
        <button
          type="button"
          class="bpviz-button bpviz-text-button bpviz-door"
          onClick={() => run.openStep(row.name)}
        >
          Open step →
        </button>
      </div>
      {line("done right", one, row.right[at]!, right, rightRows[state.frame.value]!)}
      {line("here", other, row.wrong[at]!, program, state.row.value!)}
    </>
  );
}

interface FormulaProps {
  program: Program;
  row: Row;
  register: string;
  indices: readonly number[];
}

/** What a number is computed from, in symbols and in numbers, where that is short. */
function Formula({ program, row, register, indices }: FormulaProps): VNode {
  const { appearance, numbers } = usePanel();
  const inNotation = written(program, appearance.value);
  const operation = inNotation.operations.find(({ writes }) => writes === register)!;
  const { element } = operation;
  if (termCount(element) > MOST_TERMS) return <span class="bpviz-soft">a sum of many terms</span>;
  const binding = Object.fromEntries(operation.indices.map((name, k) => [name, indices[k]!]));
  const bound = bind(element, binding);
  const base = { frame: new Frame(inNotation, row), numbers: numbers.value, roleOf: () => NO_ROLE };
  const write = (mode: Writing["mode"]): VNode => math({ ...base, mode }, bound);
  if (typeof bound === "number") return <span />;
  return (
    <math class="bpviz-math">
      {write("symbols")}
      <mo>=</mo>
      {write("numbers")}
      <mo>=</mo>
    </math>
  );
}

/** All registers in their order of computing, one to choose. */
function Strip({ rows, shown }: { rows: readonly Compared[]; shown: Compared | undefined }): VNode {
  const { lab } = useRun();
  const group = useName();
  const right = rows.filter(({ differs }) => !differs).length;
  const runs: Compared[][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[0]!.phase === row.phase) last.push(row);
    else runs.push([row]);
  }
  return (
    <fieldset class="bpviz-strip">
      <legend>
        In order of computing: {right} of {rows.length} registers right
      </legend>
      {runs.map((some) => (
        <div
          key={some[0]!.name}
          class={phaseClass(some[0]!.phase)}
          style={{ flexGrow: some.length, flexBasis: `${CELL * some.length}px` }}
        >
          {some.map((row) => (
            <label key={row.name} title={row.words}>
              <input
                type="radio"
                name={group}
                checked={row === shown}
                aria-label={`${row.words}: ${row.differs ? "wrong" : "right"}`}
                onChange={() => (lab.register.value = row.name)}
              />
              <span class={row.differs ? "bpviz-unlike" : undefined} aria-hidden="true">
                {row.differs ? "≠" : "✓"}
              </span>
            </label>
          ))}
          <i aria-hidden="true">{PHASE_NAMES[some[0]!.phase].short}</i>
        </div>
      ))}
    </fieldset>
  );
}
