// A ref in running text: W₁,₁,₂, ∂L/∂h₁, f′(a₁).

import type { VNode } from "preact";
import { letterOf } from "../program/notation";
import type { Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import { parseRef } from "../program/refs";
import { shortName, subscript } from "./symbols";

export function RefName({ program, name }: { program: Program; name: string }): VNode {
  const ref = parseRef(name)!;
  const { quantity } = registerOf(program, ref.register);
  const isNew = quantity === "nW" || quantity === "nb";
  const below = subscript(program, ref);
  const letter =
    quantity === "s"
      ? `f′(${letterOf("a", program.notation)}`
      : isNew
        ? quantity[1]
        : shortName(program, quantity);
  return (
    <span class="bpviz-variable">
      <i>{letter}</i>
      {below && <sub>{below}</sub>}
      {quantity === "s" && <i>)</i>}
      {isNew && " new"}
    </span>
  );
}
