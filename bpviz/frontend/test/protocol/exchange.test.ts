import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LATE, SILENT } from "../../src/protocol/exchange";
import { NO_KERNEL } from "../../src/protocol/kernel";
import { python } from "../python";

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(1000); // a page is never asked in its first millisecond
});
afterEach(() => vi.useRealTimers());

/** A Python that is asked for the frames from one on. */
function opened() {
  const { exchange, sent, answer } = python();
  const taken: number[] = [];
  const ask = (start: number, hurries = true) =>
    exchange.ask("frames", { start }, { answered: () => void taken.push(start), hurries });
  const starts = () => sent.map((message) => message["start"]);
  return { exchange, sent, answer, taken, ask, starts };
}

describe("a question to Python", () => {
  test("waits for the answer before; of those that wait the last is asked", () => {
    const { ask, answer, starts, taken } = opened();
    for (const start of [1, 2, 3]) ask(start);
    expect(starts()).toEqual([1]);
    answer();
    expect(starts()).toEqual([1, 3]);
    answer();
    expect([starts(), taken]).toEqual([
      [1, 3],
      [1, 3],
    ]);
  });

  test("of another kind does not wait", () => {
    const { exchange, ask, sent } = opened();
    ask(1);
    exchange.ask("landscape", {});
    expect(sent.map(({ kind }) => kind)).toEqual(["frames", "landscape"]);
    expect([exchange.isBusy("frames"), exchange.isBusy("samples")]).toEqual([true, false]);
  });

  test("does not take the answer to another view's question", () => {
    const { exchange, ask, sent, taken } = opened();
    ask(1);
    exchange.receive({ kind: "frames", id: sent[0]!.id + 1, why: "" }, []);
    expect([taken, exchange.isBusy("frames")]).toEqual([[], true]);
  });

  test("is answered late by a kernel that was busy, and the answer takes its place", () => {
    const { exchange, ask, answer, taken } = opened();
    ask(1);
    vi.advanceTimersByTime(LATE - 10);
    expect(exchange.silence.value).toBe("");
    vi.advanceTimersByTime(20);
    expect(exchange.silence.value).toBe("late");
    vi.advanceTimersByTime(SILENT);
    expect(exchange.silence.value).toBe("silent");
    vi.advanceTimersByTime(10 * SILENT);
    answer();
    expect([exchange.silence.value, taken]).toEqual(["", [1]]);
    vi.advanceTimersByTime(10 * SILENT);
    expect(exchange.silence.value).toBe("");
  });

  test("whose answer is lost does not hold back the next for ever", () => {
    const { ask, starts } = opened();
    ask(1);
    ask(2);
    vi.advanceTimersByTime(SILENT + 10);
    expect(starts()).toEqual([1, 2]);
  });

  test("is let go with its kernel, at once", () => {
    const { exchange, ask } = opened();
    ask(1);
    ask(2);
    exchange.lose();
    expect(exchange.isBusy("frames")).toBe(false);
    expect([exchange.offline.value, ask(3)]).toEqual([NO_KERNEL, false]);
    vi.advanceTimersByTime(10 * SILENT);
    expect(exchange.silence.value).toBe("");
  });

  test("whose answer cannot be drawn does not hold back the next", () => {
    const { exchange, ask, answer, starts } = opened();
    const answered = () => {
      throw new Error("no numbers");
    };
    exchange.ask("frames", { start: 1 }, { answered });
    ask(2);
    expect(answer).toThrow("no numbers");
    expect(starts()).toEqual([1, 2]);
  });
});

describe("changes", () => {
  test("are made in their order, one at a time, and none is left out", () => {
    const { exchange, sent, answer } = opened();
    exchange.ask("update", {});
    exchange.ask("update", {});
    exchange.ask("settings", { settings: { batch_size: 2 } });
    exchange.ask("settings", { settings: { epochs: 7 } });
    expect(sent).toHaveLength(1);
    for (let k = 0; k < 4; k++) answer();
    expect(sent.map(({ kind }) => kind)).toEqual(["update", "update", "settings", "settings"]);
  });

  test("are told by a note that needs no answer", () => {
    const { exchange, sent } = opened();
    exchange.ask("seen", { epochs: 1 });
    exchange.ask("seen", { epochs: 2 });
    expect(sent).toEqual([
      { kind: "seen", epochs: 1 },
      { kind: "seen", epochs: 2 },
    ]);
    vi.advanceTimersByTime(10 * SILENT);
    expect(exchange.silence.value).toBe("");
  });
});

describe("a question about a run that goes on", () => {
  const answerAfter = (time: number, answer: () => void): void => {
    vi.advanceTimersByTime(time);
    answer();
  };

  test("leaves the run half a second, and the last of those that came is asked", () => {
    const { ask, answer, starts } = opened();
    for (const start of [1, 2, 3]) ask(start, false);
    answerAfter(20, answer);
    ask(4, false);
    vi.advanceTimersByTime(490);
    expect(starts()).toEqual([1]);
    vi.advanceTimersByTime(20);
    expect(starts()).toEqual([1, 4]);
  });

  test("leaves the run four times as long as an answer took", () => {
    const { ask, answer, starts } = opened();
    for (const start of [1, 2]) ask(start, false);
    answerAfter(1000, answer);
    vi.advanceTimersByTime(3990);
    expect(starts()).toEqual([1]);
    vi.advanceTimersByTime(20);
    expect(starts()).toEqual([1, 2]);
  });

  test("is asked at once when the run rests", () => {
    const { ask, answer, starts } = opened();
    for (const start of [1, 2]) ask(start, false);
    ask(3);
    answerAfter(20, answer);
    expect(starts()).toEqual([1, 3]);
    answerAfter(20, answer);
    ask(4, false);
    ask(5);
    expect(starts()).toEqual([1, 3, 5]);
    vi.advanceTimersByTime(10_000);
    expect(starts()).toEqual([1, 3, 5]);
  });

  test("is asked no more once nobody looks", () => {
    const { exchange, ask, answer, starts } = opened();
    for (const start of [1, 2]) ask(start, false);
    answerAfter(20, answer);
    exchange.stop();
    vi.advanceTimersByTime(10_000);
    expect(starts()).toEqual([1]);
  });
});
