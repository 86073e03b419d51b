// The way of every weight and bias over the epochs, with their values at the cursor.

import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { countText, formatNumber } from "../program/numbers";
import { parseRef } from "../program/refs";
import type { Moment, Trajectories as Ways } from "./state/scrub";
import { usePanel } from "../ui/context";
import type { Place } from "./plots";
import { lineLimit } from "./fields";
import {
  epochMarks,
  cursorHooks,
  moveCursor,
  onThemeChange,
  plainAxis,
  resolved,
  roomFor,
} from "./plots";
import { symbol } from "../ui/symbols";
import { useWidth } from "../ui/useWidth";

const HEIGHT = 210;
const TOKENS = ["forward", "backward", "positive", "negative", "update", "ink"];
const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

/** Every pair of colour and dash once, before one comes again. */
function lookOf(k: number): { token: string; dash: number[] } {
  const dash = DASHES[(k + Math.floor(k / 12)) % DASHES.length]!;
  return { token: `--bpviz-${TOKENS[k % TOKENS.length]}`, dash };
}

export function Trajectories({ ways, moment }: { ways: Ways; moment: Moment }): VNode {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const host = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<uPlot | null>(null);
  const { refs, lines, epochs } = ways;
  const losses = state.content.value!.run.losses;
  const limit = useMemo(() => lineLimit(lines, losses), [lines, losses]);
  const { decimal } = state.numbers.value;
  const cursor = useRef({ x: 0 });
  cursor.current.x = Math.min(moment.epoch, epochs[epochs.length - 1] ?? 0);

  useLayoutEffect(() => {
    if (!host.current || !width) return;
    const made = draw(host.current, ways, width, limit, decimal, () => cursor.current);
    setPlot(made);
    const stop = onThemeChange(host.current, () => made.redraw(false, true));
    return () => {
      stop();
      made.destroy();
    };
  }, [ways, width, limit, decimal]);

  useLayoutEffect(() => {
    if (plot) moveCursor(plot, cursor.current);
  }, [plot, moment]);

  const pointed = refs.findIndex((ref) => {
    const role = state.roleOf(ref);
    return role.pointed || (role.selected && !state.attention.hover.value);
  });
  useLayoutEffect(() => {
    if (!plot) return;
    plot.series.forEach((series, k) => {
      series.width = (k - 1 === pointed ? 4 : 1.6) * uPlot.pxRatio;
      series.alpha = pointed < 0 || k - 1 === pointed ? 1 : 0.35;
    });
    plot.redraw(false);
  }, [plot, pointed]);

  const program = state.content.value!.program;
  const names = useMemo(
    () =>
      refs.map((ref, k) => (
        <>
          <LineMark index={k} />
          <math>{symbol(program, parseRef(ref)!)}</math>
        </>
      )),
    [refs, program],
  );
  const values = new Map(moment.refs.map((ref, k) => [ref, moment.values[k]!]));
  const epoch = countText(moment.epoch, state.numbers.value);
  const left = ways.total - lines.length;
  return (
    <>
      <div ref={box} class="bpviz-ways" style={{ height: `${HEIGHT}px` }} aria-hidden="true">
        <div ref={host} />
      </div>
      <ul class="bpviz-values" aria-label={`Values after epoch ${epoch}`}>
        {refs.map((ref, k) => (
          <li key={ref}>
            <button
              type="button"
              data-ref={ref}
              aria-pressed={state.roleOf(ref).selected}
              title="Choose it here and in the network"
            >
              {names[k]}
              <span>{formatNumber(values.get(ref) ?? NaN, state.numbers.value)}</span>
            </button>
          </li>
        ))}
      </ul>
      {limit < Infinity && (
        <p>
          The run diverged: lines that leave the plot go on beyond ±
          {formatNumber(limit, { ...state.numbers.value, digits: 2 })}.
        </p>
      )}
      {left > 0 && (
        <p>
          These moved most, of {ways.total}. Choose another in the network below to see it here,
          too.
        </p>
      )}
    </>
  );
}

function LineMark({ index }: { index: number }): VNode {
  const { token, dash } = lookOf(index);
  return (
    <svg width="24" height="8" aria-hidden="true">
      <path
        d="M0 4h24"
        style={{ stroke: `var(${token})` }}
        stroke-width="2"
        stroke-dasharray={dash.join(" ")}
      />
    </svg>
  );
}

function draw(
  host: HTMLElement,
  { epochs, lines }: Ways,
  width: number,
  limit: number,
  decimal: "." | ",",
  cursor: () => Place,
): uPlot {
  const colour = (token: string) => () => resolved(host, token);
  const axis = plainAxis(host, 16, decimal);
  const last = epochs[epochs.length - 1] || 1;
  const inside = (value: number): number | null => (Math.abs(value) <= limit ? value : null);
  return new uPlot(
    {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [0, last] } },
      axes: [
        {
          ...axis,
          label: "epoch",
          values: epochMarks(decimal),
          size: 22,
          grid: { show: false },
          space: 60,
        },
        { ...axis, label: "value", size: roomFor(40) },
      ],
      series: [
        {},
        ...lines.map((_, k): uPlot.Series => {
          const { token, dash } = lookOf(k);
          return { stroke: colour(token), width: 1.6, dash, points: { show: epochs.length < 3 } };
        }),
      ],
      hooks: cursorHooks(cursor),
    },
    [epochs, ...lines.map((line) => Array.from(line, inside))],
    host,
  );
}
