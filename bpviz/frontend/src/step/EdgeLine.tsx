// One edge as a line: sign by colour and dashes, size by thickness, flow by arrow heads.

import type { VNode } from "preact";
import type { Edge } from "../state/geometry";
import type { Phase } from "../protocol/program";
import { refKey } from "../program/refs";
import type { PanelState } from "../state/panel";
import { useDerived, usePanel } from "../ui/context";
import { phaseClass } from "../ui/phases";

export type Flow = "left" | "right" | "none";

interface EdgeLineProps {
  edge: Edge;
  /** The largest weight of the edge's layer. */
  largest: number;
  flow: Flow;
  /** The phase of the step that the edge takes part in, if it does. */
  live: Phase | undefined;
}

/** The class of a line that takes part in the current step. */
export function liveClass(phase: Phase | undefined): string {
  return `bpviz-live ${phaseClass(phase)}`;
}

/** Whether the current step reads or writes a number of an edge. */
export function isLive(state: PanelState, { layer, unit, from }: Edge): boolean {
  return ["W", "gW", "uW", "nW"].some((quantity) => {
    const ref = refKey({ register: quantity + layer, indices: [unit, from] });
    const { written, read } = state.roleOf(ref);
    return written || read;
  });
}

/** Whether the current step takes an output to the loss, or brings its ∂L/∂h back. */
export function isWireLive(state: PanelState, layer: number, unit: number): boolean {
  if (state.step.value?.operation.phase !== "loss") return false;
  return ["h", "e"].some((quantity) => {
    const ref = refKey({ register: quantity + layer, indices: [unit] });
    const { written, read } = state.roleOf(ref);
    return written || read;
  });
}

export function EdgeLine({ edge, largest, flow, live }: EdgeLineProps): VNode {
  const state = usePanel();
  const { weight, marked } = useDerived(() => {
    const ref = { register: `W${edge.layer}`, indices: [edge.unit, edge.from] };
    const { pointed, selected } = state.attention.to(refKey(ref));
    return { weight: state.values.value?.value(ref) ?? 0, marked: pointed || selected };
  }, [state, edge]);
  const width = 1 + 2.6 * (largest ? Math.abs(weight) / largest : 0);
  const names = [
    "bpviz-edge",
    weight < 0 ? "bpviz-negative" : "bpviz-positive",
    live && liveClass(live),
    marked && "bpviz-pointed",
  ];
  return (
    <g class={names.filter(Boolean).join(" ")}>
      <path d={edge.path} stroke-width={(live ? width + 1 : width).toFixed(2)} />
      {live && flow === "right" && <Arrow at={edge.end} flow="right" />}
      {live && flow === "left" && <Arrow at={edge.start} flow="left" />}
    </g>
  );
}

export function Arrow({ at, flow }: { at: { x: number; y: number }; flow: Flow }): VNode {
  const back = flow === "right" ? -9 : 9;
  const { x, y } = at;
  return <polygon points={`${x},${y} ${x + back},${y - 5} ${x + back},${y + 5}`} />;
}
