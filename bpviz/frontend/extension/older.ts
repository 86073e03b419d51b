// What notebooks of earlier versions hold, as this one writes it; bpviz/panels/older.py does the same.

import type { Values } from "../src/state/wire";
import type { Program, Quantity, Register } from "../src/protocol/program";

type Quantities = Record<string, Quantity>;
type Worded = Register & { words: string };
interface Size {
  quantities?: object;
  registers: { by: string[]; are: Record<string, Record<string, Worded>> };
}

/** In version 1 registers had words of their own, and the browser knew the quantities. */
const VERSION_1: Quantities = Object.fromEntries(
  (
    [
      ["learning_rate", "η", "W", "", "learning rate", "learning rate"],
      ["x", "x", "W", "", "input", "input"],
      ["y", "y", "W", "", "target", "target"],
      ["W", "W", "W", "", "weight", ""],
      ["b", "b", "W", "", "bias of", "bias"],
      ["a", "a", "W", "", "aggregate of", "aggregate"],
      ["h", "h", "W", "", "activation of", "activation"],
      ["s", "a", "f′(a)", "", "derivative of the activation function at", "derivative"],
      ["e", "h", "∂L/∂W", "", "error that arrives at", "error that arrives"],
      ["d", "δ", "W", "", "delta of", "delta, ∂L/∂a"],
      ["loss", "L", "W", "", "loss of the sample", "loss of the sample"],
      ["gW", "W", "∂L/∂W", "", "gradient of the weight", "gradient"],
      ["gb", "b", "∂L/∂W", "", "gradient of the bias of", ""],
      ["uW", "W", "ΔW", "", "change of the weight", ""],
      ["ub", "b", "ΔW", "", "change of the bias of", ""],
      ["nW", "W", "W", "new", "new weight", ""],
      ["nb", "b", "W", "new", "new bias of", ""],
      ["pW", "W", "∂L/∂W", "old", "gradient left over of the weight", ""],
      ["pb", "b", "∂L/∂W", "old", "gradient left over of the bias of", ""],
    ] as [string, string, Quantity["form"], string, string, string][]
  ).map(([name, letter, form, mark, one, legend]) => [
    name,
    { letter, form, mark, words: "", one, legend },
  ]),
);

/** The values of a panel with programs as this version writes them. */
export function broughtUp(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isOlder(value) ? whole(value) : value]),
  );
}

type Older = Partial<Program> & { registers: Record<string, Worded>; sizes?: Size[] };

function isOlder(value: unknown): value is Older {
  if (typeof value !== "object" || value === null || "quantities" in value) return false;
  return "registers" in value || "sizes" in value;
}

function whole(value: Older): object {
  const { sizes, registers } = value;
  if (!sizes) return { ...value, version: 2, quantities: quantities(registers) };
  const withQuantities = (size: Size): object => {
    if (size.quantities) return size;
    const { by, are } = size.registers;
    const all = Object.entries(are).map(([key, one]) => [key, quantities(one)]);
    return { ...size, quantities: { by, are: Object.fromEntries(all) as object } };
  };
  return { ...value, sizes: sizes.map(withQuantities) };
}

function quantities(registers: Record<string, Worded>): Quantities {
  const found = Object.values(registers).map((register): [string, Quantity] => {
    const words = register.words.replace(`layer ${register.layer}`, "layer {layer}");
    const known = VERSION_1[register.quantity] ?? carried(register.quantity, words);
    return [register.quantity, { ...known, words }];
  });
  return Object.fromEntries(found);
}

/** What an optimiser has added: new or not, corrected or not, its letters, W or b. */
function carried(name: string, words: string): Quantity {
  const [, isNew, hat, own = name, parameter = ""] = /^(n?)(c?)([a-z]+?)([Wb]?)$/.exec(name) ?? [];
  const mark = [parameter, isNew && "new"].filter(Boolean).join();
  const [noun] = words.split(" for the ");
  const one = `${noun} for the ${parameter === "W" ? "weight" : "bias of"}`;
  return { letter: own + (hat ? "\u0302" : ""), form: "W", mark, words, one };
}
