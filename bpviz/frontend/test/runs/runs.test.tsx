// @vitest-environment happy-dom
import type { FunctionComponent } from "preact";
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, test, vi } from "vitest";
import { StateContext } from "../../src/ui/context";
import { fill } from "../../src/state/wire";
import type { PanelState } from "../../src/state/panel";
import { recorded } from "../recorded";
import { DEFAULT_NUMBERS } from "../../src/program/numbers";
import { CurveLegend } from "../../src/runs/CurveLegend";
import { RunStatus } from "../../src/runs/RunControls";
import { RunContext } from "../../src/runs/context";
import { RunState } from "../../src/runs/state/run";
import { StepView } from "../../src/step/StepView";
import { Training } from "../../src/runs/Training";
import { counted, lossWords, percent, progressWords } from "../../src/runs/words";
import { FakeModel, bytes, host, open, press, traits } from "../opened";
import { fixture, run } from "../fixtures";

const SETTINGS = {
  learning_rate: 0.01,
  update: "simultaneous",
  train_biases: true,
  mistakes: [],
  batch_size: 1,
  shuffle: false,
  seed: 0,
  epochs: 500,
  start_seed: null,
};

function running(losses: number[], more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...traits("xor"),
    _view: "training",
    _losses: Float64Array.from(losses).buffer,
    _loss_name: "RMSE",
    _updates_per_epoch: 4,
    _total_frames: 4 * losses.length,
    _status: "paused",
    _stopped: "",
    _settings: SETTINGS,
    _mistake_choices: [],
    _pinned: [],
    _pinned_losses: null,
    ...more,
  };
}

function filled(values: Record<string, unknown>): [PanelState, RunState] {
  const state = recorded();
  const run = new RunState(state);
  fill(state, (name) => values[name], run);
  return [state, run];
}

function shown(View: FunctionComponent, values: Record<string, unknown>): RunState {
  return shownRun(View, values).panel;
}

function shownRun(View: FunctionComponent, values: Record<string, unknown>) {
  const [state, panel] = filled(values);
  act(() =>
    render(
      <StateContext.Provider value={state}>
        <RunContext.Provider value={panel}>
          <View />
        </RunContext.Provider>
      </StateContext.Provider>,
      host,
    ),
  );
  return { state, panel };
}

test("a speed that is on its way to Python is not taken back by what Python said before", () => {
  const [state, { training }] = filled(running([1]));
  state.exchange.attach(() => undefined);
  training.pace.value = 3;
  state.tell("pace", { pace: 3 });
  const values = running([1], { _pace: 1 });
  training.load((name) => values[name], state.exchange.isBusy("pace"));
  expect(training.pace.value).toBe(3);
  training.load((name) => values[name], false);
  expect(training.pace.value).toBe(1);
});

test("a run that is not carried is made again in slices, and says so until it is whole", () => {
  const python = run();
  const origin = {
    _start_row: python.frames[0]!,
    _inputs: Float64Array.of(...[1, 1], ...[-1, 1], ...[1, -1], ...[-1, -1]),
    _targets: Float64Array.of(1, 0, 0, 1),
  };
  const carried = { _losses: undefined, _frames: undefined, _total_frames: python.frames.length };
  // A clock on which each look is 1.55 ms after the last: a slice of 24 ms is 16 updates.
  let now = 0;
  vi.useFakeTimers();
  vi.spyOn(performance, "now").mockImplementation(() => (now += 1.55));
  const { panel, state } = shownRun(RunStatus, running([], { ...origin, ...carried }));
  let stop: () => void = () => undefined;
  // Nothing of it is there yet.
  expect(host.textContent).toBe("Making it again: 0 of 40 epochs made.");
  act(() => void (stop = panel.follow()));
  const said = [host.textContent];
  while (vi.getTimerCount()) {
    act(() => void vi.advanceTimersToNextTimer());
    said.push(host.textContent);
  }
  // The chosen update waits for it, too, and for the same slices.
  expect(said.slice(0, -1)).toEqual(
    [4, 8, 12, 16, 20, 24, 28, 32, 36].map(
      (epochs) => `Making it again: ${epochs} of 40 epochs made.`,
    ),
  );
  expect(said.at(-1)).toMatch(/^40 epochs made, RMSE 0\.\d+\.$/);
  expect(state.unreachable.value).toBe("");
  state.content.value!.run.losses.forEach((loss, k) =>
    expect(loss).toBeCloseTo(python.losses[k]!, 12),
  );
  stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("what is said about a run", () => {
  test("has right plurals", () => {
    expect([0, 1, 2].map((count) => counted(count, "epoch", DEFAULT_NUMBERS))).toEqual([
      "0 epochs",
      "1 epoch",
      "2 epochs",
    ]);
  });

  test("is a whole sentence also before the first epoch is whole", () => {
    const run = {
      losses: new Float64Array(0),
      lossName: "RMSE",
      constant: null,
      updatesPerEpoch: 4,
    };
    expect(progressWords(run, 1, DEFAULT_NUMBERS)).toBe("1 update made, of 4 in the first epoch");
    const one = { ...run, losses: Float64Array.of(0.63906) };
    expect(progressWords(one, 4, DEFAULT_NUMBERS)).toBe("1 epoch made, RMSE 0.6391");
    const many = { ...run, losses: new Float64Array(6000).fill(0.5) };
    expect(progressWords(many, 24_000, DEFAULT_NUMBERS)).toBe("6,000 epochs made, RMSE 0.5");
    const style = { digits: 4, decimal: "," } as const;
    expect(progressWords(many, 24_000, style)).toBe("6\u202f000 epochs made, RMSE 0,5");
    shown(RunStatus, running([], { _total_frames: 1 }));
    expect(host.textContent).toBe("1 update made, of 4 in the first epoch.");
  });

  test("calls a loss that is no number so in words", () => {
    expect(lossWords("RMSE", NaN, DEFAULT_NUMBERS)).toBe("no finite RMSE");
    expect(lossWords("RMSE", Infinity, DEFAULT_NUMBERS)).toBe("no finite RMSE");
    expect(lossWords("RMSE", 0.5, DEFAULT_NUMBERS)).toBe("RMSE 0.5");
  });

  test("calls nothing all or nothing that is not", () => {
    expect([1, 0.9995, 0.5, 0.0004, 0].map(percent)).toEqual([
      "100 %",
      "over 99 %",
      "50 %",
      "under 1 %",
      "0 %",
    ]);
  });
});

test("a run of which nothing is made shows that its network is untrained", () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(0); // no canvas here
  shown(
    () => <Training StepView={StepView} />,
    running([], { _status: "ready", _frames: null, _total_frames: 0 }),
  );
  expect(host.textContent).toContain("This is the untrained network");
  expect(host.textContent).not.toContain("Epoch 1 of 0");
  expect(host.querySelector(".bpviz-step-view")).toBeNull();
});

test("of a run of which nothing is made no update is asked for, but its network is", async () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  const [state, run] = filled(running([], { _status: "ready", _frames: null, _total_frames: 0 }));
  const sent: { kind: string; frame?: unknown; epoch?: number }[] = [];
  state.exchange.attach((message) => void sent.push(message as (typeof sent)[number]));
  const stop = run.follow();
  run.scrub.visible.value = true;
  const views = sent.filter(({ kind }) => kind === "views");
  expect(views).toMatchObject([{ epoch: 0, update: 0, frame: null }]);
  stop();
});

test("a view that is opened late keeps its losses till it gets those that it lacks", async () => {
  vi.useFakeTimers();
  const { frames } = fixture("xor");
  const model = new FakeModel(running([0.9, 0.8], { _status: "running" }));
  open(model);
  const report = (first: number, losses: number[]): void =>
    void act(() => {
      const buffers = [Float64Array.from(losses).buffer, bytes([frames[0]!])];
      const content = { kind: "progress", updates: 4 * (first + losses.length) };
      model.emit("msg:custom", { ...content, first_epoch: first }, buffers);
      vi.advanceTimersByTime(100);
    });
  const answers = (): unknown[] =>
    model.sent.filter((message) => (message as { kind: string }).kind === "seen");
  report(5, [0.4, 0.3]);
  expect(answers()).toEqual([{ kind: "seen", epochs: 2 }]);
  report(2, [0.7, 0.6, 0.5, 0.4, 0.3]);
  expect(answers().at(-1)).toEqual({ kind: "seen", epochs: 7 });
});

test("∂L/∂h of one output lights the wire of that output alone", () => {
  open(new FakeModel({ ...traits("coupled"), cursor: 10 }));
  const lit = (): boolean[] =>
    [...host.querySelectorAll(".bpviz-wire")].map((one) => one.classList.contains("bpviz-live"));
  const seen = new Map<string, boolean[]>();
  for (let step = 0; step < 6; step++) {
    press("ArrowRight");
    const live = lit();
    if (live.some(Boolean)) seen.set(String(step), live);
  }
  // The loss takes both outputs; then each has its own ∂L/∂h.
  expect([...seen.values()]).toEqual([
    [true, true],
    [true, false],
    [false, true],
  ]);
});

test("taking a pinned run away leaves the focus beside it", () => {
  const pins = [2, 3].map((epochs) => ({ name: `${epochs}`, epochs }));
  const values = running([0.5, 0.4], { _pinned: pins, _pinned_losses: new Float64Array(5).buffer });
  const { training } = shown(CurveLegend, values);
  const focused = () =>
    document.activeElement!.getAttribute("aria-label") ?? document.activeElement!.tagName;
  for (const [left, beside] of [
    [1, "Remove pinned run 1"],
    [0, "INPUT"],
  ] as const) {
    const buttons = host.querySelectorAll<HTMLElement>("[aria-label^=Remove]");
    buttons[buttons.length - 1]!.focus();
    act(() => {
      training.pins.value = training.pins.value.slice(0, left);
    });
    expect(focused()).toBe(beside);
  }
});
