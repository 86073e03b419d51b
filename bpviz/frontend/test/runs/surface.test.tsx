// @vitest-environment happy-dom
import { render } from "preact";
import { expect, test } from "vitest";
import { Surface } from "../../src/runs/Surface";
import type { Moment, Samples } from "../../src/runs/state/scrub";
import { recorded } from "../recorded";
import { StateContext } from "../../src/ui/context";
import { host } from "../opened";

/** The fills of the samples' marks, and what is said below the surface. */
function drawn(count: number): [string[], string] {
  const targets = Float64Array.from({ length: count }, (_, k) => k % 2);
  const samples: Samples = {
    total: count,
    features: 2,
    outputs: 1,
    limits: [0, 1],
    no_surface: "",
    inputs: Float64Array.from({ length: 2 * count }, (_, k) => k / (2 * count)),
    targets,
  };
  const moment = { epoch: 1, output: 0, surface: new Float32Array(41 * 41), predictions: targets };
  render(
    <StateContext.Provider value={recorded()}>
      <Surface samples={samples} moment={moment as unknown as Moment} />
    </StateContext.Provider>,
    host,
  );
  const marks = [...host.querySelectorAll<SVGElement>(".bpviz-sample-mark")];
  return [
    marks.map(({ style }) => style.fill),
    host.querySelector(".bpviz-map-row + p")!.textContent!,
  ];
}

test("many samples are marked by their class, which is said", () => {
  const [fills, words] = drawn(60);
  expect(fills.slice(0, 2)).toEqual(["var(--bpviz-card)", "var(--bpviz-ink)"]);
  expect(words).toBe("60 of 60 on their side: ● above 0.5, ○ below.");
});

test("few samples have their target in their mark", () => {
  const [fills, words] = drawn(4);
  expect(new Set(fills)).toEqual(new Set(["var(--bpviz-card)"]));
  expect(words).toBe("4 of 4 samples lie on their side of 0.5.");
  expect(host.querySelector(".bpviz-sample-target")!.textContent).toBe("0");
});
