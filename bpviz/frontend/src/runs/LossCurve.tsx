// Loss curves with a cursor on the first, which is dragged, clicked, or moved with the keyboard.

import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Constant } from "../protocol/content";
import { countText, formatNumber } from "../program/numbers";
import { usePanel } from "../ui/context";
import { useWidth } from "../ui/useWidth";
import type { Axis } from "./axes";
import { shareOf, valueAt } from "./axes";
import { finiteRange } from "./fields";
import type { Line } from "./Plot";
import { Cursor, Plot, Readout } from "./Plot";
import type { Curve } from "./state/training";
import { lossWords } from "./words";

interface LossCurveProps {
  /** The curves that are compared; the cursor is on the first. */
  curves: readonly Curve[];
  /** The title of the vertical axis. */
  name: string;
  /** The chosen epoch, from 1. */
  epoch: number;
  /** How many are begun; the last of them may have no loss yet. */
  epochs: number;
  logarithmic?: boolean;
  /** Where a linear axis ends at most, so that one curve that diverges leaves others to be seen. */
  ceiling: number;
  /** In pixels. */
  height?: number;
  /** What always giving the same answer comes to, to compare with. */
  constant: Constant | null;
  onChoose(epoch: number): void;
}

/** In pixels, where nothing else is given. */
export const HEIGHT = 212;
/** So much of the plot's height the name of a level needs below its line. */
const ROOM_FOR_NAME = 0.12;
const LINES = [
  { token: "--bpviz-ink", dash: [], width: 2 },
  { token: "--bpviz-soft", dash: [7, 4], width: 1.5 },
  { token: "--bpviz-forward", dash: [2, 3], width: 1.5 },
  { token: "--bpviz-update", dash: [10, 3, 2, 3], width: 1.5 },
  { token: "--bpviz-backward", dash: [4, 4], width: 1.5 },
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

export function LossCurve(props: LossCurveProps): VNode {
  const { curves, name, epoch, epochs, ceiling, constant, onChoose } = props;
  const { logarithmic = false, height = HEIGHT } = props;
  const state = usePanel();
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState(0);
  // Where the plot is in the window; to ask in mid-drag would lay the page out at each move.
  const place = useRef<DOMRect | null>(null);
  const numbers = state.numbers.value;
  const losses = curves[0]!.losses;
  const count = Math.max(1, epochs);
  const longest = Math.max(...curves.map((curve) => curve.losses.length));
  const x: Axis = longest > 1 ? { low: 1, high: longest } : { low: 0.5, high: 1.5 };
  const inputs = [...curves.map((curve) => curve.losses), logarithmic, ceiling, constant?.rmse];
  const y = useMemo(() => lossAxis(curves, logarithmic, ceiling, constant), inputs);
  const lines = useMemo(
    () =>
      curves.map(({ losses: values }, k): Line => {
        const epochs = Float64Array.from(values, (_, at) => at + 1);
        return { epochs, values, ...lineOf(k) };
      }),
    inputs,
  );

  const loss = losses[epoch - 1];
  const words = loss === undefined ? "not finished" : lossWords(name, loss, numbers);
  const here = { x: Math.min(1, shareOf(x, epoch)), y: shareOf(y, loss ?? NaN) };
  const textAt = (all: Float64Array, at: number): string =>
    at <= all.length ? formatNumber(all[at - 1] ?? NaN, numbers) : "none";
  const choose = (to: number): void => onChoose(Math.max(1, Math.min(count, Math.round(to))));
  const epochAt = (event: PointerEvent): number => {
    const { left, width: across } = place.current!;
    return valueAt(x, Math.max(0, Math.min(1, (event.clientX - left) / across)));
  };
  const measure = (event: PointerEvent): void => {
    const over = (event.currentTarget as Element).querySelector(".bpviz-over");
    place.current = over?.getBoundingClientRect() ?? null;
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
  const said = curves.map(({ name: of, losses: all }) =>
    curves.length > 1 ? `${textAt(all, pointed)} ${of}` : textAt(all, pointed),
  );
  return (
    <div
      ref={box}
      class="bpviz-curve"
      style={{ height: `${height}px` }}
      tabIndex={0}
      role="slider"
      aria-label={`Epoch on the curve of the ${name}`}
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={epoch}
      aria-valuetext={
        epochs ? `epoch ${countText(epoch, numbers)}, ${words}` : "Nothing is trained yet."
      }
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
        setPointed(0);
        measure(event);
        if (place.current) choose(epochAt(event));
      }}
      onPointerMove={(event) => {
        const isDragged = event.currentTarget.hasPointerCapture(event.pointerId);
        if (!isDragged) measure(event);
        if (!place.current) return;
        if (isDragged) choose(epochAt(event));
        else if (event.pointerType !== "touch" && losses.length)
          setPointed(Math.max(1, Math.min(longest, Math.round(epochAt(event)))));
      }}
      onPointerLeave={() => setPointed(0)}
    >
      {width > 0 && (
        <Plot
          {...{ width, height, x, y, lines }}
          name={logarithmic ? "RMSE, logarithmic" : name}
          decimal={numbers.decimal}
        >
          {constant && (
            <Level {...{ name: constant.name, place: shareOf(y, constant.rmse), here }} />
          )}
          {epochs > 0 && <Cursor {...here} text={textAt(losses, epoch)} />}
          {pointed > 0 && pointed !== epoch && (
            <Readout
              x={shareOf(x, pointed)}
              name={`epoch ${countText(pointed, numbers)}:`}
              said={said}
            />
          )}
        </Plot>
      )}
    </div>
  );
}

/** Between which heights above the cursor its number lies, in shares of the plot's height. */
const NUMBER = { low: 0.02, high: 0.2 };
/** From this part of the plot's width on, it may lie on the name of a level. */
const NEAR_NAME = 0.7;

interface LevelProps {
  name: string;
  /** How far up the plot it lies, from 0 to 1. */
  place: number;
  /** Where the cursor is. */
  here: { x: number; y: number };
}

/**
 * A dotted line across the plot, with its name below it at the right; or above, or at the left,
 * where the number at the cursor is in its way.
 */
function Level({ name, place, here }: LevelProps): VNode | null {
  if (!(place >= 0 && place <= 1)) return null;
  const [low, high] = [here.y + NUMBER.low, here.y + NUMBER.high];
  const isCovered = here.x > NEAR_NAME && low < place && high > place - ROOM_FOR_NAME;
  const isFreeAbove = high < place;
  // At the foot of the plot the name would lie on the axis.
  const isAbove = place < ROOM_FOR_NAME || (isCovered && isFreeAbove);
  const textAlign = isCovered && !isFreeAbove ? "left" : "right";
  return (
    <div
      class={isAbove ? "bpviz-cursor-level above" : "bpviz-cursor-level"}
      style={{ top: `${(1 - place) * 100}%`, textAlign }}
    >
      {name}
    </div>
  );
}

function lossAxis(
  curves: readonly Curve[],
  logarithmic: boolean,
  ceiling: number,
  constant: Constant | null,
): Axis {
  const all = curves.map(({ losses }) => losses);
  const level = constant?.rmse ?? 0;
  if (!logarithmic) {
    const [low] = finiteRange(all);
    const [from, to] = lossRange(low, ceiling, level);
    return { low: from, high: to };
  }
  const [low, high] = finiteRange([...all, [level]], 0);
  return { low: low / 1.2, high: high * 1.2, logarithmic };
}

/** From 0 where the curves come near it; else the part of the axis where they are. */
function lossRange(lowest: number, ceiling: number, level: number): [number, number] {
  const [low, high] = [level ? Math.min(lowest, level) : lowest, Math.max(ceiling, level)];
  if (!(high > low)) return [Math.min(0, low || 0), Math.max(high || 0, 0) * 1.2 || 1];
  const span = high - low;
  // The name of a level stands below it, where no curve goes if it is the lowest.
  const below = low === level ? 1.5 * ROOM_FOR_NAME : 0.1;
  return [low > 0 && low < high * 0.4 ? 0 : low - below * span, high + 0.1 * span];
}
