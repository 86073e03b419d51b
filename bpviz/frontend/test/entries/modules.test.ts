import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { moduleName } from "../../extension/modules";
import type { Values } from "../../src/state/wire";
import { unpacked } from "../../src/protocol/packed";

const questions = { version: 1, fading: false, score: "", sets: [[]], mistakes: {} };

test.each<[Values, string]>([
  [{ _view: "step", _questions: {} }, "step.js"],
  [{ _view: "step" }, "step.js"],
  [{ _view: "step", _questions: questions }, "asks.js"],
  [{ _view: "training" }, "runs.js"],
  [{ _view: "buglab" }, "runs.js"],
  // Of what somebody has forged, whichever draws it has to say that it cannot.
  [{ _view: "step", _questions: null }, "step.js"],
  [{ _view: "step", _questions: "<img>" }, "step.js"],
  [{}, "runs.js"],
])("a notebook's panel is drawn by the module that it needs: %j by %s", (values, name) => {
  expect(moduleName(values)).toBe(name);
});

test("an earlier version's panel is drawn by what its values need", async () => {
  const file = `${import.meta.dirname}/../../../../tests/browser/older/0.1.0.json`;
  const texts = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const names = ["step", "training", "bug lab"].map(async (kind) => {
    const { panels } = (await unpacked(texts[kind]!)) as { panels: Values[] };
    return moduleName(panels[0]!);
  });
  expect(await Promise.all(names)).toEqual(["step.js", "runs.js", "runs.js"]);
});

describe("the module of panels that ask nothing", () => {
  const script = (name: string) =>
    readFileSync(`${import.meta.dirname}/../../../static/${name}.js`, "utf8");

  test.each(["step", "runs"])("has no questions in %s.js", (name) => {
    expect(script(name)).not.toContain("Which numbers go into the");
    expect(script("asks")).toContain("Which numbers go into the");
  });
});
