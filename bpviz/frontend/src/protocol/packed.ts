// What bpviz/panels/kept.py packs: JSON and bytes, compressed, as text. It may come from anybody's
// file, so that nothing in it is more than data.

const NEWLINE = 10;

/** Return what a packed text holds; bytes are a DataView, as in a model. */
export async function unpacked(text: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
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

function isBytes(value: unknown): value is { bytes: number } {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return keys.length === 1 && typeof (value as { bytes?: unknown }).bytes === "number";
}
