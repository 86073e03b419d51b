import type { VNode } from "preact";
import { HIDDEN } from "../frame";
import { formatNumber } from "../numbers";
import type { Ref } from "../refs";
import { parseRef } from "../refs";
import type { PanelState } from "../state";
import { usePanel } from "./context";
import { roleClass } from "./math";

interface ValueProps {
  /** The ref of the number. */
  name: string;
  /** A mark in front of it, such as Δ. */
  before?: string;
  title?: string;
}

const NOTHING = { value: null, partial: false };

/** Numbers with so many characters are set smaller, so that they stay in their place. */
const LONG = 10;

/** A number of the frame at its place; a faint dot until its step is done. */
export function Value({ name, before = "", title }: ValueProps): VNode {
  const state = usePanel();
  const ref = parseRef(name)!;
  const isHidden = state.values.value?.hides(ref) ?? false;
  const { value, partial } = isHidden ? NOTHING : present(state, ref);
  const text = value === null ? "" : formatNumber(value, state.numbers.value);
  const size = text.length >= LONG ? " bpviz-long" : "";
  return (
    <span
      class={`bpviz-value ${roleClass(state.roleOf(name))}${size}`}
      data-ref={name}
      title={title}
    >
      {before && <span class="bpviz-before">{before}</span>}
      {isHidden ? (
        <span class="bpviz-asked">
          <span aria-hidden="true">{HIDDEN}</span>
          <span class="bpviz-hidden">asked for</span>
        </span>
      ) : value === null ? (
        <span class="bpviz-unknown">
          <span aria-hidden="true">·</span>
          <span class="bpviz-hidden">not computed yet</span>
        </span>
      ) : (
        <span class={partial ? "bpviz-partial" : undefined}>{text}</span>
      )}
    </span>
  );
}

/** What is known of a number at the cursor: nothing, the sum so far, or all of it. */
function present(state: PanelState, ref: Ref): { value: number | null; partial: boolean } {
  const frame = state.values.value;
  if (!frame) return { value: null, partial: false };
  if (state.isKnown(ref)) return { value: frame.value(ref), partial: false };
  const step = state.step.value;
  if (!step || step.terms === 1) return { value: null, partial: false };
  const summed = step.operation.writes === ref.register && step.indices[0] === ref.indices[0];
  if (!summed) return { value: null, partial: false };
  return { value: frame.value({ ...ref, partial: step.term }), partial: true };
}
