// Below a run and below the bug lab: why they go on without Python, as far as they do.

import type { VNode } from "preact";
import { usePanel } from "../ui/context";
import { useRun } from "./context";

/** The line, where the panel goes on alone; what stands above it does not move. */
export function WhyAlone(): VNode | null {
  const why = usePanel().offline.value;
  const isSaidAbove = useRun().training.ended.value !== "";
  return why && !isSaidAbove ? <p class="bpviz-soft bpviz-alone">{why}</p> : null;
}
