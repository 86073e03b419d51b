// What bpviz/panels/kept.py packs, too: JSON and bytes, compressed, as text. It may come from
// anybody's file, so that nothing in it is more than data.

import { decode85, encode85 } from "./base85";

const NEWLINE = 10;

/** Return what a packed text holds; bytes are a DataView, as in a model. */
export async function unpacked(text: string): Promise<unknown> {
  const stream = new Blob([decode85(text.trim())])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"));
  const whole = new Uint8Array(await new Response(stream).arrayBuffer());
  const end = whole.indexOf(NEWLINE);
  let start = end + 1;
  return JSON.parse(new TextDecoder().decode(whole.subarray(0, end)), (_key, value: unknown) => {
    const length = isBytes(value) ? value.bytes : null;
    if (length === null) return value;
    const view = new DataView(whole.slice(start, start + length).buffer);
    start += length;
    return view;
  });
}

/** Return content as text from which `unpacked` makes it again. */
export async function packed(content: unknown): Promise<string> {
  const buffers: BlobPart[] = [];
  const text = JSON.stringify(content, (_key, value: unknown) => {
    const bytes = ArrayBuffer.isView(value) ? value : null;
    if (!bytes) return value;
    buffers.push(bytes as BlobPart & ArrayBufferView);
    return { bytes: bytes.byteLength };
  });
  const stream = new Blob([text, "\n", ...buffers]).stream();
  const compressed = stream.pipeThrough(new CompressionStream("deflate"));
  const whole = new Uint8Array(await new Response(compressed).arrayBuffer());
  return encode85(whole);
}

function isBytes(value: unknown): value is { bytes: number } {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return keys.length === 1 && typeof (value as { bytes?: unknown }).bytes === "number";
}
