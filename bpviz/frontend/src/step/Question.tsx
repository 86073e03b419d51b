// A number that somebody is asked for: the question, the control, and what an answer is told.

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Program } from "../protocol/program";
import type { Frame } from "../program/frame";
import { originOf } from "../program/provenance";
import { parseRef } from "../program/refs";
import { nameOf, sentence } from "../program/words";
import type { Verdict } from "../state/judging";
import { CHOICES } from "../state/judging";
import { TAKEN_BACK, questionName } from "../state/performing";
import type { Given, Question } from "../state/predicting";
import { ENOUGH, MOST_HINTS, STOPPED, inWords } from "../state/predicting";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Choice";
import { usePanel } from "../ui/context";
import { RefName } from "../ui/RefName";
import { Say } from "./Say";
import { Value } from "../ui/Value";
import { Causes } from "./Causes";
import { Formula } from "./Formula";
import { NextNumber } from "./NextNumber";
import { focused } from "../ui/focus";

/** What says how a question was settled: it is there always, and takes the focus from there. */
const SETTLED = ".bpviz-settled";

interface AskProps {
  question: Question;
  frame: Frame;
  /** The width of the formula's place, in em. */
  room: number;
  /** Whether it is asked now; otherwise it reserves the room that it may need. */
  live?: boolean;
}

export function Ask({ question, frame, room, live = false }: AskProps): VNode {
  const state = usePanel();
  const { predicting } = state;
  const { program } = frame;
  const numbers = state.numbers.value;
  const isChoice = question.kind === "next";
  const filler = question.inputs?.[0]!.join(" ") ?? (isChoice ? question.ref : "−0.0000");
  const given: Given = live
    ? predicting.givenTo(question)
    : { state: "open", tries: [filler, filler], hints: MOST_HINTS };
  const newest = given.tries.at(-1);
  const last = newest === TAKEN_BACK ? undefined : newest;
  const verdict: Verdict | undefined = live
    ? last === undefined
      ? undefined
      : predicting.judge(question, last)
    : isChoice
      ? { causes: [{ slip: "next", refs: [question.ref, question.ref] }] }
      : { causes: longest(question, predicting.questions.value!.mistakes) };
  const step = originOf(program, parseRef(question.ref)!)!;
  // The inputs must not be read off the formula; symbols come before numbers.
  const isInputs = question.kind === "inputs";
  const isOpen = !isChoice && (!isInputs || given.hints === MOST_HINTS);
  const said = (
    <div class="bpviz-feedback" role={live ? "status" : undefined}>
      {(predicting.stopped.value || !live) && <p>{STOPPED}</p>}
      {live && predicting.refusal.value && <p class="bpviz-refusal">{predicting.refusal.value}</p>}
      {verdict && <Causes {...{ question, frame, room, verdict }} answer={last!} />}
      {given.tries.length > 1 && !isChoice && (
        <p class="bpviz-soft">
          Before:{" "}
          {given.tries.slice(0, -1).map((text, k) => (
            <span key={k}>
              {k > 0 && ", "}
              <Answered {...{ question, text }} />
            </span>
          ))}
        </p>
      )}
      {given.hints > 0 && !isChoice && (
        <p>
          <b>Hint:</b> {sentence(step, frame, numbers)}
        </p>
      )}
    </div>
  );
  return (
    <>
      {isOpen && (
        <div
          class="bpviz-formula"
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
            symbolsOnly={isInputs || given.hints < MOST_HINTS}
          />
        </div>
      )}
      <Form
        key={live ? `${predicting.place.value}/${questionName(question)}` : ""}
        {...{ question, given, live }}
      >
        {isChoice && said}
      </Form>
      {!isChoice && said}
    </>
  );
}

/** The question in one sentence. */
export function AskHead(props: { question: Question; program: Program; live?: boolean }): VNode {
  const { question, program, live = false } = props;
  const { operation } = originOf(program, parseRef(question.ref)!)!;
  return (
    <Say phase={operation.phase} live={live}>
      <Asking {...{ question, program }} />
    </Say>
  );
}

function Asking({ question, program }: { question: Question; program: Program }): VNode {
  const { ref, kind, partner } = question;
  const named = (name: string): VNode => (
    <>
      <RefName program={program} name={name} />, the {nameOf(program, parseRef(name)!)}
    </>
  );
  switch (kind) {
    case "number":
      // Its symbol stands in front of the field.
      return <>{inWords(question, program)}</>;
    case "sign":
      return <>Is {named(ref)}, negative, zero or positive?</>;
    case "larger":
      return (
        <>
          Is {named(ref)}, smaller or larger than {named(partner!)}?
        </>
      );
    case "inputs":
      return <>Which numbers go into {named(ref)}?</>;
    case "next":
      return <>{inWords(question, program)}</>;
  }
}

/** Of all that may be told about a wrong answer, what takes most room. */
function longest(question: Question, mistakes: Readonly<Record<string, { change: string }>>) {
  const length = (names: readonly string[] = []): number =>
    names.reduce((sum, name) => sum + mistakes[name]!.change.length + 80, 0);
  const all = [...question.wrong];
  all.sort((one, other) => length(other.mistakes) - length(one.mistakes));
  return all.slice(0, 1);
}

interface FormProps {
  question: Question;
  given: Given;
  live: boolean;
  /** What is told beside the buttons. */
  children: ComponentChildren;
}

function Form({ question, given, live, children }: FormProps): VNode {
  const state = usePanel();
  const { predicting } = state;
  const { kind, ref } = question;
  const [text, setText] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    const panel = form.current?.closest(".bpviz");
    if (live && predicting.byKeyboard && panel?.contains(focused())) focus(form.current!);
  }, []);
  const change = (to: string): void => {
    setText(to);
    if (live) predicting.clear();
  };
  // This form goes when the question is settled. The focus goes on before: were it lost for a
  // moment, it would seem to have left the panel.
  const handOn = (): void => {
    predicting.byKeyboard = true;
    const settled = form.current?.closest(".bpviz")?.querySelector<HTMLElement>(SETTLED);
    if (predicting.asked.value !== question) settled?.focus({ preventScroll: true });
    else if (kind === "number") form.current?.querySelector("input")?.select();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    predicting.answer(question, text);
    handOn();
  };
  const isRefused = live && predicting.refusal.value !== "";
  const enough = given.tries.length >= ENOUGH;
  const name = nameOf(state.program.value!, parseRef(ref)!);
  return (
    <form ref={form} class="bpviz-ask" onSubmit={submit} aria-label="Your answer">
      {kind === "number" ? (
        <label class="bpviz-editor">
          <RefName program={state.program.value!} name={ref} /> =
          <input
            type="text"
            autocomplete="off"
            inputMode="text"
            aria-label={name}
            aria-invalid={isRefused}
            value={text}
            onInput={(event) => change(event.currentTarget.value)}
          />
        </label>
      ) : kind === "next" ? (
        <NextNumber value={text} onChange={change} />
      ) : kind === "inputs" ? (
        <Options options={question.options!} chosen={text} onChange={change} />
      ) : (
        <Choice
          legend={inWords(question, state.program.value!)}
          value={text}
          onChange={change}
          options={CHOICES[kind]!.map((value) => ({ value, text: value }))}
        />
      )}
      <div class="bpviz-buttons">
        <button
          type="submit"
          class={`bpviz-button bpviz-text-button ${enough ? "" : "bpviz-main"}`}
        >
          Answer
        </button>
        {kind !== "next" && (
          <Button
            label="Hint"
            disabled={given.hints >= MOST_HINTS}
            onClick={() => predicting.hint(question)}
          />
        )}
        <button
          type="button"
          class={`bpviz-button bpviz-text-button ${enough ? "bpviz-main" : ""}`}
          onClick={() => {
            predicting.reveal(question);
            handOn();
          }}
        >
          {predicting.performs.value ? "Do it for me" : "Show the answer"}
        </button>
      </div>
      {children}
    </form>
  );
}

function focus(form: HTMLFormElement): void {
  const controls = form.querySelectorAll<HTMLInputElement>("input");
  controls[0]?.focus({ preventScroll: true });
  form.scrollIntoView?.({ block: "nearest" });
}

interface OptionsProps {
  options: readonly string[];
  /** Refs with a space between them. */
  chosen: string;
  onChange(chosen: string): void;
}

function Options({ options, chosen, onChange }: OptionsProps): VNode {
  const program = usePanel().program.value!;
  const refs = chosen.split(" ").filter(Boolean);
  return (
    <fieldset class="bpviz-options">
      <legend class="bpviz-hidden">Numbers that may go in</legend>
      {options.map((name) => (
        <label key={name} class="bpviz-switch">
          <input
            type="checkbox"
            checked={refs.includes(name)}
            aria-label={nameOf(program, parseRef(name)!)}
            onChange={() =>
              onChange(options.filter((one) => refs.includes(one) !== (one === name)).join(" "))
            }
          />
          <RefName program={program} name={name} /> <Value name={name} />
        </label>
      ))}
    </fieldset>
  );
}

/** An answer as it was given. */
function Answered({ question, text }: { question: Question; text: string }): VNode {
  const program = usePanel().program.value!;
  if (question.kind !== "inputs") return <>{text}</>;
  const chosen = question.options!.filter((name) => text.split(" ").includes(name));
  return (
    <>
      {chosen.map((name, k) => (
        <span key={name}>
          {k > 0 && " and "}
          <RefName program={program} name={name} />
        </span>
      ))}
    </>
  );
}

/** What has become of the question of this step, once it is settled. */
export function Settled({ frame }: { frame: Frame }): VNode | null {
  const state = usePanel();
  const { predicting } = state;
  const question = predicting.settled.value;
  return (
    <p class="bpviz-settled" tabIndex={-1} role="status">
      {question && <Outcome {...{ question, frame }} />}
    </p>
  );
}

function Outcome({ question, frame }: { question: Question; frame: Frame }): VNode {
  const state = usePanel();
  const { program } = frame;
  const numbers = state.numbers.value;
  const { ref, kind, partner } = question;
  const given = state.predicting.givenTo(question);
  const text = (name: string): string => frame.text(parseRef(name)!, numbers);
  const isRight = given.state === "right";
  return (
    <>
      <b>{isRight ? "✓ Right" : "○ Shown"}:</b> <RefName program={program} name={ref} />{" "}
      {kind === "inputs" ? "is made from these." : `= ${text(ref)}`}
      {partner && (
        <>
          , and <RefName program={program} name={partner} /> = {text(partner)}
        </>
      )}
    </>
  );
}
