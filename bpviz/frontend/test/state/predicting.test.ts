// The state of a panel that asks: what is hidden, how far one may go, what answers lead to.

import { beforeEach, describe, expect, test } from "vitest";
import type { Questions } from "../../src/state/predicting";
import { inWords } from "../../src/state/predicting";
import { parseRef } from "../../src/program/refs";
import { predictions } from "../fixtures";
import type { Opened } from "./asking";
import { asking } from "./asking";

let { state, predicting }: Opened = asking("three_two_one", predictions().mixed);
const { mixed, each, fading } = predictions();
const asked = () => predicting.asked.value?.ref;
const answer = (text: string) => predicting.answer(predicting.asked.value!, text);
const number = (ref: string) => state.values.value!.text(parseRef(ref)!, state.numbers.value);
const given = () => predicting.answers.value.given;

test("without Python a wrong number is known by its formula after an edit, too", () => {
  const ref = "h1[0]";
  const known = (of: string) => ({ op: "negate", of: [{ ref: of, at: [0] }] });
  const wrong = [
    { mistakes: ["one"], formula: known("a1") },
    { slip: "other", refs: ["a1[0]"], formula: { ref: "a1", at: [0] } },
    { value: 0.25, mistakes: ["another"] },
    { value: -0.5597, mistakes: ["first", "second"], formula: known("h1") },
  ];
  const questions = { ...mixed, sets: [[{ ref, kind: "number" as const, wrong }]] };
  ({ state, predicting } = asking("three_two_one", questions));
  state.offline.value = "no kernel";
  const causes = (text: string) => predicting.judge(predicting.set.value[0]!, text).causes ?? [];
  expect(causes("-0.24")).toMatchObject([{ mistakes: ["one"] }]);
  expect(causes("0.25")).toMatchObject([{ mistakes: ["another"] }]);
  expect(causes("-0.5597")).toMatchObject([{ mistakes: ["first", "second"] }]);

  // From 0.24 to 0.29 in a₁,₁.
  state.changing.edit("W1[0,0]", 0.6, true);
  expect(state.values.value!.truth(parseRef("a1[0]")!)).toBeCloseTo(0.29, 12);
  expect(causes("-0.29")).toMatchObject([{ mistakes: ["one"] }]);
  expect(causes("0.29")).toMatchObject([{ slip: "other" }]);
  for (const text of ["-0.24", "0.25", "-0.5597", "-0.5720"]) expect(causes(text)).toEqual([]);
});

test("without Python a mistake made in an earlier step is named after an edit, too", () => {
  ({ state, predicting } = asking("three_two_one", { ...mixed, sets: [mixed.sets[0]!.slice(-1)] }));
  state.offline.value = "no kernel";
  const [question] = predicting.set.value;
  expect(question!.ref).toBe("d1[1]");
  state.changing.edit("W1[0,0]", 0.6, true);
  const truth = (ref: string): number => state.values.value!.truth(parseRef(ref)!);
  // Without f′ at the output all that arrives further back is too large.
  const answer = (truth("d1[1]") / truth("s2[0]")).toPrecision(12);
  const { causes } = predicting.judge(question!, answer);
  expect(causes).toMatchObject([{ mistakes: ["output_derivative_missing"] }]);
  expect(mixed.mistakes["output_derivative_missing"]!.title).toContain("derivative");
});

describe("a question", () => {
  beforeEach(() => {
    ({ state, predicting } = asking("three_two_one", mixed));
  });

  test("cannot be passed, at any depth, and says so when somebody tries", () => {
    for (const [depth, place] of [
      ["unit", 3],
      ["layer", 2],
      ["term", 9],
    ] as const) {
      state.setDepth(depth);
      state.jumpTo(0);
      expect(predicting.stopped.value).toBe(false);
      state.jumpTo(Infinity);
      expect([depth, state.cursor.value, asked()]).toEqual([depth, place, "h1[0]"]);
      expect(predicting.stopped.value).toBe(true);
      state.stepBy(-1);
      expect(state.cursor.value).toBe(place - 1);
      expect(predicting.stopped.value).toBe(false);
      state.stepBy(1);
      expect(predicting.stopped.value).toBe(false);
      state.stepBy(1);
      expect([state.cursor.value, predicting.stopped.value]).toEqual([place, true]);
    }
  });

  test("hides its number wherever numbers come from, and gives it with the answer", () => {
    state.jumpTo(3);
    expect(number("h1[0]")).toBe("?");
    expect(state.values.value!.value(parseRef("h1[0]")!)).toBeNaN();
    expect(number("a1[0]")).toBe("0.24");
    answer("0.56");
    expect(number("h1[0]")).toBe("0.5597");
    expect(number("d1[1]")).toBe("?");
    expect(given()["0/h1[0]"]).toEqual({ state: "right", tries: ["0.56"], hints: 0 });
    state.jumpTo(Infinity);
    expect(asked()).toBe("e2[0]");
  });

  test("gives hints as they are deserved, and its answer on demand", () => {
    state.jumpTo(3);
    expect(answer("x")).toBe(false);
    expect(predicting.refusal.value).toContain("not a number");
    expect(given()).toEqual({});
    answer("0.24"); // the aggregate: explained, so no hint yet
    expect(given()["0/h1[0]"]).toMatchObject({ state: "open", hints: 0 });
    answer("0.9");
    expect(given()["0/h1[0]"]).toMatchObject({ tries: ["0.24", "0.9"], hints: 2 });
    predicting.reveal(predicting.asked.value!);
    expect(given()["0/h1[0]"]!.state).toBe("shown");
    expect(number("h1[0]")).toBe("0.5597");
  });

  test("about inputs hides the formula and what is read", () => {
    state.jumpTo(3);
    answer("0.56");
    state.jumpTo(Infinity);
    answer("negative");
    state.jumpTo(Infinity);
    expect(asked()).toBe("d1[0]");
    expect(predicting.isSecret.value).toBe(true);
    expect(predicting.secret.value).toEqual(new Set(["d1"]));
    expect(state.reads.value).toEqual([]);
    answer("e1[0] s1[0]");
    expect(state.reads.value).toEqual(["e1[0]", "s1[0]"]);
  });

  test("about a number that the formula consists of hides the formula", () => {
    const question = { kind: "number" as const, ref: "s2[0]", wrong: [] };
    ({ state, predicting } = asking("xor", { ...mixed, sets: [[question]] }));
    state.jumpTo(Infinity);
    expect(predicting.secret.value).toEqual(new Set(["s2"]));
    answer("1");
    expect(predicting.secret.value).toEqual(new Set());
  });

  test("stops playing", () => {
    state.jumpTo(2);
    state.play();
    for (let k = 0; k < 3; k++) state["advance"]();
    expect([state.playing.value, state.cursor.value]).toEqual([false, 3]);
    state.play();
    expect([state.playing.value, state.cursor.value]).toEqual([false, 3]);
    expect(predicting.stopped.value).toBe(true);
  });

  test("is said in words without its number", () => {
    const program = state.program.value!;
    expect(mixed.sets[0]!.map((one) => inWords(one, program))).toEqual([
      "What is the activation of unit 1 of layer 1?",
      "Is the error that arrives at unit 1 of layer 2 negative, zero or positive?",
      "Which numbers go into the delta of unit 1 of layer 1?",
      "What is the delta of unit 2 of layer 1?",
    ]);
    const larger = (ref: string, partner: string) =>
      inWords({ ref, kind: "larger", wrong: [], partner }, program);
    expect(larger("nW1[0,1]", "W1[0,1]")).toBe(
      "Is the new weight from input 2 to unit 1 of layer 1 smaller or larger than before?",
    );
    expect(larger("h1[0]", "a1[0]")).toBe(
      "Is the activation of unit 1 of layer 1 smaller or larger than the aggregate of unit 1 of layer 1?",
    );
  });
});

test("several questions of one step come one after the other", () => {
  ({ state, predicting } = asking("xor", each, { depth: "layer" }));
  state.jumpTo(Infinity);
  answer("1.29");
  state.jumpTo(Infinity);
  const place = state.cursor.value;
  expect(asked()).toBe("d1[0]");
  answer("0.0981");
  expect([asked(), state.cursor.value]).toEqual(["d1[1]", place]);
  expect([number("d1[0]"), number("d1[1]")]).toEqual(["0.09809", "?"]);
  state.stepBy(1);
  expect(state.cursor.value).toBe(place);
  answer("0.0854");
  state.stepBy(1);
  expect(state.cursor.value).toBe(place + 1);
});

test("another frame has questions of its own, and the place is before them", () => {
  ({ state, predicting } = asking("xor", each));
  state.jumpTo(4);
  answer("1.29");
  state.jumpTo(8);
  state.setFrame(1);
  expect([state.cursor.value, asked()]).toEqual([4, "h1[1]"]);
  state.setFrame(0);
  expect([state.cursor.value, asked()]).toEqual([4, undefined]);
});

test("a saved state is taken up, and a place beyond a question is not", () => {
  const done = { state: "right" as const, tries: ["1.29"], hints: 0 };
  const answers = { version: each.version, serial: 3, round: 0, given: { "0/h1[1]": done } };
  ({ state, predicting } = asking("xor", each, { _given: answers, cursor: 34, frame: 0 }));
  expect(asked()).toBe("d1[0]");
  expect(state.atEnd).toBe(false);
});

test("marks lead back to what was reached, and no further", () => {
  ({ state, predicting } = asking("xor", each));
  const [first, second] = predicting.set.value;
  expect([first!, second!].map((one) => predicting.isReached(one))).toEqual([true, false]);
  predicting.goTo(first!);
  expect(asked()).toBe("h1[1]");
  expect(predicting.stopped.value).toBe(false);
});

test("fading goes from frame to frame and then round again", () => {
  ({ state, predicting } = asking("xor", fading));
  expect(predicting.examples.value).toBe(12);
  const seen = [];
  for (let example = 0; example < 6; example++) {
    const { round } = predicting.answers.value;
    seen.push([round, state.frame.value, predicting.set.value.length]);
    predicting.next();
  }
  expect(seen).toEqual([
    [0, 0, 0],
    [0, 1, 1],
    [0, 2, 2],
    [0, 3, 3],
    [1, 0, 4],
    [1, 1, 5],
  ]);
});

test("a panel that asks nothing hides nothing and stops nowhere", () => {
  ({ state, predicting } = asking("xor", {} as Questions));
  state.jumpTo(Infinity);
  expect(state.atEnd).toBe(true);
  expect(number("d1[0]")).toBe("0.09809");
  expect(predicting.set.value).toEqual([]);
});
