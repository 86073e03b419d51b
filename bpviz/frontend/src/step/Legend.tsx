// What the colours, marks and symbols mean that are on the screen now.

import type { VNode } from "preact";
import { letterOf } from "../program/notation";
import type { Program, Quantity } from "../protocol/program";
import { PHASES } from "../protocol/program";
import { useDerived, usePanel } from "../ui/context";
import { Variable } from "../ui/symbols";

/** One line; narrow panels keep it folded. */
export function Legend({ folded }: { folded: boolean }): VNode | null {
  const program = usePanel().program.value;
  if (!program) return null;
  if (!folded) {
    return (
      <div class="bpviz-legend bpviz-one-line">
        <Entries program={program} />
      </div>
    );
  }
  return (
    <details class="bpviz-legend">
      <summary>Legend</summary>
      <Entries program={program} />
    </details>
  );
}

function Entries({ program }: { program: Program }): VNode {
  const state = usePanel();
  const phase = useDerived(() => {
    const now = state.step.value?.operation.phase;
    return now ? PHASES.indexOf(now) : -1;
  }, [state]);
  const isBackward = phase >= PHASES.indexOf("backward");
  return (
    <>
      <ul aria-label="Marks">
        <li>
          <span class="bpviz-legend-bars" aria-hidden="true">
            <span class="bpviz-bar-positive">
              <i />
            </span>
            <span class="bpviz-bar-negative">
              <i />
            </span>
          </span>
          above, below 0
        </li>
        <li>
          <LineSample sign="positive" /> <LineSample sign="negative" /> weight{" "}
          <Variable letter="W" />, thick: far from 0
        </li>
        <li>
          <span class="bpviz-slot" aria-hidden="true" /> not computed yet
        </li>
        {state.predicting.questions.value && (
          <>
            <li>
              <span class="bpviz-asked" aria-hidden="true">
                ?
              </span>{" "}
              asked for
            </li>
            <li>✓ right (✓2: at try 2), ○ shown</li>
          </>
        )}
      </ul>
      <ul aria-label="Symbols">
        {symbols(program, isBackward).map(([letter, words]) => (
          <li key={words}>
            <Variable letter={letter} /> {words}
          </li>
        ))}
      </ul>
    </>
  );
}

function LineSample({ sign }: { sign: "positive" | "negative" }): VNode {
  return (
    <svg width="24" height="8" aria-hidden="true">
      <g class={`bpviz-edge bpviz-lit bpviz-${sign}`}>
        <path d="M0 4H24" stroke-width="2.4" />
      </g>
    </svg>
  );
}

/** The symbols that are on the screen, those first that came last. */
function symbols(program: Program, isBackward: boolean): [string, string][] {
  const has = (quantity: Quantity): boolean =>
    Object.values(program.registers).some((register) => register.quantity === quantity);
  const [a, h] = [letterOf("a", program.notation), letterOf("h", program.notation)];
  const all: [string, string, boolean][] = [
    [`∂L/∂${h}`, "error that arrives", isBackward && has("e")],
    ["f′", "derivative", isBackward && has("s")],
    ["δ", `delta, ∂L/∂${a}`, isBackward],
    ["∂", "gradient", isBackward],
    ["η", "learning rate", true],
    [a, "aggregate", true],
    [h, "activation", true],
    ["L", "loss of the sample", true],
    ["b", "bias", true],
    ["x", "input", true],
    ["y", "target", true],
  ];
  return all.filter(([, , shown]) => shown).map(([letter, words]) => [letter, words]);
}
