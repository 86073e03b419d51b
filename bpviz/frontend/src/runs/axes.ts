// The axes of a plot: where values lie on them, and which have a mark.

export interface Axis {
  /** The values at both ends. */
  low: number;
  high: number;
  logarithmic?: boolean;
}

/** How far along an axis a value lies, from 0 to 1 between its ends. */
export function shareOf({ low, high, logarithmic = false }: Axis, value: number): number {
  if (!logarithmic) return (value - low) / (high - low);
  return Math.log(value / low) / Math.log(high / low);
}

/** The value so far along an axis. */
export function valueAt({ low, high, logarithmic = false }: Axis, share: number): number {
  return logarithmic ? low * (high / low) ** share : low + share * (high - low);
}

/** Round values on an axis, at most so many; `whole` for an axis of counts. */
export function marksOf(axis: Axis, most: number, whole = false): number[] {
  return axis.logarithmic ? powersOn(axis, most) : stepsOn(axis, most, whole);
}

function stepsOn({ low, high }: Axis, most: number, whole: boolean): number[] {
  const least = (high - low) / Math.max(1, most);
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * 10 ** power >= least * (1 - 1e-9))!;
  // By division: 3 × 0.1 is not 0.3, but 3 / 10 is.
  const [above, below] = power < 0 ? [factor, 10 ** -power] : [factor * 10 ** power, 1];
  const [step, parts] = whole && above / below < 1 ? [1, 1] : [above, below];
  const first = Math.ceil((low * parts) / step - 1e-9);
  const last = Math.floor((high * parts) / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => ((first + k) * step) / parts);
}

function powersOn({ low, high }: Axis, most: number): number[] {
  if (!(low > 0) || !(high > low)) return [];
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const within = (factors: readonly number[]): number[] =>
    powers
      .flatMap((power) =>
        factors.map((factor) => (power < 0 ? factor / 10 ** -power : factor * 10 ** power)),
      )
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  const fine = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1]]
    .map(within)
    .find(({ length }) => length <= most);
  if (fine) return fine;
  const coarse = within([1]);
  return coarse.filter((_, k) => k % Math.ceil(coarse.length / most) === 0);
}

/** How many points a line has to each pixel, at most, before it is thinned out. */
const DENSE = 2;
/** A line that leaves the plot is drawn so many pixels further at most: more has no path. */
const FAR = 1e6;

/**
 * The path of a line, in pixels. Of many points in one column of pixels the first, the lowest, the
 * highest and the last are drawn; what is no finite number leaves a gap.
 */
export function pathOf(
  length: number,
  width: number,
  place: (k: number) => readonly [x: number, y: number],
): string {
  let path = "";
  let isDown = false;
  const draw = ([x, y]: readonly [number, number]): void => {
    const height = Math.max(-FAR, Math.min(FAR, y));
    path += `${isDown ? "L" : "M"}${x.toFixed(1)} ${height.toFixed(1)}`;
    isDown = true;
  };
  const every = Math.max(1, Math.ceil(length / (DENSE * width)));
  for (let first = 0; first < length; first += every) {
    const last = Math.min(length, first + every) - 1;
    const some = new Set([first]);
    let [low, high] = [first, first];
    for (let k = first; k <= last; k++) {
      const y = place(k)[1];
      if (y < place(low)[1]) low = k;
      if (y > place(high)[1]) high = k;
    }
    for (const k of [Math.min(low, high), Math.max(low, high), last]) some.add(k);
    for (const k of some) {
      const point = place(k);
      if (Number.isFinite(point[0]) && Number.isFinite(point[1])) draw(point);
      else isDown = false;
    }
  }
  return path;
}
