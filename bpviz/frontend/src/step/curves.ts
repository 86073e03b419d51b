// The curves of edges, and of the bands along them. Pure numbers, in pixels.

export interface Point {
  x: number;
  y: number;
}

/** How far the handles of a bend reach, as a share of its width. */
const BEND = 0.55;

/** A curve to where the label of an edge begins, and a line from there to the card. */
export function curveBetween(x0: number, y0: number, x1: number, y1: number, x2: number): string {
  return `M${x0} ${y0}${bendTo(x0, y0, x1, y1)}L${x2} ${y1}`;
}

function bendTo(x0: number, y0: number, x1: number, y1: number): string {
  const reach = (x1 - x0) * BEND;
  return `C${x0 + reach} ${y0} ${x1 - reach} ${y1} ${x1} ${y1}`;
}

/** The outline of a band along such a curve. */
export function bandBetween(
  from: Point,
  to: Point,
  x: number,
  half: number,
  other: number,
): string {
  const upper = bendTo(from.x, from.y - half, to.x, to.y - other);
  const lower = bendTo(to.x, to.y + other, from.x, from.y + half);
  const end = `L${x} ${to.y - other}L${x} ${to.y + other}L${to.x} ${to.y + other}`;
  return `M${from.x} ${from.y - half}${upper}${end}${lower}Z`;
}

export function pointBetween(from: Point, to: Point, t: number): Point & { angle: number } {
  const reach = (to.x - from.x) * BEND;
  const [x1, x2] = [from.x + reach, to.x - reach];
  const s = 1 - t;
  const x = s ** 3 * from.x + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t ** 3 * to.x;
  const y = from.y + (to.y - from.y) * (3 * s * t * t + t ** 3);
  const dx = 3 * s * s * reach + 6 * s * t * (x2 - x1) + 3 * t * t * reach;
  const dy = 6 * s * t * (to.y - from.y);
  return { x, y, angle: Math.atan2(dy, dx) };
}
