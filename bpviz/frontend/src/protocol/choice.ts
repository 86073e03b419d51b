// What is chosen in the views of one model: told to Python, and followed when Python chooses.

import { hasKernel } from "./kernel";
import type { Model } from "./model";
import { readStyle, sameStyle } from "./style";

/** What Python and every panel both choose; only some models have a `sample`. */
export const CHOSEN = ["depth", "cursor", "frame", "sample", "selection", "appearance"] as const;
/** What Python and some panels both switch on and off. */
export const SWITCHES = ["stepping"] as const;
/** What is written into the model. */
const WRITTEN = [...CHOSEN, ...SWITCHES, "_given"];

/**
 * The choice that all views of a model share. What changes in the model was written by one of
 * them, or it is new from Python, or it is what Python had from here, sent back. Only the last
 * has the value that Python was told; who has gone on meanwhile must not be taken back by it.
 */
export class Choice {
  private readonly present = new Map<string, unknown>();
  /** What Python has. */
  private readonly known = new Map<string, unknown>();
  private writer: object | null = null;
  /** What was written since Python was told. */
  private readonly unsaved = new Set<string>();
  private readonly stops: (() => void)[] = [];

  constructor(private readonly model: Model) {
    for (const name of WRITTEN) {
      const value = model.get(name);
      this.present.set(name, value);
      this.known.set(name, value);
      const changed = (): void => this.hear(name);
      model.on(`change:${name}`, changed);
      this.stops.push(() => model.off(`change:${name}`, changed));
    }
  }

  private hear(name: string): void {
    if (this.writer) return;
    const value = this.model.get(name);
    const present = this.present.get(name);
    if (areSame(value, this.known.get(name)) && !areSame(value, present)) {
      this.write(this, name, present);
    } else {
      this.present.set(name, value);
      this.known.set(name, value);
    }
  }

  /** Whether a view writes just now: it need not read what it has written itself. */
  isWrittenBy(view: object): boolean {
    return this.writer === view;
  }

  /** Write what a view has chosen; Python learns of it when it is saved. */
  write(view: object, name: string, value: unknown): void {
    const before = this.writer;
    this.writer = view;
    try {
      this.present.set(name, value);
      this.unsaved.add(name);
      this.model.set(name, value);
    } finally {
      this.writer = before;
    }
  }

  /** Tell Python what is chosen, if it changed since the last time. */
  save(): void {
    if (hasKernel(this.model) === false) return;
    const { present, known, unsaved } = this;
    const overruled = [...unsaved].filter((name) => areSame(present.get(name), known.get(name)));
    if (overruled.length === unsaved.size) return;
    // Jupyter's model keeps what is set till it is saved, whatever has come from Python since, and
    // takes no notice of a value that it has.
    for (const name of overruled)
      for (const value of [null, present.get(name)]) this.write(this, name, value);
    unsaved.clear();
    for (const [name, value] of present) known.set(name, value);
    try {
      this.model.save_changes();
    } catch {
      // The kernel is gone. The choice stays on the screen, and nothing is lost.
    }
  }

  close(): void {
    this.stops.forEach((stop) => stop());
  }
}

/** Whether two values of a trait are the same; a style has all its parts, whoever wrote it. */
export function areSame(one: unknown, other: unknown): boolean {
  if (isStyle(one) && isStyle(other)) return sameStyle(readStyle(one), readStyle(other));
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function isStyle(value: unknown): boolean {
  return typeof value === "object" && value !== null && "views" in value;
}
