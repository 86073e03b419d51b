import { expect, test } from "vitest";
import { decode85, encode85 } from "../../src/protocol/base85";

// As Python's base64.b85encode writes them, with "," in the place of "<".
const WRITTEN = {
  "": [],
  "00": [0],
  "{{": [255],
  "|NsC0": [255, 255, 255, 255],
  VPXIP: [97, 98, 0, 0],
  VPaz: [97, 98, 99],
  "009C61O)~": [0, 1, 2, 3, 4, 5, 6],
};

test.each(Object.entries(WRITTEN))("%j is what Python writes", (text, bytes) => {
  expect([...decode85(text)]).toEqual(bytes);
  expect(encode85(Uint8Array.from(bytes))).toBe(text);
});

test("what is written is read again, whatever its length", () => {
  for (let length = 0; length < 40; length++) {
    const bytes = Uint8Array.from({ length }, (_, k) => (k * 89 + length * 57) % 256);
    const text = encode85(bytes);
    expect(text).not.toContain("<");
    expect([...decode85(text)]).toEqual([...bytes]);
  }
});
