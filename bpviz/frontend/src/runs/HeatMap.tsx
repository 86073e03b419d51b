// Values over a square, as colours: the map, its axes, and the bar that tells the colours.

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { formatNumber } from "../numbers";
import { usePanel } from "../views/context";

type Colour = readonly [number, number, number];
export type Colours = readonly Colour[];

/** Blue, white, orange: which side of the middle, for every kind of colour vision. */
export const TWO_SIDED: Colours = [
  [16, 86, 155],
  [122, 172, 217],
  [250, 250, 248],
  [250, 182, 110],
  [209, 91, 0],
];
/** From dark to light without a turn, as in viridis: it holds in grey, too. */
export const RISING: Colours = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/** The colour at a share of the way from the first to the last. */
export function colourAt(colours: Colours, share: number): Colour {
  const place = Math.max(0, Math.min(1, share)) * (colours.length - 1);
  const k = Math.min(colours.length - 2, Math.floor(place));
  const mixed = colours[k]!.map((from, c) => from + (place - k) * (colours[k + 1]![c]! - from));
  return mixed as unknown as Colour;
}

interface HeatMapProps {
  values: Float32Array;
  size: number;
  colours: Colours;
  /** Which share of the way through the colours a value has. */
  shareOf(value: number): number;
  first: readonly [number, number];
  second: readonly [number, number];
  names: readonly [string, string];
  /** What is to be seen, in words. */
  label: string;
  /** What lies on the map, in a square of 100 × 100 with its origin at the top left. */
  children: ComponentChildren;
}

export function HeatMap(props: HeatMapProps): VNode {
  const { values, size, colours, shareOf, first, second, names, label, children } = props;
  const style = usePanel().numbers.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || values.length !== size * size) return;
    const image = context.createImageData(size, size);
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!;
      if (Number.isNaN(value)) continue;
      const row = size - 1 - Math.floor(k / size);
      const at = 4 * (row * size + (k % size));
      image.data.set(colourAt(colours, shareOf(value)), at);
      image.data[at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [values]);
  const text = (value: number): string => formatNumber(value, { ...style, digits: 3 });
  return (
    <div class="bpviz-map">
      <div class="bpviz-map-side" aria-hidden="true">
        <span>{text(second[0])}</span>
        <span>{names[1]}</span>
        <span>{text(second[1])}</span>
      </div>
      <div class="bpviz-map-square" role="img" aria-label={label}>
        <canvas ref={canvas} width={size} height={size} />
        <svg viewBox="0 0 100 100" aria-hidden="true">
          {children}
        </svg>
      </div>
      <div class="bpviz-map-foot" aria-hidden="true">
        <span>{text(first[0])}</span>
        <span>{names[0]}</span>
        <span>{text(first[1])}</span>
      </div>
    </div>
  );
}

/** Where a value lies along an axis of the map, from 0 to 100; places are middles of pixels. */
export function along(axis: readonly [number, number], value: number, size: number): number {
  const share = (value - axis[0]) / (axis[1] - axis[0]);
  return ((share * (size - 1) + 0.5) / size) * 100;
}

interface ColourBarProps {
  colours: Colours;
  name: string;
  /** The texts at the left end, in the middle and at the right end. */
  marks: readonly [string, string, string];
}

export function ColourBar({ colours, name, marks }: ColourBarProps): VNode {
  const stops = colours.map((colour) => `rgb(${colour.join(" ")})`).join(", ");
  return (
    <div class="bpviz-colour-bar">
      <div style={{ background: `linear-gradient(to right, ${stops})` }} />
      <p>
        {marks.map((mark) => (
          <span key={mark}>{mark}</span>
        ))}
      </p>
      <p class="bpviz-soft">{name}</p>
    </div>
  );
}
