import { describe, expect, test } from "vitest";
import { RandomState, shuffled } from "../../src/program/random";
import type { Plan } from "../../src/program/run";
import { PageRun } from "../../src/program/run";
import { fixture, run } from "../fixtures";

/** XOR by the lecture's rule, as its fixture was trained. */
function plan(changed: Partial<Plan> = {}): Plan {
  const { program, frames } = fixture("xor");
  return {
    program,
    lastProgram: null,
    start: frames[0]!,
    inputs: Float64Array.of(...[1, 1], ...[-1, 1], ...[1, -1], ...[-1, -1]),
    targets: Float64Array.of(1, 0, 0, 1),
    seed: null,
    ...changed,
  };
}

describe("a run in the page", () => {
  const python = run();

  test("has Python's RMSE in every epoch, and Python's numbers in every update", () => {
    const made = new PageRun(plan());
    made.advance(python.frames.length);
    expect(made.rmse).toHaveLength(python.losses.length);
    made.rmse.forEach((rmse, k) => expect(rmse).toBeCloseTo(python.losses[k]!, 12));
    for (const number of [0, 1, 77, python.frames.length - 1]) {
      const row = made.frame(number);
      python.frames[number]!.forEach((value, k) => expect(row[k]).toBeCloseTo(value, 12));
    }
  });

  test("knows the parameters after each epoch", () => {
    const made = new PageRun(plan());
    made.advance(python.frames.length);
    const { program } = made.plan;
    const { start } = program.registers["W2"]!;
    for (const epoch of [0, 1, 20]) {
      const next = python.frames[epoch * python.updates_per_epoch]!;
      expect(made.after(epoch)[start]).toBeCloseTo(next[start]!, 12);
    }
    const last = python.frames.at(-1)!;
    expect(made.after(40)[start]).toBeCloseTo(last[program.registers["nW2"]!.start]!, 12);
    expect(made.epochsAtHand(5)).toEqual([0, 8, 16, 24, 32, 40]);
  });

  test("that outgrows its room keeps fewer starts, and finds each update as before", () => {
    const { program, frames } = fixture("wide");
    const given = (name: string, count: number) =>
      frames[0]!.slice(program.registers[name]!.start, program.registers[name]!.start + count);
    const wide = { program, start: frames[0]!, inputs: given("x", 16), targets: given("y", 4) };
    // 1,140 parameters and the learning rate each: the 1,753rd is one too many of 2,000,000.
    const made = new PageRun(plan(wide));
    made.advance(1752);
    expect(made.epochsAtHand(Infinity)).toHaveLength(1753);
    made.advance(4000);
    // It keeps those of every fourth epoch by now, and the newest.
    expect(made.epochsAtHand(Infinity).slice(0, 3)).toEqual([0, 4, 8]);
    expect(made.epochsAtHand(Infinity)).toHaveLength(1001);
    const again = new PageRun(plan(wide));
    for (const epoch of [1, 1753, 1754, 1755, 2000, 3507, 3999]) {
      again.advance(epoch);
      expect(made.after(epoch)).toEqual(again.after(epoch));
      again.advance(epoch + 1);
      expect(made.frame(epoch)).toEqual(again.newest);
    }
    expect(made.rmse).toHaveLength(4000);
  });

  test("rests when its time is up, and goes on where it was", () => {
    const made = new PageRun(plan());
    made.advance(160, 0);
    expect(made.updates).toBeGreaterThan(0);
    expect(made.updates).toBeLessThan(160);
    while (made.updates < 160) made.advance(160, 0);
    expect(made.rmse.at(-1)).toBeCloseTo(python.losses.at(-1)!, 12);
  });

  test("ends where a number is no finite one any more", () => {
    const { program, start } = plan();
    const fast = start.slice();
    fast[program.registers["W1"]!.start] = 1e200;
    const made = new PageRun(plan({ start: fast }));
    made.advance(100);
    expect(made.updates).toBe(1);
    expect(made.diverged).toMatchObject({ frame: 0, ref: "loss", value: Infinity });
  });

  test("shuffles each epoch anew, the same for the same seed", () => {
    const rmse = (seed: number) => {
      const made = new PageRun(plan({ seed }));
      made.advance(80);
      return made.rmse;
    };
    expect(rmse(1)).toEqual(rmse(1));
    expect(rmse(1)).not.toEqual(rmse(2));
    const orders = [0, 1, 2, 3].map((round) => shuffled(6, 5, round));
    for (const order of orders) expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
  });
});

test("random numbers are those of NumPy's RandomState", () => {
  // numpy.random.RandomState(0).randn(3), and RandomState(4294967295).random_sample(2).
  const random = new RandomState(0);
  expect([random.normal(), random.normal(), random.normal()]).toEqual([
    1.764052345967664, 0.4001572083672233, 0.9787379841057392,
  ]);
  const last = new RandomState(4_294_967_295);
  expect([last.uniform(), last.uniform()]).toEqual([0.0976320289940138, 0.9123828453026218]);
});
