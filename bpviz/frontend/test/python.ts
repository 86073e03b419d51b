// A Python that answers when it is told to.

import { Exchange } from "../src/protocol/exchange";
import type { Kind } from "../src/protocol/messages";

export type Sent = { kind: Kind; id: number } & Record<string, unknown>;

export function python() {
  const sent: Sent[] = [];
  const exchange = new Exchange();
  exchange.attach((message) => void sent.push(message as Sent));
  /** Answer the last message, or the last of a kind. */
  const answer = (kind?: Kind, content: object = {}, buffers: Uint8Array[] = []): void => {
    const asked = sent.findLast((message) => !kind || message.kind === kind)!;
    exchange.receive({ kind: asked.kind, id: asked.id, why: "", ...content }, buffers);
  };
  return { exchange, sent, answer };
}
