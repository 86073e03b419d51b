// A training panel: a run, or in its place an update of it step by step.

import type { VNode } from "preact";
import { countText } from "../program/numbers";
import { usePanel } from "../ui/context";
import { Lost } from "../ui/Lost";
import { useRun } from "./context";
import { useDoor } from "./door";
import { RunView } from "./RunView";
import type { WithSteps } from "./steps";
import { UpdateRow } from "./UpdateRow";

export function Training({ StepView }: WithSteps): VNode | null {
  const state = usePanel();
  const { place, stepping } = useRun();
  const content = state.content.value;
  const isStepping = stepping.value && (content?.total ?? 0) > 0;
  const box = useDoor(isStepping);
  if (!content) return null;
  if (state.isLost.value) return <Lost />;
  const { epoch, update } = place.value;
  const text = (count: number): string => countText(count, state.numbers.value);
  return (
    <div ref={box} class="bpviz-training">
      {isStepping ? (
        <>
          <UpdateRow />
          <StepView title={`Epoch ${text(epoch)}, update ${text(update)}, step by step`} />
        </>
      ) : (
        <RunView />
      )}
    </div>
  );
}
