import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunState } from "../../src/runs/state/run";
import { recorded } from "../recorded";
import { fixture } from "../fixtures";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function opened() {
  const state = recorded();
  const run = new RunState(state);
  const { replay, training } = run;
  const { program, frames } = fixture("xor");
  const losses = { losses: new Float64Array(100), lossName: "RMSE", constant: null };
  state.load({
    view: "training",
    program,
    lastProgram: null,
    frames: { first: 0, rows: frames.slice(0, 1) },
    total: 400,
    names: [],
    run: { ...losses, updatesPerEpoch: 4 },
  });
  return { state, run, replay, training };
}

test("a run is gone through from the chosen update, at the speed that is set", () => {
  const { state, replay, training } = opened();
  training.pace.value = 20;
  state.setFrame(100);
  replay.toggle();
  vi.advanceTimersByTime(1000);
  expect(state.frame.value).toBeGreaterThanOrEqual(118);
  expect(state.frame.value).toBeLessThanOrEqual(120);
  // Another place is chosen: it goes on from there.
  state.setFrame(300);
  vi.advanceTimersByTime(1000);
  expect(state.frame.value).toBeGreaterThanOrEqual(318);
  expect(state.frame.value).toBeLessThanOrEqual(320);
  replay.toggle();
  const rested = state.frame.value;
  vi.advanceTimersByTime(1000);
  expect(state.frame.value).toBe(rested);
});

test("from its end it begins anew, and it stops at the end and when steps are opened", () => {
  const { state, run, replay } = opened();
  state.setFrame(399);
  replay.toggle();
  expect(state.frame.value).toBe(0);
  vi.advanceTimersByTime(6000);
  expect([state.frame.value, replay.playing.value]).toEqual([399, false]);
  replay.toggle();
  run.showSteps(true);
  vi.advanceTimersByTime(100);
  expect(replay.playing.value).toBe(false);
});

test("keys go through the updates of a run, and step where its steps are shown", () => {
  const { state, run } = opened();
  const keys = run.keys()!;
  keys["End"]!();
  expect(state.frame.value).toBe(399);
  keys["ArrowLeft"]!();
  expect(state.frame.value).toBe(398);
  keys["PageDown"]!();
  expect(state.frame.value).toBe(358);
  keys["PageUp"]!();
  expect(state.frame.value).toBe(398);
  keys["Home"]!();
  expect(state.frame.value).toBe(0);
  keys["PageDown"]!();
  expect(state.frame.value).toBe(0);
  run.showSteps(true);
  expect(run.keys()).toBeNull();
  expect(run.closeSteps()).toBe(true);
  expect(run.keys()).not.toBeNull();
  expect(run.closeSteps()).toBe(false);
});
