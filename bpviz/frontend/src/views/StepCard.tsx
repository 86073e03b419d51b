// What the current step does: its sentence and its formula. The card keeps the height of its
// tallest step, so that nothing moves while stepping.

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Frame } from "../frame";
import type { PanelState } from "../state";
import type { Step, Steps } from "../steps";
import { sentence } from "../words";
import { Formula } from "./Formula";
import { usePanel } from "./context";
import { PHASE_NAMES } from "./phases";
import { useWidth } from "./useWidth";

/** The size of the formula's letters in pixels, as step.css has it. */
export const FORMULA_EM = 16;

interface StepCardProps {
  /** Whether the formula is shown below the sentence. */
  formula: boolean;
  /** What stands in the head of the card, to choose what is below. */
  tabs?: VNode | false;
  children?: ComponentChildren;
}

export function StepCard({ formula, tabs, children }: StepCardProps): VNode | null {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const reserve = useRef<HTMLDivElement>(null);
  const steps = state.steps.value;
  const frame = state.values.value;
  const room = width / FORMULA_EM;
  const { digits, decimal, fractions, projector } = state.appearance.value;
  const key = [
    state.depth.value,
    Math.round(width),
    digits,
    decimal,
    fractions,
    projector,
    formula,
  ].join();
  const [height, setHeight] = useState({ key: "", program: state.program.value, pixels: 0 });
  const stale = height.key !== key || height.program !== state.program.value;
  useLayoutEffect(() => {
    if (!stale || !reserve.current || !width) return;
    const heights = [...reserve.current.children].map(
      (child) => (child as HTMLElement).offsetHeight,
    );
    setHeight({ key, program: state.program.value, pixels: Math.ceil(Math.max(0, ...heights)) });
  });
  if (!steps || !frame) return null;
  const step = state.step.value;
  const phase = step?.operation.phase;
  return (
    <section class={`bpviz-step-card bpviz-phase-${phase ?? "none"}`} aria-label="Current step">
      <div class="bpviz-step-head">
        <span class="bpviz-badge">
          {phase ? (
            <>
              {PHASE_NAMES[phase].name} <span aria-hidden="true">{PHASE_NAMES[phase].mark}</span>
            </>
          ) : (
            "Start"
          )}
        </span>
        {tabs}
        <span class="bpviz-count">
          Step {step?.number ?? 0} of {steps.count}
        </span>
      </div>
      <div ref={box} class="bpviz-step-body" style={{ minHeight: `${height.pixels}px` }}>
        {step ? (
          <StepBody {...{ step, frame, state, room, formula }} live />
        ) : (
          <Start steps={steps} formula={formula} />
        )}
        {stale && width > 0 && (
          <div ref={reserve} class="bpviz-reserve" aria-hidden="true">
            <div>
              <Start steps={steps} formula={formula} />
            </div>
            {tallest(steps).map((one) => (
              <div key={one.number}>
                <StepBody {...{ step: one, frame, state, room, formula }} />
              </div>
            ))}
          </div>
        )}
      </div>
      {children}
    </section>
  );
}

interface StepBodyProps {
  step: Step;
  frame: Frame;
  state: PanelState;
  room: number;
  formula: boolean;
  live?: boolean;
}

function StepBody({ step, frame, state, room, formula, live = false }: StepBodyProps): VNode {
  const numbers = state.numbers.value;
  return (
    <>
      <p class="bpviz-sentence" aria-live={live ? "polite" : undefined}>
        {sentence(step, frame, numbers)}
      </p>
      {formula && (
        <div
          class="bpviz-formula"
          data-view="formula"
          tabIndex={live ? 0 : undefined}
          role="group"
          aria-label="Formula"
        >
          <Formula
            step={step}
            frame={frame}
            numbers={numbers}
            room={room}
            longest={!live}
            roleOf={(ref) => state.roleOf(ref)}
          />
        </div>
      )}
    </>
  );
}

function Start({ steps, formula }: { steps: Steps; formula: boolean }): VNode {
  const { program } = steps;
  const dirty = program.rule.update === "dirty";
  return (
    <div class="bpviz-start">
      <p class="bpviz-sentence" aria-live="polite">
        Nothing is computed yet: only the inputs, the target, the weights and the biases are known.
      </p>
      {formula && <Phases dirty={dirty} />}
      {formula &&
        program.rule.mistakes.map((mistake) => (
          <p class="bpviz-mistake" key={mistake.name}>
            <b>A mistake on purpose:</b> {mistake.title}. {mistake.change}.
          </p>
        ))}
    </div>
  );
}

function Phases({ dirty }: { dirty: boolean }): VNode {
  return (
    <ol>
      <li class="bpviz-phase-forward">
        <b>Forward pass:</b> the input runs through the network, layer by layer.
      </li>
      <li class="bpviz-phase-loss">
        <b>Loss:</b> how far the output is from the target.
      </li>
      <li class="bpviz-phase-backward">
        <b>Backward pass:</b> the error runs back and gives each weight its gradient.
      </li>
      <li class="bpviz-phase-update">
        <b>Update:</b> each weight moves a little against its gradient
        {dirty ? ", here layer by layer, before the error passes on (a “dirty” update)." : "."}
      </li>
    </ol>
  );
}

/** For each operation the steps that may need most room: its first, a middle and its last. */
function tallest(steps: Steps): Step[] {
  const numbers = new Set<number>();
  for (const { writes } of steps.program.operations) {
    const last = steps.knownAt({ register: writes, indices: [] });
    numbers.add(last).add(Math.max(1, last - 1));
  }
  return [...numbers].map((number) => steps.at(number));
}
