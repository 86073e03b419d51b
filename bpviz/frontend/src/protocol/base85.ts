// Bytes as text: five characters for four bytes, of an alphabet that Python's base64.b85encode has,
// too, but for the "<", which a page would take for the beginning of a tag.

const ALPHABET =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";
/** The place of each character, by its code. */
const PLACES = new Uint8Array(128);
[...ALPHABET].forEach((character, place) => (PLACES[character.charCodeAt(0)] = place));
const LAST = ALPHABET[84]!;

export function encode85(bytes: Uint8Array): string {
  const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4));
  new Uint8Array(padded.buffer).set(bytes);
  let text = "";
  for (let at = 0; at < padded.byteLength; at += 4) {
    let rest = padded.getUint32(at);
    let group = "";
    for (let k = 0; k < 5; k++, rest = Math.floor(rest / 85)) group = ALPHABET[rest % 85] + group;
    text += group;
  }
  return text.slice(0, text.length - (padded.byteLength - bytes.length));
}

/** Return the bytes of a text; what is not of the alphabet makes them wrong, and nothing worse. */
export function decode85(text: string): Uint8Array<ArrayBuffer> {
  const missing = (5 - (text.length % 5)) % 5;
  const padded = text + LAST.repeat(missing);
  const view = new DataView(new ArrayBuffer((padded.length / 5) * 4));
  for (let at = 0; at < padded.length; at += 5) {
    let group = 0;
    for (let k = 0; k < 5; k++) group = group * 85 + PLACES[padded.charCodeAt(at + k)]!;
    view.setUint32((at / 5) * 4, group);
  }
  return new Uint8Array(view.buffer, 0, view.byteLength - missing);
}
