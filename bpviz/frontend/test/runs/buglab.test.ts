import { describe, expect, test } from "vitest";
import { LabState, departuresOf } from "../../src/runs/state/lab";
import { areSame, digitsOfAll, firstEntry, someOf } from "../../src/runs/compare";
import type { Choice } from "../../src/runs/state/training";
import { python } from "../python";
import type { Switches } from "../../src/protocol/messages";

const choice = (name: string, more: Partial<Choice> = {}): Choice => ({
  name,
  title: name,
  change: "",
  notice: "",
  source: "",
  unseen_because: "",
  right_because: "",
  on: false,
  reason: "",
  needs: "",
  excludes: [],
  ...more,
});
const CHOICES = [
  choice("sign", { excludes: ["twice"] }),
  choice("twice"),
  choice("updated_weights_used", { reason: "long", needs: "the simultaneous update" }),
  choice("biases_not_trained"),
  choice("batch", { reason: "long", needs: "two samples" }),
];
const LECTURE: Switches = { mistakes: ["sign"], update: "dirty", train_biases: false };

describe("departures", () => {
  const found = departuresOf(CHOICES, LECTURE);
  test("are the mistakes and the two settings of the rule", () => {
    const on = found.filter((one) => one.on).map(({ name }) => name);
    expect(on).toEqual(["sign", "updated_weights_used", "biases_not_trained"]);
    expect(found[2]!.blocked).toBe("");
  });
  test("say why they cannot be switched on", () => {
    expect(found[1]!.blocked).toBe("It contradicts “sign”, which is on.");
    expect(found[4]!.blocked).toBe("It needs two samples.");
  });
});

describe("switching", () => {
  function opened() {
    const { exchange, sent, answer } = python();
    const lab = new LabState(exchange);
    const rule = { ...LECTURE, mistakes: [{ name: "sign" }] };
    lab.content.value = { program: { rule }, choices: CHOICES } as never;
    const seen: Switches[] = [];
    const turn = (name: string) => lab.turn(name, false, () => seen.push(lab.switches.value!));
    return { lab, sent, answer, exchange, turn, seen };
  }
  test("asks Python once at a time, and the last choice wins", () => {
    const { lab, sent, answer, turn, seen } = opened();
    for (const name of ["sign", "updated_weights_used", "biases_not_trained"]) turn(name);
    expect(sent).toMatchObject([{ kind: "rule", ...LECTURE, mistakes: [] }]);
    answer();
    expect(seen).toEqual([]);
    const right: Switches = { mistakes: [], update: "simultaneous", train_biases: true };
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ kind: "rule", ...right });
    expect(lab.wanted.value).toEqual(right);
    answer();
    expect(lab.wanted.value).toBeNull();
    expect(seen).toHaveLength(1);
  });
  test("moves no row of the list, neither before the answer nor when another can show no more", () => {
    const { lab, answer } = opened();
    const [sign, twice, dirty, untrained, batch] = CHOICES;
    const choices = [
      choice("sign"),
      twice!,
      dirty!,
      // Of what is on, Python says why it could not be switched on once more.
      { ...untrained!, reason: "long", needs: "biases that are trained" },
      batch!,
    ];
    lab.content.value = { ...lab.content.value!, choices };
    const apart = () => lab.departures.value.filter((one) => one.apart).map(({ name }) => name);
    expect(apart()).toEqual(["batch"]);
    for (const name of ["updated_weights_used", "biases_not_trained", "sign"]) {
      lab.turn(name, false, () => undefined);
      expect(lab.departures.value.find((one) => one.name === name)!.on).toBe(false);
      expect(lab.departures.value.find((one) => one.name === name)!.blocked).toBe("");
      expect(apart()).toEqual(["batch"]);
    }
    // And where the answer says that one of them cannot show any more.
    const rule = { mistakes: [], update: "simultaneous", train_biases: true };
    const refused = { ...sign!, reason: "long", needs: "an error" };
    lab.content.value = {
      ...lab.content.value,
      program: { rule },
      choices: [refused, twice!, choice("updated_weights_used"), untrained!, batch!],
    } as never;
    answer();
    answer();
    expect(lab.wanted.value).toBeNull();
    expect(lab.departures.value[0]!.blocked).toBe("It needs an error.");
    expect(apart()).toEqual(["batch"]);
  });
  test("that is refused leaves the switches as they were", () => {
    const { lab, answer, turn, seen } = opened();
    turn("sign");
    answer("rule", { why: "they contradict each other" });
    expect([lab.switches.value!.mistakes, seen]).toEqual([["sign"], []]);
  });
  test("goes back where Python cannot be told", () => {
    const { lab, exchange, turn } = opened();
    turn("sign");
    exchange.lose();
    expect(lab.wanted.value).toBeNull();
    expect(turn("sign")).toBe(false);
  });
});

describe("numbers", () => {
  const pair = (right: number[], wrong: number[]) => ({
    right: Float64Array.from(right),
    wrong: Float64Array.from(wrong),
  });
  test("get as many digits as it takes to see a difference", () => {
    const style = { digits: 2, decimal: "." } as const;
    expect(digitsOfAll(pair([0.97731908], [0.97775703]), [0], style)).toBe(3);
    expect(digitsOfAll(pair([1, 2, 3], [1, -2, 3.001]), [0, 1, 2], style)).toBe(4);
    expect(digitsOfAll(pair([1, 2, 3], [1, -2, 3.001]), [0, 1], style)).toBe(2);
    expect(digitsOfAll(pair([1, NaN], [1, NaN]), [0, 1], style)).toBe(2);
    expect(digitsOfAll(pair([1], [1 + 1e-11]), [0], style)).toBe(12);
  });
  test("the first that differs has its indices", () => {
    const row = {
      ...pair([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 0, 6]),
      name: "W1",
      words: "",
      phase: "forward" as const,
      shape: [2, 3],
      differs: true,
      gap: 5,
    };
    expect(firstEntry(row)).toEqual([1, 1]);
  });
  test("that are infinite differ from all others", () => {
    expect(areSame(Infinity, 1)).toBe(false);
    expect(areSame(Infinity, Infinity)).toBe(true);
    expect(areSame(NaN, NaN)).toBe(true);
    expect(areSame(1, 1 + 1e-13)).toBe(true);
  });
  test("of long lists the ends are shown", () => {
    expect(someOf(4, 4)).toEqual([0, 1, 2, 3]);
    expect(someOf(64, 4)).toEqual([0, 1, -1, 63]);
  });
});
