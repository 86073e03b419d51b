// After the last step: what the network gives for the same sample now, and what its loss is.

import type { VNode } from "preact";
import type { Geometry } from "./geometry";
import { ENDING, endingHeight } from "./geometry";
import { afterUpdate } from "../program/after";
import { toldApart } from "../program/numbers";
import type { Ref } from "../program/refs";
import { useDerived, usePanel } from "../ui/context";
import { NewDigits } from "../ui/NewDigits";
import { Variable } from "../ui/symbols";
import { place } from "./place";

export function Ending({ geometry }: { geometry: Geometry }): VNode | null {
  const state = usePanel();
  const isOver = useDerived(() => state.atEnd && state.step.value !== null, [state]);
  const frame = state.values.value;
  if (!isOver || !frame || state.asking.isOpen.value) return null;
  const { loss, columns } = geometry;
  const y = loss.y + loss.height + ENDING.gap;
  const { layer, cards } = columns.at(-1)!;
  const after = afterUpdate(frame);
  const letter = frame.program.quantities["h"]!.letter;
  const line = (ref: Ref, name: VNode): VNode => {
    const [old, now] = toldApart(frame.value(ref), after.value(ref), state.numbers.value);
    return (
      <div class="bpviz-line">
        {name}
        <span class="bpviz-long">
          <span class="bpviz-hidden">{old}, now</span>
          <NewDigits {...{ old, now }} />
        </span>
      </div>
    );
  };
  return (
    <div
      class="bpviz-card bpviz-ending"
      role="group"
      aria-label="After the update"
      style={place({ x: loss.x, y, width: loss.width, height: endingHeight(cards.length) })}
    >
      <b>After</b>
      {cards.map(({ unit }) =>
        line(
          { register: `h${layer}`, indices: [unit] },
          <Variable letter={letter} below={`${layer},${unit + 1}`} />,
        ),
      )}
      {line({ register: "loss", indices: [] }, <Variable letter="L" />)}
    </div>
  );
}
