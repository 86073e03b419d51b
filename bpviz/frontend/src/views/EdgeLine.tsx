// One edge as a line: sign by colour and dashes, size by thickness, flow by arrow heads.

import type { VNode } from "preact";
import type { Edge } from "../geometry";
import { refKey } from "../refs";
import type { PanelState } from "../state";
import { usePanel } from "./context";

export type Flow = "left" | "right" | "none";

interface EdgeLineProps {
  edge: Edge;
  largest: number;
  flow: Flow;
  live: boolean;
}

/** Whether the current step reads or writes a number of an edge. */
export function isLive(state: PanelState, { layer, unit, from }: Edge): boolean {
  return ["W", "gW", "uW", "nW"].some((quantity) => {
    const ref = refKey({ register: quantity + layer, indices: [unit, from] });
    const { written, read } = state.roleOf(ref);
    return written || read;
  });
}

export function EdgeLine({ edge, largest, flow, live }: EdgeLineProps): VNode {
  const state = usePanel();
  const indices = [edge.unit, edge.from];
  const register = `W${edge.layer}`;
  const weight = state.values.value?.value({ register, indices }) ?? 0;
  const { pointed, selected } = state.roleOf(refKey({ register, indices }));
  const width = 1 + 2.6 * (largest ? Math.abs(weight) / largest : 0);
  const names = [
    "bpviz-edge",
    weight < 0 ? "bpviz-negative" : "bpviz-positive",
    live && "bpviz-live",
    (pointed || selected) && "bpviz-pointed",
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
