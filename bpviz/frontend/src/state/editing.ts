// Changing numbers: what somebody types, and changes on their way to Python.

import type { ReadonlySignal } from "@preact/signals";
import { batch, computed, signal } from "@preact/signals";
import type { Content } from "../protocol/content";
import type { Exchange } from "../protocol/exchange";
import type { Messages } from "../protocol/messages";
import type { Program } from "../protocol/program";
import { RATE, registerOf, slot } from "../protocol/program";
import { evaluatorOf } from "../program/evaluate";
import { Frame } from "../program/frame";
import { parseRef } from "../program/refs";
import type { Changing, Given } from "./changing";
import type { PanelState } from "./panel";

const NUMBER = "[+-]?(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:e[+-]?\\d+)?";
const WRITTEN = new RegExp(`^(${NUMBER})(?:/(${NUMBER}))?$`, "i");

/** The number that a text means: 0.25, −1e-3, 0,25, 1/3; else why it means none. */
export function readNumber(text: string, ref: string, network?: Network): number | string {
  const [, above, below] =
    WRITTEN.exec(
      text
        .replaceAll("−", "-")
        .replace(/\s*\/\s*/, "/")
        .trim(),
    ) ?? [];
  if (above === undefined) {
    return `“${text.trim()}” is not a number. Write one such as 0.25, -1e-3 or 1/3.`;
  }
  const part = (one = "1"): number => Number(one.replace(",", "."));
  const value = part(above) / part(below);
  if (!Number.isFinite(value)) return `${text.trim()} is not a finite number.`;
  if (ref === RATE && value < 0) return "The learning rate cannot be less than 0.";
  if (value !== withinLimits(ref, value, network)) {
    return "Give a number from 0 to 1.";
  }
  return value;
}

type Network = Pick<Program["network"], "targets">;

/** Whether a number is one of those that can be changed at all. */
export function isEditable(ref: string, network?: Network): boolean {
  // Targets that add up to 1 cannot change alone.
  const isAlone = network?.targets !== "distribution" || ref[0] !== "y";
  return isAlone && /^([xy]|[Wb]\d+)\[|^learning_rate$/.test(ref);
}

/** What a number may be that is nearest to a value. */
function withinLimits(ref: string, value: number, network?: Network): number {
  if (ref === RATE) return Math.max(0, value);
  return network?.targets && ref[0] === "y" ? Math.min(1, Math.max(0, value)) : value;
}

/** How much a number changes by one press of a key: 1/10 of its size, and never too little. */
export function stepOf(ref: string, value: number): number {
  const size = value ? 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1) : 0;
  return Math.max(ref === RATE ? 0.001 : 0.01, size);
}

/** How many steps a movement makes at once: ten with Shift, a tenth with Alt. */
export function speedOf({ shiftKey, altKey }: { shiftKey: boolean; altKey: boolean }): number {
  return shiftKey ? 10 : altKey ? 0.1 : 1;
}

/** A number so much further but within its limits, without the dust of binary fractions. */
export function moved(ref: string, value: number, by: number, network?: Network): number {
  return withinLimits(ref, Number((value + by).toPrecision(12)), network);
}

/** A number that was changed. */
export interface Changed extends Given {
  before: number;
}

/** The numbers of a list, as far as they are some of the program's. */
function readGiven(list: unknown, program: unknown): readonly Given[] {
  const isGiven = (one: Given | null): boolean =>
    Number.isFinite(one?.value) &&
    `${parseRef(`${one!.ref}`)?.register}` in (program as Program).registers;
  return Array.isArray(list) ? list.filter(isGiven) : [];
}

/** What names a number that can be changed: inputs and targets are those of a sample. */
function keyOf({ ref, frame, sample }: Omit<Given, "value">): string {
  return /^[xy]/.test(ref) ? `${ref}/${frame}/${sample}` : ref;
}

/** What is undone at once. */
type Change = readonly Changed[];

/** What a panel's numbers are changed with. */
export interface GivenNumbers {
  /** Which numbers are shown. */
  place(): Pick<Given, "frame" | "sample">;
  /** The number that a ref names now. */
  read(of: Omit<Given, "value">): number;
  /** Put numbers in the place of others; false where one of them is not here. */
  write(numbers: readonly Given[]): boolean;
}

/**
 * Changes of given numbers. They show at once; Python is told of them in their order, and when it
 * has answered all, its numbers take the place of those here. What waits of a movement gives way to
 * its newer value, so that the last one wins.
 */
export class Editing implements Changing {
  /** What can be taken back here, and what was. */
  private readonly past = signal<readonly Change[]>([]);
  private readonly future = signal<readonly Change[]>([]);
  /** What can be taken back in Python, which may know more. */
  private readonly pythons = signal({ undo: false, redo: false });
  /** The first numbers of what was changed before this page knew of it. */
  private readonly earlier = signal<readonly Given[]>([]);
  readonly canUndo = computed(
    () =>
      this.past.value.length > 0 ||
      (this.exchange.offline.value ? this.earlier.value.length > 0 : this.pythons.value.undo),
  );
  readonly canRedo = computed(
    () => this.future.value.length > 0 || (!this.exchange.offline.value && this.pythons.value.redo),
  );
  readonly firsts = computed(() => {
    const firsts = new Map<string, Given>();
    const changes = this.past.value.flat().map((one) => ({ ...one, value: one.before }));
    for (const one of [...this.earlier.value, ...changes]) {
      if (!firsts.has(keyOf(one))) firsts.set(keyOf(one), one);
    }
    return firsts;
  });
  private awaits = false;
  private takePythons = (): void => undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly numbers: GivenNumbers,
    readonly frozen: ReadonlySignal<string> = signal(""),
  ) {}

  get isAhead(): boolean {
    return this.awaits && !this.exchange.offline.peek();
  }

  attach(takePythons: () => void): void {
    this.takePythons = takePythons;
  }

  edit(ref: string, value: number, begin: boolean): void {
    const to = { ref, value, ...this.numbers.place() };
    const before = this.numbers.read(to);
    batch(() => {
      if (this.numbers.write([to])) this.note({ ...to, before }, begin);
      this.tell("edit", { ...to, begin }, (waiting) =>
        waiting.ref === ref && !begin ? { ...to, begin: waiting.begin } : null,
      );
    });
  }

  turn(kind: "undo" | "redo" | "reset"): void {
    batch(() => {
      if (kind === "reset") this.takeAllBack();
      else this.step(kind);
      this.tell(kind, {});
    });
  }

  wasOf(ref: string): number | null {
    const number = { ref, ...this.numbers.place() };
    const first = this.firsts.value.get(keyOf(number));
    return !first || first.value === this.numbers.read(number) ? null : first.value;
  }

  load(get: (name: string) => unknown): void {
    this.pythons.value = { undo: get("_can_undo") === true, redo: get("_can_redo") === true };
    this.earlier.value = readGiven(get("_firsts"), get("_program"));
  }

  forget(): void {
    this.past.value = this.future.value = [];
  }

  private step(kind: "undo" | "redo"): void {
    if (kind === "undo" && !this.past.value.length) this.takeEarlier();
    const [from, to] = kind === "undo" ? [this.past, this.future] : [this.future, this.past];
    const change = from.value.at(-1);
    if (!change) return;
    const turned = change.map((one) => ({ ...one, value: one.before }));
    if (!this.numbers.write(kind === "undo" ? turned.reverse() : change)) return;
    from.value = from.value.slice(0, -1);
    to.value = [...to.value, change];
  }

  /** Where only the first numbers are known of earlier changes, they are undone as one. */
  private takeEarlier(): void {
    if (!this.exchange.offline.value || !this.earlier.value.length) return;
    const change = this.earlier.value.map((one) => ({
      ...one,
      value: this.numbers.read(one),
      before: one.value,
    }));
    this.past.value = [change];
    this.earlier.value = [];
  }

  /** Go back to the numbers at the start; this too can be undone. */
  private takeAllBack(): void {
    const change = [...this.firsts.value.values()].map((one) => ({
      ...one,
      before: this.numbers.read(one),
    }));
    if (!change.length || !this.numbers.write(change)) return;
    this.past.value = [...this.past.value, change];
    this.future.value = [];
  }

  private note(changed: Changed, begin: boolean): void {
    const last = this.past.value.at(-1);
    const isOne = !begin && last?.length === 1 && last[0]!.ref === changed.ref;
    const change = isOne ? { ...changed, before: last[0]!.before } : changed;
    this.past.value = [...(isOne ? this.past.value.slice(0, -1) : this.past.value), [change]];
    this.future.value = [];
  }

  private tell<K extends "edit" | "undo" | "redo" | "reset">(
    kind: K,
    content: Messages[K],
    joins?: (waiting: Messages[K]) => Messages[K] | null,
  ): void {
    const answered = (): void => {
      if (this.exchange.isBusy(kind)) return;
      this.awaits = false;
      this.takePythons();
    };
    const refused = (): void => {
      this.forget();
      answered();
    };
    this.awaits = this.exchange.ask(kind, content, { answered, refused, ...(joins && { joins }) });
  }
}

/** Changes of the given numbers of a panel, in the frames that have them; the rest is computed. */
export function editing(panel: PanelState, frozen?: ReadonlySignal<string>): Editing {
  const { asking, content, exchange, held, offline } = panel;
  const numbers: GivenNumbers = {
    place: () => ({ frame: panel.frame.value, sample: panel.sample.value }),
    read: ({ ref, frame, sample }) =>
      new Frame(panel.program.peek()!, held.find(frame)!, sample).truth(parseRef(ref)!),
    write(given) {
      const before = content.peek();
      const changed = before && withGiven(before, given);
      if (!changed) return false;
      batch(() => {
        content.value = changed;
        held.startWith(changed.frames, (row) => evaluatorOf(changed.program).update(row));
        panel.error.value = "";
        if (offline.peek()) asking.askAgain();
      });
      return true;
    },
  };
  return new Editing(exchange, numbers, frozen);
}

/** Content in which given numbers are changed; null where one of them is not in it. */
export function withGiven(content: Content, numbers: readonly Given[]): Content | null {
  const { program, frames } = content;
  if (numbers.some(({ ref }) => !(parseRef(ref)!.register in program.registers))) return null;
  const rows = frames.rows.map((row) => row.slice());
  for (const { ref, value, frame, sample } of numbers) {
    const { register, indices } = parseRef(ref)!;
    const at = slot(registerOf(program, register), indices, sample);
    if (!registerOf(program, register).per_sample) for (const row of rows) row[at] = value;
    else rows[frame - frames.first]![at] = value;
  }
  return { ...content, frames: { ...frames, rows } };
}
