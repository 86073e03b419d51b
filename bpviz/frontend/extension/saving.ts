// What a notebook holds of its panels when it is saved: them as they were left.

import { packed } from "../src/protocol/packed";
import type { Bytes, Program } from "../src/protocol/program";
import { decodeNumbers, registerOf, sizeOf } from "../src/protocol/program";
import { whyNotCarried } from "../src/program/run";
import type { Values } from "../src/state/wire";
import type { Output, WidgetModel } from "./jupyter";
import { PANEL, VIEW } from "./jupyter";
import { withoutWords } from "./known";
// bpviz/panels/kept.py reads the same.
import limits from "./limits.json";

const UPDATES = ["_losses", "_frames", "_first_frame"];

/** What a notebook keeps of a panel: its values, that they were too many, or its sliders' places. */
export interface Kept {
  packed?: unknown;
  too_large?: unknown;
  sliders?: unknown;
  words?: unknown;
}

/** What an output holds of a panel, which may have changed since its cell was run. */
export interface Saved {
  /** Names the output, also when its cell is moved, but not when it is run again. */
  readonly key: string;
  /** What has become of it alone, and would be lost with its output. */
  readonly unsaved: Values | null;
  /** Keep up with a model; returns what ends it. */
  follow(model: WidgetModel): () => void;
  /** Put what has changed into the notebook. */
  write(): void;
}

/** The picture of a slider panel in an output: only Python draws another. */
export class SavedPicture implements Saved {
  readonly unsaved = null;
  private latest: Record<string, unknown> = {};

  constructor(private readonly output: Output) {}

  get key(): string {
    return keyOf(this.output);
  }

  /** What the output holds when the notebook is saved. */
  get data(): Output["data"] {
    return { ...this.output.data, ...this.latest };
  }

  follow(model: WidgetModel): () => void {
    // The last of its parts; a forged output may name a model that has none.
    const picture = (model.get("children") as WidgetModel[] | undefined)?.at(-1);
    if (!picture) return () => undefined;
    const changed = (): void => {
      const [places, words, address] = ["places", "words", "address"].map((name) =>
        String(picture.get(name)),
      );
      this.latest = {
        "text/plain": `SliderPanel(${places})`,
        "image/png": address!.replace(/^.*,/, ""),
        [PANEL]: { sliders: places, words },
      };
    };
    // It may have been moved before this view of it was made.
    changed();
    picture.on("change", changed);
    return () => picture.off("change", changed);
  }

  write(): void {
    const { data, output } = this;
    const isNew = data["text/plain"] !== output.data["text/plain"];
    if (isNew) output.setData({ data });
  }
}

/** A panel that goes on without Python from what the notebook keeps of it. */
export class SavedPanel implements Saved {
  /** The values as they are now, packed; saving cannot wait for that. */
  private kept: Kept | null = null;
  private isPacking = false;
  private isChanged = false;
  /** Whether its model no longer tells what it has come to. */
  private isAlone = false;

  constructor(
    private readonly output: Output,
    private values: Values,
  ) {}

  get unsaved(): Values | null {
    const isNew = this.isPacking || (this.kept && !this.isWritten);
    return this.isAlone && isNew ? this.values : null;
  }

  private get isWritten(): boolean {
    return JSON.stringify(this.output.data[PANEL]) === JSON.stringify(this.kept);
  }

  get key(): string {
    return keyOf(this.output);
  }

  /** Take over what has changed in a panel that goes on alone. */
  take(values: Values): Values {
    this.isAlone = true;
    this.values = { ...this.values, ...values };
    this.change(() => this.values);
    return this.values;
  }

  /** Let the model, which has Python again, tell what the panel comes to. */
  listen(): void {
    this.isAlone = false;
  }

  follow(model: WidgetModel): () => void {
    this.listen();
    const changed = (): void => {
      if (this.isAlone) return;
      this.change(() => {
        const names = Object.keys(this.values);
        // What was left out, because it could be made again, may now be needed.
        if (this.values["_view"] === "training") names.push(...UPDATES);
        const now = Object.fromEntries(names.map((name) => [name, model.get(name)]));
        // One that is closed has let its numbers go.
        return now["_program"] ? (this.values = withFewUpdates(now)) : this.values;
      });
    };
    model.on("change", changed);
    return () => model.off("change", changed);
  }

  write(): void {
    const { kept, output } = this;
    if (!kept || this.isWritten) return;
    output.setData({ data: { ...output.data, [PANEL]: kept } });
  }

  private change(read: () => Values): void {
    this.isChanged = true;
    if (this.isPacking) return;
    this.isPacking = true;
    requestIdleCallback(async () => {
      while (this.isChanged) {
        this.isChanged = false;
        this.kept = await keptOf(read(), roomIn(this.output));
      }
      this.isPacking = false;
    });
  }
}

/** All panels of a notebook that are drawn. */
export class SavedPanels {
  readonly drawn = new Set<Saved>();
  /** What became of those whose outputs went, by their keys: a cell that is moved is made anew. */
  private readonly gone = new Map<string, Values>();

  write(): void {
    for (const panel of this.drawn) panel.write();
    this.gone.clear();
  }

  remove(panel: Saved): void {
    this.drawn.delete(panel);
    if (panel.unsaved) this.gone.set(panel.key, panel.unsaved);
  }

  /** Return what became of the panel of an output that was moved here, once. */
  moved(output: Output): Values | undefined {
    const key = keyOf(output);
    const values = this.gone.get(key);
    this.gone.delete(key);
    return values;
  }
}

function keyOf({ data }: Output): string {
  return JSON.stringify([data[PANEL], data[VIEW]]);
}

/** What stands between the parts of an output in a file, which Python counts, too. */
const BETWEEN = 100;

/** How many characters an output has left for its panel. */
function roomIn({ data }: Output): number {
  const beside: Record<string, unknown> = { ...data, [PANEL]: { packed: "" } };
  const lines = Object.entries(beside).map(([kind, one]) => [
    kind,
    typeof one === "string" ? one.split("\n").map((line) => `${line}\n`) : one,
  ]);
  const written = JSON.stringify(lines).replace(/[^ -~]/g, "\\u0000");
  return Math.min(limits.characters, limits.bytes - written.length - BETWEEN);
}

async function keptOf(values: Values, room: number): Promise<Kept> {
  const kept: Record<string, unknown> = { ...withoutWords(withGivenAlone(values)) };
  for (const names of limits.left_out) {
    for (const name of names) delete kept[name];
    const text = await packed({ panels: [kept] });
    if (text.length <= room) return { packed: text };
  }
  return { too_large: true };
}

/** Keep no updates of a run that the page makes again; else those around the chosen one. */
function withFewUpdates(values: Values): Values {
  if (isMadeAgain(values)) {
    return Object.fromEntries(Object.entries(values).filter(([name]) => !UPDATES.includes(name)));
  }
  const frames = values["_frames"];
  if (!("_total_frames" in values) || !ArrayBuffer.isView(frames)) return values;
  const width = 8 * (values["_program"] as Program).size;
  const [held, most] = [
    frames.byteLength / width,
    Math.max(1, Math.floor(limits.bytes_of_run / width)),
  ];
  const first = Number(values["_first_frame"] ?? 0);
  const wanted = Number(values["frame"]) - first - Math.floor(most / 2);
  const start = Math.max(0, Math.min(wanted, held - most));
  const bytes = Math.min(held, most) * width;
  const near = new DataView(frames.buffer, frames.byteOffset + start * width, bytes);
  return { ...values, _first_frame: first + start, _frames: near };
}

/** Leave out of large updates what the page computes. */
function withGivenAlone(values: Values): Values {
  const frames = values["_frames"] as Bytes | undefined;
  if (values["_view"] !== "step" || !frames || frames.byteLength <= limits.bytes_of_updates)
    return values;
  const program = values["_program"] as Program;
  const numbers = decodeNumbers(frames);
  for (const { writes } of program.operations) {
    const register = registerOf(program, writes);
    for (let at = register.start; at < numbers.length; at += program.size)
      numbers.fill(0, at, at + sizeOf(register));
  }
  return { ...values, _frames: numbers, _bare: true };
}

function isMadeAgain(values: Values): boolean {
  const [start, orders] = ["_start_row", "_orders"].map(
    (name) => values[name] as Bytes | undefined,
  );
  const program = values["_program"] as Program;
  const settings = values["_settings"] as { shuffle?: boolean } | undefined;
  return (
    !!start?.byteLength &&
    !!values["_total_frames"] &&
    (!settings?.shuffle || !!orders?.byteLength) &&
    Number(values["_total_frames"]) * program.size <= limits.numbers_made &&
    !whyNotCarried(program)
  );
}
