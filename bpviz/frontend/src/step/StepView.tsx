// The views of one update, under their head.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PanelState } from "../state/panel";
import { useDerived, usePanel } from "../ui/context";
import { LOST } from "../ui/Lost";
import { useWidth } from "../ui/useWidth";
import { Change } from "./Change";
import { Header } from "./Header";
import { Help } from "./Help";
import { Legend } from "./Legend";
import { Settings } from "./Settings";
import { Tables } from "./Tables";
import { Transport } from "./Transport";
import { Views } from "./Views";

/** The views of one update, laid out for the width. */
export function StepView({ title }: { title?: string }): VNode {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const hasNumbers = useDerived(() => state.values.value !== null, [state]);
  return (
    <div
      ref={box}
      class={useLate(state.awaited.value) ? "bpviz-step-view bpviz-awaited" : "bpviz-step-view"}
      aria-busy={state.awaited.value}
    >
      <Header title={title} />
      <Settings />
      <Help />
      {hasNumbers ? (
        <>
          <Views width={width} />
          <Change width={width} />
          <div class="bpviz-foot">
            <Legend folded={width < 640 || state.appearance.value.projector} />
            <Tables />
          </div>
          <Transport />
        </>
      ) : (
        <p class="bpviz-note" role="status">
          {waiting(state)}
        </p>
      )}
    </div>
  );
}

/** Whether something has been so for longer than anybody overlooks. */
function useLate(isSo: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!isSo) return;
    const timer = setTimeout(() => setLate(true), 250);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isSo]);
  return late;
}

function waiting(state: PanelState): string {
  if (state.isLost.value) return LOST;
  if (!state.content.value?.total) return "Nothing is trained yet.";
  return state.unreachable.value || "This update is on its way from Python.";
}
