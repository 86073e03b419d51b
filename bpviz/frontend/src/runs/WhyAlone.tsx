// Below a run and below the bug lab: why they go on without Python.

import type { VNode } from "preact";
import { usePanel } from "../ui/context";

/** The line, where the panel goes on alone; what stands above it does not move. */
export function WhyAlone(): VNode | null {
  const why = usePanel().offline.value;
  return why ? <p class="bpviz-soft bpviz-alone">{why}</p> : null;
}
