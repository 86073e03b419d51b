// Loss curves with a cursor on the first, which is dragged, clicked, or moved with the keyboard.

import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Constant } from "../protocol/content";
import type { NumberStyle } from "../protocol/style";
import { countText, formatNumber } from "../program/numbers";
import { usePanel } from "../ui/context";
import { useWidth } from "../ui/useWidth";
import type { Place } from "./plots";
import {
  epochMarks,
  cursorHooks,
  levelHooks,
  moveCursor,
  onThemeChange,
  plainAxis,
  resolved,
  roomFor,
} from "./plots";
import type { Curve } from "./state/training";

interface LossCurveProps {
  /** The curves that are compared; the cursor is on the first. */
  curves: readonly Curve[];
  /** The title of the vertical axis. */
  name: string;
  /** The chosen epoch, from 1. */
  epoch: number;
  logarithmic?: boolean;
  /** Where a linear axis ends at most, so that one curve that diverges leaves others to be seen. */
  ceiling: number;
  /** What always giving the same answer comes to, to compare with. */
  constant: Constant | null;
  onChoose(epoch: number): void;
}

interface Shown {
  curves: readonly Curve[];
  epoch: number;
  ceiling: number;
  constant: Constant | null;
}

const HEIGHT = 220;
const LINES = [
  { token: "--bpviz-ink", dash: [], width: 2 },
  { token: "--bpviz-forward", dash: [8, 4], width: 1.5 },
  { token: "--bpviz-backward", dash: [2, 3], width: 1.5 },
  { token: "--bpviz-update", dash: [10, 3, 2, 3], width: 1.5 },
  { token: "--bpviz-soft", dash: [4, 4], width: 1.5 },
] as const;

function lineOf(k: number): (typeof LINES)[number] {
  return LINES[k === 0 ? 0 : 1 + ((k - 1) % (LINES.length - 1))]!;
}

/** What the name of the loss means, and the line to compare with: for a legend. */
export function LossWords({ name, constant }: { name: string; constant: Constant | null }): VNode {
  const { numbers } = usePanel();
  return (
    <>
      {constant && (
        <li>
          <svg width="30" height="10" aria-hidden="true">
            <path d="M1 5h28" class="bpviz-level-mark" />
          </svg>
          {constant.name}: {formatNumber(constant.rmse, numbers.value)}
        </li>
      )}
      <li class="bpviz-soft">{name}: of the predictions made while the weights change</li>
    </>
  );
}

/** A short piece of a curve's line, for a legend. */
export function CurveMark({ index }: { index: number }): VNode {
  const { token, dash, width } = lineOf(index);
  return (
    <svg width="30" height="10" aria-hidden="true">
      <path
        d="M1 5h28"
        style={{ stroke: `var(${token})` }}
        stroke-width={width + 0.5}
        stroke-dasharray={dash.join(" ")}
      />
    </svg>
  );
}

export function LossCurve({
  curves,
  name,
  epoch,
  logarithmic = false,
  ceiling,
  constant,
  onChoose,
}: LossCurveProps): VNode {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = useRef({ curves, epoch, ceiling, constant });
  shown.current = { curves, epoch, ceiling, constant };
  // Where the plot begins in the window; to ask in mid-drag would lay the page out at each move.
  const left = useRef(0);
  const losses = curves[0]!.losses;
  const count = Math.max(1, losses.length);
  const numbers = state.numbers.value;

  useLayoutEffect(() => {
    if (!host.current || !width) return;
    const look = { name, width, logarithmic, decimal: numbers.decimal };
    const made = draw(host.current, curves.length, look, () => shown.current);
    made.setData(aligned(shown.current.curves));
    plot.current = made;
    const stop = onThemeChange(host.current, () => made.redraw(false, true));
    return () => {
      stop();
      made.destroy();
      plot.current = null;
    };
  }, [curves.length, name, width, logarithmic, numbers.decimal]);
  useLayoutEffect(
    () => plot.current?.setData(aligned(curves)),
    [...curves.map((curve) => curve.losses), constant?.rmse],
  );
  useLayoutEffect(() => {
    if (plot.current) moveCursor(plot.current, cursorOn(shown.current));
  }, [epoch]);

  const choose = (to: number): void => onChoose(Math.max(1, Math.min(count, Math.round(to))));
  const chooseAt = (event: PointerEvent): void => {
    if (plot.current) choose(plot.current.posToVal(event.clientX - left.current, "x"));
  };
  const page = Math.max(1, Math.round(count / 10));
  const keys: Record<string, number> = {
    ArrowRight: epoch + 1,
    ArrowUp: epoch + 1,
    ArrowLeft: epoch - 1,
    ArrowDown: epoch - 1,
    PageUp: epoch + page,
    PageDown: epoch - page,
    Home: 1,
    End: count,
  };
  return (
    <div
      ref={box}
      class="bpviz-curve"
      style={{ height: `${HEIGHT}px` }}
      tabIndex={0}
      role="slider"
      aria-label={`Epoch on the curve of the ${name}`}
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={epoch}
      aria-valuetext={`epoch ${countText(epoch)}, ${name} ${formatNumber(losses[epoch - 1] ?? NaN, numbers)}`}
      onKeyDown={(event) => {
        const to = keys[event.key];
        if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        choose(to);
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        left.current = plot.current?.over.getBoundingClientRect().left ?? 0;
        chooseAt(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) chooseAt(event);
      }}
    >
      <div ref={host} aria-hidden="true" />
    </div>
  );
}

/** The curves over one axis of epochs; a shorter one ends early. */
function aligned(curves: readonly Curve[]): uPlot.AlignedData {
  const count = Math.max(...curves.map(({ losses }) => losses.length));
  const epochs = Float64Array.from({ length: count }, (_, k) => k + 1);
  const padded = curves.map(({ losses }) =>
    losses.length === count
      ? losses
      : Array.from({ length: count }, (_, k) => (k < losses.length ? losses[k]! : null)),
  );
  return [epochs, ...padded];
}

interface Look {
  name: string;
  width: number;
  logarithmic: boolean;
  decimal: NumberStyle["decimal"];
}

function draw(host: HTMLElement, count: number, look: Look, shown: () => Shown): uPlot {
  const { name, width, logarithmic, decimal } = look;
  const colour = (token: string) => () => resolved(host, token);
  const axis = plainAxis(host, 18, decimal);
  const longest = (): number => Math.max(...shown().curves.map(({ losses }) => losses.length));
  const y: uPlot.Scale = logarithmic
    ? { distr: 3 }
    : { range: (_, low) => lossRange(low, shown().ceiling, shown().constant?.rmse ?? 0) };
  return new uPlot(
    {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: () => (longest() > 1 ? [1, longest()] : [0.5, 1.5]) }, y },
      axes: [
        {
          ...axis,
          label: "epoch",
          size: 24,
          grid: { show: false },
          values: epochMarks(decimal),
          incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5],
        },
        { ...axis, label: logarithmic ? `${name}, logarithmic` : name, size: roomFor(46) },
      ],
      series: [
        {},
        ...Array.from({ length: count }, (_, k): uPlot.Series => {
          const line = lineOf(k);
          return {
            stroke: colour(line.token),
            width: line.width,
            dash: [...line.dash],
            points: {
              show: () => shown().curves[k]!.losses.length < 40,
              size: 5,
              fill: colour(line.token),
            },
          };
        }),
      ],
      hooks: both(
        levelHooks(() => shown().constant),
        cursorHooks(() => cursorOn(shown())),
      ),
    },
    [[], ...Array.from({ length: count }, () => [])],
    host,
  );
}

/** The hooks of two things that lie over one plot. */
function both(one: uPlot.Hooks.Arrays, other: uPlot.Hooks.Arrays): uPlot.Hooks.Arrays {
  return {
    init: [...(one.init ?? []), ...(other.init ?? [])],
    draw: [...(one.draw ?? []), ...(other.draw ?? [])],
  };
}

/** The place of the cursor, once there is a curve. */
function cursorOn({ curves, epoch }: Shown): Place {
  const { losses } = curves[0]!;
  return { x: losses.length ? epoch : NaN, y: losses[epoch - 1] ?? NaN };
}

/** From 0 where the curves come near it; else the part of the axis where they are. */
function lossRange(lowest: number, ceiling: number, level: number): [number, number] {
  const [low, high] = [level ? Math.min(lowest, level) : lowest, Math.max(ceiling, level)];
  if (!(high > low)) return [Math.min(0, low || 0), Math.max(high || 0, 0) * 1.2 || 1];
  const margin = (high - low) * 0.1;
  return [low > 0 && low < high * 0.4 ? 0 : low - margin, high + margin];
}
