import type { VNode } from "preact";
import { exactNumber } from "../program/numbers";
import { parseRef } from "../program/refs";
import { usePanel } from "../ui/context";
import { symbol } from "../ui/symbols";

/** A number with all its digits, behind its symbol. */
export function Exact({ name }: { name: string }): VNode {
  const state = usePanel();
  return (
    <p class="bpviz-exact" data-ref={name}>
      <math>{symbol(state.program.value!, parseRef(name)!)}</math> ={" "}
      <output>{exactNumber(state.numberOf(name), state.numbers.value)}</output>
    </p>
  );
}
