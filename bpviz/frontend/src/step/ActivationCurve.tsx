// The activation function of a unit as a curve, with the place where the unit stands: its
// aggregate on the axis, its activation on the curve, its derivative as the slope there.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { evaluatorOf } from "../program/evaluate";
import type { Program } from "../protocol/program";
import { registerOf, slot } from "../protocol/program";
import { useDerived, usePanel } from "../ui/context";
import { phaseClass } from "../ui/phases";

const WIDTH = 52;
const HEIGHT = 78;
const POINTS = 32;
/** At least so far to both sides. */
const REACH = 4;
/** Half of the tangent's length, in pixels. */
const TANGENT = 17;

interface CurveProps {
  program: Program;
  layer: number;
  unit: number;
}

interface Scale {
  path: string;
  x(a: number): number;
  y(h: number): number;
}

export function ActivationCurve({ program, layer, unit }: CurveProps): VNode | null {
  const state = usePanel();
  const reach = useDerived(() => {
    const frame = state.values.value;
    const a = frame ? Math.abs(frame.value({ register: `a${layer}`, indices: [unit] })) : 0;
    return a > REACH ? 2 ** Math.ceil(Math.log2(a)) : REACH;
  }, [state, layer, unit]);
  const scale = useMemo(() => scaleOf(program, layer, unit, reach), [program, layer, unit, reach]);
  const now = useDerived(() => {
    const frame = state.values.value;
    const known = (register: string): number => {
      const ref = { register: register + layer, indices: [unit] };
      // Derived together with the loss, a function has no slope of its own.
      const isThere = ref.register in program.registers;
      return frame && isThere && state.isKnown(ref) ? frame.value(ref) : NaN;
    };
    return { a: known("a"), h: known("h"), slope: known("s") };
  }, [state, program, layer, unit]);
  if (!scale || !Number.isFinite(scale.y(0))) return null;
  const [x, y] = [scale.x(now.a), scale.y(now.h)];
  return (
    <svg class="bpviz-activation" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={`M${scale.x(0)} 2V${HEIGHT - 2}M0 ${scale.y(0)}H${WIDTH}`} class="bpviz-axes" />
      <path d={scale.path} />
      {Number.isFinite(x) && (
        <path d={`M${x} ${scale.y(0) - 4}v8`} class={`bpviz-tick ${phaseClass("forward")}`} />
      )}
      {Number.isFinite(now.slope) && Number.isFinite(y) && (
        <path
          d={tangent(scale, x, y, now.slope)}
          class={`bpviz-tangent ${phaseClass("backward")}`}
        />
      )}
      {Number.isFinite(x) && Number.isFinite(y) && <circle cx={x} cy={y} r="3.5" />}
    </svg>
  );
}

function tangent(scale: Scale, x: number, y: number, slope: number): string {
  const rise = (scale.y(slope) - scale.y(0)) / (scale.x(1) - scale.x(0));
  const dx = TANGENT / Math.hypot(1, rise);
  const [left, right] = [x - dx, x + dx].map((at) => at.toFixed(1));
  return `M${left} ${(y - dx * rise).toFixed(1)}L${right} ${(y + dx * rise).toFixed(1)}`;
}

/** The curve over −reach … reach; null for a function of more than the unit's own aggregate. */
function scaleOf(program: Program, layer: number, unit: number, reach: number): Scale | null {
  const slopes = program.registers[`s${layer}`];
  if (slopes && slopes.shape.length > 2) return null;
  const row = new Float64Array(program.size).fill(NaN);
  const place = slot(registerOf(program, `a${layer}`), [unit], 0);
  const heights = Array.from({ length: POINTS + 1 }, (_, k) => {
    row[place] = reach * ((2 * k) / POINTS - 1);
    return evaluatorOf(program).entry(row, `h${layer}`, [unit], 0);
  });
  if (!heights.every(Number.isFinite)) return null;
  const [low, high] = [Math.min(0, ...heights), Math.max(...heights)];
  const x = (a: number): number => round((WIDTH / 2) * (1 + (0.94 * a) / reach));
  const y = (h: number): number =>
    round(HEIGHT - 6 - ((h - low) / (high - low || 1)) * (HEIGHT - 12));
  const points = heights.map((h, k) => `${x(reach * ((2 * k) / POINTS - 1))} ${y(h)}`);
  return { path: `M${points.join("L")}`, x, y };
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
