// How a step card asks; in a panel that asks nothing it has neither questions nor what draws them.

import type { VNode } from "preact";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Frame } from "../program/frame";
import type { Program } from "../protocol/program";
import type { Predicting, Question } from "../state/predicting";

interface Place {
  /** Whether it is asked now; otherwise it reserves the room that it may need. */
  live?: boolean;
}

export interface HeadProps extends Place {
  question: Question;
  program: Program;
}

export interface AskProps extends Place {
  question: Question;
  frame: Frame;
  /** The width of the formula's place, in em. */
  room: number;
}

export interface AnswerProps extends Place {
  /** What is asked for; null while nothing is. */
  question: Question | null;
  frame: Frame;
}

/** The questions, and what draws them: in the place of the sentence, of the formula, and below. */
export interface Asked {
  predicting: Predicting;
  AskHead(props: HeadProps): VNode;
  Ask(props: AskProps): VNode;
  Answer(props: AnswerProps): VNode;
}

export const AskedContext = createContext<Asked | null>(null);

/** The questions of a panel that asks. */
export function usePredicting(): Predicting {
  return useContext(AskedContext)!.predicting;
}
