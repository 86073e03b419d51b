// The choice of the sample where each has an update of its own.

import type { VNode } from "preact";
import { localised } from "../program/numbers";
import { useDerived, usePanel } from "./context";

export function FrameChooser({ onChoose }: { onChoose(frame: number): void }): VNode | null {
  const state = usePanel();
  const { names, total } = useDerived(() => {
    const { names, total } = state.content.value!;
    return { names, total };
  }, [state]);
  if (total < 2) return null;
  return (
    <label class="bpviz-chooser">
      <span class="bpviz-hidden">Sample</span>
      <select
        value={String(state.frame.value)}
        onChange={(event) => onChoose(Number(event.currentTarget.value))}
      >
        {Array.from({ length: total }, (_, k) => (
          <option key={k} value={String(k)}>
            {localised(names[k] ?? `sample ${k + 1}`, state.numbers.value)}
          </option>
        ))}
      </select>
    </label>
  );
}
