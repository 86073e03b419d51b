// What the current step does: its sentence and its formula. The card keeps the height of its
// tallest step, so that nothing moves while stepping.

import type { ComponentChildren, VNode } from "preact";
import { useCallback, useContext } from "preact/hooks";
import type { Frame } from "../program/frame";
import type { Program } from "../protocol/program";
import type { PanelState } from "../state/panel";
import type { Step, Steps } from "../program/steps";
import { results, sentence } from "../program/words";
import { Ahead, around } from "./Ahead";
import { AskedContext } from "./asked";
import { StepLine } from "./Code";
import { FORMULA_EM, Formula, formulaRows } from "./Formula";
import { Reserved, useReserve } from "./Reserved";
import { Say } from "./Say";
import { usePanel } from "../ui/context";
import { useWidth } from "../ui/useWidth";

interface StepCardProps {
  /** Whether the formula is shown below the sentence, and the line of NumPy below that. */
  formula: boolean;
  code?: boolean;
  /** What stands in the head of the card, to choose what is below. */
  tabs?: VNode | false;
  /** Views beside the formula. */
  side?: readonly VNode[];
  children?: ComponentChildren;
}

export function StepCard(props: StepCardProps): VNode | null {
  const { formula, code = false, tabs, side = [], children } = props;
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const steps = state.steps.value;
  const frame = state.values.value;
  const room = width / FORMULA_EM;
  const { digits, decimal, fractions, projector } = state.appearance.value;
  const asks = useContext(AskedContext);
  const predicting = asks?.predicting;
  const most = mostPixels(state, side.length, !!predicting?.questions.value);
  const key = [
    predicting?.questions.value && !predicting.questions.value.fading && predicting.place.value,
    state.depth.value,
    Math.round(width),
    digits,
    decimal,
    fractions,
    projector,
    formula,
    most,
  ].join();
  const head = useReserve(key, state.program.value, width > 0);
  const body = useReserve(key, state.program.value, width > 0, most);
  const answer = useReserve(key, state.program.value, width > 0);
  if (!steps || !frame) return null;
  const step = state.step.value;
  const numbers = state.numbers.value;
  const asked = predicting?.asked.value ?? null;
  const measured = predicting?.measured.value ?? [];
  const longest = head.isStale || body.isStale ? tallest(steps, frame, state, room) : [];
  return (
    <section class="bpviz-step-card" aria-label="Current step">
      <div class="bpviz-step-head">
        <Reserved reserve={head}>
          {asks && asked ? (
            <asks.AskHead question={asked} program={steps.program} live />
          ) : (
            <Say
              phase={step?.operation.phase}
              further={step ? results(step, frame, numbers) : ""}
              live
            >
              {step ? sentence(step, frame, numbers) : NOTHING_YET}
            </Say>
          )}
          {head.isStale && [
            <Say>{NOTHING_YET}</Say>,
            ...measured.map(
              (question) => asks && <asks.AskHead question={question} program={steps.program} />,
            ),
            ...longest.map((one) => (
              <Say phase={one.operation.phase}>{sentence(one, frame, numbers)}</Say>
            )),
          ]}
        </Reserved>
        {tabs}
      </div>
      <div class="bpviz-body" style={columnsOf(1 + side.length)}>
        <div class="bpviz-step-column">
          <div ref={box} />
          <Reserved reserve={body}>
            {asks && asked ? (
              <asks.Ask {...{ question: asked, frame, room }} live />
            ) : (
              <Live {...{ steps, frame, room, formula, code, letters: body.letters }} />
            )}
            {body.isStale && [
              formula && <Start program={steps.program} />,
              ...measured.map((question) => asks && <asks.Ask {...{ question, frame, room }} />),
              ...longest.map((one) => (
                <StepBody
                  key={one.operation.writes}
                  {...{ step: one, frame, room, formula, code }}
                  longest={steps.count > MANY}
                />
              )),
            ]}
          </Reserved>
        </div>
        {side}
      </div>
      {asks?.predicting.questions.value && (
        <Reserved reserve={answer}>
          <asks.Answer question={asked} frame={frame} live />
          {answer.isStale && measured.map((question) => <asks.Answer {...{ question, frame }} />)}
        </Reserved>
      )}
      {children}
    </section>
  );
}

/** Beside so many views a formula has so many pixels; of a longer one a part is seen at a time. */
const MOST_BESIDE: Readonly<Record<number, number>> = { 1: 142, 2: 200 };
/** Where questions are asked, what is said of an answer takes a part of it. */
const ANSWER = 10;
/** Without the diagram above there is room for more. */
const MOST_ALONE = 260;

function mostPixels(state: PanelState, views: number, asks: boolean): number | undefined {
  if (!state.views.isShown("diagram")) return MOST_ALONE;
  const beside = MOST_BESIDE[views];
  return beside && asks ? beside - ANSWER : beside;
}

/** The formula beside one other view, or beside matrices and code. */
const COLUMNS: Readonly<Record<number, string>> = {
  2: "minmax(0, 11fr) minmax(0, 10fr)",
  3: "minmax(0, 10fr) minmax(0, 11fr) minmax(0, 8fr)",
};

function columnsOf(count: number): Record<string, string> | undefined {
  const gridTemplateColumns = COLUMNS[count];
  return gridTemplateColumns ? { gridTemplateColumns } : undefined;
}

interface BodyProps {
  frame: Frame;
  room: number;
  formula: boolean;
  code: boolean;
}

interface LiveProps extends BodyProps {
  steps: Steps;
  /** The size of the letters of what would be cut off, by the register that an operation writes. */
  letters: Readonly<Record<string, number>>;
}

/** What is shown of the current step. */
function Live({ steps, frame, room, letters, formula, code }: LiveProps): VNode {
  const state = usePanel();
  const step = state.step.value;
  const numbers = state.numbers.value;
  const draw = useCallback(
    (number: number) => {
      const step = steps.at(number);
      const size = letters[step.operation.writes];
      return <Formula {...{ step, frame, numbers, room, letters: size }} />;
    },
    [steps, frame, numbers, room, letters],
  );
  const near = state.asking.told.value ? [] : around(step?.number ?? 0, 1, steps.count);
  return (
    <>
      {formula && !step && <Start program={steps.program} />}
      {formula && (
        <Ahead
          class="bpviz-formula"
          label="Formula"
          view="formula"
          now={step && step.number}
          {...{ near, draw }}
        />
      )}
      {code && step && <StepLine step={step} />}
    </>
  );
}

interface StepBodyProps extends BodyProps {
  step: Step;
  /** Break formulas as if every number were as long as can be. */
  longest: boolean;
}

/** A step as it will be shown, to see how much room it needs. */
function StepBody({ step, frame, room, formula, code, longest }: StepBodyProps): VNode {
  const numbers = usePanel().numbers.value;
  return (
    <>
      {formula && (
        <div class="bpviz-formula">
          <Formula {...{ step, frame, numbers, room, longest }} />
        </div>
      )}
      {code && <StepLine step={step} />}
    </>
  );
}

const NOTHING_YET =
  "Nothing is computed yet: only the inputs, the target, the weights and the biases are known.";

function Start({ program }: { program: Program }): VNode {
  const dirty = program.rule.update === "dirty";
  return (
    <div class="bpviz-start">
      <Phases dirty={dirty} />
      {program.rule.mistakes.map((mistake) => (
        <p class="bpviz-mistake" key={mistake.name}>
          <b>{mistake.right_because ? "Another convention" : "A mistake on purpose"}:</b>{" "}
          {mistake.title}.
        </p>
      ))}
    </div>
  );
}

function Phases({ dirty }: { dirty: boolean }): VNode {
  return (
    <ol>
      <li class="bpviz-phase-forward">
        <b>Forward pass:</b> the input runs through, layer by layer.
      </li>
      <li class="bpviz-phase-loss">
        <b>Loss:</b> how far the output is from the target.
      </li>
      <li class="bpviz-phase-backward">
        <b>Backward pass:</b> the error runs back and gives the gradients.
      </li>
      <li class="bpviz-phase-update">
        <b>Update:</b>{" "}
        {dirty
          ? "weights move before the error passes on (“dirty”)."
          : "each weight moves a little against its gradient."}
      </li>
    </ol>
  );
}

/** Of so many steps each is looked at for its length. */
const MANY = 400;
/** For each operation the steps that may need most room: the longest, or the last two. */
function tallest(steps: Steps, frame: Frame, state: PanelState, room: number): Step[] {
  const numbers = state.numbers.value;
  const base = { frame, numbers, room };
  const found = new Set<number>();
  let first = 1;
  for (const { writes } of steps.program.operations) {
    const last = steps.knownAt({ register: writes, indices: [] });
    if (last < first) continue;
    if (steps.count > MANY) {
      found.add(Math.max(1, last - 1)).add(last);
    } else {
      const own = Array.from({ length: last - first + 1 }, (_, k) => steps.at(first + k));
      found.add(largest(own, (step) => formulaRows({ ...base, step }).length).number);
      found.add(largest(own, (step) => sentence(step, frame, numbers).length).number);
    }
    first = last + 1;
  }
  return [...found].map((number) => steps.at(number));
}

function largest(steps: Step[], size: (step: Step) => number): Step {
  const sizes = steps.map(size);
  return steps[sizes.indexOf(Math.max(...sizes))]!;
}
