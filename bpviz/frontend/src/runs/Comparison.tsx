// The registers of an update done right and as switched on, side by side.

import type { VNode } from "preact";
import { formatNumber } from "../program/numbers";
import { usePanel } from "../ui/context";
import { PHASE_NAMES } from "../ui/phases";
import { RefName } from "../ui/RefName";
import type { Compared } from "./compare";
import { areSame, digitsOfAll, someOf } from "./compare";
import { useRun } from "./context";
import { Check } from "./Inputs";

const MOST_ROWS = 4;
const MOST_COLUMNS = 5;
/** So many registers that are the same, one after the other, take one row together. */
const FOLDED = 2;

export function Comparison({ rows }: { rows: readonly Compared[] }): VNode {
  const { showsSame } = useRun().lab;
  const first = rows.find(({ differs }) => differs);
  const groups = showsSame.value ? rows.map((row) => [row]) : grouped(rows);
  return (
    <section class="bpviz-lab-view" aria-label="Registers, right and wrong" tabIndex={0}>
      <Check
        checked={showsSame.value}
        onChange={(checked) => (showsSame.value = checked)}
        label="Show the numbers that are the same, too"
      />
      <table class="bpviz-compared">
        <thead>
          <tr>
            <th scope="col">register</th>
            <th scope="col">done right</th>
            <th scope="col">as switched on</th>
            <th scope="col">largest difference</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) =>
            group.length > 1 ? (
              <SameRows key={group[0]!.name} rows={group} />
            ) : (
              <Row key={group[0]!.name} row={group[0]!} isFirst={group[0] === first} />
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}

/** Rows that differ one by one, the others together. */
function grouped(rows: readonly Compared[]): Compared[][] {
  const groups: Compared[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last && !row.differs && !last[0]!.differs) last.push(row);
    else groups.push([row]);
  }
  return groups.flatMap((group) => (group.length < FOLDED ? group.map((row) => [row]) : [group]));
}

function Name({ row }: { row: Compared }): VNode {
  const run = useRun();
  const { program } = run.lab.content.value!;
  return (
    <button
      type="button"
      class="bpviz-register"
      title={`Open the step that computes the ${row.words}`}
      onClick={() => run.openStep(row.name)}
    >
      <RefName program={program} name={row.name} />
    </button>
  );
}

function SameRows({ rows }: { rows: readonly Compared[] }): VNode {
  return (
    <tr class="bpviz-same">
      <td colSpan={4}>
        <span class="bpviz-names">
          {rows.map((row) => (
            <Name key={row.name} row={row} />
          ))}
          <span>the same</span>
        </span>
      </td>
    </tr>
  );
}

function Row({ row, isFirst }: { row: Compared; isFirst: boolean }): VNode {
  const state = usePanel();
  const run = useRun();
  const { name, words, phase, differs, gap } = row;
  const classes = [`bpviz-phase-${phase}`, !differs && "bpviz-same", isFirst && "bpviz-first"];
  return (
    <tr
      class={classes.filter(Boolean).join(" ")}
      onClick={(event) => {
        if (!(event.target as Element).closest("button")) run.openStep(name);
      }}
    >
      <th scope="row">
        <span class="bpviz-swatch" title={PHASE_NAMES[phase].name}>
          <span aria-hidden="true">{PHASE_NAMES[phase].mark}</span>
          <span class="bpviz-hidden">{PHASE_NAMES[phase].name}</span>
        </span>
        <Name row={row} />
        <span class="bpviz-soft">{words}</span>
        {isFirst && <b class="bpviz-first-badge">first difference</b>}
      </th>
      <td data-side="done right">
        <Numbers row={row} side="right" />
      </td>
      <td data-side="as switched on">
        <Numbers row={row} side="wrong" />
      </td>
      <td data-side="largest difference">
        {differs
          ? gap === null
            ? "not finite"
            : formatNumber(gap, state.numbers.value)
          : "the same"}
      </td>
    </tr>
  );
}

/** The numbers of a register, the ones that differ marked; large arrays in part. */
function Numbers({ row, side }: { row: Compared; side: "right" | "wrong" }): VNode {
  const style = usePanel().numbers.value;
  const columns = row.shape.at(-1) ?? 1;
  const lines = someOf(row[side].length / columns, MOST_ROWS);
  const across = someOf(columns, MOST_COLUMNS);
  const places = lines.flatMap((i) =>
    across.flatMap((j) => (i < 0 || j < 0 ? [] : [i * columns + j])),
  );
  const digits = digitsOfAll(row, places, style);
  const entry = (k: number): VNode => {
    const text = formatNumber(row[side][k]!, { ...style, digits });
    const isWrong = side === "wrong" && !areSame(row.right[k]!, row.wrong[k]!);
    return isWrong ? <b class="bpviz-wrong">{text}</b> : <span>{text}</span>;
  };
  return (
    <span class="bpviz-numbers" style={{ gridTemplateColumns: `repeat(${across.length}, auto)` }}>
      {lines.flatMap((i) =>
        across.map((j) =>
          i < 0 ? <span>⋮</span> : j < 0 ? <span>…</span> : entry(i * columns + j),
        ),
      )}
    </span>
  );
}
