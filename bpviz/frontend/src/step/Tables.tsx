// Every number of the update in tables: the diagram for who reads line by line.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { turns } from "../program/notation";
import type { Program } from "../protocol/program";
import { registerOf, sampleShape } from "../protocol/program";
import { wordsOf } from "../program/words";
import { refKey } from "../program/refs";
import { Value } from "../ui/Value";
import { usePanel } from "../ui/context";
import { symbol } from "../ui/symbols";

export function Tables(): VNode | null {
  const program = usePanel().program.value;
  const [open, setOpen] = useState(false);
  if (!program) return null;
  return (
    <details class="bpviz-fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>All numbers as tables</summary>
      {open && (
        <div class="bpviz-tables" tabIndex={0} role="group" aria-label="All numbers">
          {program.network.sizes.map((_, layer) => (
            <Layer key={layer} program={program} layer={layer} />
          ))}
        </div>
      )}
    </details>
  );
}

/** One table of what the units of a layer have, and one for each array of its weights. */
function Layer({ program, layer }: { program: Program; layer: number }): VNode {
  const own = (dimensions: number): string[] =>
    Object.keys(program.registers).filter((name) => {
      const register = registerOf(program, name);
      return register.layer === layer && sampleShape(register).length === dimensions;
    });
  const name = layer ? `Layer ${layer}` : "Input";
  const vectors = own(1);
  const units = program.network.sizes[layer]!;
  return (
    <>
      <Numbers
        caption={layer ? `${name}, one row per unit` : name}
        head={vectors.map((register) => named(program, register))}
        rows={list(units, (unit) =>
          vectors.map((register) => refKey({ register, indices: [unit] })),
        )}
      />
      {own(2).map((register) => {
        const { shape } = registerOf(program, register);
        const [to = 0, from = 0] = shape.slice(-2);
        const ref = (i: number, j: number): string => refKey({ register, indices: [i, j] });
        const turned = program.notation?.vectors === "row" && turns(program, register);
        return (
          <Numbers
            key={register}
            caption={`${wordsOf(program, register)}, one row per ${turned ? "input" : "unit"}`}
            head={list(turned ? to : from, (k) => String(k + 1))}
            rows={
              turned
                ? list(from, (j) => list(to, (i) => ref(i, j)))
                : list(to, (i) => list(from, (j) => ref(i, j)))
            }
          />
        );
      })}
      {own(0).map((register) => (
        <Numbers
          key={register}
          caption="Loss"
          head={[named(program, register)]}
          rows={[[register]]}
        />
      ))}
    </>
  );
}

function list<T>(length: number, make: (k: number) => T): T[] {
  return Array.from({ length }, (_, k) => make(k));
}

function named(program: Program, register: string): VNode {
  return (
    <>
      <math aria-hidden="true">{symbol(program, { register, indices: [] })}</math>
      <span class="bpviz-hidden">{wordsOf(program, register)}</span>
    </>
  );
}

interface NumbersProps {
  caption: string;
  head: (VNode | string)[];
  rows: string[][];
}

function Numbers({ caption, head, rows }: NumbersProps): VNode {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <td />
          {head.map((one, k) => (
            <th key={k} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, k) => (
          <tr key={k}>
            <th scope="row">{k + 1}</th>
            {row.map((ref) => (
              <td key={ref}>
                <Value name={ref} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
