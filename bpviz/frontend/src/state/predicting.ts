// The questions of a panel: which numbers are hidden, how far the cursor may go, what was answered.

import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Content } from "../protocol/content";
import type { Mistake, Program } from "../protocol/program";
import { Frame } from "../program/frame";
import type { Ref } from "../program/refs";
import { parseRef, refKey } from "../program/refs";
import type { Steps } from "../program/steps";
import type { Variant } from "../program/variants";
import { nameOf } from "../program/words";
import type { Asking } from "./asking";
import type { Given, Question, Verdict, Wrong } from "./judging";
import { judge } from "./judging";
import { judgeNext, questionName, reopened } from "./performing";

export interface Questions {
  version: number;
  fading: boolean;
  /** When somebody who performs a whole pass sees the score: "now" or "end"; else empty. */
  score: string;
  /** One for each frame and sample, and again for each round. */
  sets: Question[][];
  /** What other rules lead to; a panel of an earlier version has the numbers alone. */
  variants?: Variant[];
  mistakes: Record<string, Omit<Mistake, "name">>;
}

export interface Answers {
  version: number;
  /** Counts changes: what Python sends back may be older than what is here. */
  serial: number;
  round: number;
  given: Record<string, Given>;
}

const NOTHING: Given = { state: "open", tries: [], hints: 0 };
export const MOST_HINTS = 2;
/** From this wrong answer on, seeing the answer is what is offered first. */
export const ENOUGH = 3;

export const STOPPED = "Here it is your turn: answer, or have it shown, and it goes on.";

/** What questions need of the panel that they are asked in. */
export interface Asked {
  readonly content: ReadonlySignal<Content | null>;
  readonly frame: ReadonlySignal<number>;
  readonly sample: ReadonlySignal<number>;
  readonly cursor: ReadonlySignal<number>;
  readonly steps: ReadonlySignal<Steps | null>;
  readonly values: ReadonlySignal<Frame | null>;
  jumpTo(cursor: number): void;
  setFrame(frame: number): void;
  setSample(sample: number): void;
}

export class Predicting implements Asking {
  readonly questions = signal<Questions | null>(null);
  readonly answers = signal<Answers>({ version: 0, serial: 0, round: 0, given: {} });
  /** Whether somebody wanted to go on without an answer. */
  readonly stopped = signal(false);
  /** Why something is no answer. */
  readonly refusal = signal("");

  constructor(private readonly panel: Asked) {}

  /** The number of the set of a sample in the present frame and round. */
  private number(sample = this.panel.sample.value): number {
    const content = this.panel.content.value;
    const samples = content?.program.samples ?? 1;
    const count = (content?.total ?? 1) * samples;
    return this.answers.value.round * count + this.panel.frame.value * samples + sample;
  }

  readonly place = computed(() => this.number());
  readonly set = computed(() => this.questions.value?.sets[this.place.value] ?? []);

  private idOf(question: Question): string {
    return `${this.place.value}/${questionName(question)}`;
  }

  givenTo(question: Question): Given {
    return this.answers.value.given[this.idOf(question)] ?? NOTHING;
  }

  private readonly hidden = computed(() => {
    const { given } = this.answers.value;
    const ids = (this.questions.value?.sets ?? []).flatMap((each, number) =>
      each.filter(({ kind }) => kind !== "next").map(({ ref }) => `${number}/${ref}`),
    );
    return new Set(ids.filter((id) => (given[id] ?? NOTHING).state === "open"));
  });

  readonly hides = ({ register, indices, partial, sample }: Ref): boolean =>
    partial === undefined &&
    this.hidden.value.size > 0 &&
    this.hidden.value.has(`${this.number(sample)}/${refKey({ register, indices })}`);

  /** The questions of the example that has most of them. */
  readonly longest = computed(() =>
    (this.questions.value?.sets ?? []).reduce((a, b) => (b.length > a.length ? b : a), []),
  );

  /** The questions about numbers. */
  readonly numbers = computed(() => this.set.value.filter(({ kind }) => kind !== "next"));
  /** The choices of the number that comes next; none but where a pass is performed. */
  readonly choices = computed(() => this.set.value.filter(({ kind }) => kind === "next"));
  readonly performs = computed(() => this.choices.value.length > 0);

  /** What to choose the next number from: of each register the first that is open. */
  readonly offered = computed(() => {
    const first = new Map<string, string>();
    for (const { ref } of this.open.value) {
      const { register } = parseRef(ref)!;
      if (!first.has(register)) first.set(register, ref);
    }
    return [...first.values()];
  });

  /** Questions that may need most room, of all examples; all choices look alike. */
  readonly measured = computed(() => {
    const { fading, sets } = this.questions.value ?? { fading: false, sets: [] };
    const all = new Map(sets.flat().map((question) => [questionName(question), question]));
    const numbers = fading ? [...all.values()] : this.numbers.value;
    return [...this.choices.value.slice(0, 1), ...numbers];
  });

  /** The numbers that are still asked for. */
  readonly open = computed(() =>
    this.numbers.value.filter((question) => this.givenTo(question).state === "open"),
  );

  readonly isOpen = computed(() => this.open.value.length > 0);

  /** The numbers in the order in which somebody who performs has chosen them. */
  private readonly order = computed(() => {
    const left = [...this.numbers.value];
    const chosen: Question[] = [];
    for (const choice of this.choices.value) {
      const { state, tries } = this.givenTo(choice);
      if (state === "open") break;
      // What is done for somebody is done in the order of the algorithm.
      const place = state === "right" ? left.findIndex(({ ref }) => ref === tries.at(-1)) : 0;
      chosen.push(...left.splice(Math.max(0, place), 1));
    }
    return chosen;
  });

  /** Of somebody who performs: the number that was chosen, or the choice that is to be made. */
  private readonly turn = computed(() => {
    const last = this.order.value.at(-1);
    if (last && this.open.value.includes(last)) return last;
    return this.choices.value[this.order.value.length] ?? null;
  });

  /** The step at which a question comes up. */
  private stepOf({ ref }: Question): number {
    const steps = this.panel.steps.value;
    const parsed = parseRef(ref)!;
    return steps && steps.writerOf(parsed.register) >= 0 ? steps.knownAt(parsed) : Infinity;
  }

  readonly limit = computed(() => {
    const first = Math.min(Infinity, ...this.open.value.map((question) => this.stepOf(question)));
    // Somebody who performs chooses before the step that comes next is named.
    const turn = this.turn.value;
    const isNamed = !turn || (turn.kind !== "next" && this.stepOf(turn) === first);
    return isNamed ? first : first - 1;
  });

  /** The question that is to be answered now. */
  readonly asked = computed(() => {
    const cursor = this.panel.cursor.value;
    if (this.performs.value) return cursor >= this.limit.value ? this.turn.value : null;
    return this.open.value.find((question) => this.stepOf(question) <= cursor) ?? null;
  });

  readonly words = computed(() => {
    const [asked, steps] = [this.asked.value, this.panel.steps.value];
    return asked && steps ? inWords(asked, steps.program) : "";
  });

  /** What somebody who performs has settled last. */
  private readonly latest = signal("");

  /** The question of this step that was settled last. */
  readonly settled = computed(() => {
    if (this.performs.value) {
      return this.numbers.value.find((question) => this.idOf(question) === this.latest.value);
    }
    return this.set.value.findLast(
      (question) =>
        this.stepOf(question) === this.panel.cursor.value &&
        this.givenTo(question).state !== "open",
    );
  });

  has(ref: string): boolean {
    if (!this.performs.value) return false;
    return this.numbers.value.some(
      (question) => question.ref === ref && this.givenTo(question).state !== "open",
    );
  }

  readonly secret = computed(
    () =>
      new Set(
        this.open.value
          .filter((question) => this.givesAway(question))
          .map(({ ref }) => parseRef(ref)!.register),
      ),
  );

  readonly isSecret = computed(() => !!this.asked.value && this.givesAway(this.asked.value));

  /** Whether the formula gives the answer away: it is the inputs, or the formula is a number. */
  givesAway({ kind, ref }: Question): boolean {
    const { register } = parseRef(ref)!;
    const { operations } = this.panel.values.value!.program;
    const own = operations.find(({ writes }) => writes === register);
    return kind === "inputs" || (kind !== "next" && typeof own?.array === "number");
  }

  allowed(cursor: number): number {
    const limit = this.limit.value;
    this.stopped.value = cursor > limit;
    this.refusal.value = "";
    return Math.min(cursor, limit);
  }

  /** What an answer is worth. */
  judge(question: Question, text: string): Verdict {
    const { program, row, sample } = this.panel.values.value!;
    if (question.kind === "next") {
      return judgeNext(
        program,
        text,
        this.open.value.map(({ ref }) => ref),
      );
    }
    const { variants } = this.questions.value!;
    return judge(question, text, new Frame(program, row, sample), variants);
  }

  /** Take an answer; true if it was one. */
  answer(question: Question, text: string): boolean {
    const verdict = this.judge(question, text);
    this.refusal.value = verdict.refused ?? "";
    if (verdict.refused) return false;
    const { tries, hints } = this.givenTo(question);
    const after = [...tries, text];
    // What nothing explains needs a hint at once.
    const deserved = after.length - (verdict.causes?.length ? 1 : 0);
    this.give(question, {
      state: verdict.right ? "right" : "open",
      tries: after,
      hints: verdict.right ? hints : Math.min(MOST_HINTS, Math.max(hints, deserved)),
    });
    return true;
  }

  hint(question: Question): void {
    const given = this.givenTo(question);
    this.give(question, { ...given, hints: Math.min(MOST_HINTS, given.hints + 1) });
  }

  /** Show the answer; of a choice also the number: the step is done for somebody. */
  reveal(question: Question): void {
    this.give(question, { ...this.givenTo(question), state: "shown" });
    const turn = this.turn.value;
    if (question.kind === "next" && turn) {
      this.give(turn, { ...this.givenTo(turn), state: "shown" });
    }
  }

  readonly canUndo = computed(() => this.order.value.length > 0);

  /** Take back the number that was chosen last, or only the choice while it is still asked for. */
  undo(): void {
    const last = this.order.value.at(-1);
    if (!last) return;
    const choice = this.choices.value[this.order.value.length - 1]!;
    this.latest.value = "";
    for (const question of [last, choice]) this.give(question, reopened(this.givenTo(question)));
  }

  private give(question: Question, given: Given): void {
    this.clear();
    this.change({ given: { ...this.answers.value.given, [this.idOf(question)]: given } });
    if (!this.performs.value) return;
    if (question.kind !== "next" && given.state !== "open") {
      this.latest.value = this.idOf(question);
    }
    const end = Math.max(...this.numbers.value.map((one) => this.stepOf(one)));
    this.panel.jumpTo(Math.min(this.limit.value, end));
  }

  private change(changed: Partial<Answers>): void {
    const before = this.answers.value;
    this.answers.value = { ...before, ...changed, serial: before.serial + 1 };
  }

  /** Go to a question that was reached. */
  goTo(question: Question): void {
    this.panel.jumpTo(this.stepOf(question));
  }

  /** Let go what was said about going on and about the last answer. */
  clear(): void {
    this.stopped.value = false;
    this.refusal.value = "";
  }

  isReached(question: Question): boolean {
    return this.stepOf(question) <= this.limit.value;
  }

  /** How many examples there are; 1 where nothing fades. */
  readonly examples = computed(() => {
    const questions = this.questions.value;
    return questions?.fading ? questions.sets.length : 1;
  });

  /**
   * Ask all questions again: the numbers are others now. Of what is known to be wrong stays what
   * a formula gives.
   */
  askAgain(): void {
    const questions = this.questions.value;
    if (!questions) return;
    const withoutNumbers = (question: Question): Question => ({
      ...question,
      wrong: question.wrong.filter(({ value }) => value === undefined),
    });
    this.questions.value = {
      ...questions,
      sets: questions.sets.map((set) => set.map(withoutNumbers)),
    };
    this.change({ given: {} });
  }

  /** Work through the next example, of which more is left out. */
  next(): void {
    const { program, total } = this.panel.content.value!;
    const next = this.place.value + 1;
    const count = total * program.samples;
    const rest = next % count;
    this.change({ round: Math.floor(next / count) });
    this.panel.setFrame(Math.floor(rest / program.samples));
    this.panel.setSample(rest % program.samples);
    this.panel.jumpTo(0);
  }

  readonly told = computed(
    () => this.questions.value && { _questions: this.questions.value, _given: this.answers.value },
  );

  load(get: (name: string) => unknown): void {
    const questions = get("_questions") as Questions | undefined;
    if (!questions?.sets) {
      this.questions.value = null;
      return;
    }
    const answers = get("_given") as Answers;
    if (questions !== this.questions.value) this.questions.value = questions;
    const { version, serial } = this.answers.value;
    if (answers.version !== version || answers.serial > serial) this.answers.value = answers;
  }
}

/** The question as a sentence, for those who hear it. */
export function inWords({ ref, kind, partner }: Question, program: Program): string {
  const name = nameOf(program, parseRef(ref)!);
  const isOther = partner && ref !== `n${partner}`;
  const other = isOther ? `the ${nameOf(program, parseRef(partner)!)}` : "before";
  return {
    number: `What is the ${name}?`,
    sign: `Is the ${name} negative, zero or positive?`,
    larger: `Is the ${name} smaller or larger than ${other}?`,
    inputs: `Which numbers go into the ${name}?`,
    next: "Which number can be computed now?",
  }[kind];
}

export type { Given, Question, Wrong };
