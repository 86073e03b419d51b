// The rooms of src/ import each other in one direction only, and no module needs itself.

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
};

const SOURCES = `${import.meta.dirname}/../src`;
const FILES = readdirSync(SOURCES, { recursive: true }).filter((path) => /\.tsx?$/.test(path));
const MODULES = new Map(FILES.map((path) => [path.replace(/\.tsx?$/, ""), needed(path)]));

/** The modules that a file imports from or exports from, those of types included. */
function needed(path: string): string[] {
  const text = readFileSync(`${SOURCES}/${path}`, "utf8");
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]*)"/g)].map(([, to]) =>
    posix.join(posix.dirname(path), to!),
  );
}

const roomOf = (module: string): string => module.split("/")[0]!;

test("every module is in a room, and every import is one of them", () => {
  expect(new Set([...MODULES.keys()].map(roomOf))).toEqual(new Set(Object.keys(ALLOWED)));
  expect([...MODULES.values()].flat().filter((module) => !MODULES.has(module))).toEqual([]);
});

test.each([...MODULES])("%s imports in one direction", (module, others) => {
  const room = roomOf(module);
  const rooms = others.map(roomOf).filter((other) => other !== room);
  expect(ALLOWED[room]).toEqual(expect.arrayContaining(rooms));
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
