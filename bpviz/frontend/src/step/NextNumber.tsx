// The choice of the number that comes next, by somebody who performs a whole pass.

import type { VNode } from "preact";
import { parseRef } from "../program/refs";
import { nameOf } from "../program/words";
import { usePanel } from "../ui/context";
import { useName } from "../ui/id";
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
  const group = useName();
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
