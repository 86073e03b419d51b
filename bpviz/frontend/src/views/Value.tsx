import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { HIDDEN } from "../frame";
import { formatNumber } from "../numbers";
import type { Ref } from "../refs";
import { parseRef } from "../refs";
import type { PanelState } from "../state";
import { useDerived, usePanel } from "./context";
import { roleClass } from "./math";

interface ValueProps {
  /** The ref of the number. */
  name: string;
  /** A mark in front of it, such as Δ. */
  before?: string;
  title?: string;
}

/** Numbers with so many characters are set smaller, so that they stay in their place. */
const LONG = 10;

/** A number of the frame at its place; a faint dot until its step is done. */
export function Value({ name, before = "", title }: ValueProps): VNode {
  const state = usePanel();
  const ref = useMemo(() => parseRef(name)!, [name]);
  const role = useDerived(() => roleClass(state.roleOf(name)), [state, name]);
  const { value, partial, isHidden } = useDerived(() => present(state, ref), [state, ref]);
  const text = value === null ? "" : formatNumber(value, state.numbers.value);
  const size = text.length >= LONG ? " bpviz-long" : "";
  return (
    <span class={`bpviz-value ${role}${size}`} data-ref={name} title={title}>
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

interface Present {
  value: number | null;
  /** Whether it is only the sum so far. */
  partial?: boolean;
  /** Whether the learner is asked for it. */
  isHidden?: boolean;
}

/** What is known of a number at the cursor: nothing, the sum so far, or all of it. */
function present(state: PanelState, ref: Ref): Present {
  const frame = state.values.value;
  if (!frame) return { value: null };
  if (frame.hides(ref)) return { value: null, isHidden: true };
  if (state.isKnown(ref)) return { value: frame.value(ref) };
  const step = state.step.value;
  if (!step || step.terms === 1) return { value: null };
  const summed = step.operation.writes === ref.register && step.indices[0] === ref.indices[0];
  if (!summed) return { value: null };
  return { value: frame.value({ ...ref, partial: step.term }), partial: true };
}
