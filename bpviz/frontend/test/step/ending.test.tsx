// @vitest-environment happy-dom
import { describe, expect, test, vi } from "vitest";
import { FakeModel, host, open, press, traits } from "../opened";

const NETWORKS = ["three_two_one", "xor", "softmax", "wide", "one_layer", "coupled"];
const WIDTHS = [600, 1000, 1500];
const cases = NETWORKS.flatMap((name) => WIDTHS.map((width) => [name, width] as const));

function openAtEnd(name: string, width: number): void {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
  open(new FakeModel({ ...traits(name), cursor: 1e9 }));
}
const textsOf = (selector: string): string[] =>
  [...host.querySelectorAll(selector)].map((node) => node.textContent!);
const heightOf = (element: HTMLElement): [number, number] => [
  parseFloat(element.style.top),
  parseFloat(element.style.height),
];

test.each(cases)(
  "after the last step of %s at %i px all that it changed stands there, and how large it was",
  (name, width) => {
    openAtEnd(name, width);
    // Each drawn output and the loss stand before and after, all within the diagram.
    const outputs = host.querySelectorAll(".bpviz-loss .bpviz-line").length - 1;
    expect(host.querySelectorAll(".bpviz-ending .bpviz-line")).toHaveLength(outputs + 1);
    const [top, height] = heightOf(host.querySelector(".bpviz-ending")!);
    const diagram = host.querySelector<HTMLElement>(".bpviz-diagram")!;
    expect(top + height).toBeLessThanOrEqual(parseFloat(diagram.style.height));
    const [above, high] = heightOf(host.querySelector(".bpviz-loss")!);
    expect(above + high).toBeLessThan(top);

    // Each drawn weight shows its new value, and the digits that differ.
    const labels = [...host.querySelectorAll(".bpviz-label")];
    expect(labels.length).toBeGreaterThan(0);
    for (const label of labels) {
      const now = label.querySelector('[data-ref^="nW"]')!;
      expect(now.textContent).toMatch(/^→/);
      const old = label.querySelector('[data-ref^="W"]');
      if (!old || old.textContent === now.textContent!.slice(2)) continue;
      const digits = now.querySelector(".bpviz-new-digits")!.textContent!;
      expect(digits).not.toBe("");
      const kept = now.textContent!.slice(2, -digits.length);
      expect(old.textContent!.startsWith(kept)).toBe(true);
    }
    expect(labels.some((one) => one.querySelector(".bpviz-new-digits")!.textContent)).toBe(true);

    // Activations and deltas have bars, whatever room there is.
    for (const value of host.querySelectorAll(
      '.bpviz-unit [data-ref^="h"], .bpviz-unit [data-ref^="d"]',
    )) {
      const bar = value.closest(".bpviz-line")!.querySelector(".bpviz-length")!;
      expect(bar.querySelectorAll("i")).toHaveLength(value.textContent === "0" ? 0 : 1);
    }
  },
);

test("a weight whose label has one line gives way to its new value after the last step", () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  open(new FakeModel({ ...traits("softmax"), cursor: 1e9 }));
  const label = (): string => textsOf(".bpviz-label")[0]!;
  const after = label();
  expect(after).toMatch(/^→/);
  press("ArrowLeft");
  const before = label();
  expect(before).toMatch(/^−?\d/);
  expect(after.slice(2)).not.toBe(before);
});

describe("the legend", () => {
  const symbols = (): string[] => textsOf('[aria-label="Symbols"] .bpviz-variable');
  const marks = (): string[] =>
    textsOf('[aria-label="Marks"] .bpviz-before').map((mark) => mark.trim());

  test.each(["three_two_one", "xor", "softmax"])("has what is on the screen: %s", (name) => {
    const program = traits(name);
    open(new FakeModel({ ...program, cursor: 0 }));
    let steps = 0;
    do {
      const shown = new Set(
        textsOf(
          ".bpviz-diagram .bpviz-variable, .bpviz-diagram .bpviz-quantity, .bpviz-header [data-ref]",
        ),
      );
      const inStep = textsOf(".bpviz-step-card math, .bpviz-pane math").join(" ");
      for (const symbol of symbols()) {
        const isDrawn = [...shown].some((one) => one.startsWith(symbol));
        expect(isDrawn || inStep.includes(symbol[0]!), `${symbol} at step ${steps}`).toBe(true);
      }
      const beside = new Set(textsOf(".bpviz-diagram .bpviz-before").map((mark) => mark.trim()));
      expect(new Set(marks()), `marks at step ${steps}`).toEqual(beside);
      press("ArrowRight");
    } while (++steps < 73 && host.querySelector(".bpviz-ending") === null);
    expect(marks()).toEqual(["→"]);
    expect(symbols()).not.toContain("∂L/∂W");
  });
});
