// The network: cards for units, edges with their weights, every number at its place.

import type { VNode } from "preact";
import { Fragment } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Card, Edge, Geometry } from "../state/geometry";
import { cardLines, largestWeight, layOut } from "../state/geometry";
import { letterOf } from "../program/notation";
import type { Operation, Phase, Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import { refKey } from "../program/refs";
import type { Flow } from "./EdgeLine";
import { Arrow, EdgeLine, isLive, isWireLive, liveClass } from "./EdgeLine";
import { Value } from "../ui/Value";
import { useDerived, usePanel } from "../ui/context";
import { Variable, shortName } from "../ui/symbols";

/** The height of the line of flow, between headings and cards. */
const FLOW = 26;

export function Diagram({ width }: { width: number }): VNode | null {
  const state = usePanel();
  const program = state.program.value;
  const starts = state.windows.value;
  const { digits } = state.numbers.value;
  const geometry = useMemo(
    () => (program && width > 0 ? layOut(program, width, starts, digits) : null),
    [program, width, starts, digits],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const operation = useDerived(() => state.step.value?.operation, [state]);
  useEffect(() => {
    const box = scroller.current;
    if (box && geometry && geometry.width > box.clientWidth) follow(box, geometry, operation);
  }, [geometry, operation]);
  const content = useMemo(
    () => program && geometry && <Content program={program} geometry={geometry} />,
    [program, geometry],
  );

  if (!program || !geometry) return <div ref={scroller} />;
  return (
    <div
      ref={scroller}
      class="bpviz-scroll"
      data-view="diagram"
      tabIndex={0}
      role="group"
      aria-label={`Diagram of the network ${program.network.sizes.join("-")}`}
    >
      <div
        class={`bpviz-diagram bpviz-${geometry.density.name}`}
        style={{ width: `${geometry.width}px`, height: `${geometry.height}px` }}
      >
        {content}
      </div>
    </div>
  );
}

/**
 * What is drawn once; each number and each edge in it follows the steps by itself. Keys are
 * places: where other units of a wide layer come into sight, the same elements show them.
 */
function Content({ program, geometry }: { program: Program; geometry: Geometry }): VNode {
  const state = usePanel();
  const { density, columns, edges } = geometry;
  return (
    <>
      <Edges program={program} geometry={geometry} />
      {columns.map((column) => (
        <Fragment key={column.layer}>
          <div class="bpviz-heading" style={{ left: `${column.x}px`, width: `${column.width}px` }}>
            {heading(program, column.layer)}
          </div>
          {column.cards.map((card, k) =>
            card.layer === 0 ? (
              <InputCard key={k} card={card} compact={!density.sideBySide} />
            ) : (
              <UnitCard key={k} card={card} program={program} sideBySide={density.sideBySide} />
            ),
          )}
          {column.more.map((more) => (
            <button
              key={more.towards}
              type="button"
              class="bpviz-more"
              style={place(more)}
              title={`Show some of the other ${more.count} units`}
              onClick={() => state.reveal(more.layer, more.towards)}
            >
              {density.sideBySide || more.layer ? `⋮ ${more.count} more` : `+${more.count}`}
            </button>
          ))}
        </Fragment>
      ))}
      {edges.map((edge, k) => (
        <EdgeLabel key={k} edge={edge} />
      ))}
      <LossCard geometry={geometry} />
    </>
  );
}

function place(box: { x: number; y: number; width: number; height: number }): {
  [name: string]: string;
} {
  return {
    left: `${box.x}px`,
    top: `${box.y}px`,
    width: `${box.width}px`,
    height: `${box.height}px`,
  };
}

function heading(program: Program, layer: number): VNode {
  if (layer === 0) return <b>Input</b>;
  return (
    <>
      <b>Layer {layer}</b> {program.network.activations[layer - 1]}
    </>
  );
}

/** Keep what the step is about in sight where the drawing is wider than its place. */
function follow(box: HTMLElement, geometry: Geometry, operation: Operation | undefined): void {
  const layer = operation?.layer ?? 0;
  const column = geometry.columns[layer];
  if (!column) return;
  const isLoss = operation?.phase === "loss";
  const right = isLoss ? geometry.loss.x + geometry.loss.width : column.x + column.width;
  const left = operation ? column.x - geometry.density.label - 30 : 0;
  const seen = left >= box.scrollLeft && right <= box.scrollLeft + box.clientWidth;
  if (seen) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const target = isLoss ? right - box.clientWidth : Math.min(left, right - box.clientWidth + 8);
  box.scrollTo({ left: target, behavior: calm ? "auto" : "smooth" });
}

function Edges({ program, geometry }: { program: Program; geometry: Geometry }): VNode {
  const state = usePanel();
  const row = state.values.value?.row;
  const largest = useMemo(
    () => program.network.sizes.map((_, l) => (l && row ? largestWeight(program, row, l) : 0)),
    [program, row],
  );
  const operation = useDerived(() => state.step.value?.operation, [state]);
  const flow = operation ? flowOf(program, operation) : "none";
  const phase = operation?.phase;
  const live = useDerived(
    () => geometry.edges.filter((edge) => isLive(state, edge)),
    [state, geometry],
  );
  const last = program.network.activations.length;
  const liveWires = useDerived(
    () => geometry.wires.filter(({ unit }) => isWireLive(state, last, unit)),
    [state, geometry, last],
  );
  // Those of the current step lie on top.
  const places = [...geometry.edges.keys()];
  const isNow = (k: number): boolean => live.includes(geometry.edges[k]!);
  const ordered = [...places.filter((k) => !isNow(k)), ...places.filter(isNow)];
  return (
    <svg class="bpviz-edges" width={geometry.width} height={geometry.height} aria-hidden="true">
      <FlowLine geometry={geometry} flow={flow} phase={phase} />
      {geometry.bundles.map((path) => (
        <path class="bpviz-bundle" d={path} />
      ))}
      {ordered.map((k) => (
        <EdgeLine
          key={k}
          edge={geometry.edges[k]!}
          largest={largest[geometry.edges[k]!.layer]!}
          flow={isNow(k) ? flow : "none"}
          live={isNow(k) ? phase : undefined}
        />
      ))}
      {geometry.wires.map((wire) => {
        const isNow = liveWires.includes(wire);
        return (
          <g key={wire.unit} class={isNow ? `bpviz-wire ${liveClass(phase)}` : "bpviz-wire"}>
            <path d={wire.path} />
            {isNow && flow === "right" && <Arrow at={wire.end} flow="right" />}
            {isNow && flow === "left" && <Arrow at={wire.start} flow="left" />}
          </g>
        );
      })}
    </svg>
  );
}

/** A line along the top that says which way numbers run now. */
function FlowLine(props: { geometry: Geometry; flow: Flow; phase: Phase | undefined }): VNode {
  const { geometry, flow, phase } = props;
  const left = geometry.columns[0]!.x;
  const right = geometry.loss.x + geometry.loss.width;
  return (
    <g class={flow === "none" ? "bpviz-flow" : `bpviz-flow ${liveClass(phase)}`}>
      <path d={`M${left} ${FLOW}H${right}`} />
      {flow === "right" && <Arrow at={{ x: right, y: FLOW }} flow="right" />}
      {flow === "left" && <Arrow at={{ x: left, y: FLOW }} flow="left" />}
    </g>
  );
}

/** Which way an operation sends numbers along the edges. */
function flowOf(program: Program, operation: Operation): Flow {
  if (operation.phase === "update") return "none";
  const { quantity } = registerOf(program, operation.writes);
  return ["a", "h", "loss"].includes(quantity) ? "right" : "left";
}

function InputCard({ card, compact }: { card: Card; compact: boolean }): VNode {
  const index = String(card.unit + 1);
  return (
    <div class={`bpviz-card bpviz-input${compact ? " bpviz-tall" : ""}`} style={place(card)}>
      <Variable letter="x" below={index} />
      <Value name={refKey({ register: "x", indices: [card.unit] })} />
    </div>
  );
}

function UnitCard(props: { card: Card; program: Program; sideBySide: boolean }): VNode {
  const { card, program, sideBySide } = props;
  const { forward, backward } = cardLines(program, card.layer);
  const line = (register: string): VNode => {
    const { quantity, shape } = registerOf(program, register);
    const matrix = quantity === "s" && shape.length === 3;
    return (
      <div class="bpviz-line" key={register}>
        <span class="bpviz-quantity">{shortName(program, quantity)}</span>
        {quantity === "nb" ? (
          <NewBias layer={card.layer} unit={card.unit} />
        ) : matrix ? (
          <Value
            name={refKey({ register, indices: [card.unit, card.unit] })}
            title={`∂h/∂a of this unit itself; the whole row has ${shape[2]} numbers`}
          />
        ) : (
          <Value name={refKey({ register, indices: [card.unit] })} />
        )}
      </div>
    );
  };
  return (
    <div
      class={`bpviz-card bpviz-unit ${sideBySide ? "bpviz-beside" : "bpviz-below"}`}
      style={place(card)}
    >
      <div class="bpviz-unit-name">
        <Variable
          letter={letterOf("h", program.notation)}
          below={`${card.layer},${card.unit + 1}`}
        />
      </div>
      <div class="bpviz-sides">
        <div class="bpviz-side bpviz-forward-side">{forward.map(line)}</div>
        <div class="bpviz-side bpviz-backward-side">{backward.map(line)}</div>
      </div>
    </div>
  );
}

/** The new bias once it is known; before that the change, while that is what is known. */
function NewBias({ layer, unit }: { layer: number; unit: number }): VNode {
  const state = usePanel();
  const change = { register: `ub${layer}`, indices: [unit] };
  const result = { register: `nb${layer}`, indices: [unit] };
  const onlyChange = useDerived(
    () => state.isKnown(change) && !state.isKnown(result),
    [state, layer, unit],
  );
  return onlyChange ? (
    <Value name={refKey(change)} before={"Δ\u2009"} />
  ) : (
    <Value name={refKey(result)} />
  );
}

/** The weight above its edge; below it the gradient, then the change or the new weight. */
function EdgeLabel({ edge }: { edge: Edge }): VNode {
  const state = usePanel();
  const indices = [edge.unit, edge.from];
  const of = (prefix: string): { register: string; indices: number[] } => ({
    register: `${prefix}W${edge.layer}`,
    indices,
  });
  const onlyChange = useDerived(
    () => state.isKnown(of("u")) && !state.isKnown(of("n")),
    [state, edge],
  );
  return (
    <div class="bpviz-label" style={place(edge.label)}>
      <div>
        <Value name={refKey(of(""))} />
      </div>
      <div>
        <Value name={refKey(of("g"))} before={"∂\u2009"} />
      </div>
      <div>
        {onlyChange ? (
          <Value name={refKey(of("u"))} before={"Δ\u2009"} />
        ) : (
          <Value name={refKey(of("n"))} before={"→\u2009"} />
        )}
      </div>
    </div>
  );
}

function LossCard({ geometry }: { geometry: Geometry }): VNode {
  const outputs = geometry.columns.at(-1)!;
  const hidden = outputs.units - outputs.cards.length;
  return (
    <>
      <div
        class="bpviz-heading"
        style={{ left: `${geometry.loss.x}px`, width: `${geometry.loss.width}px` }}
      >
        <b>Loss</b>
      </div>
      <div class="bpviz-card bpviz-loss" style={place(geometry.loss)}>
        <div class="bpviz-unit-name">{hidden > 0 ? `target (${outputs.units})` : "target"}</div>
        {outputs.cards.map(({ unit }) => (
          <div class="bpviz-line" key={unit}>
            <Variable letter="y" below={String(unit + 1)} />
            <Value name={refKey({ register: "y", indices: [unit] })} />
          </div>
        ))}
        <div class="bpviz-line bpviz-total">
          <Variable letter="L" />
          <Value name="loss" />
        </div>
      </div>
    </>
  );
}
