import { expect, test } from "vitest";
import { RefSet, parseRef, refKey } from "../../src/program/refs";

test.each(["W1[0,1]", "h2[3]", "a1[0]~2", "loss", "x[0]", "gW12", "d1[0]@3"])(
  "%s is read and written the same",
  (text) => expect(refKey(parseRef(text)!)).toBe(text),
);

test.each(["", "W1[", "1W", "W1[a]", "W1[0][1]", "<b>"])("%s is no ref", (text) => {
  expect(parseRef(text)).toBeNull();
});

test("a register shares numbers with its entries, and with nothing else", () => {
  expect(new RefSet(["W1"]).meets("W1[0,1]")).toBe(true);
  expect(new RefSet(["W1[0,1]"]).meets("W1")).toBe(true);
  expect(new RefSet(["a1[0]"]).meets("a1[0]~2")).toBe(true);
  expect(new RefSet(["a1[0]~1"]).meets("a1[0]")).toBe(true);
  expect(new RefSet(["W1"]).meets("W12[0,1]")).toBe(false);
  expect(new RefSet(["a1[1]"]).meets("a1[10]")).toBe(false);
  expect(new RefSet(["a1[1]"]).meets("a1[0]")).toBe(false);
  expect(new RefSet([""]).meets("a1[1]")).toBe(false);
  expect(new RefSet([""]).meets("")).toBe(false);
});
