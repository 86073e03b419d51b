// Changing numbers: what somebody types, and changes on their way to Python.

import { batch, computed, signal } from "@preact/signals";
import type { Exchange } from "../protocol/exchange";
import { RATE } from "../protocol/program";

const NUMBER = "[+-]?(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:e[+-]?\\d+)?";
const WRITTEN = new RegExp(`^(${NUMBER})(?:/(${NUMBER}))?$`, "i");

/** The number that a text means: 0.25, −1e-3, 0,25, 1/3; else why it means none. */
export function readNumber(text: string, ref: string): number | string {
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
  return value;
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

/** A number so much further, without the dust of binary fractions. */
export function moved(ref: string, value: number, by: number): number {
  const result = Number((value + by).toPrecision(12));
  return ref === RATE ? Math.max(0, result) : result;
}

export interface Edit {
  ref: string;
  value: number;
  /** Whether it can be undone by itself; false while one movement goes on. */
  begin: boolean;
  frame: number;
  sample: number;
}

/**
 * Changes in the order in which they were made. Of those that wait, a newer value of the same
 * movement takes the place of an older one, so that the last one wins.
 */
export class Editing {
  readonly canUndo = signal(false);
  readonly canRedo = signal(false);
  private readonly last = signal<Edit | null>(null);
  /** The newest change, until Python has answered all. */
  readonly newest = computed(() => (this.exchange.isBusy("edit") ? this.last.value : null));

  constructor(private readonly exchange: Exchange) {}

  change(edit: Edit): void {
    batch(() => {
      this.last.value = edit;
      this.exchange.ask("edit", edit, {
        joins: (waiting) =>
          waiting.ref === edit.ref && !edit.begin ? { ...edit, begin: waiting.begin } : null,
      });
    });
  }

  /** Go back or forth among the changes. */
  turn(kind: "undo" | "redo" | "reset"): void {
    this.exchange.ask(kind, {});
  }

  /** Read what Python says can be taken back. */
  load(get: (name: string) => unknown): void {
    this.canUndo.value = get("_can_undo") === true;
    this.canRedo.value = get("_can_redo") === true;
  }
}
