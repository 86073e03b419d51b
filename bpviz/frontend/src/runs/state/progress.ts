// What comes of a run while it goes on.

import { batch } from "@preact/signals";
import type { Row } from "../../protocol/program";
import type { PanelState } from "../../state/panel";

/** Take in how far a run is, and stay at its newest update if there. */
export function progress(
  panel: PanelState,
  updates: number,
  firstEpoch: number,
  more: Float64Array,
  newest: Row,
): void {
  const content = panel.content.peek();
  if (!content) return;
  batch(() => {
    // A view that was opened late lacks some losses; its answer gets it those.
    const isGap = firstEpoch > content.run.losses.length;
    const losses = isGap ? content.run.losses : grown(content.run.losses, firstEpoch, more);
    const atEnd = panel.frame.peek() >= content.total - 1;
    panel.content.value = { ...content, total: updates, run: { ...content.run, losses } };
    panel.held.newest.value = { first: updates - 1, rows: [newest] };
    if (atEnd) panel.frame.value = updates - 1;
  });
}

/** Losses that grow: room is made ahead, so that a long run is not copied at every report. */
function grown(losses: Float64Array, first: number, more: Float64Array): Float64Array {
  const count = first + more.length;
  let room = new Float64Array(losses.buffer);
  if (losses.byteOffset !== 0 || room.length < count) {
    room = new Float64Array(Math.max(1024, 2 * count));
    room.set(losses.subarray(0, first));
  }
  room.set(more, first);
  return room.subarray(0, count);
}
