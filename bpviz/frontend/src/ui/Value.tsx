import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { HIDDEN, newOf, oldOf } from "../program/frame";
import { formatNumber, toldApart } from "../program/numbers";
import type { Ref } from "../program/refs";
import { parseRef } from "../program/refs";
import { isEditable } from "../state/editing";
import type { PanelState } from "../state/panel";
import { useDerived, usePanel } from "./context";
import { roleClass } from "./math";
import { NewDigits } from "./NewDigits";

interface ValueProps {
  /** The ref of the number. */
  name: string;
  /** A mark in front of it, such as Δ. */
  before?: string;
  title?: string | undefined;
  /** Leave its place empty while nothing is known, even where the step fills its register. */
  quiet?: boolean;
}

/** Numbers with so many characters are set smaller, so that they stay in their place. */
const LONG = 10;
/** Biases have less room: the old one stands beside the new one, both cut where they are long. */
const LONG_BIAS = 8;
const BIAS = /^n?b/;

/**
 * A number of the frame at its place. Until its step is done there is nothing; an empty slot in
 * the register that is being filled.
 */
export function Value({ name, before = "", title, quiet = false }: ValueProps): VNode {
  const state = usePanel();
  const ref = useMemo(() => parseRef(name)!, [name]);
  const role = useDerived(() => roleClass(state.roleOf(name)), [state, name]);
  const { text, old, partial, isHidden, isNext } = useDerived(
    () => present(state, ref),
    [state, ref],
  );
  const was = useDerived(() => wasBefore(state, name), [state, name]);
  const long = BIAS.test(name) ? LONG_BIAS : LONG - (before ? 1 : 0);
  const size = text && text.length >= long ? " bpviz-long" : "";
  return (
    <span class={`bpviz-value ${role}${size}`} data-ref={name} title={title}>
      {was !== null && <s class="bpviz-was">{was}</s>}
      {before && text !== null && <span class="bpviz-before">{before}</span>}
      {isHidden ? (
        <span class="bpviz-asked">
          <span aria-hidden="true">{HIDDEN}</span>
          <span class="bpviz-hidden">asked for</span>
        </span>
      ) : text === null ? (
        <span class={isNext && !quiet ? "bpviz-unknown bpviz-slot" : "bpviz-unknown"}>
          <span class="bpviz-hidden">not computed yet</span>
        </span>
      ) : (
        <span class={partial ? "bpviz-partial" : undefined}>
          {old === undefined ? text : <NewDigits old={old} now={text} />}
        </span>
      )}
    </span>
  );
}

/** What a given number was before it was changed, in few digits. */
function wasBefore(state: PanelState, name: string): string | null {
  if (!isEditable(name, state.program.value?.network) || !state.values.value) return null;
  const was = state.changing.wasOf(name);
  const { digits } = state.numbers.value;
  return was === null
    ? null
    : formatNumber(was, { ...state.numbers.value, digits: Math.min(digits, 3) });
}

interface Present {
  text: string | null;
  /** The number in whose place it comes. */
  old?: string;
  /** Whether it is only the sum so far. */
  partial?: boolean;
  /** Whether the learner is asked for it. */
  isHidden?: boolean;
  /** Whether its register is being filled. */
  isNext?: boolean;
}

/** What is known of a number at the cursor: nothing, the sum so far, or all of it. */
function present(state: PanelState, ref: Ref): Present {
  const frame = state.values.value;
  if (!frame) return { text: null };
  if (frame.hides(ref)) return { text: null, isHidden: true };
  const style = state.numbers.value;
  const now = newOf(frame.program, ref);
  const beside = now !== null && state.isKnown(now);
  if (state.isKnown(ref)) {
    const text = frame.text(ref, style, beside);
    const short = formatNumber(frame.value(ref), style);
    const isCut = BIAS.test(ref.register) && text.length >= LONG && short !== text;
    if (isCut) return { text: `${short}…` };
    const old = oldOf(frame.program, ref);
    return old ? { text, old: toldApart(frame.truth(old), frame.truth(ref), style)[0] } : { text };
  }
  const step = state.step.value;
  if (step?.operation.writes !== ref.register) return { text: null };
  if (step.terms === 1 || step.indices[0] !== ref.indices[0]) return { text: null, isNext: true };
  const soFar = frame.value({ ...ref, partial: step.term });
  return { text: formatNumber(soFar, style), partial: true };
}
