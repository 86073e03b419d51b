// Lines over an axis of epochs, and what lies over them.

import type { ComponentChildren, VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { NumberStyle } from "../protocol/style";
import { countText, markText } from "../program/numbers";
import type { Axis } from "./axes";
import { marksOf, pathOf, shareOf } from "./axes";

export interface Line {
  epochs: ArrayLike<number>;
  values: ArrayLike<number>;
  token: string;
  dash: readonly number[];
  width: number;
  opacity?: number;
}

interface PlotProps {
  width: number;
  height: number;
  x: Axis;
  y: Axis;
  name: string;
  lines: readonly Line[];
  decimal: NumberStyle["decimal"];
  /** What lies over the lines, in a box as large as they have. */
  children: ComponentChildren;
}

const FOOT = 38;
const TOP = 8;
const RIGHT = 18;
const LEFT = 46;
/** Of the name of the axis and the gaps beside it, in pixels. */
const AXIS_NAME = 26;
/** Of a character of a mark, in pixels. */
const MARK_WIDTH = 7;
/** Pixels between two marks, at least. */
const [APART_X, APART_Y] = [70, 34];
/** Lines of fewer points show each. */
const FEW = 40;

export function Plot(props: PlotProps): VNode {
  const { width, height, x, y, name, lines, decimal, children } = props;
  const rows = useMemo(() => {
    const marks = marksOf(y, (height - FOOT - TOP) / APART_Y);
    return marks.map((mark) => [mark, markText(mark, { decimal })] as const);
  }, [y.low, y.high, y.logarithmic, height, decimal]);
  const left = Math.max(
    LEFT,
    AXIS_NAME + MARK_WIDTH * Math.max(0, ...rows.map(([, text]) => text.length)),
  );
  const across = Math.max(1, width - left - RIGHT);
  const down = height - FOOT - TOP;
  const drawn = useMemo(() => {
    const toX = (value: number): number => shareOf(x, value) * across;
    const toY = (value: number): number => (1 - shareOf(y, value)) * down;
    return (
      <svg class="bpviz-chart" width={width} height={height} aria-hidden="true">
        {rows.map(([mark, text]) => (
          <g key={mark} transform={`translate(${left} ${(TOP + toY(mark)).toFixed(1)})`}>
            <path d={`M0 0h${across}`} class="bpviz-grid-line" />
            <text x="-6" y="4" text-anchor="end">
              {text}
            </text>
          </g>
        ))}
        {marksOf(x, across / APART_X, true).map((mark) => (
          <text key={mark} x={left + toX(mark)} y={height - FOOT + 16} text-anchor="middle">
            {countText(mark, { decimal })}
          </text>
        ))}
        <text x={left + across / 2} y={height - 5} text-anchor="middle">
          epoch
        </text>
        <text transform={`translate(12 ${height / 2}) rotate(-90)`} text-anchor="middle">
          {name}
        </text>
        <svg x={left} y={TOP} width={across} height={down} class="bpviz-lines">
          {lines.map(({ epochs, values, token, dash, width: thick, opacity }, k) => {
            const d = pathOf(values.length, across, (at) => [toX(epochs[at]!), toY(values[at]!)]);
            const style = { stroke: `var(${token})` };
            return (
              <g key={k} style={style} stroke-width={thick} opacity={opacity}>
                <path d={d} stroke-dasharray={dash.join(" ") || undefined} />
                {values.length < FEW && (
                  <path d={d.replace(/[ML]([^ML]+)/g, "M$1h0")} stroke-width={thick + 3} />
                )}
              </g>
            );
          })}
        </svg>
      </svg>
    );
  }, [width, height, left, rows, x.low, x.high, y, decimal, name, lines]);
  return (
    <>
      {drawn}
      <div
        class="bpviz-over"
        style={{ left: `${left}px`, width: `${across}px`, height: `${down}px` }}
      >
        {children}
      </div>
    </>
  );
}

interface CursorProps {
  /** How far along both axes, from 0 to 1; no number is nowhere. */
  x: number;
  y?: number;
  /** What stands beside the dot. */
  text?: string;
}

/** A line down the plot, and a dot at a height, with its text, if given. */
export function Cursor({ x, y = NaN, text = "" }: CursorProps): VNode | null {
  if (!Number.isFinite(x)) return null;
  const [left, top] = [`${x * 100}%`, `${(1 - y) * 100}%`];
  const isSeen = y >= 0 && y <= 1;
  return (
    <>
      <div class="bpviz-cursor-line" style={{ left }} />
      {isSeen && <div class="bpviz-cursor-dot" style={{ left, top }} />}
      {isSeen && text && (
        <div class={`bpviz-cursor-text ${sideOf(x)}`} style={{ left, top: `calc(${top} - 18px)` }}>
          {text}
        </div>
      )}
    </>
  );
}

interface ReadoutProps {
  x: number;
  name: string;
  /** One text, or several with a line each; the end of a long one is cut. */
  said: readonly string[];
}

/** What is at the pointer. */
export function Readout({ x, name, said }: ReadoutProps): VNode {
  const left = `${x * 100}%`;
  return (
    <>
      <div class="bpviz-cursor-hair" style={{ left }} />
      <div class={`bpviz-cursor-readout ${x > 0.5 ? "bpviz-leftwards" : ""}`} style={{ left }}>
        {name} {said.length === 1 ? said[0] : said.map((line) => <div>{line}</div>)}
      </div>
    </>
  );
}

/** On which side of a place its text has room. */
function sideOf(x: number): string {
  return x > 0.65 ? "bpviz-leftwards" : "";
}
