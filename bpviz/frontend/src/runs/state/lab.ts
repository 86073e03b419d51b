// The bug lab: what departs from the right algorithm, and what comes of it.

import { batch, computed, signal } from "@preact/signals";
import type { Exchange } from "../../protocol/exchange";
import type { Switches } from "../../protocol/messages";
import type { Bytes, Program, Row } from "../../protocol/program";
import { decodeNumbers, decodeRows } from "../../protocol/program";
import type { Forms } from "../../program/forms";
import { formsOf, programUnder } from "../../program/forms";
import { DIRTY, UNTRAINED, turned } from "./choices";
import type { Choice } from "./training";

/** A mistake, or one of the two settings of a rule that the lab treats like one. */
export interface Departure extends Choice {
  /** Why it cannot be switched on; empty if it can. */
  blocked: string;
  /** Whether it stands among those that cannot show, out of the way. */
  apart: boolean;
}

/** The gradient of one weight or bias beside its numerical derivative; null is no finite number. */
export interface CheckRow {
  ref: string;
  analytic: number | null;
  numerical: number | null;
  relative_error: number | null;
  note: string;
  failed: boolean;
}

export interface LabContent {
  program: Program;
  right: Program;
  rightRows: Row[];
  choices: Choice[];
  gaps: [string, number | null][][];
  /** Of each sample; what the page makes comes one by one. */
  checks: (CheckRow[] | undefined)[];
  rightLosses: Float64Array;
  stopped: string;
  epochs: number;
  /** From which the page makes the update of any switches; null where it cannot. */
  forms: Forms | null;
  /** Whether the page has made this, not Python. */
  isPages: boolean;
  /** Whether only what cannot be computed has come. */
  isBare: boolean;
}

export const LAB_TRAITS = [
  "_right_program",
  "_right_frames",
  "_differences",
  "_checks",
  "_right_losses",
  "_program",
  "_mistake_choices",
  "_stopped",
  "_epochs",
  "_forms",
];

/** What lies below the first wrong number, one at a time. */
export const LAB_TABS = ["curves", "registers", "losses"] as const;
export type LabTab = (typeof LAB_TABS)[number];

const FIXED =
  "Only Python can switch this: the page has no formulas but these. Run the cell again to connect " +
  "the lab with Python.";
const UNKNOWN =
  "Only Python can switch this beside what is on: the page has no formulas of both. Run the cell " +
  "again to connect the lab with Python.";

export class LabState {
  readonly content = signal<LabContent | null>(null);
  /** The epoch chosen on the curves, from 1; 0 for the last. */
  readonly epoch = signal(0);
  readonly showsSame = signal(false);
  readonly tab = signal<LabTab>("curves");
  /** The register that is compared; empty for the first that differs. */
  readonly register = signal("");
  /** The mistake that is explained: the one with the focus, or the last that was switched. */
  readonly explained = signal("");
  /** Whether the page is making a curve. */
  readonly computing = signal(false);
  private readonly last = signal<Switches | null>(null);
  /** What has been switched here, which stays where it is even if it cannot show. */
  private readonly used = new Set<string>();
  /** What is switched while Python has not answered yet; then null. */
  readonly wanted = computed(() => (this.exchange.isBusy("rule") ? this.last.value : null));

  constructor(private readonly exchange: Exchange) {}

  /** The switches of what is shown. */
  private readonly settled = computed<Switches | null>(() => {
    const rule = this.content.value?.program.rule;
    return rule ? { ...rule, mistakes: rule.mistakes.map(({ name }) => name) } : null;
  });
  /** The switches as they are, or as they will be when Python has answered. */
  readonly switches = computed(() => this.wanted.value ?? this.settled.value);
  readonly departures = computed(() => {
    const [content, switches, settled] = [
      this.content.value,
      this.switches.value,
      this.settled.value,
    ];
    if (!content || !switches || !settled) return [];
    const departures = departuresOf(content.choices, switches, settled).map((one) => ({
      ...one,
      apart: one.apart && !this.used.has(one.name),
    }));
    return this.exchange.offline.value
      ? this.asFarAsKnown(content, switches, departures)
      : departures;
  });
  /** Why nothing can be switched; empty where something can. */
  readonly fixed = computed(() =>
    this.exchange.offline.value && this.content.value && !this.content.value.forms ? FIXED : "",
  );

  /** Read the traits of the lab. */
  load(get: (name: string) => unknown): void {
    const right = get("_right_program") as Program | undefined;
    if (!right?.operations) return;
    batch(() => {
      this.content.value = {
        program: get("_program") as Program,
        right,
        rightRows: decodeRows(get("_right_frames") as Bytes | undefined, right.size),
        choices: get("_mistake_choices") as Choice[],
        gaps: (get("_differences") ?? []) as [string, number | null][][],
        checks: (get("_checks") ?? []) as CheckRow[][],
        rightLosses: decodeNumbers(get("_right_losses") as Bytes | undefined),
        stopped: String(get("_stopped") ?? ""),
        epochs: Number(get("_epochs") ?? 0),
        forms: formsOf(get("_forms")),
        isPages: false,
        isBare: get("_checks") === undefined,
      };
      this.epoch.value = 0;
      this.register.value = "";
    });
  }

  /** Say beforehand of each switch that is not there whether only Python has its formulas. */
  private asFarAsKnown(
    { forms, program, choices }: LabContent,
    switches: Switches,
    departures: readonly Departure[],
  ): Departure[] {
    return departures.map((departure) => {
      const { name, on, blocked } = departure;
      if (blocked) return departure;
      if (!forms) return { ...departure, blocked: FIXED };
      const isKnown = programUnder(forms, program, turned(switches, name, !on), choices) !== null;
      return isKnown ? departure : { ...departure, blocked: UNKNOWN };
    });
  }

  /** Switch one on or off; false where nobody is there. `show` is called when it is done. */
  turn(name: string, on: boolean, show: () => void): boolean {
    const before = this.switches.value;
    this.used.add(name);
    return !before || this.want(turned(before, name, on), show);
  }

  /** Switch all off. */
  turnAllOff(show: () => void): boolean {
    for (const { name, on } of this.departures.value) if (on) this.used.add(name);
    return this.want({ mistakes: [], update: "simultaneous", train_biases: true }, show);
  }

  private want(wanted: Switches, show: () => void): boolean {
    return batch(() => {
      this.last.value = wanted;
      return this.exchange.ask("rule", wanted, {
        joins: () => wanted,
        answered: () => {
          if (!this.exchange.isBusy("rule")) show();
        },
      });
    });
  }
}

/**
 * All that can be switched; what is on comes with no reason why it cannot be. Of what the choices
 * say that is so under the switches they were made for, the `settled` ones.
 */
export function departuresOf(
  choices: readonly Choice[],
  switches: Switches,
  settled: Switches = switches,
): Departure[] {
  return choices.map((choice) => {
    const { name } = choice;
    const on = isOn(switches, name);
    const rival = choices.find(
      (other) =>
        isOn(switches, other.name) &&
        (other.excludes.includes(name) || choice.excludes.includes(other.name)),
    );
    const wasOn = isOn(settled, name);
    const isSetting = name === DIRTY || name === UNTRAINED;
    const reason = isSetting && wasOn ? "" : choice.reason && `It needs ${choice.needs}.`;
    const blocked = reason || (rival ? `It contradicts “${rival.title}”, which is on.` : "");
    return {
      ...choice,
      on,
      reason,
      blocked: on ? "" : blocked,
      apart: reason !== "" && !on && !wasOn,
    };
  });
}

function isOn({ mistakes, update, train_biases }: Switches, name: string): boolean {
  if (name === DIRTY && update === "dirty") return true;
  if (name === UNTRAINED && !train_biases) return true;
  return mistakes.includes(name);
}
