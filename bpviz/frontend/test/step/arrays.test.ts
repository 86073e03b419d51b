import { describe, expect, test } from "vitest";
import { gridOf, tallestOf } from "../../src/step/arrays";
import { frameOf } from "../fixtures";
import { shrunk } from "../../src/step/Matrices";

describe("an array", () => {
  test("stands as the notation has it", () => {
    const column = frameOf("three_two_one");
    const row = frameOf("three_two_one", { vectors: "row" });
    const rows = (frame: typeof column, ref: string, transposed = false) =>
      gridOf(frame, { ref }, transposed, []).rows;
    expect(rows(column, "x")).toEqual([["x[0]"], ["x[1]"], ["x[2]"]]);
    expect(rows(row, "x")).toEqual([["x[0]", "x[1]", "x[2]"]]);
    expect(rows(row, "x", true)).toEqual([["x[0]"], ["x[1]"], ["x[2]"]]);
    expect(rows(column, "W1")[1]).toEqual(["W1[1,0]", "W1[1,1]", "W1[1,2]"]);
    expect(rows(row, "W1")).toEqual([
      ["W1[0,0]", "W1[1,0]"],
      ["W1[0,1]", "W1[1,1]"],
      ["W1[0,2]", "W1[1,2]"],
    ]);
    expect(rows(row, "W2", true)).toEqual([["W2[0,0]", "W2[0,1]"]]);
    expect(rows(column, "loss")).toEqual([["loss"]]);
    expect(rows(frameOf("coupled", { vectors: "row" }), "s1")[0]).toEqual([
      "s1[0,0]",
      "s1[0,1]",
      "s1[0,2]",
    ]);
  });

  test("of wide layers is left out around the units that are in use", () => {
    const grid = gridOf(frameOf("wide"), { ref: "W1" }, false, [4, 28]);
    expect(grid.shape).toEqual([32, 16]);
    expect(grid.rows).toHaveLength(5);
    expect(grid.rows[0]).toEqual([null, null, null, null, null]);
    expect(grid.rows[1]).toEqual([null, "W1[28,4]", "W1[28,5]", "W1[28,6]", null]);
  });

  test("of a batch has its samples side by side, the chosen one by its plain name", () => {
    const grid = gridOf(frameOf("batch"), { ref: "d1", sample: "s" }, false, []);
    expect(grid.rows).toEqual([
      ["d1[0]", "d1[0]@1", "d1[0]@2", "d1[0]@3"],
      ["d1[1]", "d1[1]@1", "d1[1]@2", "d1[1]@3"],
    ]);
    expect(gridOf(frameOf("batch"), { ref: "x", sample: "s" }, true, []).shape).toEqual([4, 2]);
  });
});

test("the tallest array of each operation is known before it is drawn", () => {
  const tallest = (name: string, vectors: "column" | "row") => {
    const { program } = frameOf(name, { vectors });
    return Object.fromEntries(
      program.operations.map((one) => [one.writes, tallestOf(program, one)]),
    );
  };
  expect(tallest("three_two_one", "column")).toMatchObject({
    a1: 3,
    h1: 2,
    e1: 2,
    gW1: 2,
    loss: 1,
  });
  expect(tallest("three_two_one", "row")).toMatchObject({ a1: 3, h1: 1, e1: 1, gW1: 3, loss: 1 });
  expect(tallest("wide", "column")).toMatchObject({ a1: 5, gW3: 4, e2: 5 });
  expect(tallest("batch", "column")).toMatchObject({ gW1: 4 });
});

test("a digit more changes the size of no number, and arrays have room as far as they may", () => {
  expect([570, 580, 590, 600].map((width) => shrunk(480, width))).toEqual(Array(4).fill("0.8"));
  for (let width = 400; width < 680; width++) {
    const share = Number(shrunk(480, width) || 1);
    expect(width * share).toBeLessThanOrEqual(480);
    if (share < 1) expect(width * (share + 0.05)).toBeGreaterThan(480);
  }
  expect(shrunk(480, 2000)).toBe("0.7");
});
