import { describe, expect, test } from "vitest";
import { drawnPath } from "../../src/runs/Landscape";
import ceilings from "../tables/loss_ceilings.json";
import {
  contour,
  isOnSide,
  lastNotAbove,
  lineLimit,
  lossCeiling,
  targetScale,
} from "../../src/runs/fields";
import { HeldFrames } from "../../src/state/frames";
import type { Samples } from "../../src/runs/state/scrub";
import { hold } from "../../src/runs/state/fetching";
import { RunState } from "../../src/runs/state/run";
import { recorded } from "../recorded";
import { fixture } from "../fixtures";
import type { Sent } from "../python";

test("a contour is where a plane over the grid has the level", () => {
  const plane = Float32Array.from({ length: 25 }, (_, k) => (k % 5) + Math.floor(k / 5) / 2);
  const pieces = contour(plane, 5, 1.75);
  expect(pieces.length).toBeGreaterThan(12);
  for (let k = 0; k < pieces.length; k += 2)
    expect(pieces[k]! + pieces[k + 1]! / 2).toBeCloseTo(1.75, 6);
  expect(contour(plane, 5, 99)).toEqual([]);
});

test("a contour leaves out what is not finite", () => {
  expect(contour(Float32Array.of(0, NaN, 1, 1), 2, 0.5)).toEqual([]);
});

test("targets have their ends, the value halfway, and are two or more", () => {
  const samples = (targets: number[], outputs: number): Samples =>
    ({ targets: Float64Array.from(targets), outputs }) as Samples;
  expect(targetScale(samples([0, 1, 1, 0], 1), 0)).toEqual({
    low: 0,
    high: 1,
    middle: 0.5,
    two: true,
  });
  expect(targetScale(samples([5, -1, 5, 3, 5, 1], 2), 1)).toMatchObject({ middle: 1, two: false });
  expect(targetScale(samples([2, 2], 1), 0)).toMatchObject({ low: 1.5, high: 2.5 });
});

test("weights and biases are drawn whole unless the run diverged", () => {
  const lines = (...entries: number[][]) => entries.map((line) => Float32Array.from(line));
  const [good, bad] = [Float64Array.of(0.5, 0.1), Float64Array.of(0.5, 1e200)];
  expect(lineLimit(lines([0.1, 0.1, 0.1, 30]), good)).toBe(Infinity);
  expect(lineLimit(lines([1, 1, 1, 1e30], [0, -2, 2, NaN]), bad)).toBe(40);
  expect(lineLimit(lines([3, 1, 1, Infinity]), bad)).toBe(60);
  expect(lineLimit(lines([0, 0, 0]), bad)).toBe(Infinity);
  expect(lineLimit([], bad)).toBe(Infinity);
});

test.each(ceilings)("of losses is drawn all but what diverged: $name", ({ curves, ceiling }) => {
  const numbers = { inf: Infinity, nan: NaN };
  const losses = curves.map((curve) =>
    Float64Array.from(curve, (loss) =>
      typeof loss === "number" ? loss : numbers[loss as keyof typeof numbers],
    ),
  );
  expect(lossCeiling(losses)).toBe(ceiling);
});

test("the last entry that is not above a value", () => {
  const epochs = Float64Array.of(0, 10, 20, 30);
  expect([0, 9, 10, 25, 99].map((epoch) => lastNotAbove(epochs, epoch))).toEqual([0, 0, 1, 2, 3]);
});

test("of a path those points are drawn that can be told apart, and its end", () => {
  const path = Float64Array.of(0, 0, 0.1, 0, 0.3, 0, 0.3, 0.1, 0.35, 0.1);
  const epochs = Float64Array.of(0, 1, 2, 3, 4);
  const drawn = drawnPath(path, epochs, (x, y) => [x, 100 - y]);
  expect(drawn.epochs).toEqual([0, 2, 4]);
  expect(drawn.whole).toBe("0.00,100.00 0.30,100.00 0.35,99.90");
});

describe("the update at the cursor", () => {
  function opened(rows: number) {
    const state = recorded();
    const { scrub, training } = new RunState(state);
    const { program, frames } = fixture("xor");
    const sent: Sent[] = [];
    state.load({
      view: "training",
      program,
      lastProgram: null,
      frames: { first: 0, rows: frames.slice(0, rows) },
      total: 400,
      names: [],
      run: { losses: new Float64Array(100), lossName: "RMSE", constant: null, updatesPerEpoch: 4 },
    });
    training.settings.value = {} as never;
    scrub.visible.value = true;
    state.exchange.attach((message) => void sent.push(message as Sent));
    scrub.follow();
    const asked = () => sent.filter(({ kind }) => kind === "views").at(-1)!;
    const answer = () => {
      const { id, frame } = asked();
      const row = new Uint8Array(frames[0]!.slice().buffer);
      const none = new Uint8Array(0);
      const said = { kind: "views", id, why: "", frame } as const;
      state.exchange.receive(said, [none, none, none, row]);
    };
    return { state, scrub, asked, answer, row: frames[0]! };
  }

  test("comes with the views of its epoch where it is not held", () => {
    const { state, scrub, asked, answer, row } = opened(1);
    expect(asked()).toMatchObject({ epoch: 0, update: 1, frame: null });
    answer();
    state.setFrame(40);
    expect(asked()).toMatchObject({ epoch: 10, update: 1, frame: 40 });
    expect(scrub.expected.value).toBe(40);
    answer();
    expect(scrub.expected.value).toBe(null);
    expect(state.row.value).toEqual(row);
    expect(asked()).toMatchObject({ epoch: 10, update: 1 });
  });

  test("is not expected when Python cannot be reached", () => {
    const { state, scrub, answer } = opened(1);
    answer();
    state.exchange.attach(() => {
      throw new Error("no kernel");
    });
    state.setFrame(40);
    expect(scrub.expected.value).toBe(null);
    expect(state.unreachable.value).toMatch(/^This update is not among those that the page holds/);
  });
});

test("of very many bytes of frames the newest stay, and those of the beginning", () => {
  const held = new HeldFrames();
  const megabyte = (first: number) => new Float64Array(125_000).fill(first);
  held.startWith({ first: 0, rows: [megabyte(0)] });
  for (let first = 1; first < 40; first++) hold(held, { first, rows: [megabyte(first)] });
  const isHeld = Array.from({ length: 40 }, (_, k) => held.find(k)?.[0] === k);
  expect(isHeld.filter(Boolean)).toHaveLength(17);
  expect([isHeld[0], isHeld[23], isHeld[24], isHeld[39]]).toEqual([true, false, true, true]);
});

test("a prediction is on its target's side of the middle; one that is no number on none", () => {
  const sides = [0.7, 0.2, NaN].map((one) => [isOnSide(one, 1, 0.5), isOnSide(one, 0, 0.5)]);
  expect(sides).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
});
