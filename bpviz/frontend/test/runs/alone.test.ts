import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Answers, Kind, Messages } from "../../src/protocol/messages";
import type { Formula } from "../../src/protocol/program";
import { RunState } from "../../src/runs/state/run";
import type { TrainingState } from "../../src/runs/state/training";
import type { PanelState } from "../../src/state/panel";
import { recorded } from "../recorded";
import { fill } from "../../src/state/wire";
import { fixture, run } from "../fixtures";

const python = run();
const SETTINGS = {
  learning_rate: 0.01,
  update: "dirty",
  train_biases: true,
  mistakes: [],
  batch_size: 1,
  shuffle: false,
  seed: 0,
  epochs: 40,
  start_seed: null,
};
/** What each answer has; that these are all its fields, the compiler sees. */
const FIELDS: { readonly [K in Asked]: Readonly<Record<keyof Answers[K], true>> } = {
  frames: { start: true, count: true },
  samples: { total: true, features: true, outputs: true, limits: true, no_surface: true },
  views: {
    frame: true,
    epoch: true,
    update: true,
    output: true,
    loss: true,
    refs: true,
    place: true,
    slice: true,
  },
  trajectories: { refs: true, total: true, registers: true },
  landscape: {
    slice: true,
    shares: true,
    first: true,
    second: true,
    low: true,
    high: true,
    logarithmic: true,
  },
};
let stop: () => void = () => undefined;

type Asked = "frames" | "samples" | "views" | "trajectories" | "landscape";

/** A training panel of XOR on a page without Python, trained already or not. */
function opened(changed: Record<string, unknown> = {}, trained = true) {
  const { program, frames } = fixture("xor");
  const values: Record<string, unknown> = {
    _view: "training",
    _program: program,
    _frames: Float64Array.from(
      (trained ? python.frames.slice(0, 8) : []).flatMap((row) => [...row]),
    ),
    _losses: Float64Array.from(trained ? python.losses : []),
    _total_frames: trained ? python.frames.length : 0,
    _updates_per_epoch: 4,
    _start_row: frames[0]!,
    _inputs: Float64Array.of(...[1, 1], ...[-1, 1], ...[1, -1], ...[-1, -1]),
    _targets: Float64Array.of(1, 0, 0, 1),
    _settings: SETTINGS,
    _mistake_choices: [],
    _pinned: [],
    _status: trained ? "paused" : "ready",
    depth: "unit",
    ...changed,
  };
  const state = recorded();
  const run = new RunState(state);
  fill(state, (name) => values[name], run);
  const unfollow = run.follow();
  stop = () => {
    unfollow();
    state.dispose();
  };
  return { state, training: run.training, scrub: run.scrub };
}

const losses = (state: PanelState) => [...state.content.value!.run.losses];
const expectLosses = (state: PanelState, count: number): void => {
  expect(losses(state)).toHaveLength(count);
  losses(state).forEach((loss, k) => expect(loss).toBeCloseTo(python.losses[k]!, 12));
};
const untilRests = async (training: TrainingState): Promise<void> => {
  await vi.waitFor(() => expect(training.status.value).not.toBe("running"), 10_000);
};

beforeEach(() => void vi.useRealTimers());
afterEach(() => stop());

describe("without Python", () => {
  test("a run is made update by update, epoch by epoch, and to its end", async () => {
    const { state, training } = opened({}, false);
    expect(training.status.value).toBe("ready");
    state.tell("update", {});
    expect([state.content.value!.total, state.frame.value, losses(state)]).toEqual([1, 0, []]);
    state.tell("epoch", {});
    await vi.waitFor(() => expect(state.content.value!.total).toBe(4), 10_000);
    expectLosses(state, 1);
    state.tell("run", {});
    await untilRests(training);
    expect(state.content.value!.total).toBe(160);
    expectLosses(state, 40);
    expect([state.frame.value, state.error.value]).toEqual([159, ""]);
    const newest = state.values.value!.row;
    python.frames.at(-1)!.forEach((value, k) => expect(newest[k]).toBeCloseTo(value, 12));
  });

  test("an update that the page does not hold is made again", async () => {
    const { state } = opened();
    state.setFrame(77);
    expect(state.unreachable.value).toBe("");
    await vi.waitFor(() => expect(state.awaited.value).toBe(false), 10_000);
    python.frames[77]!.forEach((value, k) => {
      expect(state.row.value![k]).toBeCloseTo(value, 12);
    });
  });

  test("a run that Python made goes on where it ended", async () => {
    const { state } = opened({
      _losses: Float64Array.from(python.losses.slice(0, 20)),
      _total_frames: 80,
    });
    state.tell("epoch", {});
    await vi.waitFor(() => expect(state.content.value!.total).toBe(84), 10_000);
    expectLosses(state, 21);
  });

  test("what Python has shuffled is not made again, and that is said before it is asked for", async () => {
    const { state, training } = opened({ _settings: { ...SETTINGS, shuffle: true } });
    expect(training.ended.value).toContain("Only Python can go on with this run: it shuffled");
    expect(training.fixed.value).toBe("");
    state.setFrame(77);
    expect(state.unreachable.value).toContain("not among those that the page holds");
    state.tell("reset", {});
    expect(training.ended.value).toBe("");
    state.tell("epoch", {});
    await vi.waitFor(() => expect(losses(state)).toHaveLength(1), 10_000);
  });

  test("what Python would shuffle, but has not begun, is made here", async () => {
    const { state, training } = opened({ _settings: { ...SETTINGS, shuffle: true } }, false);
    expect(training.ended.value).toBe("");
    state.tell("epoch", {});
    await vi.waitFor(() => expect(losses(state)).toHaveLength(1), 10_000);
    expect(state.error.value).toBe("");
  });

  test("a new start has the numbers that Python draws from the seed", () => {
    const { state, training } = opened();
    state.tell("new_start", { seed: 3 });
    expect([training.settings.value!.start_seed, state.content.value!.total]).toEqual([3, 0]);
    state.tell("update", {});
    // numpy.random.RandomState(3): b1 = randn(2), then W1 = randn(2, 2).
    const at = (ref: string) => state.numberOf(ref);
    const drawn = [at("b1[0]"), at("b1[1]"), at("W1[0,0]")];
    [1.788628473430318, 0.43650985051198943, 0.09649746807200862].forEach((value, k) =>
      expect(drawn[k]).toBeCloseTo(value, 14),
    );
  });

  test("a new start begins as a mistake in the start has it", () => {
    const { program } = fixture("xor");
    const first: Formula = {
      writes: "W1",
      indices: ["i", "j"],
      element: { ref: "W1", at: [0, 0] },
    };
    const { state, training } = opened({ _program: { ...program, start: [first] } });
    state.tell("new_start", { seed: 3 });
    expect(training.status.value).toBe("ready");
    state.tell("update", {});
    const weights = ["W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]"].map((ref) => state.numberOf(ref));
    expect(weights).toEqual(Array(4).fill(weights[0]));
    expect(weights[0]).not.toBe(0);
  });

  test("settings that are numbers start it again; others need the forms of an update", async () => {
    const { state, training } = opened();
    state.tell("settings", { settings: { learning_rate: 0.5, epochs: 3 } });
    expect(state.content.value!.total).toBe(0);
    state.tell("epoch", {});
    await vi.waitFor(() => expect(state.content.value!.total).toBe(4), 10_000);
    expect(training.settings.value).toMatchObject({ learning_rate: 0.5, epochs: 3 });
    const { value } = state.values;
    const change = value!.truth({ register: "uW2", indices: [0, 0] });
    const gradient = value!.truth({ register: "gW2", indices: [0, 0] });
    expect(change).toBeCloseTo(0.5 * gradient, 14);
    state.tell("settings", { settings: { batch_size: 2 } });
    expect(state.error.value).toBe(state.offline.value);
  });

  test("curves are pinned and let go", () => {
    const { state, training } = opened();
    state.tell("pin", {});
    expect(training.pins.value[0]!.losses).toEqual(Float64Array.from(python.losses));
    state.tell("unpin", { index: 0 });
    expect(training.pins.value).toEqual([]);
  });

  test("surface, predictions and the way of the weights are computed", async () => {
    const { state, scrub } = opened();
    scrub.visible.value = true;
    scrub.tab.value = "weights";
    state.setFrame(159);
    const { samples, moment, trajectories, landscape } = scrub;
    await vi.waitFor(() => expect(trajectories.value).not.toBeNull(), 10_000);
    await vi.waitFor(() => expect(moment.value?.epoch).toBe(40), 10_000);
    expect(samples.value).toMatchObject({ total: 4, features: 2, outputs: 1, limits: [-1.5, 1.5] });
    expect(moment.value).toMatchObject({ epoch: 40 });
    expect(moment.value!.surface).toHaveLength(41 * 41);
    state.setFrame(81);
    await vi.waitFor(() => expect(moment.value).toMatchObject({ epoch: 20, update: 2 }), 10_000);
    const { start: left } = state.content.value!.program.registers["nW1"]!;
    expect(moment.value!.values[0]).toBeCloseTo(python.frames[81]![left]!, 6);
    state.setFrame(159);
    await vi.waitFor(() => expect(moment.value).toMatchObject({ epoch: 40, update: 0 }), 10_000);
    // The surface has the predictions where the samples are: at ±1, of ticks 0.075 apart.
    const { surface, predictions } = moment.value!;
    const near = (x: number, y: number) => [
      Math.round((x + 1.5) / 0.075),
      Math.round((y + 1.5) / 0.075),
    ];
    const [column, row] = near(-1, 1) as [number, number];
    expect(Math.abs(surface[row * 41 + column]! - predictions[1]!)).toBeLessThan(0.1);
    expect(trajectories.value!.refs).toContain("W1[0,0]");
    const way = trajectories.value!.lines[trajectories.value!.refs.indexOf("W1[0,0]")]!;
    const { start } = state.content.value!.program.registers["W1"]!;
    expect(way[0]).toBeCloseTo(python.frames[0]![start]!, 6);
    expect(way[20]).toBeCloseTo(python.frames[80]![start]!, 6);
    scrub.tab.value = "landscape";
    await vi.waitFor(() => expect(landscape.value?.heights).toHaveLength(41 * 41), 10_000);
    // The path ends where the axes cross, and there the height is the loss of the last epoch.
    const { path, epochs, heights, first, second, shares } = landscape.value!;
    expect([...path.slice(-2), epochs.at(-1)]).toEqual([0, 0, 40]);
    expect(shares[0]).toBeGreaterThan(shares[1]);
    const cell = ([low, high]: [number, number]) => Math.round((40 * -low) / (high - low));
    const height = heights[cell(second) * 41 + cell(first)]!;
    expect(Math.abs(height - moment.value!.loss!)).toBeLessThan(0.01);
  });

  test("each question is answered with the fields that Python has, and no others", async () => {
    const { state } = opened();
    const fieldsOf = <K extends Kind>(kind: K, content: Messages[K]): Promise<string[]> =>
      new Promise((resolve, refused) => {
        const answered = (answer: Answers[K]): void => resolve(Object.keys(answer).sort());
        state.exchange.ask(kind, content, { answered, refused });
      });
    const moment = { epoch: 3, update: 2, output: 0, refs: [], frame: 9 };
    const answers = {
      frames: await fieldsOf("frames", { start: 77 }),
      samples: await fieldsOf("samples", {}),
      views: await fieldsOf("views", moment),
      trajectories: await fieldsOf("trajectories", { register: "", also: "" }),
      landscape: await fieldsOf("landscape", {}),
    };
    for (const [kind, fields] of Object.entries(FIELDS))
      expect(answers[kind as keyof typeof answers]).toEqual(Object.keys(fields).sort());
  });

  test("without its samples it trains nothing, and says so before it is asked to", () => {
    const { state, training } = opened({ _inputs: undefined });
    const why = "Only Python can train this network: the page does not have the samples.";
    expect(training.fixed.value).toContain(why);
    expect(training.ended.value).toBe(training.fixed.value);
    state.tell("pin", {});
    expect([training.pins.value.length, state.error.value]).toEqual([1, ""]);
  });

  test("where it is not known what an update hands on, it trains nothing either", () => {
    const { program } = fixture("xor");
    const register = { start: 0, shape: [2], per_sample: false, layer: 1, quantity: "W" };
    const registers = { ...program.registers, unknown1: register };
    const { training } = opened({ _program: { ...program, registers } });
    expect(training.fixed.value).toContain("does not know what one update hands on to the next");
  });

  test("a run that has Python behind it needs no words of that", () => {
    const { state, training } = opened({ _inputs: undefined });
    state.exchange.attach(() => undefined);
    expect([training.fixed.value, training.ended.value]).toEqual(["", ""]);
  });
});

test("500 epochs are made in slices, so that the page stays free", async () => {
  const { state, training } = opened({ _settings: { ...SETTINGS, epochs: 500 } }, false);
  state.tell("run", {});
  // The first slice is over, and the rest is still to come or done.
  expect(training.isPages.value).toBe(true);
  await untilRests(training);
  expect(losses(state)).toHaveLength(500);
});
