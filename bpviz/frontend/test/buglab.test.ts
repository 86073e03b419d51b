import { describe, expect, test, vi } from "vitest";
import { LabState, departuresOf } from "../src/buglab";
import { areSame, digitsOfAll, firstEntry, someOf } from "../src/runs/compare";
import type { Switches } from "../src/buglab";
import type { Choice } from "../src/training";

const choice = (name: string, more: Partial<Choice> = {}): Choice => ({
  name,
  title: name,
  change: "",
  notice: "",
  source: "",
  unseen_because: "",
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
  function opened(): { lab: LabState; sent: Record<string, unknown>[]; tell: () => boolean } {
    const lab = new LabState();
    lab.wanted.value = LECTURE;
    const sent: Record<string, unknown>[] = [];
    const tell = (message?: object): boolean => Boolean(sent.push({ ...message }));
    return { lab, sent, tell };
  }
  test("asks Python once at a time, and the last choice wins", () => {
    const { lab, sent, tell } = opened();
    lab.turn("sign", false, tell);
    lab.turn("updated_weights_used", false, tell);
    lab.turn("biases_not_trained", false, tell);
    expect(sent).toEqual([{ kind: "rule", serial: 1, ...LECTURE, mistakes: [] }]);
    expect(lab.answer(1, tell)).toBe(false);
    const right = { mistakes: [], update: "simultaneous", train_biases: true };
    expect(sent[1]).toEqual({ kind: "rule", serial: 2, ...right });
    expect(lab.wanted.value).toEqual(right);
    expect(lab.answer(2, tell)).toBe(true);
    expect(lab.wanted.value).toBeNull();
  });
  test("goes back where Python cannot be told", () => {
    const { lab } = opened();
    lab.turn("sign", false, () => false);
    expect(lab.wanted.value).toBeNull();
  });
  test("says when Python leaves it unanswered", () => {
    vi.useFakeTimers();
    const { lab, tell } = opened();
    lab.turn("sign", false, tell);
    expect(lab.late.value).toBe(false);
    vi.advanceTimersByTime(5000);
    expect(lab.late.value).toBe(true);
    lab.answer(1, tell);
    expect(lab.late.value).toBe(false);
    vi.useRealTimers();
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
