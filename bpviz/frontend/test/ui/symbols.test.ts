// @vitest-environment happy-dom

import { render } from "preact";
import { expect, test } from "vitest";
import { nameOf, wordsOf } from "../../src/program/words";
import { parseRef } from "../../src/program/refs";
import { quantityOf } from "../../src/protocol/program";
import { shortName, symbol } from "../../src/ui/symbols";
import { fixture, frameOf } from "../fixtures";

const drawn = (program: Parameters<typeof symbol>[0], ref: string): string => {
  const place = document.createElement("math");
  render(symbol(program, parseRef(ref)!), place);
  return place.innerHTML.replace(/ form="\w+"| stretchy="false"/g, "");
};

test("what an optimiser of one's own carries is written and called as Python says", () => {
  const { program } = fixture("damped");
  const [old, now] = ["qW1[0,1]", "nqb1[0]"];
  expect(drawn(program, old)).toBe("<msubsup><mi>q</mi><mn>1,1,2</mn><mtext>W</mtext></msubsup>");
  expect(drawn(program, now)).toBe("<msubsup><mi>q</mi><mn>1,1</mn><mtext>b,new</mtext></msubsup>");
  expect(nameOf(program, parseRef(old)!)).toBe(
    "smoothed gradient for the weight from input 2 to unit 1 of layer 1",
  );
  expect(nameOf(program, parseRef(now)!)).toBe(
    "new smoothed gradient for the bias of unit 1 of layer 1",
  );
  expect(wordsOf(program, "nqW1")).toBe("new smoothed gradient for the weights of layer 1");
  const [before, after] = ["qW1", "nqW1"].map((name) => quantityOf(program, name));
  expect([before!, after!].map(shortName)).toEqual(["q", "→ q"]);
  expect([before!.legend, after!.legend]).toEqual(["smoothed gradient", undefined]);
});

test("a change of the table in Python is one on the screen", () => {
  const { program } = fixture("xor");
  const quantities = {
    ...program.quantities,
    d: { letter: "ε", form: "ΔW", words: "epsilons", one: "epsilon of" } as const,
  };
  const other = { ...program, quantities };
  expect(drawn(other, "d1[1]")).toBe(
    '<mrow><mi mathvariant="normal">Δ</mi><msub><mi>ε</mi><mn>1,2</mn></msub></mrow>',
  );
  expect(nameOf(other, parseRef("d1[1]")!)).toBe("epsilon of unit 2 of layer 1");
});

test("the letters z and a are put for a and h, also where the loss is derived by them", () => {
  const { program } = frameOf("xor", { symbols: "z/a" });
  const { a, h, e, d } = program.quantities;
  expect([a, h, e].map((one) => one!.letter)).toEqual(["z", "a", "a"]);
  expect([e!.words, d!.legend]).toEqual([
    "errors that arrive at layer {layer}, ∂L/∂a",
    "delta, ∂L/∂z",
  ]);
  expect(frameOf("damped", { symbols: "z/a" }).program.quantities["qW"]!.letter).toBe("q");
});
