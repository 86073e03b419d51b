// The one way to Python. A question is asked when the one before it is answered; who waits too
// long is told so, and an answer that comes late still takes its place.

import { batch, signal } from "@preact/signals";
import { NOBODY, NO_KERNEL } from "./kernel";
import type { Answers, Kind, Messages } from "./messages";
import { MANNERS } from "./messages";
import type { Bytes } from "./program";

const NO_PYTHON = "There is no Python behind this page; the panel goes on by itself.";

/** Milliseconds of silence after which it is said that Python is waited for. */
export const LATE = 1500;
/** And after which it may be that nobody is there; then the next question is tried. */
export const SILENT = 20_000;
/** And after which nobody is there who was greeted and has a kernel that is not busy. */
export const PATIENCE = 5000;
/** While a run goes on, what shows the whole of it rests for so long after each answer. */
const REST = 500;
/** And so many times as long as the answer took, so that the run has most of the time. */
const RESTS = 4;

/** What an answer comes with, or comes instead of it. */
export interface Arrived {
  readonly kind: Kind;
  /** The number of the question. */
  readonly id: number;
  /** Why there is no answer; empty if there is one. */
  readonly why: string;
}

/** Who waits for an answer; a question that was left out for a newer one has none. */
export interface Asker<K extends Kind> {
  answered(answer: Answers[K], buffers: readonly Bytes[]): void;
  /** Is told why there is no answer. */
  refused(why: string): void;
}

export interface Options<K extends Kind> extends Partial<Asker<K>> {
  /** False where a question leaves a run its time first. */
  hurries?: boolean;
  /** One message for this one and for that of its kind which waits last; null if both must go. */
  joins?(waiting: Messages[K]): Messages[K] | null;
}

/** An answer, and the numbers that come with it. */
export type Reply<K extends Kind> = [answer: Answers[K], buffers: readonly Bytes[]];

/** Answers in Python's place, at once or later; false where only Python can. */
export type StandIn = <K extends Kind>(
  kind: K,
  content: Messages[K],
  asker: Partial<Asker<K>>,
) => boolean;

/** What answers each kind of message in Python's place; false where it cannot after all. */
export type Handlers = {
  readonly [K in Kind]?: (content: Messages[K], asker: Partial<Asker<K>>) => boolean | void;
};

interface Question {
  kind: Kind;
  content: object;
  hurries: boolean;
  asker: {
    answered?(answer: object, buffers: readonly Bytes[]): void;
    refused?(why: string): void;
  };
}

/** Questions of which one is under way at a time. */
class Lane {
  readonly isBusy = signal(false);
  waiting: Question[] = [];
  underWay: { question: Question; id: number; since: number } | null = null;
  /** When what does not hurry may be asked again. */
  rested = 0;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class Exchange {
  /** Why Python cannot be asked for anything; empty while it can. */
  readonly offline = signal(NO_PYTHON);
  /** Whether Python has left a question unanswered for a while, or for very long. */
  readonly silence = signal<"" | "late" | "silent">("");
  /** What answers while Python cannot. */
  standIn: StandIn = () => false;
  private readonly lanes = new Map<string, Lane>();
  private post: (message: object, kind: Kind) => void = () => undefined;
  private whyLost = (): string => NO_KERNEL;
  // Another view of the same model has questions of its own, and hears these answers too.
  private id = Math.floor(Math.random() * 2 ** 40);
  private heardAt = 0;
  private isHeard = false;
  private greeting: ReturnType<typeof setTimeout> | undefined;
  private returned: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `lost` is told why when changes that were under way will never be made. */
  constructor(private readonly lost: (why: string) => void = () => undefined) {}

  /** Give the panel a way to send messages, and to learn why there is none any more. */
  attach(post: (message: object, kind: Kind) => void, whyLost = this.whyLost): void {
    this.post = post;
    this.whyLost = whyLost;
    this.offline.value = "";
  }

  /** Ask whether anybody is there: who does not answer is taken for gone until it is heard. */
  greet(mayBeBusy: () => boolean, returned: () => void): void {
    this.returned = returned;
    this.isHeard = false;
    this.send({ kind: "hello", id: ++this.id }, "hello");
    const look = (): void => {
      if (this.isHeard || this.offline.peek()) return;
      if (mayBeBusy()) this.greeting = setTimeout(look, PATIENCE);
      else this.lose(NOBODY);
    };
    this.greeting = setTimeout(look, PATIENCE);
  }

  /** Whether a message of this kind, or any change if it is one, is under way or waits. */
  isBusy(kind: Kind): boolean {
    return this.lane(kind).isBusy.value;
  }

  /** Tell or ask Python something; false where nobody is there. */
  ask<K extends Kind>(kind: K, content: Messages[K], options: Options<K> = {}): boolean {
    if (this.offline.peek()) {
      return this.standIn(kind, content, options);
    }
    if (MANNERS[kind] === "note") this.send({ ...content, kind }, kind);
    else {
      const lane = this.lane(kind);
      const joined = options.joins && this.join(lane, kind, options.joins);
      const { hurries = true } = options;
      if (MANNERS[kind] === "ask" || joined) lane.waiting.pop();
      lane.waiting.push({ kind, content: joined ?? content, hurries, asker: options });
      this.next(lane);
    }
    return !this.offline.peek();
  }

  /** Take an answer to its question; those to other views' questions are left alone. */
  receive({ kind, id, why, ...answer }: Arrived, buffers: readonly Bytes[]): void {
    this.hear();
    for (const lane of this.lanes.values()) {
      if (lane.underWay?.id !== id) continue;
      const { question, since } = lane.underWay;
      const now = performance.now();
      lane.underWay = null;
      lane.rested = now + Math.max(REST, RESTS * (now - since));
      batch(() => {
        lane.isBusy.value = lane.waiting.length > 0;
        try {
          if (why) question.asker.refused?.(why);
          else question.asker.answered?.(answer, buffers);
        } finally {
          this.next(lane);
        }
      });
    }
  }

  /** Note that Python has said something. */
  hear(): void {
    this.isHeard = true;
    this.heardAt = performance.now();
    this.silence.value = "";
    if (this.offline.peek() !== NOBODY) return;
    this.offline.value = "";
    this.returned();
  }

  /** The panel's Python is gone, and with it what was asked. */
  lose(why = this.whyLost()): void {
    const hadChanges = this.lane("edit").isBusy.peek();
    this.stop();
    batch(() => {
      this.offline.value = why;
      this.silence.value = "";
      for (const lane of this.lanes.values()) {
        lane.waiting = [];
        lane.underWay = null;
        lane.isBusy.value = false;
      }
      if (hadChanges) this.lost(this.offline.value);
    });
  }

  /** Wait for nothing more. */
  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.greeting);
    this.timer = undefined;
    for (const lane of this.lanes.values()) clearTimeout(lane.timer);
  }

  private lane(kind: Kind): Lane {
    const name = MANNERS[kind] === "change" ? "changes" : kind;
    let lane = this.lanes.get(name);
    if (!lane) this.lanes.set(name, (lane = new Lane()));
    return lane;
  }

  private join<K extends Kind>(
    { waiting }: Lane,
    kind: K,
    joins: (waiting: Messages[K]) => Messages[K] | null,
  ): Messages[K] | null {
    const last = waiting.at(-1);
    return last?.kind === kind ? joins(last.content as Messages[K]) : null;
  }

  /** Ask what waits, if nothing is under way or that is perhaps lost. */
  private next(lane: Lane): void {
    const now = performance.now();
    clearTimeout(lane.timer);
    const [question] = lane.waiting;
    lane.isBusy.value = question !== undefined || lane.underWay !== null;
    if (!question || (lane.underWay && now - lane.underWay.since < SILENT)) return;
    const wait = question.hurries ? 0 : lane.rested - now;
    if (wait > 0) {
      lane.timer = setTimeout(() => this.next(lane), wait);
      return;
    }
    lane.waiting.shift();
    const id = ++this.id;
    if (!this.isWaiting) this.heardAt = now;
    lane.underWay = { question, id, since: now };
    this.send({ ...question.content, kind: question.kind, id }, question.kind);
    if (!this.offline.peek()) this.timer ??= setTimeout(() => this.look(), LATE);
  }

  private send(message: object, kind: Kind): void {
    try {
      this.post(message, kind);
    } catch {
      this.lose();
    }
  }

  private get isWaiting(): boolean {
    return [...this.lanes.values()].some(({ underWay }) => underWay);
  }

  /** Look how long Python has been silent. */
  private look(): void {
    this.timer = undefined;
    if (!this.isWaiting) return;
    const silent = performance.now() - this.heardAt;
    const isSilent = silent >= SILENT;
    this.silence.value = isSilent ? "silent" : silent >= LATE ? "late" : "";
    const again = isSilent ? SILENT : silent >= LATE ? SILENT - silent : LATE - silent;
    this.timer = setTimeout(() => this.look(), again);
    if (isSilent) for (const lane of this.lanes.values()) this.next(lane);
  }
}
