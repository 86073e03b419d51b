// What lies between the cards: edges with what passes along them, their weights, and the wires to
// the loss.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { Edge, Geometry } from "./geometry";
import type { Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import { unitKey } from "../program/paths";
import { refKey } from "../program/refs";
import type { PanelState } from "../state/panel";
import { useDerived, usePanel } from "../ui/context";
import { Value } from "../ui/Value";
import { EdgeLine, isLive, isWireLive, liveClass } from "./EdgeLine";
import { flowOf, passageOf, weightsBack } from "./flow";
import { place } from "./place";

interface EdgesProps {
  program: Program;
  geometry: Geometry;
}

export function Edges({ program, geometry }: EdgesProps): VNode {
  const state = usePanel();
  const row = state.values.value?.row;
  const { sizes, activations } = program.network;
  const largest = useMemo(
    () => sizes.map((_, l) => (l && row ? largestWeight(program, row, l) : 0)),
    [program, row],
  );
  const back = useMemo(() => sizes.map((_, l) => (l ? weightsBack(program, l) : null)), [program]);
  const operation = useDerived(() => state.step.value?.operation, [state]);
  const flow = operation ? flowOf(program, operation) : "none";
  const phase = operation?.phase;
  const full = useDerived(() => {
    const most = sizes.map(() => 0);
    for (const edge of geometry.edges) {
      const passage = passageOf(state, edge, flow, back[edge.layer]!);
      if (!passage) continue;
      const size = Math.max(Math.abs(passage.enters), Math.abs(passage.leaves));
      most[edge.layer] = Math.max(most[edge.layer]!, size);
    }
    return most;
  }, [state, geometry, flow, back]);
  const live = useDerived(
    () => geometry.edges.filter((edge) => isLive(state, edge)),
    [state, geometry],
  );
  const last = activations.length;
  const liveWires = useDerived(
    () => geometry.wires.filter(({ unit }) => isWireLive(state, last, unit)),
    [state, geometry, last],
  );
  const { lit } = state.attention;
  const litWires = useDerived(
    () => geometry.wires.filter(({ unit }) => lit.value.has(unitKey(last, unit))),
    [state, geometry, last],
  );
  const hasPaths = useDerived(() => lit.value.size > 0, [state]);
  // Those of the current step lie on top.
  const places = [...geometry.edges.keys()];
  const isNow = (k: number): boolean => live.includes(geometry.edges[k]!);
  const ordered = [...places.filter((k) => !isNow(k)), ...places.filter(isNow)];
  return (
    <svg
      class={hasPaths ? "bpviz-edges bpviz-with-paths" : "bpviz-edges"}
      width={geometry.width}
      height={geometry.height}
      aria-hidden="true"
    >
      {geometry.bundles.map((path) => (
        <path class="bpviz-bundle" d={path} />
      ))}
      {ordered.map((k) => {
        const edge = geometry.edges[k]!;
        return (
          <EdgeLine
            key={k}
            edge={edge}
            largest={largest[edge.layer]!}
            flow={flow}
            back={back[edge.layer]!}
            full={full[edge.layer]!}
            live={isNow(k)}
          />
        );
      })}
      {geometry.wires.map((wire) => (
        <g
          key={wire.unit}
          class={[
            "bpviz-wire",
            liveWires.includes(wire) && liveClass(phase),
            litWires.includes(wire) && "bpviz-on-path",
          ]
            .filter(Boolean)
            .join(" ")}
        >
          <path d={wire.path} />
        </g>
      ))}
    </svg>
  );
}

/** The largest weight of a layer, which its thickest edge stands for. */
function largestWeight(program: Program, row: Float64Array, layer: number): number {
  const { start, shape } = registerOf(program, `W${layer}`);
  let largest = 0;
  for (let k = start; k < start + shape[0]! * shape[1]!; k++) {
    largest = Math.max(largest, Math.abs(row[k]!));
  }
  return largest;
}

/** What stands beside a weight or bias: its gradient, its change, its new value. */
const FOLLOWING = [
  { prefix: "n", mark: "→\u2009", words: "new value, underlined where it differs" },
  { prefix: "u", mark: "Δ\u2009", words: "change" },
  { prefix: "g", mark: "∂\u2009", words: "gradient" },
] as const;

/** The newest of what a weight or bias has become so far, or else where its gradient will be. */
export function Following({ parameter, indices }: { parameter: string; indices: number[] }): VNode {
  const state = usePanel();
  const { prefix, mark } = useDerived(
    () => newestOf(state, parameter, indices) ?? FOLLOWING[2],
    [state, parameter, indices.join()],
  );
  return <Value name={refKey({ register: prefix + parameter, indices })} before={mark} quiet />;
}

function newestOf(state: PanelState, parameter: string, indices: readonly number[]) {
  const { registers } = state.program.value!;
  return FOLLOWING.find(
    ({ prefix }) =>
      prefix + parameter in registers && state.isKnown({ register: prefix + parameter, indices }),
  );
}

/** The marks that stand before numbers beside weights and biases now, and what they mean. */
export function marksNow(state: PanelState): [mark: string, words: string][] {
  const program = state.program.value!;
  const followed = state.views.followed.value;
  const letters = followed === "weights and biases" ? ["W", "b"] : ["W"];
  const found = program.network.activations.flatMap((_, k) =>
    letters.flatMap((letter) => {
      const parameter = `${letter}${k + 1}`;
      const last = registerOf(program, parameter).shape.map((length) => length - 1);
      // They come in their order: what stands anywhere stands beside the first or the last.
      return [last.map(() => 0), last].map((indices) => newestOf(state, parameter, indices));
    }),
  );
  const shown = followed !== "nothing" ? FOLLOWING : state.atEnd ? [FOLLOWING[0]] : [];
  return shown.filter((one) => found.includes(one)).map(({ mark, words }) => [mark, words]);
}

/** Whether a new weight or bias stands for the old one: after the last step, without room for both. */
export function useReplaced(
  parameter: string,
  indices: readonly number[],
  isNarrow: boolean,
): boolean {
  const state = usePanel();
  return useDerived(
    () => isNarrow && state.atEnd && newestOf(state, parameter, indices) === FOLLOWING[0],
    [state, parameter, indices.join(), isNarrow],
  );
}

/**
 * The weight above its edge; below it the gradient, then the change, then the new weight. Where both
 * have no room, the new weight takes the place of the old one after the last step.
 */
export function EdgeLabel({ edge, lines }: { edge: Edge; lines: 1 | 2 }): VNode {
  const parameter = `W${edge.layer}`;
  const indices = [edge.unit, edge.from];
  const name = refKey({ register: parameter, indices });
  const isNew = useReplaced(parameter, indices, lines === 1);
  const following = <Following parameter={parameter} indices={indices} />;
  return (
    <div class={`bpviz-label bpviz-label-${lines}`} style={place(edge.label)}>
      <div>{isNew ? following : <Value name={name} />}</div>
      {lines > 1 && <div>{following}</div>}
    </div>
  );
}
