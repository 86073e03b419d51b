// A ref in running text: W₁,₁,₂, ∂L/∂h₁, f′(a₁).

import type { VNode } from "preact";
import type { Program } from "../protocol/program";
import { quantityOf } from "../protocol/program";
import { parseRef } from "../program/refs";
import { shortName, subscript } from "./symbols";

export function RefName({ program, name }: { program: Program; name: string }): VNode {
  const ref = parseRef(name)!;
  const { mark = "", ...plain } = quantityOf(program, ref.register);
  const below = subscript(program, ref);
  const isSlope = plain.form === "f′(a)";
  return (
    <span class="bpviz-variable">
      <i>{isSlope ? `f′(${plain.letter}` : shortName(plain)}</i>
      {below && <sub>{below}</sub>}
      {isSlope && <i>)</i>}
      {/new|old/.exec(mark)?.map((word) => ` ${word}`)}
    </span>
  );
}
