// How far somebody has come with the questions of this example, and the way to the next.

import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { parseRef } from "../program/refs";
import { nameOf } from "../program/words";
import type { Given, Question } from "../state/predicting";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { usePredicting } from "./asked";

interface ProgressProps {
  /** Where room is reserved, the example that needs most of it stands for all. */
  live: boolean;
}

export function Progress({ live }: ProgressProps): VNode | null {
  const state = usePanel();
  const predicting = usePredicting();
  const box = useRef<HTMLElement>(null);
  if (predicting.performs.value) return <Performed />;
  const count = predicting.examples.value;
  const questions = live || count === 1 ? predicting.set.value : predicting.longest.value;
  if (!predicting.questions.value) return null;
  const given = questions.map((question) => predicting.givenTo(question));
  const right = given.filter((one) => one.state === "right" && one.tries.length === 1).length;
  const shown = given.filter((one) => one.state === "shown").length;
  const { asked } = predicting;
  const place = asked.value ? questions.indexOf(asked.value) + 1 : 0;
  const done = questions.length - predicting.open.value.length;
  const example = predicting.place.value + 1;
  const isDone = done === questions.length && state.atEnd;
  return (
    <section ref={box} class="bpviz-predicted" aria-label="Questions">
      <p>
        {count > 1 && `Example ${example} of ${count}`}
        {questions.length === 0 ? (
          " · Watch how it is done: from the next one on, the end is yours"
        ) : (
          // Of an example that fades the marks say it, beside which there is more room then.
          <span class={count > 1 ? "bpviz-hidden" : undefined}>
            {count > 1 && " · "}
            {place
              ? `Question ${place} of ${questions.length}`
              : `${done} of ${questions.length} questions done`}
            {` · ${right} right at the first try · ${shown} shown`}
          </span>
        )}
      </p>
      <ol class="bpviz-marks">
        {questions.map((question, k) => (
          <li key={question.ref}>
            <Mark {...{ question, number: k + 1, given: given[k]! }} />
          </li>
        ))}
      </ol>
      {count > 1 && isDone && live && (
        <Button
          label={example < count ? "Next example" : "That was the last example"}
          disabled={example >= count}
          onClick={() => {
            // The button goes; the focus stays in the panel.
            box.current!.closest<HTMLElement>(".bpviz")!.focus({ preventScroll: true });
            predicting.next();
          }}
        />
      )}
    </section>
  );
}

/** How far somebody is who performs a whole pass, and the way back. */
function Performed(): VNode {
  const predicting = usePredicting();
  const count = predicting.numbers.value.length;
  const done = count - predicting.open.value.length;
  const isScored = predicting.questions.value!.score === "now" || done === count;
  const atFirst = (questions: readonly Question[]): string => {
    const settled = questions.map((one) => predicting.givenTo(one));
    const right = settled.filter(({ state, tries }) => state === "right" && tries.length === 1);
    return `${right.length} of ${settled.filter(({ state }) => state !== "open").length}`;
  };
  return (
    <section class="bpviz-predicted" aria-label="Questions">
      <p>
        {done === count ? `All ${count} numbers are there` : `Number ${done + 1} of ${count}`}
        {isScored &&
          done > 0 &&
          ` · right at the first try: ${atFirst(predicting.choices.value)} choices, ${atFirst(
            predicting.numbers.value,
          )} numbers`}
      </p>
      <Button
        label="Undo the last number"
        disabled={!predicting.canUndo.value}
        onClick={() => predicting.undo()}
      />
    </section>
  );
}

interface MarkProps {
  question: Question;
  number: number;
  given: Given;
}

function Mark({ question, number, given }: MarkProps): VNode {
  const state = usePanel();
  const predicting = usePredicting();
  const isNow = predicting.asked.value === question;
  const label = `Question ${number}, ${nameOf(state.program.value!, parseRef(question.ref)!)}: ${inWords(given)}`;
  return (
    <button
      type="button"
      class={`bpviz-button bpviz-text-button bpviz-mark-${given.state}`}
      title={label}
      aria-label={label}
      aria-current={isNow ? "step" : undefined}
      aria-disabled={!predicting.isReached(question)}
      onClick={() => {
        if (predicting.isReached(question)) predicting.goTo(question);
      }}
    >
      {number}&#8239;{markOf(given)}
    </button>
  );
}

function markOf({ state, tries }: Given): string {
  if (state === "open") return "?";
  return state === "shown" ? "○" : tries.length > 1 ? `✓${tries.length}` : "✓";
}

function inWords({ state, tries }: Given): string {
  if (state === "right") {
    return tries.length > 1 ? `right at try ${tries.length}` : "right at the first try";
  }
  return state === "shown" ? "shown" : tries.length ? `open, ${tries.length} wrong` : "open";
}
