// The only module that touches the anywidget model. Without a model a panel loses nothing
// but Python: it steps, plays and shows every frame that it holds.

import { batch, effect, signal } from "@preact/signals";
import { LAB_TRAITS } from "./buglab";
import type { Bytes, Depth, Program } from "./protocol";
import { DEPTHS, decodeNumbers, decodeRows } from "./protocol";
import { isSame } from "./predicting";
import type { Check, Constant, Kind } from "./content";
import type { PanelState } from "./state";
import { readStyle, sameStyle } from "./style";

/** What is used of an anywidget model. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(name: string, callback: (...values: never[]) => void): void;
  off(name: string, callback: (...values: never[]) => void): void;
}

interface Progress {
  kind: string;
  updates: number;
  first_epoch: number;
}

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
  ...LAB_TRAITS,
  "_serial",
];
const TRAINING = [
  "_status",
  "_stopped",
  "_settings",
  "_mistake_choices",
  "_pinned",
  "_pinned_losses",
];

const PREDICTING = ["_questions", "_given"];
const EDITING = ["_serial", "_can_undo", "_can_redo"];

/** Milliseconds in which Python sends back what it was told. */
const ECHO = 2000;

/** What Python and the panel both choose; a panel has no `sample` where B is always 1. */
const CHOSEN = ["depth", "cursor", "frame", "sample", "selection", "appearance"] as const;

function constantOf(value: unknown): Constant | null {
  return value && typeof value === "object" && "rmse" in value ? (value as Constant) : null;
}

function loadContent(state: PanelState, get: (name: string) => unknown): void {
  const program = get("_program") as Program;
  const rows = decodeRows(get("_frames") as Bytes | null, program.size);
  const first = Number(get("_first_frame") ?? 0);
  const last = get("_last_program") as Program | undefined;
  const isNew = program !== state.content.peek()?.program;
  batch(() => {
    state.load({
      view: (get("_view") as Kind | undefined) ?? "step",
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
    });
    state.lab.load(get);
    const isAnswered = state.lab.answer(Number(get("_serial") ?? 0), state.tell);
    if (isAnswered && isNew) state.openFirstDifference();
  });
}

function loadChoice(state: PanelState, get: (name: string) => unknown): void {
  batch(() => {
    const depth = get("depth") as Depth;
    if (DEPTHS.includes(depth)) state.depth.value = depth;
    state.setFrame(Number(get("frame") ?? 0));
    state.setSample(Number(get("sample") ?? 0));
    state.goTo(Number(get("cursor") ?? 0));
    state.selection.value = String(get("selection") ?? "");
    const style = readStyle(get("appearance"));
    if (!sameStyle(style, state.appearance.value)) state.appearance.value = style;
  });
}

/** Fill a state from named values; `connect` does it with a model's traits. */
export function fill(state: PanelState, get: (name: string) => unknown): void {
  batch(() => {
    state.predicting.load(get);
    loadContent(state, get);
    loadChoice(state, get);
    state.editing.load(get);
    state.training.load(get);
    state.error.value = String(get("_error") ?? "");
  });
}

function isChosen(known: unknown, value: unknown): boolean {
  if (typeof value !== "object") return known === value;
  return sameStyle(readStyle(known), readStyle(value));
}

export interface Connection {
  /** Tell Python what is chosen, if it changed since the last time. */
  save(): void;
  close(): void;
}

export function connect(state: PanelState, model: Model): Connection {
  const undo: (() => void)[] = [];
  const on = (name: string, callback: (...values: never[]) => void): void => {
    model.on(name, callback);
    undo.push(() => model.off(name, callback));
  };
  const get = (name: string): unknown => model.get(name);

  let unsaved = false;
  // Python sends back what it was told. Who has gone on meanwhile must not be taken back.
  const told = new Map<string, unknown>();
  let toldAt = 0;
  const isEcho = (name: string): boolean => {
    const isOurs = told.has(name) && performance.now() - toldAt < ECHO;
    const value = model.get(name);
    const now = state[name as (typeof CHOSEN)[number]]?.value;
    if (!isOurs || !isChosen(told.get(name), value) || isChosen(now, value)) return false;
    model.set(name, now);
    unsaved = true;
    return true;
  };
  const save = (): void => {
    if (!unsaved) return;
    unsaved = false;
    toldAt = performance.now();
    for (const name of CHOSEN) told.set(name, model.get(name));
    try {
      model.save_changes();
    } catch {
      // The kernel is gone. The choice stays on the screen, and nothing is lost.
    }
  };

  fill(state, get);
  on("change:_error", () => (state.error.value = String(get("_error") ?? "")));
  // Several traits may change together (a program and its frames, a depth and its cursor), and
  // another panel of the same model writes them one by one: read them when all have come, what
  // there is before what is chosen of it.
  const loads: readonly [readonly string[], () => void][] = [
    [
      PREDICTING,
      () => {
        state.predicting.load(get);
        tellAnswers();
      },
    ],
    [CONTENT, () => loadContent(state, get)],
    [EDITING, () => state.editing.load(get)],
    [TRAINING, () => state.training.load(get)],
    [CHOSEN, () => loadChoice(state, get)],
  ];
  const changed = new Set<() => void>();
  for (const [names, load] of loads) {
    const later = (): void => {
      if (!changed.size)
        queueMicrotask(() => {
          batch(() => {
            for (const [, each] of loads) if (changed.has(each)) attempt(state, each);
          });
          changed.clear();
        });
      changed.add(load);
    };
    for (const name of names) on(`change:${name}`, () => isEcho(name) || later());
  }
  state.attach((message) => {
    // What Python chooses when it answers must not meet what was chosen here before. The
    // reports of a run are answered without: they come many times a second.
    if (!("kind" in message && message.kind === "answer")) save();
    model.send(message);
  });
  const answered = (message: { kind: string; serial: number }, buffers: Bytes[]): void =>
    attempt(state, () => state.scrub.receive(message, buffers));
  on("msg:custom", answered);
  undo.push(state.scrub.follow(state, (message) => model.send(message)));
  on("msg:custom", (message: Progress, buffers: Bytes[]) => {
    if (message.kind !== "progress") return;
    attempt(state, () => {
      const { program } = state.content.peek()!;
      const [row] = decodeRows(buffers[1], program.size);
      state.progress(message.updates, message.first_epoch, decodeNumbers(buffers[0]), row!);
    });
    // Python waits for this, so that what it sends never piles up on a slow connection.
    requestAnimationFrame(() =>
      state.tell({ kind: "answer", epochs: state.content.peek()?.run.losses.length ?? 0 }),
    );
  });

  on("msg:custom", (message: Check & { kind?: string }) => {
    if (message.kind === "check") state.check.value = { ...message, row: state.row.peek() };
  });
  on("comm_live_update", () => state.lose());

  undo.push(
    effect(() => {
      for (const name of CHOSEN) {
        const value = state[name].value;
        const known = model.get(name);
        if (known === undefined || isChosen(known, value)) continue;
        model.set(name, value);
        unsaved = true;
      }
    }),
  );
  const tellAnswers = (): void => {
    const given = state.predicting.answers.value;
    if (!state.predicting.questions.value || isSame(model.get("_given"), given)) return;
    model.set("_given", given);
    unsaved = true;
  };
  undo.push(effect(tellAnswers));
  undo.push(requestFrames(state, model, on));

  return {
    save,
    close: () => undo.forEach((stop) => stop()),
  };
}

/** Ask for the chosen frame if it is not here; one request at a time, the last choice wins. */
function requestFrames(
  state: PanelState,
  model: Model,
  on: (name: string, callback: (...values: never[]) => void) => void,
): () => void {
  const isUnderWay = signal(false);
  on("msg:custom", (message: { kind?: string; start?: number }, buffers: Bytes[]) => {
    if (message.kind !== "frames") return;
    attempt(state, () =>
      batch(() => {
        isUnderWay.value = false;
        const program = state.content.peek()?.program;
        if (!program || message.start === undefined) return;
        state.held.hold({ first: message.start, rows: decodeRows(buffers[0], program.size) });
      }),
    );
  });
  return effect(() => {
    const start = state.frame.value;
    if (state.row.value || !state.content.value?.total) {
      state.unreachable.value = "";
      return;
    }
    const isExpected = state.scrub.expected.value === start && !state.offline.value;
    if (isUnderWay.value || isExpected) return;
    try {
      model.send({ kind: "frames", start });
      isUnderWay.value = true;
    } catch {
      state.unreachable.value =
        "The kernel is gone, and this update is not among those that the page holds. " +
        "Choose an earlier one, or run the cell again.";
    }
  });
}

function attempt(state: PanelState, action: () => void): void {
  try {
    action();
  } catch (error) {
    state.error.value = error instanceof Error ? error.message : String(error);
  }
}
