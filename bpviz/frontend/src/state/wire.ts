// Between a panel and its anywidget model: what comes in is loaded, what is chosen goes out.
// Without a model a panel loses nothing but Python: it steps, plays and shows what it holds.

import type { Signal } from "@preact/signals";
import { batch, effect } from "@preact/signals";
import type { Choice } from "../protocol/choice";
import { CHOSEN, SWITCHES, areSame } from "../protocol/choice";
import type { Constant, Kind as View } from "../protocol/content";
import type { Arrived } from "../protocol/exchange";
import { hasKernel, mayBeBusy, whyLost } from "../protocol/kernel";
import type { Report } from "../protocol/messages";
import { MANNERS } from "../protocol/messages";
import type { Model } from "../protocol/model";
import type { Bytes, Depth, Program } from "../protocol/program";
import { DEPTHS, decodeNumbers, decodeRows } from "../protocol/program";
import { evaluatorOf } from "../program/evaluate";
import { readStyle, sameStyle } from "../protocol/style";
import type { PanelState } from "./panel";

/** The values of the traits, under their names; those left out have their defaults. */
export type Values = Readonly<Record<string, unknown>>;

/** What is done at a key. */
export type Keys = Readonly<Record<string, (() => void) | undefined>>;

/** What only some panels have: something to show in the place of the steps, and its part of the wire. */
export interface Part {
  /** Whether the steps are shown, in its place. */
  readonly stepping: Signal<boolean>;
  /** Go back from the steps; false where it is shown already. */
  closeSteps(): boolean;
  /** What keys do while it is shown; null while the steps are. */
  keys(): Keys | null;
  /** Names of traits, and what reads them all when one has changed. */
  readonly traits: readonly (readonly [names: readonly string[], load: (get: Get) => void])[];
  /** Take what Python says without being asked. */
  hear(report: Report, buffers: readonly Bytes[]): void;
  /** Ask Python for what is needed, from now on; returns what ends it. */
  follow(): () => void;
}

/** How a trait is read. */
type Get = (name: string) => unknown;

const CONTENT = [
  "_view",
  "_program",
  "_last_program",
  "_frames",
  "_frame_names",
  "_losses",
  "_loss_name",
  "_constant",
  "_updates_per_epoch",
  "_first_frame",
  "_total_frames",
];
const ASKING = ["_questions", "_given"];
const CHANGING = ["_can_undo", "_can_redo", "_firsts"];

function constantOf(value: unknown): Constant | null {
  return value && typeof value === "object" && "rmse" in value ? (value as Constant) : null;
}

function loadContent(state: PanelState, get: Get): void {
  const program = get("_program") as Program;
  const rows = decodeRows(get("_frames") as Bytes | null, program.size);
  const first = Number(get("_first_frame") ?? 0);
  const last = get("_last_program") as Program | undefined;
  state.load(
    {
      view: (get("_view") as View | undefined) ?? "step",
      program,
      lastProgram: last?.operations ? last : null,
      frames: { first, rows },
      total: Number(get("_total_frames") ?? first + rows.length),
      names: (get("_frame_names") as string[] | undefined) ?? [],
      run: {
        losses: decodeNumbers(get("_losses") as Bytes | null),
        lossName: (get("_loss_name") as string | undefined) ?? "",
        constant: constantOf(get("_constant")),
        updatesPerEpoch: Number(get("_updates_per_epoch") ?? 0) || 1,
      },
    },
    get("_bare") ? (row) => evaluatorOf(program).update(row) : undefined,
  );
}

/** What is chosen in a panel, under its names. */
export function chosen(state: PanelState, part?: Part): Readonly<Record<string, Signal<unknown>>> {
  const common = Object.fromEntries(CHOSEN.map((name) => [name, state[name]]));
  return part ? { ...common, stepping: part.stepping } : common;
}

function loadChoice(state: PanelState, get: Get, part?: Part): void {
  batch(() => {
    const depth = get("depth") as Depth;
    if (DEPTHS.includes(depth)) state.depth.value = depth;
    const style = readStyle(get("appearance"));
    if (!sameStyle(style, state.appearance.value)) state.appearance.value = style;
    state.setFrame(Number(get("frame") ?? 0));
    state.setSample(Number(get("sample") ?? 0));
    const cursor = Number(get("cursor") ?? 0);
    if (cursor !== state.cursor.peek()) state.goTo(cursor);
    state.selection.value = String(get("selection") ?? "");
    if (part) part.stepping.value = get("stepping") === true;
  });
}

/** Fill a state from named values; `connect` does it with a model's traits. */
export function fill(state: PanelState, get: Get, part?: Part): void {
  batch(() => {
    state.asking.load(get);
    loadContent(state, get);
    loadChoice(state, get, part);
    state.changing.load(get);
    part?.traits.forEach(([, load]) => load(get));
    state.error.value = String(get("_error") ?? "");
  });
}

/** Connect a view to its model; returns what takes it away again. */
export function connect(state: PanelState, model: Model, choice: Choice, part?: Part): () => void {
  const undo: (() => void)[] = [];
  const on = (name: string, callback: (...values: never[]) => void): void => {
    model.on(name, callback);
    undo.push(() => model.off(name, callback));
  };
  const get = (name: string): unknown => model.get(name);
  const tellAnswers = (): void => {
    const told = state.asking.told.value;
    if (!told || areSame(model.get("_given"), told._given)) return;
    choice.write(state, "_given", told._given);
    // A notebook may take a panel that is scrolled away out of the page, and nobody hears it go.
    choice.save();
  };

  fill(state, get, part);
  on("change:_error", () => (state.error.value = String(get("_error") ?? "")));
  // Several traits may change together (a program and its frames, a depth and its cursor), and
  // another panel of the same model writes them one by one: read them when all have come, what
  // there is before what is chosen of it.
  const loads: (readonly [readonly string[], () => void])[] = [
    [
      ASKING,
      () => {
        state.asking.load(get);
        tellAnswers();
      },
    ],
    [
      CONTENT,
      () => {
        // What shows already is ahead of what Python has now.
        if (state.changing.isAhead) return;
        state.changing.forget();
        loadContent(state, get);
      },
    ],
    [CHANGING, () => state.changing.load(get)],
    ...(part?.traits ?? []).map(([names, load]) => [names, () => load(get)] as const),
    [[...CHOSEN, ...SWITCHES], () => loadChoice(state, get, part)],
  ];
  const changed = new Set<() => void>();
  const loadChanged = (): void =>
    batch(() => {
      for (const [, load] of loads) if (changed.delete(load)) attempt(state, load);
    });
  for (const [names, load] of loads) {
    const later = (): void => {
      if (!changed.size) queueMicrotask(loadChanged);
      changed.add(load);
    };
    for (const name of names) on(`change:${name}`, () => choice.isWrittenBy(state) || later());
  }

  state.changing.attach(() => loadContent(state, get));
  state.exchange.attach(
    (message, kind) => {
      // What Python chooses when it makes a change must not meet what was chosen here before.
      if (MANNERS[kind] === "change") choice.save();
      model.send(message);
    },
    () => whyLost(model),
  );
  if (hasKernel(model) === false) state.exchange.lose();
  else {
    state.exchange.greet(
      () => mayBeBusy(model),
      () => {
        state.changing.forget();
        fill(state, get, part);
      },
    );
  }
  on("msg:custom", (message: Arrived | Report, buffers: Bytes[]) => {
    // What was changed for an answer has come before it.
    loadChanged();
    attempt(state, () => {
      if ("id" in message) state.exchange.receive(message, buffers);
      else {
        part?.hear(message, buffers);
        state.exchange.hear();
      }
    });
  });
  on("comm_live_update", () => state.exchange.lose());

  if (part) undo.push(part.follow());
  undo.push(
    effect(() => {
      for (const [name, { value }] of Object.entries(chosen(state, part))) {
        const known = model.get(name);
        if (known !== undefined && !areSame(known, value)) choice.write(state, name, value);
      }
    }),
    effect(tellAnswers),
  );
  return () => undo.forEach((stop) => stop());
}

/** Do something; where that fails, the panel says why. */
export function attempt(state: PanelState, action: () => void): void {
  try {
    action();
  } catch (error) {
    state.error.value = error instanceof Error ? error.message : String(error);
  }
}
