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
  // A function that JSON.parse calls itself would take several times as long.
  const withBytes = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (isBytes(value)) {
      const view = new DataView(whole.slice(start, start + value.bytes).buffer);
      start += value.bytes;
      return view;
    }
    const holder = value as Record<string, unknown>;
    for (const name of Object.keys(holder)) holder[name] = withBytes(holder[name]);
    return value;
  };
  return withBytes(JSON.parse(new TextDecoder().decode(whole.subarray(0, end))));
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

function isBytes(value: object): value is { bytes: number } {
  return (
    typeof (value as { bytes?: unknown }).bytes === "number" && Object.keys(value).length === 1
  );
}
