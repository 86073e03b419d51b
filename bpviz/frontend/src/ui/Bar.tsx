// The size of a number, drawn: a bar from a zero line, above 0 to the right, below 0 to the left
// and hatched.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { parseRef } from "../program/refs";
import { useDerived, usePanel } from "./context";

interface BarProps {
  /** The ref of the number. */
  name: string;
  /** The size of a full bar. */
  full: number;
}

/** The bar of a number that is known; before that nothing, and of 0 the zero line alone. */
export function Bar({ name, full }: BarProps): VNode {
  const state = usePanel();
  const ref = useMemo(() => parseRef(name)!, [name]);
  const value = useDerived(() => {
    const frame = state.values.value;
    return frame && state.isKnown(ref) ? frame.value(ref) : NaN;
  }, [state, ref]);
  return <span class="bpviz-bar">{Number.isFinite(value) && <Length {...{ value, full }} />}</span>;
}

/** The length alone, of a number that has no ref. */
export function Length({ value, full }: { value: number; full: number }): VNode {
  const share = full > 0 ? Math.min(1, Math.abs(value) / full) : 0;
  const side = value < 0 ? "negative" : "positive";
  return (
    <span class={`bpviz-length bpviz-bar-${side}`}>
      {value !== 0 && <i style={{ width: `${Math.max(3, share * 50).toFixed(1)}%` }} />}
    </span>
  );
}
