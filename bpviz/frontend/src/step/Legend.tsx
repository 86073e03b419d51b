// What the colours, marks and symbols mean that are on the screen now.

import type { VNode } from "preact";
import type { Program } from "../protocol/program";
import { RATE, registerOf, sampleShape } from "../protocol/program";
import { VIEWS } from "../protocol/style";
import { refsIn } from "../program/expression";
import type { PanelState } from "../state/panel";
import { useDerived, usePanel } from "../ui/context";
import { Variable, shortName } from "../ui/symbols";
import { marksNow } from "./Edges";

const BESIDE = VIEWS.filter((view) => view !== "diagram");

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
  const shown = useDerived(() => shownNow(state, program), [state, program]);
  const marks = useDerived(() => marksNow(state), [state]);
  const isFilling = useDerived(() => {
    const register = state.step.value?.operation.writes;
    return register !== undefined && !state.isKnown({ register, indices: [] });
  }, [state]);
  const hasDiagram = state.views.isShown("diagram");
  return (
    <>
      <ul aria-label="Marks">
        {hasDiagram && (
          <>
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
            {marks.map(([mark, words]) => (
              <li key={mark}>
                <span class="bpviz-before">{mark}</span> {words}
              </li>
            ))}
          </>
        )}
        {isFilling && (
          <li>
            <span class="bpviz-slot" aria-hidden="true" /> not computed yet
          </li>
        )}
        {state.asking.told.value && (
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
        {shown.map((name) => {
          const quantity = program.quantities[name]!;
          return (
            quantity.legend && (
              <li key={name}>
                <Variable letter={shortName(quantity)} /> {quantity.legend}
              </li>
            )
          );
        })}
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

/** The quantities of units and samples; those of weights stand at the edges. */
const DRAWN = /^[xybahesd]$|^loss$/;

/**
 * The quantities of which a number is on the screen: those of the step, and in the diagram what is
 * known. Those come first that came last.
 */
function shownNow(state: PanelState, program: Program): string[] {
  const operation = state.step.value?.operation;
  const isWritten = BESIDE.some((view) => state.views.isShown(view));
  const inStep =
    operation && isWritten
      ? [operation.writes, ...refsIn(operation.element).map((ref) => ref.split("[")[0]!)]
      : [];
  const isShown = (name: string, quantity: string, indices: number[]): boolean =>
    inStep.includes(name) ||
    (quantity === RATE && state.view.value === "step") ||
    (state.views.isShown("diagram") &&
      DRAWN.test(quantity) &&
      state.isKnown({ register: name, indices }));
  const written = program.operations.map(({ writes }) => writes).reverse();
  const found = [...written, ...Object.keys(program.registers)].flatMap((name) => {
    const register = registerOf(program, name);
    const indices = sampleShape(register).map(() => 0);
    return isShown(name, register.quantity, indices) ? register.quantity : [];
  });
  return [...new Set(found)];
}
