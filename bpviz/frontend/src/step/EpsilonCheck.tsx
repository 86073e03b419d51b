// The gradient of one weight or bias beside a difference of losses, and how good that is.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { saidOn } from "../protocol/program";
import type { Check } from "../program/gradients";
import { TOLERANCE, checkGradient } from "../program/gradients";
import { formatNumber } from "../program/numbers";
import { parseRef } from "../program/refs";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { Line } from "./Paths";

export function EpsilonCheck({ name }: { name: string }): VNode {
  const state = usePanel();
  const [check, setCheck] = useState<Check | null>(null);
  return (
    <details class="bpviz-more-about" open>
      <summary>Gradient check</summary>
      {check && check.row === state.row.value ? (
        <Result check={check} />
      ) : (
        <>
          <p>
            This number is moved a little up and down by ε, to see what the loss does: (L(w + ε) −
            L(w − ε)) / 2ε.
          </p>
          <Button
            label="Check"
            onClick={() => setCheck(checkGradient(state.values.value!, parseRef(name)!))}
          />
        </>
      )}
    </details>
  );
}

function Result({ check }: { check: Check }): VNode {
  const state = usePanel();
  const text = (value: number): string => formatNumber(value, state.numbers.value);
  const agree = check.relativeError <= TOLERANCE;
  const mistakes = state.program.value!.rule.mistakes;
  return (
    <>
      <table>
        <tbody>
          <Line words="Backward pass">{text(check.analytic)}</Line>
          <Line words="Numerical derivative">{text(check.numerical)}</Line>
          <Line words="Relative error">{text(check.relativeError)}</Line>
        </tbody>
      </table>
      <p role="status">
        {check.note
          ? `They cannot be compared ${check.note}.`
          : agree
            ? "They agree: the backward pass is right."
            : "They differ: what the backward pass gives is not the derivative of the loss."}
        {!agree && mistakes.map((mistake) => ` ${saidOn(mistake)}`)}
      </p>
      <Plot check={check} />
    </>
  );
}

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [340, 152, 40, 120];
/** Errors below this are drawn at the bottom, as is an error of 0. */
const LEAST = -13;

const power = (exponent: number): VNode => (
  <>
    10
    <tspan dy="-4" font-size="8">
      {String(exponent).replace("-", "−")}
    </tspan>
  </>
);

/** The error against ε, both by powers of ten. */
function Plot({ check: { epsilon, errors, kink, kinkNote } }: { check: Check }): VNode {
  const state = usePanel();
  const text = (value: number): string => formatNumber(value, state.numbers.value);
  const x = (value: number): number => LEFT + ((Math.log10(value) + 12) / 12) * (WIDTH - LEFT - 16);
  const y = (error: number): number =>
    (1 - Math.max(LEAST, Math.min(1, Math.log10(error)))) * (BOTTOM / (1 - LEAST));
  let best = -1;
  errors.forEach((error, k) => {
    if (best < 0 || error < errors[best]!) best = k;
  });
  const least = errors[best] ?? Infinity;
  const words =
    least > TOLERANCE
      ? "There is no ε at which they come near each other."
      : `The best ε is ${text(epsilon[best]!)}, with an error of ${text(least)}. With a larger ` +
        "one the bend of the loss disturbs, with a smaller one the rounding of its digits.";
  return (
    <>
      <svg class="bpviz-plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
        {[0, -4, -8, -12].map((exponent) => (
          <g key={exponent}>
            <path d={`M${LEFT} ${y(10 ** exponent)}H${WIDTH}M${x(10 ** exponent)} 0V${BOTTOM}`} />
            <text x={LEFT - 6} y={y(10 ** exponent) + 4} text-anchor="end">
              {power(exponent)}
            </text>
            <text x={x(10 ** exponent)} y={BOTTOM + 16} text-anchor="middle">
              {power(exponent)}
            </text>
          </g>
        ))}
        <text x={WIDTH / 2} y={HEIGHT - 2}>
          ε
        </text>
        {kink !== null && <path class="bpviz-kink" d={`M${x(kink)} 0V${BOTTOM}`} />}
        {errors.map(
          (error, k) =>
            error < Infinity && (
              <circle cx={x(epsilon[k]!)} cy={y(error)} r={k === best ? 4.5 : 2.2} key={k} />
            ),
        )}
      </svg>
      <p>
        The relative error for each ε. {words}
        {kink !== null &&
          ` From ε = ${text(kink)} on, at the dashed line, ${kinkNote}. A difference across a ` +
            "kink mixes the derivatives of both sides, so it says nothing about either."}
      </p>
    </>
  );
}
