// The frames of a run that the browser holds: perhaps all, perhaps only some.

import { computed, signal } from "@preact/signals";
import type { Block } from "../protocol/content";
import type { Row } from "../protocol/program";

const NOTHING: Block = { first: 0, rows: [] };

export class HeldFrames {
  readonly blocks = signal<readonly Block[]>([]);
  /** Whether the page can make each frame of the run by itself; set by what makes runs. */
  areMadeHere: () => boolean = () => false;
  /** The newest update of a run that goes on. */
  readonly newest = signal(NOTHING);
  /** Whether none is here, nor can be made here. */
  readonly areMissing = computed(
    () => !this.blocks.value.length && !this.newest.value.rows.length && !this.areMadeHere(),
  );
  /** Rows of which only the given numbers are right, and what makes the others so. */
  private readonly unmade = new Map<Row, (row: Row) => void>();

  /** Let go of everything but the frames that a run begins with. */
  startWith(frames: Block, make?: (row: Row) => void): void {
    this.unmade.clear();
    if (make) for (const row of frames.rows) this.unmade.set(row, make);
    this.blocks.value = frames.rows.length ? [frames] : [];
    this.newest.value = NOTHING;
  }

  find(frame: number): Row | null {
    for (const { first, rows } of [this.newest.value, ...this.blocks.value]) {
      const row = rows[frame - first];
      if (!row) continue;
      const make = this.unmade.get(row);
      this.unmade.delete(row);
      make?.(row);
      return row;
    }
    return null;
  }
}
