// Somebody performs the backward pass: chooses what comes next, computes it, takes it back.

import { beforeEach, expect, test } from "vitest";
import { parseRef } from "../../src/program/refs";
import type { Questions } from "../../src/state/predicting";
import { PanelState } from "../../src/state/panel";
import { fill } from "../../src/state/wire";
import { fixture, predictions } from "../fixtures";

function stateOf(name: string, questions: Questions, cursor = 8): PanelState {
  const { program, frames, names } = fixture(name);
  const values: Record<string, unknown> = {
    _view: "step",
    _program: program,
    _frames: Float64Array.from(frames.flatMap((row) => [...row])).buffer,
    _frame_names: names,
    _questions: questions,
    _given: { version: questions.version, serial: 0, round: 0, given: {} },
    depth: "unit",
  };
  const state = new PanelState();
  fill(state, (trait) => values[trait]);
  state.jumpTo(cursor);
  return state;
}

const { whole, dirty } = predictions();
let state: PanelState;
const asked = () => `${state.predicting.asked.value?.kind} ${state.predicting.asked.value?.ref}`;
const answer = (text: string) => state.predicting.answer(state.predicting.asked.value!, text);
const judged = (text: string) => state.predicting.judge(state.predicting.asked.value!, text);
const given = (name: string) => state.predicting.answers.value.given[`0/${name}`];
const shown = (ref: string) => state.values.value!.text(parseRef(ref)!, state.numbers.value);

beforeEach(() => {
  state = stateOf("three_two_one", whole);
});

test("the forward pass and the loss are given, and then it is somebody's turn", () => {
  state.jumpTo(Infinity);
  expect(state.cursor.value).toBe(8);
  expect(asked()).toBe("next s2[0]");
  expect(shown("e2[0]")).toBe("−0.115");
  expect(shown("d2[0]")).toBe("?");
  expect(state.predicting.offered.value).toEqual([
    "s2[0]",
    "d2[0]",
    "gW2[0,0]",
    "gb2[0]",
    "e1[0]",
    "s1[0]",
    "d1[0]",
    "gW1[0,0]",
    "gb1[0]",
  ]);
});

test("a number that cannot be computed yet is refused with what it lacks", () => {
  expect(judged("d1[0]").causes).toEqual([{ slip: "next", refs: ["e1[0]", "s1[0]"] }]);
  expect(judged("gW1[0,0]").causes).toEqual([{ slip: "next", refs: ["d1[0]"] }]);
  expect(judged("W1[0,0]").refused).toBe("Choose one of the numbers.");
  answer("d1[0]");
  expect(asked()).toBe("next s2[0]");
  answer("s2[0]");
  expect([asked(), state.cursor.value]).toEqual(["number s2[0]", 9]);
  expect(given("next s2[0]")).toMatchObject({ state: "right", tries: ["d1[0]", "s2[0]"] });
});

test("whatever can be computed may be chosen, and is known before its step", () => {
  answer("s1[0]");
  expect([asked(), state.cursor.value]).toEqual(["number s1[0]", 8]);
  answer("0.2464");
  expect([asked(), state.cursor.value]).toEqual(["next d2[0]", 8]);
  expect(state.isKnown(parseRef("s1[0]")!)).toBe(true);
  expect(state.isKnown(parseRef("s1[1]")!)).toBe(false);
  expect(state.predicting.settled.value?.ref).toBe("s1[0]");
  answer("s2[0]");
  answer("0.2498");
  answer("d2[0]");
  answer("-0.0287");
  expect([asked(), state.cursor.value]).toEqual(["next gW2[0,1]", 10]);
});

test("a step that is done for somebody is that of the algorithm, and counts as shown", () => {
  state.predicting.reveal(state.predicting.asked.value!);
  expect([asked(), state.cursor.value]).toEqual(["next d2[0]", 9]);
  expect([given("next s2[0]")?.state, given("s2[0]")?.state]).toEqual(["shown", "shown"]);
  expect(shown("s2[0]")).toBe("0.2498");
});

test("what is taken back is asked again; what was wrong or seen stays counted", () => {
  expect(state.predicting.canUndo.value).toBe(false);
  answer("s2[0]");
  state.predicting.undo();
  expect([asked(), state.cursor.value]).toEqual(["next s2[0]", 8]);
  expect(given("next s2[0]")?.tries).toEqual([]);
  answer("s2[0]");
  answer("0.485");
  answer("0.2498");
  state.predicting.undo();
  expect(asked()).toBe("next s2[0]");
  expect(shown("s2[0]")).toBe("?");
  expect(given("s2[0]")).toMatchObject({ state: "open", tries: ["0.485"] });
  state.predicting.reveal(state.predicting.asked.value!);
  state.predicting.undo();
  answer("s2[0]");
  expect(given("next s2[0]")?.tries).toEqual(["○", "s2[0]"]);
});

test("a dirty update computes with new weights, which wait for their gradients", () => {
  state = stateOf("xor", dirty);
  expect(state.predicting.questions.value?.score).toBe("end");
  expect(judged("e1[0]").causes).toEqual([{ slip: "next", refs: ["nW2[0,0]", "d2[0]"] }]);
  for (const _ of state.predicting.numbers.value) {
    state.predicting.reveal(state.predicting.asked.value!);
  }
  expect(state.predicting.asked.value).toBe(null);
  const last = state.predicting.numbers.value.at(-1)!.ref;
  expect(state.cursor.value).toBe(state.steps.value!.knownAt(parseRef(last)!));
});
