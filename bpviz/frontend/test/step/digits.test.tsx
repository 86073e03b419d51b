// @vitest-environment happy-dom
// Old and new weights are shown with the digits in which they differ.
import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { FakeModel, at, host, open, press, text, traits } from "../opened";

const lecture = (values: Record<string, unknown> = {}): FakeModel =>
  new FakeModel({ ...traits("three_two_one"), ...values });

test("in the diagram, the old one gets its digits when the new one is known", () => {
  open(lecture());
  expect(at("W1[0,1]")).toBe("0.1");
  press("End");
  expect(at("W1[0,1]")).toBe("0.10000");
  expect(at("nW1[0,1]")).toBe("→\u20090.10004");
  expect(at("W1[0,2]")).toBe("0.10000");
  expect(at("nW1[0,2]")).toBe("→\u20090.09993");
  press("Home");
  expect(at("W1[0,1]")).toBe("0.1");
});

test("in the formula and the sentence of the update", () => {
  open(lecture({ depth: "term" }));
  press("End");
  const sentences: string[] = [];
  const formulas: string[] = [];
  for (let k = 0; k < 40; k++) {
    sentences.push(text(".bpviz-sentence"));
    formulas.push(text(".bpviz-formula > div:not([aria-hidden='true'])"));
    press("ArrowLeft");
  }
  const place = sentences.findIndex((one) => one.includes("weight 2 of unit 1 of layer 1: old"));
  expect(sentences[place]).toContain("old minus change, 0.10004.");
  expect(formulas[place]).toContain("0.10000");
  expect(formulas[place]).toContain("0.10004");
  const change = sentences.findIndex((one) => one.includes("change of the weight 2 of unit 1"));
  expect(formulas[change]).not.toContain("0.10000");
});

test("in the matrices and the tables", () => {
  open(lecture({ depth: "layer", appearance: { matrices: true } }));
  press("End");
  const details = host.querySelector<HTMLDetailsElement>(".bpviz-fold")!;
  act(() => {
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
  });
  const all = (ref: string): string[] =>
    [...host.querySelectorAll(`td [data-ref="${ref}"]`)].map((one) => one.textContent ?? "");
  expect(all("W1[0,1]").length).toBeGreaterThan(0);
  expect(new Set(all("W1[0,1]"))).toEqual(new Set(["0.10000"]));
  expect(new Set(all("nW1[0,1]"))).toEqual(new Set(["0.10004"]));
});
