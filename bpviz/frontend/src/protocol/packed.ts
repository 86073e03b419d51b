// What bpviz/panels/kept.py packs, too: JSON and bytes, compressed, as text. It may come from
// anybody's file, so that nothing in it is more than data.

import { decode85, encode85 } from "./base85";

const NEWLINE = 10;

/** Return what a packed text holds; bytes are a DataView, as in a model. */
export async function unpacked(text: string): Promise<unknown> {
  const whole = await inflated(text);
  const end = whole.indexOf(NEWLINE);
  return filled(new TextDecoder().decode(whole.subarray(0, end)), whole.subarray(end + 1));
}

/** Return the bytes of a compressed text. */
export async function inflated(text: string): Promise<Uint8Array> {
  const stream = new Blob([decode85(text.trim())])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Return what JSON says, with bytes in the places where they are but counted. */
export function filled(json: string, bytes: Uint8Array): unknown {
  let start = 0;
  // A function that JSON.parse calls itself would take several times as long.
  const withBytes = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (isBytes(value)) {
      const view = new DataView(bytes.slice(start, start + value.bytes).buffer);
      start += value.bytes;
      return view;
    }
    const holder = value as Record<string, unknown>;
    for (const name of Object.keys(holder)) holder[name] = withBytes(holder[name]);
    return value;
  };
  return withBytes(JSON.parse(json));
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
