// Somebody performs the backward pass: chooses what comes next, computes it, takes it back.

import { beforeEach, expect, test } from "vitest";
import { parseRef } from "../../src/program/refs";
import type { Questions } from "../../src/state/predicting";
import { predictions } from "../fixtures";
import type { Opened } from "./asking";
import { asking } from "./asking";

const { whole, dirty } = predictions();
let { state, predicting }: Opened = asking("three_two_one", whole);
const open = (name: string, questions: Questions): void => {
  ({ state, predicting } = asking(name, questions));
  state.jumpTo(8);
};
const asked = () => `${predicting.asked.value?.kind} ${predicting.asked.value?.ref}`;
const answer = (text: string) => predicting.answer(predicting.asked.value!, text);
const judged = (text: string) => predicting.judge(predicting.asked.value!, text);
const given = (name: string) => predicting.answers.value.given[`0/${name}`];
const shown = (ref: string) => state.values.value!.text(parseRef(ref)!, state.numbers.value);

beforeEach(() => {
  open("three_two_one", whole);
});

test("the forward pass and the loss are given, and then it is somebody's turn", () => {
  state.jumpTo(Infinity);
  expect(state.cursor.value).toBe(8);
  expect(asked()).toBe("next s2[0]");
  expect(shown("e2[0]")).toBe("−0.115");
  expect(shown("d2[0]")).toBe("?");
  expect(predicting.offered.value).toEqual([
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
  expect(predicting.settled.value?.ref).toBe("s1[0]");
  answer("s2[0]");
  answer("0.2498");
  answer("d2[0]");
  answer("-0.0287");
  expect([asked(), state.cursor.value]).toEqual(["next gW2[0,1]", 10]);
});

test("a step that is done for somebody is that of the algorithm, and counts as shown", () => {
  predicting.reveal(predicting.asked.value!);
  expect([asked(), state.cursor.value]).toEqual(["next d2[0]", 9]);
  expect([given("next s2[0]")?.state, given("s2[0]")?.state]).toEqual(["shown", "shown"]);
  expect(shown("s2[0]")).toBe("0.2498");
});

test("what is taken back is asked again; what was wrong or seen stays counted", () => {
  expect(predicting.canUndo.value).toBe(false);
  answer("s2[0]");
  predicting.undo();
  expect([asked(), state.cursor.value]).toEqual(["next s2[0]", 8]);
  expect(given("next s2[0]")?.tries).toEqual([]);
  answer("s2[0]");
  answer("0.485");
  answer("0.2498");
  predicting.undo();
  expect(asked()).toBe("next s2[0]");
  expect(shown("s2[0]")).toBe("?");
  expect(given("s2[0]")).toMatchObject({ state: "open", tries: ["0.485"] });
  predicting.reveal(predicting.asked.value!);
  predicting.undo();
  answer("s2[0]");
  expect(given("next s2[0]")?.tries).toEqual(["○", "s2[0]"]);
});

test("a dirty update computes with new weights, which wait for their gradients", () => {
  open("xor", dirty);
  expect(predicting.questions.value?.score).toBe("end");
  expect(judged("e1[0]").causes).toEqual([{ slip: "next", refs: ["nW2[0,0]", "d2[0]"] }]);
  for (const _ of predicting.numbers.value) {
    predicting.reveal(predicting.asked.value!);
  }
  expect(predicting.asked.value).toBe(null);
  const last = predicting.numbers.value.at(-1)!.ref;
  expect(state.cursor.value).toBe(state.steps.value!.knownAt(parseRef(last)!));
});
