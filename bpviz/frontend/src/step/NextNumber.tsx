// The choice of the number that comes next, by somebody who performs a whole pass.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { parseRef } from "../program/refs";
import { nameOf } from "../program/words";
import { usePanel } from "../ui/context";
import { RefName } from "../ui/RefName";
import { usePredicting } from "./asked";

interface NextNumberProps {
  /** The ref that is chosen; empty while none is. */
  value: string;
  onChange(value: string): void;
}

export function NextNumber({ value, onChange }: NextNumberProps): VNode {
  const program = usePanel().program.value!;
  const { offered } = usePredicting();
  // One group for each panel of the page; `useId` is unique in a panel only.
  const [group] = useState(() => `bpviz-${Math.random()}`);
  return (
    <fieldset class="bpviz-options">
      <legend class="bpviz-hidden">Numbers that are not known yet</legend>
      {offered.value.map((ref) => (
        <label key={ref} class="bpviz-switch">
          <input
            type="radio"
            name={group}
            checked={value === ref}
            aria-label={nameOf(program, parseRef(ref)!)}
            onChange={() => onChange(ref)}
          />
          <RefName program={program} name={ref} />
        </label>
      ))}
    </fieldset>
  );
}
