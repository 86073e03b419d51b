// The network: cards for units, edges with their weights, every number at its place.

import type { VNode } from "preact";
import { Fragment } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Geometry } from "./geometry";
import { isNarrow, layOut } from "./geometry";
import type { Operation, Program } from "../protocol/program";
import { useDerived, usePanel } from "../ui/context";
import { InputCard, LayerHeading, LossCard, UnitCard } from "./Cards";
import { EdgeLabel, Edges } from "./Edges";
import { Ending } from "./Ending";
import { place } from "./place";

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
  useEffect(() => {
    if (!geometry) return;
    const { name, labelLines } = geometry.density;
    state.views.followed.value =
      name === "wide" ? "weights and biases" : labelLines > 1 ? "weights" : "nothing";
  }, [geometry]);
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
        class={`bpviz-diagram bpviz-${geometry.density.name}${isNarrow(geometry.density) ? " bpviz-narrow" : ""}`}
        style={{ width: `${geometry.width}px`, height: `${geometry.height}px` }}
      >
        {content}
      </div>
    </div>
  );
}

/** Between the headings of two columns, in pixels. */
const HEADING_GAP = 6;

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
      {columns.map((column, k) => (
        <Fragment key={column.layer}>
          <div
            class={column.layer ? "bpviz-heading bpviz-layer-heading" : "bpviz-heading"}
            style={{
              left: `${column.x}px`,
              minWidth: `${column.width}px`,
              // As far as the next one's; where both have no room, the size of a bar is left out.
              maxWidth: `${(columns[k + 1] ?? geometry.loss).x - column.x - HEADING_GAP}px`,
            }}
          >
            <LayerHeading program={program} layer={column.layer} />
          </div>
          {column.cards.map((card, k) =>
            card.layer === 0 ? (
              <InputCard key={k} card={card} />
            ) : (
              <UnitCard key={k} card={card} program={program} density={density} />
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
              {more.layer || !isNarrow(density) ? `⋮ ${more.count} more` : `+${more.count}`}
            </button>
          ))}
        </Fragment>
      ))}
      {edges.map((edge, k) => (
        <EdgeLabel key={k} edge={edge} lines={density.labelLines} />
      ))}
      <LossCard geometry={geometry} />
      <Ending geometry={geometry} />
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
