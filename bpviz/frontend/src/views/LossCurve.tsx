// The loss curve with a cursor that is dragged, clicked, or moved with the keyboard.

import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatNumber } from "../numbers";
import { usePanel } from "./context";
import { useWidth } from "./useWidth";

interface LossCurveProps {
  losses: Float64Array;
  name: string;
  /** The chosen epoch, from 1. */
  epoch: number;
  onChoose(epoch: number): void;
}

const HEIGHT = 220;

export function LossCurve({ losses, name, epoch, onChoose }: LossCurveProps): VNode {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const chosen = useRef(epoch);
  chosen.current = epoch;
  const loss = losses[epoch - 1] ?? NaN;
  const numbers = state.numbers.value;

  useLayoutEffect(() => {
    if (!host.current || !width) return;
    const made = draw(host.current, losses, name, width, () => chosen.current);
    plot.current = made;
    const stop = onThemeChange(() => made.redraw(false, true));
    return () => {
      stop();
      made.destroy();
      plot.current = null;
    };
  }, [losses, name, width]);
  useEffect(() => plot.current?.redraw(false, false), [epoch]);

  const chooseAt = (event: PointerEvent): void => {
    const area = plot.current?.over.getBoundingClientRect();
    if (!area || !plot.current) return;
    const at = plot.current.posToVal(event.clientX - area.left, "x");
    onChoose(Math.max(1, Math.min(losses.length, Math.round(at))));
  };
  const page = Math.max(1, Math.round(losses.length / 10));
  const keys: Record<string, number> = {
    ArrowRight: epoch + 1,
    ArrowUp: epoch + 1,
    ArrowLeft: epoch - 1,
    ArrowDown: epoch - 1,
    PageUp: epoch + page,
    PageDown: epoch - page,
    Home: 1,
    End: losses.length,
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
      aria-valuemax={losses.length}
      aria-valuenow={epoch}
      aria-valuetext={`epoch ${epoch}, loss ${formatNumber(loss, numbers)}`}
      onKeyDown={(event) => {
        const to = keys[event.key];
        if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        onChoose(Math.max(1, Math.min(losses.length, to)));
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
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

function draw(
  host: HTMLElement,
  losses: Float64Array,
  name: string,
  width: number,
  chosen: () => number,
): uPlot {
  const epochs = Float64Array.from(losses, (_, k) => k + 1);
  const colour = (token: string) => () => resolved(host, token);
  const font = `12px ${getComputedStyle(host).fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: colour("--bpviz-soft"),
    font,
    labelFont: font,
    labelSize: 18,
    labelGap: 0,
    gap: 4,
    grid: { stroke: colour("--bpviz-rule"), width: 1 },
    ticks: { show: false },
  };
  const only = losses.length === 1;
  return new uPlot(
    {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: only ? [0.5, 1.5] : [1, losses.length] },
        y: { range: (_, low, high) => lossRange(low, high) },
      },
      axes: [
        {
          ...axis,
          label: "epoch",
          size: 24,
          grid: { show: false },
          incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1e3, 1e4, 1e5],
        },
        { ...axis, label: name, size: 46 },
      ],
      series: [
        {},
        {
          stroke: colour("--bpviz-loss"),
          width: 2,
          points: { show: losses.length < 40, size: 5, fill: colour("--bpviz-loss") },
        },
      ],
      hooks: { draw: [(plot) => drawCursor(plot, losses, chosen(), colour)] },
    },
    [epochs, losses],
    host,
  );
}

/** From 0 where the curve comes near it; else the part of the axis where the curve is. */
function lossRange(low: number, high: number): [number, number] {
  if (!(high > low)) return [Math.min(0, low), Math.max(high, 0) * 1.2 || 1];
  const margin = (high - low) * 0.1;
  return [low > 0 && low < high * 0.4 ? 0 : low - margin, high + margin];
}

/** The colour that a token stands for in the present theme. */
function resolved(host: HTMLElement, token: string): string {
  const probe = host.appendChild(document.createElement("span"));
  probe.style.color = `var(${token})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function drawCursor(
  plot: uPlot,
  losses: Float64Array,
  epoch: number,
  colour: (token: string) => () => string,
): void {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(epoch, "x", true);
  const y = plot.valToPos(losses[epoch - 1] ?? NaN, "y", true);
  const pixel = uPlot.pxRatio;
  ctx.save();
  ctx.strokeStyle = colour("--bpviz-ink")();
  ctx.lineWidth = 1.5 * pixel;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  if (Number.isFinite(y)) {
    ctx.fillStyle = colour("--bpviz-paper")();
    ctx.strokeStyle = colour("--bpviz-loss")();
    ctx.lineWidth = 3 * pixel;
    ctx.beginPath();
    ctx.arc(x, y, 5.5 * pixel, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** Call back when the page's theme may have changed: the canvas has no CSS. */
function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  const watched = { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] };
  observer.observe(document.body, watched);
  observer.observe(document.documentElement, watched);
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", callback);
  return () => {
    observer.disconnect();
    query.removeEventListener("change", callback);
  };
}
