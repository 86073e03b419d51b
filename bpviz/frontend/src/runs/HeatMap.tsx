// Values over a square, as colours: the map, its axes, and the bar that tells the colours.

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { formatNumber } from "../program/numbers";
import { usePanel } from "../ui/context";
import { onThemeChange, resolved } from "./theme";

/** Names of the tokens that a scale of colours goes through. */
export type Colours = readonly string[];
type Colour = readonly number[];

/** Below the middle orange, above it blue, as signed numbers are everywhere. */
export const TWO_SIDED: Colours = ["negative-bar", "card", "positive-bar"];
/** From low to high, as on a map of the sea: the deep is blue. */
export const RISING: Colours = ["positive", "positive-bar", "card"];

/** The colour at a share of the way from the first to the last. */
function colourAt(colours: readonly Colour[], share: number): number[] {
  const [k, part] = placeOf(colours, share);
  return colours[k]!.map((from, c) => from + part * (colours[k + 1]![c]! - from));
}

/** The same as CSS, which follows the theme by itself. */
export function cssColour(colours: Colours, share: number): string {
  const [k, part] = placeOf(colours, share);
  const [from, to] = [colours[k]!, colours[k + 1]!].map((name) => `var(--bpviz-${name})`);
  return `color-mix(in srgb, ${to} ${(100 * part).toFixed(1)}%, ${from})`;
}

/** Between which two colours a share lies, and how far on the way. */
function placeOf(colours: readonly unknown[], share: number): [number, number] {
  const place = Math.max(0, Math.min(1, share)) * (colours.length - 1);
  const k = Math.min(colours.length - 2, Math.floor(place));
  return [k, place - k];
}

/** The three numbers of a colour as the browser computes it: rgb(…) or color(srgb …). */
function channels(colour: string): Colour {
  const numbers = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  return colour.startsWith("color(") ? numbers.map((part) => 255 * part) : numbers;
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
  /** Of the numbers at the axes. */
  digits?: number;
  /** What is to be seen, in words. */
  label: string;
  /** What lies on the map, in a square of 100 × 100 with its origin at the top left. */
  children: ComponentChildren;
}

export function HeatMap(props: HeatMapProps): VNode {
  const {
    values,
    size,
    colours,
    shareOf,
    first,
    second,
    names,
    label,
    children,
    digits = 3,
  } = props;
  const style = usePanel().numbers.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const host = canvas.current;
    const context = host?.getContext("2d");
    if (!host || !context || values.length !== size * size) return;
    const square = host.parentElement!;
    // A notebook takes what is out of sight out of the page, where nothing has a colour.
    const back = new ResizeObserver(() => paint());
    const paint = (): void => {
      if (!host.isConnected) return back.observe(square);
      back.disconnect();
      const known = colours.map((name) => channels(resolved(square, `--bpviz-${name}`)));
      const gap = channels(resolved(square, "--bpviz-soft"));
      const image = context.createImageData(size, size);
      for (let k = 0; k < values.length; k++) {
        const value = values[k]!;
        const row = size - 1 - Math.floor(k / size);
        const at = 4 * (row * size + (k % size));
        // Grey, which is no colour of the bar.
        image.data.set(Number.isNaN(value) ? gap : colourAt(known, shareOf(value)), at);
        image.data[at + 3] = 255;
      }
      context.putImageData(image, 0, 0);
    };
    paint();
    const stop = onThemeChange(square, paint);
    return () => {
      back.disconnect();
      stop();
    };
  }, [values]);
  const text = (value: number): string => formatNumber(value, { ...style, digits });
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
  /** Whether what lies below the middle is hatched. */
  hatched?: boolean;
  name?: string;
  /** The texts at the lower end, in the middle and at the upper end. */
  marks: readonly [string, string, string];
}

export function ColourBar({ colours, hatched, name, marks }: ColourBarProps): VNode {
  const stops = colours.map((name) => `var(--bpviz-${name})`).join(", ");
  return (
    <div class="bpviz-colour-bar">
      {name && <p class="bpviz-soft">{name}</p>}
      <div
        class={hatched ? "bpviz-hatched" : undefined}
        style={{ background: `linear-gradient(to top, ${stops})` }}
      />
      <p>
        {[...marks].reverse().map((mark) => (
          <span key={mark}>{mark}</span>
        ))}
      </p>
    </div>
  );
}
