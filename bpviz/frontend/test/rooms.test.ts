// The rooms of src/ import each other in one direction only, the extension imports them, and no module
// needs itself.

import { readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";

/** What the modules of each room may import besides each other. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  program: ["protocol"],
  state: ["protocol", "program"],
  ui: ["protocol", "program", "state"],
  step: ["protocol", "program", "state", "ui"],
  runs: ["protocol", "program", "state", "ui"],
  entries: ["protocol", "program", "state", "ui", "step", "runs"],
  extension: ["protocol", "program", "state", "ui", "step", "runs", "entries"],
};

const ROOT = `${import.meta.dirname}/..`;
const FILES = ["src", "extension"].flatMap((folder) =>
  readdirSync(`${ROOT}/${folder}`, { recursive: true }).map((path) => `${folder}/${path}`),
);
const MODULES = new Map(
  FILES.filter((path) => /\.tsx?$/.test(path)).map((path) => [withoutEnd(path), needed(path)]),
);

function withoutEnd(path: string): string {
  return path.replace(/\.tsx?$/, "");
}

/** The modules that a file imports from or exports from, those of types included. */
function needed(path: string): string[] {
  const text = readFileSync(`${ROOT}/${path}`, "utf8");
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]*)"/g)]
    .map(([, to]) => posix.join(posix.dirname(path), to!))
    .filter((module) => !module.endsWith(".json"));
}

const roomOf = (module: string): string => module.replace("src/", "").split("/")[0]!;

test("every module is in a room, and every import is one of them", () => {
  expect(new Set([...MODULES.keys()].map(roomOf))).toEqual(new Set(Object.keys(ALLOWED)));
  expect([...MODULES.values()].flat().filter((module) => !MODULES.has(module))).toEqual([]);
});

test.each([...MODULES])("%s imports in one direction", (module, others) => {
  const room = roomOf(module);
  const rooms = others.map(roomOf).filter((other) => other !== room);
  expect(ALLOWED[room]).toEqual(expect.arrayContaining(rooms));
});

test("the state of every panel has nothing that only some panels have", () => {
  const text = readFileSync(`${ROOT}/src/state/panel.ts`, "utf8");
  const only = ["src/state/editing", "src/state/predicting", "src/program/gradients"];
  expect(MODULES.get("src/state/panel")!.filter((module) => only.includes(module))).toEqual([]);
  expect(MODULES.get("src/state/panel")).toContain("src/state/changing");
  // Of what some panels have the state knows no more than what it is for them.
  expect(text).toMatch(/^import type .* from "\.\/asking";$/m);
  expect(text).toMatch(/^import type .* from "\.\/changing";$/m);
});

test("no module needs itself", () => {
  const left = new Map(MODULES);
  const isFree = ([, others]: [string, string[]]): boolean =>
    !others.some((other) => left.has(other));
  for (let free; (free = [...left].filter(isFree)).length > 0;) {
    for (const [module] of free) left.delete(module);
  }
  expect([...left.keys()]).toEqual([]);
});
