// The one place that knows how a ref is written: W1[1,0] is W with the subscript 1,2,1.

import type { ComponentChildren, VNode } from "preact";
import { h } from "preact";
import { isPerUnit } from "../program/notation";
import type { Program, Quantity } from "../protocol/program";
import { quantityOf, registerOf } from "../protocol/program";
import type { Ref } from "../program/refs";

/** An operator whose place in the formula, not in the markup, decides its spacing. */
export function mo(text: string, form: "prefix" | "infix" | "postfix"): VNode {
  return h("mo", { form, stretchy: "false" } as object, text);
}

/** Layer and indices from 1: "1,2,1"; empty for the whole of x. Row form turns weights over. */
export function subscript(program: Program, { register, indices }: Ref): string {
  const below: (string | number)[] = indices.map((index) => index + 1);
  if (program.notation?.vectors === "row" && isPerUnit(program, register)) below.reverse();
  const layer = register.slice(registerOf(program, register).quantity.length);
  return (layer ? [layer, ...below] : below).join(",");
}

function withScripts(letter: string, below: string, above?: VNode | ""): VNode {
  const base = <mi>{letter}</mi>;
  const lower = <mn>{below}</mn>;
  if (below && above) {
    return (
      <msubsup>
        {base}
        {lower}
        {above}
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
      {above}
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
  const { letter, form, mark } = quantityOf(program, ref.register);
  const above = sample ? <mn>({sample})</mn> : mark && <mtext>{mark}</mtext>;
  const of = withScripts(letter, subscript(program, ref), above);
  const [i, j] = ref.indices;
  switch (form) {
    case "∂L/∂W":
      return fraction(<mi>L</mi>, of);
    case "ΔW":
      return (
        <mrow>
          <mi mathvariant="normal">Δ</mi>
          {of}
        </mrow>
      );
    case "f′(a)": {
      if (j !== undefined) {
        const { layer } = registerOf(program, ref.register);
        const { letter: activation } = program.quantities["h"]!;
        return fraction(
          withScripts(activation, `${layer},${i! + 1}`, above),
          withScripts(letter, `${layer},${j + 1}`, above),
        );
      }
      return (
        <mrow>
          <mi>f</mi>
          {mo("′", "postfix")}
          {mo("(", "prefix")}
          {of}
          {mo(")", "postfix")}
        </mrow>
      );
    }
    default:
      return of;
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
export function shortName({ letter, form, mark = "" }: Quantity): string {
  const name = { W: letter, "∂L/∂W": `∂L/∂${letter}`, ΔW: `Δ${letter}`, "f′(a)": "f′" }[form];
  return mark.endsWith("new") ? `→ ${name}` : mark === "old" ? `old ${name}` : name;
}
