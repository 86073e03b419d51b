import { describe, expect, test } from "vitest";
import type { Box, Geometry } from "../../src/step/geometry";
import { layOut } from "../../src/step/geometry";
import type { Program } from "../../src/protocol/program";
import { fixture } from "../fixtures";
import { FULL, follow, shownUnits, windowStart } from "../../src/state/windows";

/** A program as far as geometry looks at it: sizes and which registers there are. */
function shaped(sizes: number[]): Program {
  const { program } = fixture("three_two_one");
  const registers: Program["registers"] = {};
  sizes.slice(1).forEach((_, k) => {
    for (const name of ["b", "a", "h", "nb", "e", "s", "d", "gb"]) {
      registers[`${name}${k + 1}`] = { ...program.registers[`${name}1`]!, layer: k + 1 };
    }
    registers[`W${k + 1}`] = { ...program.registers["W1"]!, layer: k + 1 };
  });
  registers["x"] = program.registers["x"]!;
  return { ...program, network: { ...program.network, sizes }, registers };
}

function boxes(geometry: Geometry): Box[] {
  return [
    ...geometry.columns.flatMap(({ cards, more }) => [...cards, ...more]),
    ...geometry.edges.map(({ label }) => label),
    geometry.loss,
  ];
}

function overlapping(all: Box[]): [Box, Box][] {
  return all.flatMap((a, k) =>
    all.slice(k + 1).flatMap((b): [Box, Box][] => {
      const across = a.x < b.x + b.width && b.x < a.x + a.width;
      const down = a.y < b.y + b.height && b.y < a.y + a.height;
      return across && down ? [[a, b]] : [];
    }),
  );
}

const SIZES = [
  [3, 2, 1],
  [2, 2, 1],
  [2, 3, 2],
  [4, 4, 3],
  [1, 1],
  [6, 6, 6, 6],
  [64, 64, 64, 10],
];

describe.each(SIZES.map((sizes) => [sizes.join("-"), sizes] as const))(
  "a %s network",
  (_, sizes) => {
    test.each([1400, 940, 842, 568, 330])("has nothing on top of anything at %d px", (width) => {
      const geometry = layOut(shaped(sizes), width, []);
      expect(overlapping(boxes(geometry))).toEqual([]);
    });

    test.each([1400, 568])("lies within its drawing at %d px", (width) => {
      const geometry = layOut(shaped(sizes), width, []);
      for (const box of boxes(geometry)) {
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(geometry.width + 0.01);
        expect(box.y + box.height).toBeLessThanOrEqual(geometry.height);
      }
    });
  },
);

test("networks of the lectures fit into 542 px, and have bars from 842 px on", () => {
  for (const sizes of [
    [3, 2, 1],
    [2, 2, 1],
  ]) {
    const narrow = layOut(shaped(sizes), 542, []);
    expect(narrow.width).toBe(542);
    expect(narrow.density.name).toBe("compact");
    expect(layOut(shaped(sizes), 842, []).density.name).toBe("wide");
  }
});

test("every edge of a small network is drawn, from source to target", () => {
  const { edges, columns } = layOut(shaped([3, 2, 1]), 940, []);
  expect(edges.map(({ layer, unit, from }) => `W${layer}[${unit},${from}]`)).toEqual([
    "W1[0,0]",
    "W1[0,1]",
    "W1[0,2]",
    "W1[1,0]",
    "W1[1,1]",
    "W1[1,2]",
    "W2[0,0]",
    "W2[0,1]",
  ]);
  const [input, hidden] = columns;
  expect(edges[0]!.start.x).toBe(input!.cards[0]!.x + input!.width);
  expect(edges[0]!.path).toMatch(new RegExp(`L${hidden!.cards[0]!.x} `));
});

describe("wide layers", () => {
  test("are drawn in part, and say how many units are not drawn", () => {
    const { columns } = layOut(shaped([64, 10]), 900, [12, 0]);
    const [input] = columns;
    expect(input!.cards.map(({ unit }) => unit)).toEqual([12, 13, 14]);
    expect(input!.more.map(({ count }) => count)).toEqual([12, 49]);
  });

  test("keep their height wherever the window is", () => {
    const heights = [0, 28, 60].map((start) => layOut(shaped([64, 10]), 900, [start]).height);
    expect(new Set(heights).size).toBe(1);
  });

  test("have a window that pages, and never runs over the end", () => {
    expect(windowStart(FULL, 5)).toBe(0);
    expect(windowStart(10, 5)).toBe(3);
    expect(windowStart(10, 9)).toBe(7);
    expect(shownUnits(10, 7)).toEqual([7, 8, 9]);
  });

  test("show the unit that a step writes, and stay where they are if it is seen", () => {
    const { program } = fixture("wide");
    expect(follow(program, [0, 0, 0, 0], ["a1[17]"], ["W1[17,9]", "x[9]"])).toEqual([9, 15, 0, 0]);
    expect(follow(program, [0, 4, 0, 0], ["h1[6]"], ["a1[6]"])).toEqual([0, 4, 0, 0]);
    expect(follow(program, [0, 4, 0, 0], ["h1"], ["a1"])).toEqual([0, 4, 0, 0]);
  });
});

test("a 2-3-2 network has room for what becomes of each weight, and is no higher than others", () => {
  const geometry = layOut(shaped([2, 3, 2]), 940, []);
  expect(geometry.density.labelLines).toBe(2);
  expect(geometry.height).toBeLessThanOrEqual(280);
});
