// The only module that touches the anywidget model. Without a model a panel loses nothing
// but Python: it steps, plays and shows every frame that it holds.

import { batch, effect } from "@preact/signals";
import type { Bytes, Depth, Program } from "./protocol";
import { DEPTHS, decodeNumbers, decodeRows } from "./protocol";
import type { PanelState, View } from "./state";

/** What is used of an anywidget model. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(name: string, callback: (...values: never[]) => void): void;
  off(name: string, callback: (...values: never[]) => void): void;
}

const CONTENT = [
  "_view",
  "_program",
  "_frames",
  "_frame_names",
  "_losses",
  "_loss_name",
  "_updates_per_epoch",
  "_first_frame",
  "_total_frames",
];
const FRAMES_AT_ONCE = 256;

function loadContent(state: PanelState, get: (name: string) => unknown): void {
  const program = get("_program") as Program;
  const rows = decodeRows(get("_frames") as Bytes | null, program.size);
  const first = Number(get("_first_frame") ?? 0);
  state.load({
    view: (get("_view") as View | undefined) ?? "step",
    program,
    frames: { first, rows },
    total: Number(get("_total_frames") ?? 0) || first + rows.length,
    names: (get("_frame_names") as string[] | undefined) ?? [],
    run: {
      losses: decodeNumbers(get("_losses") as Bytes | null),
      lossName: (get("_loss_name") as string | undefined) || "RMSE",
      updatesPerEpoch: Number(get("_updates_per_epoch") ?? 0) || 1,
    },
  });
}

/** What Python and the panel both choose. */
const CHOSEN = ["depth", "cursor", "frame", "selection"] as const;

function loadChoice(state: PanelState, get: (name: string) => unknown): void {
  batch(() => {
    const depth = get("depth") as Depth;
    if (DEPTHS.includes(depth)) state.depth.value = depth;
    state.goTo(Number(get("cursor") ?? 0));
    state.setFrame(Number(get("frame") ?? 0));
    state.selection.value = String(get("selection") ?? "");
  });
}

/** Fill a state from named values; `connect` does it with a model's traits. */
export function fill(state: PanelState, get: (name: string) => unknown): void {
  batch(() => {
    loadContent(state, get);
    loadChoice(state, get);
    state.error.value = String(get("_error") ?? "");
  });
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

  fill(state, get);
  for (const name of CONTENT) {
    on(`change:${name}`, () => attempt(state, () => loadContent(state, get)));
  }
  on("change:_error", () => (state.error.value = String(get("_error") ?? "")));

  // Several traits may change together (a depth and its cursor), and another panel of the same
  // model writes them one after another: read them when all have come.
  let pending = false;
  for (const name of CHOSEN) {
    on(`change:${name}`, () => {
      if (pending) return;
      pending = true;
      queueMicrotask(() => {
        pending = false;
        loadChoice(state, get);
      });
    });
  }

  let unsaved = false;
  undo.push(
    effect(() => {
      for (const name of CHOSEN) {
        const value = state[name].value;
        if (model.get(name) === value) continue;
        model.set(name, value);
        unsaved = true;
      }
    }),
  );
  undo.push(requestFrames(state, model, on));

  return {
    save() {
      if (!unsaved) return;
      unsaved = false;
      try {
        model.save_changes();
      } catch {
        // The kernel is gone. The choice stays on the screen, and nothing is lost.
      }
    },
    close: () => undo.forEach((stop) => stop()),
  };
}

/** Ask for the chosen frame and its neighbours if they are not here; one request at a time. */
function requestFrames(
  state: PanelState,
  model: Model,
  on: (name: string, callback: (...values: never[]) => void) => void,
): () => void {
  const asked = new Set<number>();
  on("msg:custom", (message: { kind?: string; start?: number }, buffers: Bytes[]) => {
    if (message.kind !== "frames" || message.start === undefined) return;
    const program = state.program.value;
    if (!program || !buffers[0]) return;
    attempt(state, () => {
      state.hold({ first: message.start!, rows: decodeRows(buffers[0], program.size) });
    });
  });
  return effect(() => {
    if (!state.program.value || state.row.value) {
      state.unreachable.value = "";
      return;
    }
    const start = Math.floor(state.frame.value / FRAMES_AT_ONCE) * FRAMES_AT_ONCE;
    if (asked.has(start)) return;
    asked.add(start);
    try {
      model.send({ kind: "frames", start, count: FRAMES_AT_ONCE });
    } catch {
      asked.delete(start);
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
