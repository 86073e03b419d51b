// Where a number came from: the step and the formula that made it, the numbers that it was made
// from, each of which can be asked in turn, and those that are made from it.

import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isWhole, originOf, resultsOf, sourcesOf } from "../program/provenance";
import { parseRef } from "../program/refs";
import type { Step } from "../program/steps";
import { nameOf, sentence } from "../program/words";
import { isEditable } from "../state/editing";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { symbol } from "../ui/symbols";
import { useWidth } from "../ui/useWidth";
import { Value } from "../ui/Value";
import { StepLine } from "./Code";
import { BackToFirst, Editor } from "./Editor";
import { EpsilonCheck } from "./EpsilonCheck";
import { Exact } from "./Exact";
import { Formula } from "./Formula";
import { Paths } from "./Paths";
import { FORMULA_EM } from "./Formula";

/** The numbers of a long list that are shown at first. */
const SHOWN = 12;

export function Origin(): VNode | null {
  const state = usePanel();
  const box = useRef<HTMLElement>(null);
  const [name, program] = [state.selection.value, state.program.value];
  // Asked once more about the same number, as by a double click, the focus comes back to it.
  const focusNext = state.focusNext.value;
  useLayoutEffect(() => {
    if (!focusNext || !box.current) return;
    state.focusNext.value = "";
    const input = focusNext === "editor" ? box.current.querySelector("input") : null;
    input?.select();
    (input ?? box.current.querySelector("h3"))?.focus({ preventScroll: true });
    box.current.scrollTop = 0;
    box.current.scrollIntoView?.({ block: "nearest" });
  }, [name, focusNext]);
  const ref = parseRef(name);
  if (!program || !ref) return null;
  const step = originOf(program, ref);
  const { secret, isOpen } = state.asking;
  const isSecret = secret.value.has(ref.register);
  // What can be seen of a gradient there would answer questions that are still to come.
  const parameter = !isOpen.value && /^g?([Wb]\d+\[.*)/.exec(name)?.[1];
  const results = resultsOf(program, ref).filter(
    (one) => !secret.value.has(parseRef(one)!.register),
  );
  return (
    <section ref={box} class="bpviz-origin" aria-label="Where this number came from">
      <div class="bpviz-origin-head">
        <Trail />
        <Button icon="close" label="Close (Esc)" onClick={() => state.attention.close()} />
      </div>
      <h3 tabIndex={-1}>{nameOf(program, ref)}</h3>
      {step ? (
        <Made key={name} step={step} name={name} />
      ) : (
        <>
          {isEditable(name, program.network) && (
            <>
              <Editor key={name} name={name} />
              <BackToFirst name={name} />
              {state.offline.value && <p class="bpviz-soft">{state.offline.value}</p>}
            </>
          )}
          <p>Given from the start: no step computes it.</p>
          {isEditable(name) && !isEditable(name, program.network) && (
            <p>Targets add up to 1; none changes alone.</p>
          )}
        </>
      )}
      {step && (
        <Numbers
          key={`from ${name}`}
          title="Made from"
          names={isSecret ? [] : sourcesOf(program, step)}
        />
      )}
      <Numbers key={`for ${name}`} title="Used for" names={results} />
      {parameter && <Paths key={`paths ${name}`} name={parameter} />}
      {parameter && <EpsilonCheck key={`check ${name}`} name={parameter} />}
    </section>
  );
}

/** The numbers that were asked before, to walk back along. */
function Trail(): VNode {
  const state = usePanel();
  const program = state.program.value!;
  const trail = state.attention.trail.value;
  if (trail.length < 2) return <span>Where did this number come from?</span>;
  return (
    <nav aria-label="Trail">
      {trail.map((name, k) => (
        <>
          {k > 0 && <span aria-hidden="true"> › </span>}
          <button
            type="button"
            class="bpviz-button bpviz-text-button"
            data-ref={name}
            aria-current={k === trail.length - 1}
            aria-label={nameOf(program, parseRef(name)!)}
          >
            <math>{symbol(program, parseRef(name)!)}</math>
          </button>
        </>
      ))}
    </nav>
  );
}

/** The step, the formula and the line of code that write a number. */
function Made({ step, name }: { step: Step; name: string }): VNode {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const [steps, frame] = [state.steps.value!, state.values.value!];
  const ref = parseRef(name)!;
  const isAsked = frame.hides(ref);
  const known = state.isKnown(ref) && !isAsked;
  const number = steps.knownAt(ref);
  const place = `Step ${number} of ${steps.count}`;
  return (
    <div ref={box} class={`bpviz-made bpviz-phase-${step.operation.phase}`}>
      {known && !isWhole(frame.program, ref) && <Exact name={name} />}
      <p>
        {known
          ? `${place}. ${sentence(step, frame, state.numbers.value)}`
          : isAsked
            ? `Asked for at ${place.toLowerCase()}.`
            : `Not computed yet: ${place.toLowerCase()} does it.`}{" "}
        <Button
          label="Go there"
          disabled={number === state.cursor.value}
          onClick={() => state.jumpTo(number)}
        />
      </p>
      {!state.asking.secret.value.has(ref.register) && (
        <div
          class="bpviz-formula"
          data-view="origin"
          role="group"
          tabIndex={0}
          aria-label="Formula"
        >
          <Formula
            step={step}
            frame={frame}
            numbers={state.numbers.value}
            room={width / FORMULA_EM}
            symbolsOnly={!known}
          />
        </div>
      )}
      <StepLine step={step} />
    </div>
  );
}

function Numbers({ title, names }: { title: string; names: string[] }): VNode | null {
  const state = usePanel();
  const program = state.program.value!;
  const [all, setAll] = useState(false);
  const more = names.length - SHOWN;
  if (!names.length) return null;
  return (
    <div>
      <h4>{title}</h4>
      <div class="bpviz-origin-numbers" role="group" aria-label={title}>
        {names.slice(0, all ? names.length : SHOWN).map((name) => {
          const ref = parseRef(name)!;
          const words = nameOf(program, ref);
          const whole = isWhole(program, ref);
          return (
            <button
              key={name}
              type="button"
              class="bpviz-button bpviz-text-button"
              data-ref={name}
              title={words}
            >
              <math>{symbol(program, ref)}</math>
              <span class="bpviz-hidden"> {words} </span>
              {!whole && <Value name={name} />}
            </button>
          );
        })}
        {more > 0 && !all && <Button label={`${more} more`} onClick={() => setAll(true)} />}
      </div>
    </div>
  );
}
