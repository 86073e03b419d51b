// A number that somebody is asked for: the question, the control, and what an answer is told.

import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Frame } from "../program/frame";
import { originOf } from "../program/provenance";
import { formulaOf } from "../program/variants";
import { parseRef } from "../program/refs";
import { nameOf, sentence } from "../program/words";
import type { Verdict, Wrong } from "../state/judging";
import { CHOICES } from "../state/judging";
import { TAKEN_BACK, questionName } from "../state/performing";
import type { Given, Question, Questions } from "../state/predicting";
import { ENOUGH, MOST_HINTS, STOPPED, inWords } from "../state/predicting";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Choice";
import { usePanel } from "../ui/context";
import { RefName } from "../ui/RefName";
import type { AnswerProps, AskProps, HeadProps } from "./asked";
import { usePredicting } from "./asked";
import { Say } from "./Say";
import { Value } from "../ui/Value";
import { Causes } from "./Causes";
import { Formula } from "./Formula";
import { NextNumber } from "./NextNumber";
import { Progress } from "./Progress";
import { focused } from "../ui/focus";

/** What an answer and what it is told lie in: there always, it takes the focus of a form that goes. */
const AROUND = ".bpviz-question";

/** What was answered so far; where room is reserved, as much as can be. */
function useGiven(question: Question, live: boolean): Given {
  const predicting = usePredicting();
  if (live) return predicting.givenTo(question);
  const filler =
    question.inputs?.[0]!.join(" ") ?? (question.kind === "next" ? question.ref : "−0.0000");
  return { state: "open", tries: [filler, filler], hints: MOST_HINTS };
}

/** Whether the answer is chosen from a list. */
const isListed = ({ kind }: Question): boolean => kind === "inputs" || kind === "next";

/** A list to choose from; the formula of what is asked for, as far as it may be seen; the hint. */
export function Ask({ question, frame, room, live = false }: AskProps): VNode {
  const { numbers: style } = usePanel();
  const predicting = usePredicting();
  const numbers = style.value;
  const { hints } = useGiven(question, live);
  const list = isListed(question) && <Form {...{ question, live }} />;
  if (question.kind === "next") return <>{list}</>;
  const step = originOf(frame.program, parseRef(question.ref)!)!;
  // The answer must not be read off the formula; symbols come before numbers.
  const isSecret = predicting.givesAway(question);
  return (
    <>
      {list}
      {(!isSecret || hints === MOST_HINTS) && (
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
            symbolsOnly={isSecret || hints < MOST_HINTS}
          />
        </div>
      )}
      <div role={live ? "status" : undefined}>
        {hints > 0 && (
          <p>
            <b>Hint:</b> {sentence(step, frame, numbers)}
          </p>
        )}
      </div>
    </>
  );
}

/** How far somebody is; the field of the answer, and at it what the answer is told. */
export function Answer({ question, frame, live = false }: AnswerProps): VNode {
  // What has the focus is said by its name alone: the status in it would else be said twice.
  const place = live && ({ role: "group", "aria-label": "Question", tabIndex: -1 } as const);
  return (
    <div class="bpviz-question" {...(place || {})}>
      <Progress live={live} />
      {question && !isListed(question) && <Form {...{ question, live }} />}
      <div class="bpviz-feedback" role={live ? "status" : undefined}>
        {question ? <Told {...{ question, frame, live }} /> : <Settled frame={frame} />}
      </div>
    </div>
  );
}

interface ToldProps {
  question: Question;
  frame: Frame;
  live: boolean;
}

/** What is told of the newest answer, and that alone. */
function Told({ question, frame, live }: ToldProps): VNode {
  const predicting = usePredicting();
  const { tries } = useGiven(question, live);
  const { kind, ref } = question;
  const newest = tries.at(-1);
  const last = newest === TAKEN_BACK ? undefined : newest;
  if (live && predicting.refusal.value) {
    return <p class="bpviz-refusal">{predicting.refusal.value}</p>;
  }
  if (live && predicting.stopped.value) return <p>{STOPPED}</p>;
  if (last === undefined) return <Settled frame={frame} />;
  const verdict: Verdict = live
    ? predicting.judge(question, last)
    : {
        causes:
          kind === "next"
            ? [{ slip: "next", refs: [ref, ref] }]
            : longest(question, predicting.questions.value!),
      };
  return (
    <>
      <Causes {...{ question, frame, verdict }} answer={last} />{" "}
      {tries.length > 1 && kind !== "next" && (
        <p class="bpviz-soft">
          Before:{" "}
          {tries.slice(0, -1).map((text, k) => (
            <span key={k}>
              {k > 0 && ", "}
              <Answered {...{ question, text }} />
            </span>
          ))}
        </p>
      )}
    </>
  );
}

/** The question in one sentence. */
export function AskHead({ question, program, live = false }: HeadProps): VNode {
  const { operation } = originOf(program, parseRef(question.ref)!)!;
  return (
    <Say phase={operation.phase} live={live}>
      {inWords(question, program)}
    </Say>
  );
}

/** A formula takes as much room as so many letters. */
const FORMULA = 120;

/** Of all that may be told about a wrong answer, what takes most room. */
function longest(question: Question, { mistakes, variants = [] }: Questions) {
  const ref = parseRef(question.ref)!;
  const known: Wrong[] = variants.map((one) => ({ ...one, formula: formulaOf(one, ref) }));
  const length = ({ mistakes: names = [], formula }: Wrong): number =>
    names.reduce(
      (sum, name) => sum + mistakes[name]!.title.length,
      (formula && names.length ? FORMULA : 0) +
        (names.length === 1 ? mistakes[names[0]!]!.change.length : 0),
    );
  return [...known, ...question.wrong]
    .sort((one, other) => length(other) - length(one))
    .slice(0, 1);
}

type FormProps = Pick<ToldProps, "question" | "live">;

/** The field of an answer, which is another one for each question. */
function Form(props: FormProps): VNode {
  const { place } = usePredicting();
  return <Fields key={`${place.value}/${questionName(props.question)}`} {...props} />;
}

function Fields({ question, live }: FormProps): VNode {
  const state = usePanel();
  const given = useGiven(question, live);
  const predicting = usePredicting();
  const { kind, ref } = question;
  const [text, setText] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (!live || !form.current?.closest(".bpviz")?.contains(focused())) return;
    if (state.attention.byKeyboard) focus(form.current);
    else form.current.scrollIntoView?.({ block: "nearest" });
  }, []);
  const change = (to: string): void => {
    setText(to);
    if (live) predicting.clear();
  };
  // This form goes when the question is settled. The focus goes on before: were it lost for a
  // moment, it would seem to have left the panel.
  const handOn = (): void => {
    state.attention.byKeyboard = true;
    const around = form.current?.closest(".bpviz")?.querySelector<HTMLElement>(`${AROUND}[role]`);
    if (predicting.asked.value !== question) around?.focus({ preventScroll: true });
    else if (kind === "number") form.current?.querySelector("input")?.select();
    bringIntoSight(form.current);
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
        <Options {...{ options: question.options!, chosen: text, live }} onChange={change} />
      ) : (
        <>
          <RefName program={state.program.value!} name={ref} />
          <Choice
            legend={inWords(question, state.program.value!)}
            value={text}
            onChange={change}
            options={CHOICES[kind]!.map((value) => ({ value, text: value }))}
          />
        </>
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
    </form>
  );
}

function focus(form: HTMLFormElement): void {
  const controls = form.querySelectorAll<HTMLInputElement>("input");
  controls[0]?.focus({ preventScroll: true });
  bringIntoSight(form);
}

/** Show the field at least; if there is room the question with all about it, or the whole panel. */
function bringIntoSight(form: HTMLFormElement | null): void {
  for (const place of [".bpviz", ".bpviz-step-card", ".bpviz-reserved"]) {
    form?.closest(place)?.scrollIntoView?.({ block: "nearest" });
  }
}

interface OptionsProps {
  options: readonly string[];
  /** Refs with a space between them. */
  chosen: string;
  live: boolean;
  onChange(chosen: string): void;
}

function Options({ options, chosen, live, onChange }: OptionsProps): VNode {
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
          <RefName program={program} name={name} /> {live ? <Value name={name} /> : "−0.000000"}
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
function Settled({ frame }: { frame: Frame }): VNode | null {
  const state = usePanel();
  const predicting = usePredicting();
  const question = predicting.settled.value;
  useLayoutEffect(() => {
    // The place that has the focus is empty now, and cannot be seen.
    const place = focused();
    if (place?.matches(AROUND) && place.querySelector(".bpviz-feedback:empty"))
      place.closest<HTMLElement>(".bpviz")!.focus({ preventScroll: true });
  }, [question]);
  if (!question) return null;
  const { program } = frame;
  const numbers = state.numbers.value;
  const { ref, kind, partner } = question;
  const given = predicting.givenTo(question);
  const text = (name: string): string => frame.text(parseRef(name)!, numbers);
  const isRight = given.state === "right";
  return (
    <p class="bpviz-settled">
      <b>{isRight ? "✓ Right" : "○ Shown"}:</b> <RefName program={program} name={ref} />{" "}
      {kind === "inputs" ? "is made from these." : `= ${text(ref)}`}
      {partner && (
        <>
          , and <RefName program={program} name={partner} /> = {text(partner)}
        </>
      )}
    </p>
  );
}
