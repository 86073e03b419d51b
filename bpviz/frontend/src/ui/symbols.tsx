// The one place that knows how a ref is written: W1[1,0] is W with the subscript 1,2,1.

import type { ComponentChildren, VNode } from "preact";
import { h } from "preact";
import { isPerUnit, letterOf } from "../program/notation";
import type { Program, Quantity } from "../protocol/program";
import { registerOf } from "../protocol/program";
import type { Ref } from "../program/refs";

/** An operator whose place in the formula, not in the markup, decides its spacing. */
export function mo(text: string, form: "prefix" | "infix" | "postfix"): VNode {
  return h("mo", { form, stretchy: "false" } as object, text);
}

/** What an optimiser computes: new or not, corrected or not, its letters, W or b. */
const OPTIMIZERS = /^(n?)(c?)([a-z]+)([Wb])$/;
const HAT = "\u0302";

const UNLAYERED: readonly Quantity[] = ["x", "y", "loss", "learning_rate", "t", "nt"];

/** Layer and indices from 1: "1,2,1"; empty for the whole of x. Row form turns weights over. */
export function subscript(program: Program, ref: Ref): string {
  const { quantity, layer } = registerOf(program, ref.register);
  const indices = ref.indices.map((index) => index + 1);
  if (program.notation?.vectors === "row" && isPerUnit(program, ref.register)) indices.reverse();
  return (UNLAYERED.includes(quantity) ? indices : [layer, ...indices]).join(",");
}

function withScripts(letter: string, below: string, above = ""): VNode {
  const base = <mi>{letter}</mi>;
  const lower = <mn>{below}</mn>;
  const upper = /^[a-zW,]+$/.test(above) ? <mtext>{above}</mtext> : <mn>{above}</mn>;
  if (below && above) {
    return (
      <msubsup>
        {base}
        {lower}
        {upper}
      </msubsup>
    );
  }
  if (below) {
    return (
      <msub>
        {base}
        {lower}
      </msub>
    );
  }
  return above ? (
    <msup>
      {base}
      {upper}
    </msup>
  ) : (
    base
  );
}

function fraction(top: ComponentChildren, bottom: ComponentChildren): VNode {
  return (
    <mfrac>
      <mrow>
        <mi>∂</mi>
        {top}
      </mrow>
      <mrow>
        <mi>∂</mi>
        {bottom}
      </mrow>
    </mfrac>
  );
}

/** The symbol of a ref as MathML. */
export function symbol(program: Program, ref: Ref, sample = ""): VNode {
  const { quantity, layer } = registerOf(program, ref.register);
  const below = subscript(program, ref);
  const above = sample && `(${sample})`;
  const loss = <mi>L</mi>;
  const letter = (of: string): string => letterOf(of, program.notation);
  switch (quantity) {
    case "d":
      return withScripts("δ", below, above);
    case "loss":
      return loss;
    case "learning_rate":
      return <mi>η</mi>;
    case "e":
      return fraction(loss, withScripts(letter("h"), below, above));
    case "gW":
    case "gb":
      return fraction(loss, withScripts(quantity[1]!, below));
    case "uW":
    case "ub":
      return (
        <mrow>
          <mi mathvariant="normal">Δ</mi>
          {withScripts(quantity[1]!, below)}
        </mrow>
      );
    case "nW":
    case "nb":
      return withScripts(quantity[1]!, below, "new");
    case "pW":
    case "pb":
      return fraction(loss, withScripts(quantity[1]!, below, "old"));
    case "s": {
      const [i, j] = ref.indices;
      if (i !== undefined && j !== undefined) {
        return fraction(
          withScripts(letter("h"), `${layer},${i + 1}`, above),
          withScripts(letter("a"), `${layer},${j + 1}`, above),
        );
      }
      return (
        <mrow>
          <mi>f</mi>
          {mo("′", "postfix")}
          {mo("(", "prefix")}
          {withScripts(letter("a"), below, above)}
          {mo(")", "postfix")}
        </mrow>
      );
    }
    case "nt":
      return withScripts("t", "", "new");
    default: {
      const [, isNew, hat, own, parameter] = OPTIMIZERS.exec(quantity) ?? [];
      if (!own) return withScripts(letter(quantity), below, above);
      return withScripts(own + (hat ? HAT : ""), below, parameter! + (isNew ? ",new" : ""));
    }
  }
}

/** A variable in running text, set as in the formulas. */
export function Variable(props: { letter: string; below?: string | undefined }): VNode {
  return (
    <span class="bpviz-variable">
      <i>{props.letter}</i>
      {props.below && <sub>{props.below}</sub>}
    </span>
  );
}

/** The short name of a quantity inside the card of a unit, which says which unit it is. */
export function shortName(program: Program, quantity: Quantity): string {
  return quantity === "e"
    ? `∂L/∂${letterOf("h", program.notation)}`
    : letterOf(SHORT[quantity] ?? shortened(quantity), program.notation);
}

/** The name of what an optimiser computes: `v`, `→ v`, `m̂`. */
function shortened(quantity: Quantity): string {
  const [, isNew, hat, own] = OPTIMIZERS.exec(quantity) ?? [];
  return own ? `${isNew ? "→ " : ""}${own}${hat ? HAT : ""}` : quantity;
}

const SHORT: Readonly<Partial<Record<Quantity, string>>> = {
  x: "x",
  y: "y",
  W: "W",
  b: "b",
  a: "a",
  h: "h",
  s: "f′",
  e: "",
  d: "δ",
  loss: "L",
  gW: "∂L/∂W",
  gb: "∂L/∂b",
  uW: "ΔW",
  ub: "Δb",
  nW: "→ W",
  nb: "→ b",
  pW: "old ∂L/∂W",
  pb: "old ∂L/∂b",
  learning_rate: "η",
  t: "t",
  nt: "→ t",
};
