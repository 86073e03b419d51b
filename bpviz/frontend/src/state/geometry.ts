// Where everything of a network diagram lies, for a given width. Pure numbers, in pixels.

import type { Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import { parseRef } from "../program/refs";

/** How much room everything takes across; the roomier one that fits is chosen. */
export interface Density {
  name: "wide" | "compact";
  input: number;
  card: number;
  /** Whether the backward numbers of a card stand beside the forward ones, or below them. */
  sideBySide: boolean;
  label: number;
  curve: number;
  lossCurve: number;
  loss: number;
}

export const LINE = 17;
const MAX_CARD_GROWTH = 18;
const DENSITIES: readonly Density[] = [
  {
    name: "wide",
    input: 84,
    card: 206,
    sideBySide: true,
    label: 86,
    curve: 26,
    lossCurve: 22,
    loss: 86,
  },
  {
    name: "compact",
    input: 50,
    card: 110,
    sideBySide: false,
    label: 76,
    curve: 16,
    lossCurve: 10,
    loss: 72,
  },
];

/** A label: the weight above its edge, the gradient and the new weight below. */
export const LABEL_LINE = 12;
const LABEL_PITCH = 3 * LABEL_LINE + 9;

const HEADING = 38;
const CARD_HEADER = 24;
const CARD_PADDING = 6;
const LABEL_MARGIN = 6;
const CARD_GAP = 14;
const MORE = 26;
const INPUT_GAP = 10;
const MAX_INPUT_GAP = 90;
const MAX_CURVE = 110;

/** Layers of at most so many units are drawn in full; of wider ones a window. */
export const FULL = 6;
export const WINDOW = 4;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Card extends Box {
  layer: number;
  unit: number;
}

/** The units that are not drawn, above or below the window. */
export interface More extends Box {
  layer: number;
  count: number;
  /** A unit to move the window to. */
  towards: number;
}

export interface Column extends Box {
  layer: number;
  units: number;
  cards: Card[];
  more: More[];
}

export interface Edge {
  layer: number;
  unit: number;
  from: number;
  path: string;
  label: Box;
  /** Where arrow heads sit: at the card that it leads to, and at the one it comes from. */
  end: { x: number; y: number };
  start: { x: number; y: number };
}

export interface Wire {
  unit: number;
  path: string;
  start: { x: number; y: number };
  end: { x: number; y: number };
}

export interface Geometry {
  density: Density;
  width: number;
  height: number;
  columns: Column[];
  loss: Box;
  edges: Edge[];
  /** From each output to the loss. */
  wires: Wire[];
  /** Faint lines that stand for the edges of units that are not drawn. */
  bundles: string[];
}

/** The first unit of the window that a unit is in. */
export function windowStart(units: number, unit: number): number {
  if (units <= FULL) return 0;
  return Math.min(Math.floor(unit / WINDOW) * WINDOW, units - WINDOW);
}

export function shownUnits(units: number, start: number): number[] {
  if (units <= FULL) return Array.from({ length: units }, (_, unit) => unit);
  return Array.from({ length: WINDOW }, (_, k) => start + k);
}

/** The units that a ref belongs to, as [layer, unit]: for a weight those at both its ends. */
function unitsOf(program: Program, text: string): [number, number][] {
  const ref = parseRef(text);
  if (!ref?.indices.length) return [];
  const { layer, quantity } = registerOf(program, ref.register);
  const [i, j] = ref.indices;
  if (j === undefined) return [[layer, i!]];
  return quantity === "s"
    ? [[layer, i!]]
    : [
        [layer, i!],
        [layer - 1, j],
      ];
}

/** Move the windows so that what a step writes, or else reads, can be seen. */
export function follow(
  program: Program,
  starts: readonly number[],
  writes: readonly string[],
  reads: readonly string[],
): readonly number[] {
  const touched = (refs: readonly string[], layer: number): number[] =>
    refs.flatMap((ref) => unitsOf(program, ref)).flatMap(([l, unit]) => (l === layer ? unit : []));
  const followed = program.network.sizes.map((units, layer) => {
    const start = starts[layer] ?? 0;
    const written = touched(writes, layer);
    const wanted = written.length ? written : touched(reads, layer);
    const first = wanted[0];
    if (first === undefined || units <= FULL) return start;
    const seen = wanted.some((unit) => unit >= start && unit < start + WINDOW);
    return seen ? start : windowStart(units, first);
  });
  // The same array as long as the same units are drawn: the drawing hangs on it.
  return String(followed) === String(starts) ? starts : followed;
}

/** Lines of values on the two sides of a unit's card. */
export function cardLines(
  program: Program,
  layer: number,
): { forward: string[]; backward: string[] } {
  const exist = (names: string[]): string[] => names.filter((name) => program.registers[name]);
  return {
    forward: exist([`b${layer}`, `a${layer}`, `h${layer}`, `nb${layer}`]),
    backward: exist([`e${layer}`, `s${layer}`, `d${layer}`, `gb${layer}`]),
  };
}

function cardHeight(program: Program, layer: number, density: Density, sources: number): number {
  const { forward, backward } = cardLines(program, layer);
  const lines = density.sideBySide
    ? Math.max(forward.length, backward.length)
    : forward.length + backward.length;
  const own = CARD_HEADER + lines * LINE + 2 * CARD_PADDING + (density.sideBySide ? 0 : 12);
  return Math.max(own, sources * LABEL_PITCH + LABEL_MARGIN);
}

function widthOf(density: Density, layers: number, curve: number): number {
  const perLayer = curve + density.label + density.card;
  return density.input + layers * perLayer + density.lossCurve + density.loss;
}

/** Digits of numbers for which `DENSITIES` has room, and what each further one takes. */
const DIGITS = 4;
const DIGIT = 6.5;

function roomier(density: Density, digits: number): Density {
  const more = Math.max(0, digits - DIGITS) * DIGIT;
  return {
    ...density,
    input: density.input + more,
    card: density.card + more * (density.sideBySide ? 2 : 1),
    label: density.label + more,
    loss: density.loss + more,
  };
}

export function layOut(
  program: Program,
  width: number,
  starts: readonly number[],
  digits = DIGITS,
): Geometry {
  const { sizes } = program.network;
  const layers = sizes.length - 1;
  const densities = DENSITIES.map((density) => roomier(density, digits));
  const tightest =
    densities.find((candidate) => widthOf(candidate, layers, candidate.curve) <= width) ??
    densities.at(-1)!;
  const spare = Math.max(0, width - widthOf(tightest, layers, tightest.curve));
  const growth = Math.min(MAX_CARD_GROWTH, spare / layers / 2);
  const density = { ...tightest, card: tightest.card + growth };
  const curve = Math.min(MAX_CURVE, density.curve + (spare - growth * layers) / (layers + 0.5));
  const lossCurve = Math.min(60, density.lossCurve + (curve - density.curve) / 2);
  const used = widthOf(density, layers, curve) - density.lossCurve + lossCurve;
  const left = Math.max(0, (width - used) / 2);

  const shown = sizes.map((units, layer) => shownUnits(units, starts[layer] ?? 0));
  const heightOf = (layer: number): number => {
    if (layer === 0) return density.sideBySide ? 30 : 44;
    return cardHeight(program, layer, density, portCount(sizes, shown, layer));
  };
  let x = left + density.input;
  const hidden = sizes.slice(1).map((units, k) => {
    x += curve + density.label;
    const spot = { x, width: density.card, height: heightOf(k + 1), gap: CARD_GAP };
    x += density.card;
    return stack(k + 1, units, shown[k + 1]!, spot);
  });
  const tallest = Math.max(...hidden.map((column) => column.height));
  const spot = { x: left, width: density.input, height: heightOf(0), gap: INPUT_GAP };
  if (sizes[0]! > 1 && sizes[0]! <= FULL) {
    // Inputs stand apart, so that their edges do not all leave from one corner.
    const room = (tallest * 0.8 - sizes[0]! * spot.height) / (sizes[0]! - 1);
    spot.gap = Math.max(INPUT_GAP, Math.min(MAX_INPUT_GAP, room));
  }
  const columns = [stack(0, sizes[0]!, shown[0]!, spot), ...hidden];

  const height = Math.max(...columns.map((column) => column.height));
  for (const column of columns) shift(column, HEADING + (height - column.height) / 2);

  const outputs = columns.at(-1)!;
  const lossHeight = CARD_HEADER + (outputs.cards.length + 1) * LINE + 2 * CARD_PADDING + 6;
  const loss: Box = {
    x: x + lossCurve,
    y: HEADING + Math.max(0, (height - lossHeight) / 2),
    width: density.loss,
    height: lossHeight,
  };
  const total = Math.max(height, lossHeight);
  return {
    density,
    width: Math.max(width, used),
    height: HEADING + total + 4,
    columns,
    loss,
    edges: columns.slice(1).flatMap((column) => edgesInto(column, columns, density)),
    wires: outputs.cards.map((card) => wire(card, loss)),
    bundles: columns.slice(1).flatMap((column) => bundlesInto(column, columns, density)),
  };
}

/** Edges that end at one card, and one line for each group of sources that is not drawn. */
function portCount(sizes: number[], shown: number[][], layer: number): number {
  return shown[layer - 1]!.length + (sizes[layer - 1]! > FULL ? 0.7 : 0);
}

interface Spot {
  x: number;
  width: number;
  height: number;
  gap: number;
}

function stack(layer: number, units: number, shown: number[], spot: Spot): Column {
  const { x, width, height, gap } = spot;
  const cards: Card[] = [];
  const more: More[] = [];
  const windowed = units > FULL;
  let y = 0;
  if (windowed) {
    const above = shown[0]!;
    if (above) more.push({ layer, count: above, towards: above - 1, x, y, width, height: MORE });
    y += MORE + gap;
  }
  for (const unit of shown) {
    cards.push({ layer, unit, x, y, width, height });
    y += height + gap;
  }
  if (windowed) {
    const below = units - 1 - shown.at(-1)!;
    const towards = shown.at(-1)! + 1;
    if (below) more.push({ layer, count: below, towards, x, y, width, height: MORE });
    y += MORE + gap;
  }
  return { layer, units, cards, more, x, y: 0, width, height: y - gap };
}

function shift(column: Column, by: number): void {
  for (const box of [column, ...column.cards, ...column.more]) box.y += by;
}

function curveBetween(x0: number, y0: number, x1: number, y1: number, x2: number): string {
  const bend = (x1 - x0) * 0.6;
  return `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}L${x2} ${y1}`;
}

/** The height at which edge k of so many reaches a card: a third down its label. */
function portHeight(card: Card, k: number, count: number): number {
  const top = card.y + card.height / 2 - (count * LABEL_PITCH) / 2;
  return top + k * LABEL_PITCH + LABEL_LINE + 3;
}

function edgesInto(column: Column, columns: Column[], density: Density): Edge[] {
  const sources = columns[column.layer - 1]!.cards;
  return column.cards.flatMap((card) =>
    sources.map((source, k): Edge => {
      const y = portHeight(card, k, sources.length);
      const start = { x: source.x + source.width, y: source.y + source.height / 2 };
      const end = { x: card.x, y };
      const labelX = card.x - density.label;
      return {
        layer: card.layer,
        unit: card.unit,
        from: source.unit,
        path: curveBetween(start.x, start.y, labelX, y, end.x),
        label: {
          x: labelX + 4,
          y: y - LABEL_LINE - 1,
          width: density.label - 6,
          height: 3 * LABEL_LINE + 2,
        },
        start,
        end,
      };
    }),
  );
}

function bundlesInto(column: Column, columns: Column[], density: Density): string[] {
  const { more, cards } = columns[column.layer - 1]!;
  return more.flatMap((group) =>
    column.cards.map((card) => {
      const upper = group.y < cards[0]!.y;
      const y = portHeight(card, upper ? -0.4 : cards.length - 0.2, cards.length);
      const from = { x: group.x + group.width, y: group.y + group.height / 2 };
      return curveBetween(from.x, from.y, card.x - density.label, y, card.x);
    }),
  );
}

function wire(card: Card, loss: Box): Wire {
  const start = { x: card.x + card.width, y: card.y + card.height / 2 };
  const y = Math.max(loss.y + 10, Math.min(start.y, loss.y + loss.height - 10));
  const end = { x: loss.x, y };
  return { unit: card.unit, path: curveBetween(start.x, start.y, end.x, y, end.x), start, end };
}

/** The largest weight of a layer, which its thickest edge stands for. */
export function largestWeight(program: Program, row: Float64Array, layer: number): number {
  const { start, shape } = registerOf(program, `W${layer}`);
  let largest = 0;
  for (let k = start; k < start + shape[0]! * shape[1]!; k++) {
    largest = Math.max(largest, Math.abs(row[k]!));
  }
  return largest;
}
