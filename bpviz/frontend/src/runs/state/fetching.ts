// The frames of a run that the browser gets later, when they are to be shown.

import { computed, effect } from "@preact/signals";
import type { Block } from "../../protocol/content";
import { decodeRows } from "../../protocol/program";
import type { HeldFrames } from "../../state/frames";
import type { PanelState } from "../../state/panel";

/** Bytes of frames that came later and are kept. */
const MOST_BYTES = 16_000_000;

/** Keep frames that came later; of very many, the newest and those of the beginning. */
export function hold({ blocks }: HeldFrames, block: Block): void {
  const [first, ...others] = [...blocks.peek(), block];
  let bytes = 0;
  const isKept = ({ rows }: Block): boolean => {
    bytes += rows.length * (rows[0]?.byteLength ?? 0);
    return bytes <= MOST_BYTES;
  };
  const oldest = others.findLastIndex((one) => !isKept(one));
  blocks.value = [first!, ...others.slice(oldest + 1)];
}

/** Ask for the chosen frame if it is not here, nor comes with something that was asked already. */
export function fetchFrames(state: PanelState, isExpected: (frame: number) => boolean): () => void {
  // Not again whenever more is known of the losses.
  const frames = computed(() => state.content.value?.frames);
  return effect(() => {
    const start = state.frame.value;
    if (!frames.value || !state.awaited.value || isExpected(start)) return;
    state.exchange.ask(
      "frames",
      { start },
      {
        answered: ({ start: first }, [rows]) => {
          const { size } = state.content.peek()!.program;
          hold(state.held, { first, rows: decodeRows(rows, size) });
        },
      },
    );
  });
}
