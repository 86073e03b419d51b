// The way of every weight and bias over the epochs, with their values at the cursor.

import type { ComponentChildren, VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatNumber } from "../program/numbers";
import { parseRef } from "../program/refs";
import type { Moment, Trajectories as Ways } from "./state/scrub";
import { usePanel } from "../ui/context";
import type { Axis } from "./axes";
import { shareOf } from "./axes";
import { finiteRange, lineLimit } from "./fields";
import type { Line } from "./Plot";
import { Cursor, Plot } from "./Plot";
import { symbol } from "../ui/symbols";
import { useWidth } from "../ui/useWidth";
import { whenWords } from "./words";

const HEIGHT = 154;
const TOKENS = ["forward", "backward", "positive", "negative", "update", "ink"];
const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

/** Every pair of colour and dash once, before one comes again. */
function lookOf(k: number): { token: string; dash: number[] } {
  const dash = DASHES[(k + Math.floor(k / 12)) % DASHES.length]!;
  return { token: `--bpviz-${TOKENS[k % TOKENS.length]}`, dash };
}

interface TrajectoriesProps {
  ways: Ways;
  moment: Moment;
  /** What chooses the lines. */
  children: ComponentChildren;
}

export function Trajectories({ ways, moment, children }: TrajectoriesProps): VNode {
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const { refs, lines, epochs } = ways;
  const losses = state.content.value!.run.losses;
  const limit = useMemo(() => lineLimit(lines, losses), [lines, losses]);
  const { decimal } = state.numbers.value;
  const last = epochs[epochs.length - 1] ?? 0;
  const x: Axis = { low: 0, high: last || 1 };
  const y = useMemo(() => axisOf(lines, limit), [lines, limit]);
  const pointed = refs.findIndex((ref) => {
    const role = state.roleOf(ref);
    return role.pointed || (role.selected && !state.attention.hover.value);
  });
  const drawn = useMemo(
    () =>
      lines.map((values, k): Line => {
        const isFaint = pointed >= 0 && k !== pointed;
        const look = { width: k === pointed ? 4 : 1.6, opacity: isFaint ? 0.35 : 1 };
        return { epochs, values, ...lookOf(k), ...look };
      }),
    [ways, pointed],
  );

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
  const when = whenWords(moment, state.numbers.value);
  const at = moment.epoch + moment.update / state.content.value!.run.updatesPerEpoch;
  const left = ways.total - lines.length;
  return (
    <div class="bpviz-ways-row">
      <div ref={box} class="bpviz-ways" style={{ height: `${HEIGHT}px` }} aria-hidden="true">
        {width > 0 && (
          <Plot {...{ width, x, y, decimal }} height={HEIGHT} name="value" lines={drawn}>
            <Cursor x={shareOf(x, Math.min(at, last))} />
          </Plot>
        )}
      </div>
      <div class="bpviz-way-values">
        {children}
        <ul class="bpviz-values" aria-label={`Values after ${when}`}>
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
            These moved most, of {ways.total}. Choose another in the steps of an update to see it
            here, too.
          </p>
        )}
      </div>
    </div>
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

/** The lines between their lowest and their highest place, with a margin. */
function axisOf(lines: Ways["lines"], limit: number): Axis {
  const inside = lines.map((line) => Array.from(line).filter((value) => Math.abs(value) <= limit));
  const [low, high] = finiteRange(inside);
  const margin = (high - low || 1) * 0.06;
  return { low: low - margin, high: high + margin };
}
