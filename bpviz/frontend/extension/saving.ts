// What a notebook holds of its panels when it is saved: them as they were left.

import type { Values } from "../src/entries/panel";
import { packed } from "../src/protocol/packed";
import type { Output, WidgetModel } from "./jupyter";
import { PANEL } from "./jupyter";

/** Bytes of a run's updates that a saved notebook keeps; bpviz/panels/panel.py has the same. */
const KEPT_BYTES = 6_000;
/** Characters of a panel beside its pictures. */
const MOST_CHARACTERS = 26_000;

/** A panel in an output, which may have changed since its cell was run. */
export class SavedPanel {
  /** The values as they are now, packed; saving cannot wait for that. */
  private text = "";
  private isPacking = false;
  private isChanged = false;

  constructor(
    private readonly output: Output,
    private values: Values,
  ) {}

  /** Take over what was chosen in a panel that has no model. */
  choose(values: Values): Values {
    this.values = { ...this.values, ...values };
    this.change(() => this.values);
    return this.values;
  }

  /** Keep up with a model; returns what ends it. */
  follow(model: WidgetModel): () => void {
    const changed = (): void =>
      this.change(() => {
        const names = Object.keys(this.values);
        const now = Object.fromEntries(names.map((name) => [name, model.get(name)]));
        // One that is closed has let its numbers go.
        return now["_program"] ? (this.values = withNearFrames(now)) : this.values;
      });
    model.on("change", changed);
    return () => model.off("change", changed);
  }

  /** Put what has changed into the notebook. */
  write(): void {
    const before = this.output.data[PANEL] as { packed?: unknown } | undefined;
    if (!this.text || before?.packed === this.text) return;
    const data = { ...this.output.data, [PANEL]: { packed: this.text } };
    this.output.setData({ data });
  }

  private change(read: () => Values): void {
    this.isChanged = true;
    if (this.isPacking) return;
    this.isPacking = true;
    requestIdleCallback(async () => {
      while (this.isChanged) {
        this.isChanged = false;
        const values = read();
        for (const kept of [values, { ...values, _forms: undefined }]) {
          const text = await packed({ panels: [kept] });
          if (text.length > MOST_CHARACTERS) continue;
          this.text = text;
          break;
        }
      }
      this.isPacking = false;
    });
  }
}

/** All panels of a notebook that are drawn. */
export class SavedPanels {
  readonly drawn = new Set<SavedPanel>();

  write(): void {
    for (const panel of this.drawn) panel.write();
  }
}

/** Keep of a run the updates around the chosen one, as far as the model has them. */
function withNearFrames(values: Values): Values {
  const frames = values["_frames"];
  if (!("_total_frames" in values) || !ArrayBuffer.isView(frames)) return values;
  const width = 8 * (values["_program"] as { size: number }).size;
  const [held, most] = [frames.byteLength / width, Math.max(1, Math.floor(KEPT_BYTES / width))];
  const first = Number(values["_first_frame"] ?? 0);
  const wanted = Number(values["frame"]) - first - Math.floor(most / 2);
  const start = Math.max(0, Math.min(wanted, held - most));
  const bytes = Math.min(held, most) * width;
  const near = new DataView(frames.buffer, frames.byteOffset + start * width, bytes);
  return { ...values, _first_frame: first + start, _frames: near };
}
