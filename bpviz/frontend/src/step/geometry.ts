// Where everything of a network diagram lies, for a given width. Pure numbers, in pixels.

import type { Program } from "../protocol/program";
import { FULL, WINDOW, shownUnits } from "../state/windows";
import type { Point } from "./curves";
import { bandBetween, curveBetween, pointBetween } from "./curves";

/** How much room everything takes; the roomiest that fits is chosen. */
export interface Density {
  /**
   * wide: all numbers of a unit below one another, with bars. flat: those of the backward pass
   * beside those of the forward pass. compact: below one another, and narrow.
   */
  name: "wide" | "flat" | "compact";
  input: number;
  inputHeight: number;
  card: number;
  label: number;
  /** Lines of a label: the weight, and below its edge what becomes of it. */
  labelLines: 1 | 2;
  curve: number;
  lossCurve: number;
  loss: number;
}

export const LINE = 16;
/** Where a card grows by as much, there is room for the curve of its activation function. */
export const CURVE_CARD = 240;
const MAX_CARD_GROWTH = 50;
/** The cards of inputs and of the loss grow by as much where that leaves the others room. */
const MAX_END_GROWTH = 14;
const DENSITIES: readonly Density[] = [
  {
    name: "wide",
    input: 84,
    inputHeight: 42,
    card: 198,
    label: 84,
    labelLines: 2,
    curve: 26,
    lossCurve: 22,
    loss: 100,
  },
  {
    name: "flat",
    input: 84,
    inputHeight: 42,
    card: 228,
    label: 84,
    labelLines: 2,
    curve: 26,
    lossCurve: 20,
    loss: 100,
  },
  {
    name: "flat",
    input: 84,
    inputHeight: 42,
    card: 228,
    label: 80,
    labelLines: 1,
    curve: 26,
    lossCurve: 20,
    loss: 100,
  },
  {
    name: "flat",
    input: 56,
    inputHeight: 42,
    card: 186,
    label: 72,
    labelLines: 1,
    curve: 10,
    lossCurve: 6,
    loss: 78,
  },
  {
    name: "compact",
    input: 56,
    inputHeight: 42,
    card: 116,
    label: 76,
    labelLines: 2,
    curve: 8,
    lossCurve: 4,
    loss: 82,
  },
];

/** Columns as high as this let everything else of a panel stand on the same screen. */
const ROOM = 252;

/** A label: the weight above its edge, and below what becomes of it. */
export const LABEL_LINE = 15;

/** Below the card of the loss: a gap, and the heading, borders and padding of what comes out after. */
export const ENDING = { gap: 8, around: 28 };

/** The height of what comes out after: so many outputs, and the loss. */
export function endingHeight(outputs: number): number {
  return ENDING.around + LINE * (outputs + 1);
}

const HEADING = 20;
const CARD_PADDING = 3;
const LABEL_MARGIN = 4;
const CARD_GAP = 9;
const MORE = 24;
const INPUT_GAP = 10;
const MAX_INPUT_GAP = 70;
const MAX_CURVE = 130;

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
  /** Where it leaves the unit that it comes from, and where its bend ends. */
  start: Point;
  end: Point;
  /** The outline of a band along it, half as wide at its ends as given. */
  band(start: number, end: number): string;
  /** A point so far along its bend, 0 to 1, and the direction there. */
  along(share: number): Point & { angle: number };
}

export interface Wire {
  unit: number;
  path: string;
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

/** Lines of values in a unit's card, those of the forward pass and those of the backward pass. */
export function cardLines(
  program: Program,
  layer: number,
): { forward: string[]; backward: string[] } {
  const exist = (names: string[]): string[] => names.filter((name) => program.registers[name]);
  return {
    forward: exist([`b${layer}`, `a${layer}`, `h${layer}`]),
    backward: exist([`e${layer}`, `s${layer}`, `d${layer}`]),
  };
}

function cardHeight(program: Program, layer: number, density: Density, ports: number): number {
  const { forward, backward } = cardLines(program, layer);
  const lines =
    density.name === "flat"
      ? Math.max(forward.length, backward.length)
      : forward.length + backward.length;
  const rule = density.name === "flat" ? 0 : 5;
  return Math.max(lines * LINE + 2 * CARD_PADDING + rule, ports * pitch(density) + LABEL_MARGIN);
}

function pitch({ labelLines }: Density): number {
  return labelLines > 1 ? labelLines * LABEL_LINE + 3 : LABEL_LINE;
}

/** Whether an input's number stands below its name, and all numbers are small. */
export function isNarrow({ curve }: Density): boolean {
  return curve < 20;
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
    card: density.card + more * (density.name === "flat" ? 2 : 1),
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
  const shown = sizes.map((units, layer) => shownUnits(units, starts[layer] ?? 0));
  const heightOf = (layer: number, density: Density): number =>
    layer === 0
      ? density.inputHeight
      : cardHeight(program, layer, density, portCount(sizes, shown, layer));
  const heightWith = (density: Density): number =>
    Math.max(
      ...sizes.map((units, layer) =>
        stackHeight(units, heightOf(layer, density), layer ? CARD_GAP : INPUT_GAP),
      ),
    );
  const fitting = DENSITIES.map((density) => roomier(density, digits)).filter(
    (density) => density.name === "compact" || widthOf(density, layers, density.curve) <= width,
  );
  const tightest =
    fitting.find((density) => heightWith(density) <= ROOM) ??
    fitting.reduce((one, other) => (heightWith(other) < heightWith(one) ? other : one));
  const room = Math.max(0, width - widthOf(tightest, layers, tightest.curve));
  const ends = isNarrow(tightest) ? Math.min(MAX_END_GROWTH, room / 4) : 0;
  const spare = room - 2 * ends;
  const growth = Math.min(MAX_CARD_GROWTH, (spare / layers) * 0.7);
  const density = {
    ...tightest,
    input: tightest.input + ends,
    card: tightest.card + growth,
    loss: tightest.loss + ends,
  };
  const curve = Math.min(MAX_CURVE, density.curve + (spare - growth * layers) / (layers + 0.5));
  const lossCurve = Math.min(60, density.lossCurve + (curve - density.curve) / 2);
  const used = widthOf(density, layers, curve) - density.lossCurve + lossCurve;
  const left = Math.max(0, (width - used) / 2);

  let x = left + density.input;
  const hidden = sizes.slice(1).map((units, k) => {
    x += curve + density.label;
    const spot = { x, width: density.card, height: heightOf(k + 1, density), gap: CARD_GAP };
    x += density.card;
    return stack(k + 1, units, shown[k + 1]!, spot);
  });
  const tallest = Math.max(...hidden.map((column) => column.height));
  const spot = { x: left, width: density.input, height: heightOf(0, density), gap: INPUT_GAP };
  if (sizes[0]! > 1 && sizes[0]! <= FULL) {
    // Inputs stand apart, so that their edges do not all leave from one corner.
    const gap = (tallest * 0.8 - sizes[0]! * spot.height) / (sizes[0]! - 1);
    spot.gap = Math.max(INPUT_GAP, Math.min(MAX_INPUT_GAP, gap));
  }
  const columns = [stack(0, sizes[0]!, shown[0]!, spot), ...hidden];

  const height = Math.max(...columns.map((column) => column.height));
  for (const column of columns) shift(column, HEADING + (height - column.height) / 2);

  const outputs = columns.at(-1)!;
  const lossHeight = (outputs.cards.length + 1) * LINE + 2 * CARD_PADDING + 7;
  const withEnding = lossHeight + ENDING.gap + endingHeight(outputs.cards.length);
  const total = Math.max(height, withEnding);
  const loss: Box = {
    x: x + lossCurve,
    y: HEADING + Math.max(0, Math.min((height - lossHeight) / 2, total - withEnding)),
    width: density.loss,
    height: lossHeight,
  };
  return {
    density,
    width: Math.max(width, used),
    height: HEADING + total + 2,
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

/** The height of a stack of so many units. */
function stackHeight(units: number, height: number, gap: number): number {
  if (units <= FULL) return units * (height + gap) - gap;
  return WINDOW * (height + gap) + 2 * (MORE + gap) - gap;
}

function shift(column: Column, by: number): void {
  for (const box of [column, ...column.cards, ...column.more]) box.y += by;
}

/** The height at which edge k of so many reaches a card: between the lines of its label. */
function portHeight(card: Card, k: number, count: number, density: Density): number {
  const top = card.y + card.height / 2 - (count * pitch(density)) / 2;
  const within = density.labelLines === 2 ? LABEL_LINE + 1.5 : pitch(density) / 2;
  return top + k * pitch(density) + within;
}

function edgesInto(column: Column, columns: Column[], density: Density): Edge[] {
  const sources = columns[column.layer - 1]!.cards;
  return column.cards.flatMap((card) =>
    sources.map((source, k): Edge => {
      const y = portHeight(card, k, sources.length, density);
      const start = { x: source.x + source.width, y: source.y + source.height / 2 };
      const labelX = card.x - density.label;
      const end = { x: labelX, y };
      return {
        layer: card.layer,
        unit: card.unit,
        from: source.unit,
        path: curveBetween(start.x, start.y, labelX, y, card.x),
        label: {
          x: labelX + 2,
          y: density.labelLines === 2 ? y - LABEL_LINE - 1.5 : y - LABEL_LINE / 2,
          width: density.label - 4,
          height: pitch(density) - 1,
        },
        start,
        end,
        band: (half, other) => bandBetween(start, end, card.x, half, other),
        along: (share) => pointBetween(start, end, share),
      };
    }),
  );
}

function bundlesInto(column: Column, columns: Column[], density: Density): string[] {
  const { more, cards } = columns[column.layer - 1]!;
  return more.flatMap((group) =>
    column.cards.map((card) => {
      const upper = group.y < cards[0]!.y;
      const y = portHeight(card, upper ? -0.4 : cards.length - 0.2, cards.length, density);
      const from = { x: group.x + group.width, y: group.y + group.height / 2 };
      return curveBetween(from.x, from.y, card.x - density.label, y, card.x);
    }),
  );
}

function wire(card: Card, loss: Box): Wire {
  const start = { x: card.x + card.width, y: card.y + card.height / 2 };
  const y = Math.max(loss.y + 10, Math.min(start.y, loss.y + loss.height - 10));
  return { unit: card.unit, path: curveBetween(start.x, start.y, loss.x, y, loss.x) };
}
