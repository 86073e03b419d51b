import { expect, test } from "vitest";
import { decodeNumbers, decodeRows, slot } from "../../src/protocol/program";

const bytes = (numbers: number[]) => new Uint8Array(Float64Array.from(numbers).buffer);

test("frames come apart into rows, wherever the bytes begin", () => {
  const buffer = new Uint8Array(3 + 32);
  buffer.set(bytes([1, 2, 3, 4]), 3);
  const rows = decodeRows(new DataView(buffer.buffer, 3, 32), 2);
  expect(rows.map((row) => [...row])).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("no bytes are no frames", () => {
  expect(decodeRows(null, 5)).toEqual([]);
  expect(decodeNumbers(new ArrayBuffer(0))).toHaveLength(0);
});

test("frames of another program are refused", () => {
  expect(() => decodeRows(bytes([1, 2, 3]), 2)).toThrow("3 numbers came; frames of this program");
  expect(() => decodeNumbers(new ArrayBuffer(9))).toThrow("multiple of 8");
});

test("an entry lies row by row, with the sample first", () => {
  const register = { start: 10, layer: 1, quantity: "a" as const, words: "" };
  expect(slot({ ...register, shape: [2, 3], per_sample: false }, [1, 2], 0)).toBe(15);
  expect(slot({ ...register, shape: [4, 3], per_sample: true }, [2], 3)).toBe(21);
  expect(() => slot({ ...register, shape: [2, 3], per_sample: false }, [2, 0], 0)).toThrow(
    "index 2 is outside shape (2, 3)",
  );
});
