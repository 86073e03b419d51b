// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { FakeModel, host, open, press, traits } from "../opened";

const bar = (unit: number, line: number): HTMLElement =>
  host
    .querySelectorAll(".bpviz-unit")
    [unit]!.querySelectorAll(".bpviz-line")
    [line]!.querySelector<HTMLElement>(".bpviz-bar")!;
const ribbons = (): string[] =>
  [...host.querySelectorAll(".bpviz-ribbon")].map((node) => node.getAttribute("class")!);

describe("sizes", () => {
  test("of activations and deltas are bars on the side of their sign", () => {
    open(new FakeModel({ ...traits("three_two_one"), cursor: 34 }));
    const [activation, first, second] = [bar(0, 2), bar(0, 5), bar(1, 5)];
    expect(activation.querySelector(".bpviz-bar-positive i")!.getAttribute("style")).toBe(
      "width: 28.0%;", // 0.5597 of 1, from the middle
    );
    expect(first.querySelector(".bpviz-bar-negative i")!.getAttribute("style")).toBe(
      "width: 17.3%;", // 0.000708 of 0.002045
    );
    expect(second.querySelector(".bpviz-bar-positive i")!.getAttribute("style")).toBe(
      "width: 50.0%;",
    );
  });

  test("of what is not computed yet are not drawn, nor is its name; 0 is a line without a bar", () => {
    open(new FakeModel({ ...traits("three_two_one"), cursor: 0 }));
    expect(bar(0, 2).children).toHaveLength(0);
    expect(host.querySelectorAll(".bpviz-unit .bpviz-later")).toHaveLength(3 * 5);
    expect(host.querySelectorAll(".bpviz-diagram .bpviz-slot")).toHaveLength(0);
    press("ArrowRight");
    expect(host.querySelectorAll(".bpviz-diagram .bpviz-slot")).toHaveLength(1);
  });
});

test("a layer whose function is derived together with the loss is drawn without its slope", () => {
  open(new FakeModel({ ...traits("one_layer"), cursor: 0 }));
  expect(host.querySelectorAll(".bpviz-unit")).toHaveLength(3);
  press("End");
  expect(host.textContent).not.toContain("cannot be drawn");
  expect(host.querySelectorAll(".bpviz-unit")).toHaveLength(3);
});

test("after the last step stands what the network gives now", () => {
  open(new FakeModel({ ...traits("three_two_one"), cursor: 33 }));
  expect(host.querySelector(".bpviz-ending")).toBeNull();
  press("ArrowRight");
  const digits = [...host.querySelectorAll(".bpviz-ending .bpviz-new-digits")];
  // 0.4850 and 0.4866, 0.006616 and 0.006425.
  expect(digits.map((node) => node.textContent)).toEqual(["66", "425"]);
});

test("what has passed along an edge leaves a trail, in the direction of the phase", () => {
  open(new FakeModel({ ...traits("three_two_one"), cursor: 1 }));
  // 0.5 · 0.5, 0.1 · 0.1 and 0.1 · (−0.2) go into the first unit.
  expect(ribbons()).toEqual([
    "bpviz-ribbon bpviz-ribbon-positive bpviz-pulse-right",
    "bpviz-ribbon bpviz-ribbon-positive bpviz-pulse-right",
    "bpviz-ribbon bpviz-ribbon-negative bpviz-pulse-right",
  ]);
  for (let step = 1; step < 13; step++) press("ArrowRight");
  // 0.1 · (−0.0287) comes back to the first hidden unit.
  expect(ribbons()).toEqual(["bpviz-ribbon bpviz-ribbon-negative bpviz-pulse-left"]);
  press("ArrowRight");
  expect(ribbons()).toEqual([
    "bpviz-ribbon bpviz-ribbon-negative",
    "bpviz-ribbon bpviz-ribbon-positive bpviz-pulse-left",
  ]);
});

describe("edges", () => {
  const strokes = (): string[] =>
    [...host.querySelectorAll(".bpviz-edges .bpviz-edge > path[stroke-width]")].map((node) =>
      node.getAttribute("stroke-width")!,
    );
  /** How high the band of each ribbon is, where it begins at the left and where it ends. */
  const widths = (): number[][] =>
    [...host.querySelectorAll(".bpviz-ribbon")].map((node) => {
      const at = node
        .getAttribute("d")!
        .match(/-?[\d.]+/g)!
        .map(Number);
      return [at.at(-1)! - at[1]!, at[11]! - at[9]!].map((width) => Number(width.toFixed(6)));
    });

  test("are as thick as their weights are far from 0, 4 px for the largest of a layer", () => {
    open(new FakeModel({ ...traits("three_two_one"), cursor: 0 }));
    const [first, second] = [
      [0.5, 0.1, 0.1, 0.6, 0.2, 0.7].map((size) => 1 + (3 * size) / 0.7),
      [0.1, 0.3].map((size) => 1 + (3 * size) / 0.3),
    ];
    expect(strokes()).toEqual([...first, ...second].map((width) => width.toFixed(2)));
    expect(strokes()).toEqual(["3.14", "1.43", "1.43", "3.57", "1.86", "4.00", "2.00", "4.00"]);
  });

  test("have ribbons as wide as what enters and what leaves, 15 px for the most of a layer", () => {
    open(new FakeModel({ ...traits("three_two_one"), cursor: 1 }));
    // 0.5 · 0.5, 0.1 · 0.1 and −0.2 · 0.1: 15 px are 0.5, and what is not 0 has 1.5 px at least.
    expect(widths()).toEqual([
      [15, 7.5],
      [3, 1.5],
      [6, 1.5],
    ]);
    for (let step = 1; step < 14; step++) press("ArrowRight");
    // δ = −0.02873 enters at the right; times 0.1 and −0.3 it leaves at the left.
    expect(widths()).toEqual([
      [1.5, 15],
      [4.5, 15],
    ]);
  });
});

test("a 0 that is computed is a 0 with its zero line, what is not computed is neither", () => {
  const shown = (): [string, number] => {
    const value = host.querySelector('.bpviz-diagram [data-ref="h1[1]"]')!;
    const bars = value.closest(".bpviz-line")!.querySelectorAll(".bpviz-length");
    return [value.textContent!, bars.length];
  };
  // Of the input (1, −1), the second hidden unit of the XOR network gives 0.
  open(new FakeModel({ ...traits("xor"), frame: 1, cursor: 2 }));
  expect(shown()).toEqual(["not computed yet", 0]);
  press("ArrowRight");
  expect(shown()).toEqual(["not computed yet", 0]);
  expect(host.querySelectorAll('[data-ref="h1[1]"] .bpviz-slot').length).toBeGreaterThan(0);
  press("ArrowRight");
  expect(shown()).toEqual(["0", 1]);
  const line = host.querySelector('.bpviz-diagram [data-ref="h1[1]"]')!.closest(".bpviz-line")!;
  expect(line.querySelector<HTMLElement>(".bpviz-length i")?.style.width ?? "0.0%").toBe("0.0%");
});
