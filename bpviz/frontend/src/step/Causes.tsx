// What a wrong answer is told: which mistake leads to it, or how far off it is.

import type { VNode } from "preact";
import { Fragment } from "preact";
import type { Mistake } from "../protocol/program";
import { valueOf } from "../program/evaluate";
import { isRef } from "../program/expression";
import type { Frame } from "../program/frame";
import type { Verdict, Wrong } from "../state/judging";
import type { Question } from "../state/predicting";
import { parseRef } from "../program/refs";
import { nameOf } from "../program/words";
import { RefName } from "../ui/RefName";
import { usePanel } from "../ui/context";
import { usePredicting } from "./asked";
import { math } from "../ui/math";
import { mo } from "../ui/symbols";

const MOST_CAUSES = 2;

interface CausesProps {
  question: Question;
  frame: Frame;
  verdict: Verdict;
  answer: string;
}

export function Causes({ question, frame, verdict, answer }: CausesProps): VNode {
  const { causes = [], off = "" } = verdict;
  const said = question.kind === "inputs" ? "That choice" : answer;
  if (question.kind === "next") return <TooEarly refs={causes[0]?.refs ?? []} chosen={answer} />;
  if (!causes.length) {
    return (
      <p>
        <b>Not yet.</b> {question.kind === "inputs" ? off : `You said ${said}. ${off}`}
      </p>
    );
  }
  return (
    <>
      {causes.slice(0, MOST_CAUSES).map((cause, k) => (
        <Fragment key={k}>
          <Cause {...{ question, frame, cause, said }} also={k > 0} />{" "}
        </Fragment>
      ))}
    </>
  );
}

/** Why a number cannot be computed yet. */
function TooEarly({ refs, chosen }: { refs: readonly string[]; chosen: string }): VNode {
  const program = usePanel().program.value!;
  return (
    <p>
      <b>Not yet.</b> <RefName program={program} name={chosen} /> is made from{" "}
      {refs.map((ref, k) => (
        <span key={ref}>
          {k > 0 && " and "}
          <RefName program={program} name={ref} />
        </span>
      ))}
      , which {refs.length > 1 ? "are" : "is"} not known yet.
    </p>
  );
}

interface CauseProps {
  question: Question;
  frame: Frame;
  cause: Wrong;
  said: string;
  /** Whether another cause was named before. */
  also: boolean;
}

function Cause({ question, frame, cause, said, also }: CauseProps): VNode {
  const { mistakes: known } = usePredicting().questions.value!;
  const names = cause.mistakes ?? [];
  if (!names.length || cause.slip) {
    return (
      <p>
        <b>Not yet.</b> {also && "Or: "}
        <Slip {...{ frame, cause, said, question }} />
      </p>
    );
  }
  return (
    <div>
      <p>
        <b>Not yet.</b> {also ? "Or" : <b>{said}</b>} is what comes out with{" "}
        {kindOf(names.map((name) => known[name]!))}:{" "}
        {names.map((name, k) => (
          <span key={name}>
            {k > 0 && " Or: "}
            <b>{known[name]!.title}.</b>
            {names.length === 1 && ` ${known[name]!.change}.`}
          </span>
        ))}
      </p>{" "}
      <Mistaken {...{ question, frame, cause }} />
    </div>
  );
}

function kindOf(known: readonly Pick<Mistake, "right_because">[]): string {
  if (known.every(({ right_because }) => right_because)) return "another convention";
  return known.length > 1 ? "one of these mistakes" : "a well-known mistake";
}

/** The mistaken formula with its numbers; what is a single one was answered. */
function Mistaken(props: { question: Question; frame: Frame; cause: Wrong }): VNode | null {
  const state = usePanel();
  const { frame, cause } = props;
  const { formula } = cause;
  if (formula === undefined || typeof formula === "number" || isRef(formula)) return null;
  const base = { frame, numbers: state.numbers.value, roleOf: state.roleOf.bind(state) };
  const parts = [
    math({ ...base, mode: "symbols" }, formula),
    ...[formula, valueOf(frame, formula)].map((part) => [
      mo("=", "infix"),
      math({ ...base, mode: "numbers" }, part),
    ]),
  ];
  // A line may end between them.
  return (
    <span style={{ display: "inline-block" }}>
      {parts.map((part, k) => (
        <Fragment key={k}>
          <math class="bpviz-math">{part}</math>{" "}
        </Fragment>
      ))}
    </span>
  );
}

function Slip(props: { frame: Frame; cause: Wrong; said: string; question: Question }): VNode {
  const { program } = usePanel();
  const predicting = usePredicting();
  const { cause, said, question } = props;
  const refs = cause.refs ?? [];
  const name = (ref: string): VNode => <RefName program={program.value!} name={ref} />;
  switch (cause.slip) {
    case "sign":
      return <>The size of {said} is right, but not its sign.</>;
    case "without":
      return (
        <>
          {said} comes out when {refs.map((ref, k) => [k > 0 && " × ", name(ref)])} is left out of
          the sum.
        </>
      );
    case "other":
      return (
        <>
          {said} is {name(refs[0]!)}, the {nameOf(program.value!, parseRef(refs[0]!)!)}. Asked for
          is {name(question.ref)}.
        </>
      );
    case "half":
      return <>{said} comes out without the factor ½.</>;
    case "early":
      return (
        <>What {name(refs[0]!)} is made from is in it already. Which numbers go into this step?</>
      );
    case "simultaneous":
      return (
        <>
          {said} comes out with the old weights. Here the update is “dirty”: the error passes back
          through weights that are already new.
        </>
      );
    case "trained":
      return <>{said} comes out when biases are trained. Here they are left as they are.</>;
    default:
      return (
        <>
          {said} would be right without the mistake that is made here on purpose:{" "}
          {cause.mistakes
            ?.map((one) => predicting.questions.value!.mistakes[one]!.title)
            .join(", ")}
          .
        </>
      );
  }
}
