// One edge: its weight as a line, sign by colour and dashes, size by thickness; and what passes
// along it as a ribbon, as wide at each end as what enters and leaves there.

import type { VNode } from "preact";
import type { Phase } from "../protocol/program";
import { refKey } from "../program/refs";
import type { PanelState } from "../state/panel";
import { useDerived, usePanel } from "../ui/context";
import { phaseClass } from "../ui/phases";
import type { Flow } from "./flow";
import { passageOf } from "./flow";
import type { Edge } from "./geometry";

interface EdgeLineProps {
  edge: Edge;
  /** The largest weight of the edge's layer. */
  largest: number;
  flow: Flow;
  /** The weights through which the error comes back. */
  back: string | null;
  /** The number that a ribbon of full width stands for. */
  full: number;
  /** Whether the current step reads or writes a number of the edge. */
  live: boolean;
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

/** The widest ribbon, in pixels. */
const WIDEST = 15;

export function EdgeLine({ edge, largest, flow, back, full, live }: EdgeLineProps): VNode {
  const state = usePanel();
  const { weight, marked, onPath } = useDerived(() => {
    const ref = { register: `W${edge.layer}`, indices: [edge.unit, edge.from] };
    const { pointed, selected } = state.attention.to(refKey(ref));
    return {
      weight: state.values.value?.value(ref) ?? 0,
      marked: pointed || selected,
      onPath: state.attention.lit.value.has(refKey(ref)),
    };
  }, [state, edge]);
  const passage = useDerived(() => passageOf(state, edge, flow, back), [state, edge, flow, back]);
  const size = largest ? Math.abs(weight) / largest : 0;
  const names = [
    "bpviz-edge",
    weight < 0 ? "bpviz-negative" : "bpviz-positive",
    (live || passage) && "bpviz-lit",
    live && "bpviz-live",
    marked && "bpviz-pointed",
    onPath && "bpviz-on-path",
  ];
  return (
    <g class={names.filter(Boolean).join(" ")}>
      {passage && full > 0 && <Ribbon {...{ edge, passage, full, live }} />}
      <path d={edge.path} stroke-width={(1 + 3 * size).toFixed(2)} />
      {live && passage && <Chevrons edge={edge} back={passage.flow === "left"} />}
    </g>
  );
}

interface RibbonProps {
  edge: Edge;
  passage: { flow: "left" | "right"; enters: number; leaves: number };
  full: number;
  live: boolean;
}

/** A band that turns from the width of what enters into that of what leaves, and so its colour. */
function Ribbon({ edge, passage, full, live }: RibbonProps): VNode {
  const { enters, leaves, flow } = passage;
  const half = (value: number): number =>
    value === 0 ? 0 : Math.max(0.75, (Math.min(1, Math.abs(value) / full) * WIDEST) / 2);
  const [left, right] = flow === "right" ? [enters, leaves] : [leaves, enters];
  const side = leaves < 0 ? "negative" : "positive";
  return (
    <path
      class={`bpviz-ribbon bpviz-ribbon-${side}${live ? ` bpviz-pulse-${flow}` : ""}`}
      d={edge.band(half(left), half(right))}
    />
  );
}

/** Three small arrows along an edge. */
function Chevrons({ edge, back }: { edge: Edge; back: boolean }): VNode {
  const path = [0.42, 0.54, 0.66]
    .map((share) => {
      const { x, y, angle } = edge.along(share);
      const at = (dx: number, dy: number): string => {
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        return `${(x + dx * cos - dy * sin).toFixed(1)} ${(y + dx * sin + dy * cos).toFixed(1)}`;
      };
      const tail = back ? 4 : -4;
      return `M${at(tail, -4)}L${at(0, 0)}L${at(tail, 4)}`;
    })
    .join("");
  return <path class={`bpviz-chevrons bpviz-pulse-${back ? "left" : "right"}`} d={path} />;
}
