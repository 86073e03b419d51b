// Every colour, mark and symbol on the screen, in words.

import type { VNode } from "preact";
import { letterOf } from "../program/notation";
import type { Phase, Program } from "../protocol/program";
import { PHASES } from "../protocol/program";
import { usePanel } from "../ui/context";
import { PHASE_NAMES } from "../ui/phases";
import { Variable } from "../ui/symbols";

/** Narrow panels keep it folded. */
export function Legend({ folded }: { folded: boolean }): VNode | null {
  const state = usePanel();
  const program = state.program.value;
  if (!program) return null;
  if (!folded) {
    return (
      <div class="bpviz-legend">
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
  return (
    <>
      <ul aria-label="Colours and marks">
        {PHASES.map((phase: Phase) => (
          <li key={phase}>
            <span class={`bpviz-swatch bpviz-phase-${phase}`} aria-hidden="true">
              {PHASE_NAMES[phase].mark}
            </span>
            {PHASE_NAMES[phase].short}
          </li>
        ))}
        <li>
          <span class="bpviz-value bpviz-ref written bpviz-sample">0.5</span> written in this step
        </li>
        <li>
          <span class="bpviz-value bpviz-ref read bpviz-sample">0.5</span> read in this step
        </li>
        <li>
          <span class="bpviz-value bpviz-sample">
            <span class="bpviz-unknown">·</span>
          </span>
          not computed yet
        </li>
        {state.predicting.questions.value && (
          <>
            <li>
              <span class="bpviz-value bpviz-sample">
                <span class="bpviz-asked">?</span>
              </span>
              asked for
            </li>
            <li>✓ right (✓2: at try 2), ○ shown</li>
          </>
        )}
        <li>
          <span class="bpviz-value bpviz-sample bpviz-partial">0.5</span> sum so far
        </li>
        <li>
          <LineSample sign="positive" width={2.2} /> weight &gt; 0
        </li>
        <li>
          <LineSample sign="negative" width={2.2} /> weight &lt; 0
        </li>
        <li>
          <LineSample sign="positive" width={4.5} /> thick: far from 0
        </li>
      </ul>
      <ul aria-label="Symbols" class="bpviz-symbols">
        {symbols(program).map(([symbol, words]) => (
          <li key={words}>
            {symbol} {words}
          </li>
        ))}
      </ul>
    </>
  );
}

function LineSample({ sign, width }: { sign: "positive" | "negative"; width: number }): VNode {
  return (
    <svg class="bpviz-line-sample" width="30" height="8" aria-hidden="true">
      <g class={`bpviz-edge bpviz-${sign}`}>
        <path d="M1 4H29" stroke-width={width} />
      </g>
    </svg>
  );
}

function symbols(program: Program): [VNode, string][] {
  const has = (quantity: string): boolean =>
    Object.values(program.registers).some((register) => register.quantity === quantity);
  const [a, h] = [letterOf("a", program.notation), letterOf("h", program.notation)];
  const all: [VNode, string, boolean][] = [
    [<Variable letter="x" />, "input", true],
    [<Variable letter="y" />, "target", true],
    [<Variable letter="b" />, "bias", true],
    [<Variable letter={a} />, "aggregate, the weighted sum", true],
    [<Variable letter={h} />, `activation, f(${a})`, true],
    [<Variable letter="L" />, "loss of the sample", true],
    [<span class="bpviz-variable">f′</span>, "derivative of the activation function", has("s")],
    [<span class="bpviz-variable">∂L/∂{h}</span>, "error that arrives at the unit", has("e")],
    [<span class="bpviz-variable">δ</span>, `delta, ∂L/∂${a}`, true],
    [<span class="bpviz-variable">∂L/∂b</span>, "gradient of the bias", true],
    [<span class="bpviz-variable">∂</span>, "on an edge: gradient ∂L/∂W", true],
    [<span class="bpviz-variable">Δ</span>, "change, learning rate η × gradient", true],
    [<span class="bpviz-variable">→</span>, "weight or bias after the update", true],
  ];
  return all.filter(([, , shown]) => shown).map(([symbol, words]) => [symbol, words]);
}
