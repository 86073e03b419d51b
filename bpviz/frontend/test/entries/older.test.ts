import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { broughtUp } from "../../extension/older";
import type { Values } from "../../src/state/wire";
import type { Forms } from "../../src/program/forms";
import { unpacked } from "../../src/protocol/packed";
import type { Program } from "../../src/protocol/program";
import { fixture } from "../fixtures";

const file = `${import.meta.dirname}/../../../../tests/browser/older/0.1.0.json`;

async function kept(kind: "step" | "training" | "lab"): Promise<Values> {
  const texts = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const { panels } = (await unpacked(texts[kind]!)) as { panels: Values[] };
  return panels[0]!;
}

test("a program of version 1 gets the quantities that it came without", async () => {
  const older = (await kept("step"))["_program"] as Program;
  expect(older.quantities).toBeUndefined();
  const now = broughtUp({ _program: older, cursor: 3 });
  const program = now["_program"] as Program;
  const python = fixture("three_two_one").program;
  const full = Object.entries(program.quantities).map(([name, one]) => [
    name,
    Object.fromEntries(Object.entries(one).filter(([, text]) => text)),
  ]);
  expect(Object.fromEntries(full)).toEqual(python.quantities);
  expect([program.version, now["cursor"]]).toEqual([2, 3]);
});

test("a program of this version stays as it is", () => {
  const { program } = fixture("xor");
  expect(broughtUp({ _program: program })["_program"]).toBe(program);
});

test("what an optimiser had added is shown by its letters and words, in forms too", () => {
  const register = { start: 0, shape: [1, 2], per_sample: false, layer: 1, quantity: "ncmW" };
  const words = "new mean for the weights of layer 1";
  const registers = { by: ["Adam()"], are: { "Adam()": { ncmW1: { ...register, words } } } };
  const { _forms } = broughtUp({ _forms: { sizes: [{ samples: 1, registers }], operations: [] } });
  expect((_forms as Forms).sizes[0]!.quantities).toEqual({
    by: ["Adam()"],
    are: {
      "Adam()": {
        ncmW: {
          letter: "m\u0302",
          form: "W",
          mark: "W,new",
          words: "new mean for the weights of layer {layer}",
          one: "new mean for the weight",
        },
      },
    },
  });
});
