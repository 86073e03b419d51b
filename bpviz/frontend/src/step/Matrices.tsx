// The current operation as the arrays that it is, laid out side by side, each a real table.

import type { ComponentChildren, VNode } from "preact";
import { useCallback, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Grid } from "./arrays";
import { gridOf, tallestOf } from "./arrays";
import { isOperator, isRef } from "../program/expression";
import { HIDDEN, newOf } from "../program/frame";
import { formatNumber } from "../program/numbers";
import type { Expression, Operator } from "../protocol/program";
import { quantityOf, registerOf, sampleShape } from "../protocol/program";
import { parseRef } from "../program/refs";
import { wordsOf } from "../program/words";
import type { PanelState } from "../state/panel";
import { Ahead, around } from "./Ahead";
import { onResize } from "../ui/resizes";
import { Value } from "../ui/Value";
import { useDerived, usePanel } from "../ui/context";
import { Binding, math } from "../ui/math";
import { phaseClass } from "../ui/phases";
import { shortName, symbol } from "../ui/symbols";

/** The heights of a row, and of the lines above and below an array, as matrices.css has them. */
const ROW = 24;
const AROUND = 58;

/** `untitled` where a tab names it. */
export function Matrices({ untitled = false }: { untitled?: boolean }): VNode | null {
  const state = usePanel();
  const program = state.program.value;
  const tallest = useMemo(
    () => Math.max(1, ...(program?.operations ?? []).map((one) => tallestOf(program!, one))),
    [program],
  );
  const current = useDerived(() => state.step.value?.operation, [state]);
  const secret = state.asking.secret.value;
  const draw = useCallback(
    (order: number) => {
      const { writes, array } = program!.operations[order]!;
      return (
        <Fitted>
          <Drawn part={{ ref: writes }} />
          <Sign text="=" />
          {secret.has(writes) ? (
            <Sign text={HIDDEN} words="asked for" />
          ) : (
            <Drawn part={array} result={writes} />
          )}
        </Fitted>
      );
    },
    [program, secret],
  );
  if (!program || !state.values.value) return null;
  const now = Math.max(0, program.operations.indexOf(current!));
  const near = around(now, 0, program.operations.length - 1);
  const words = wordsOf(program, program.operations[now]!.writes);
  return (
    <section class="bpviz-pane" data-view="matrices">
      {!untitled && (
        <h3 class="bpviz-pane-title">
          <b>Matrices</b> <span>{words}</span>
        </h3>
      )}
      <Ahead
        class="bpviz-arrays"
        label={`Matrices: ${words}`}
        style={{ minHeight: `${tallest * ROW + AROUND}px` }}
        {...{ now, near, draw }}
      />
    </section>
  );
}

/** Arrays that are wider than their place are drawn smaller, but no less high: to this share. */
const SMALLEST = 0.7;
/** They do so by steps, or a digit more would change the size of all numbers. */
const STEPS = 20;
const SHRINK = "--bpviz-shrink";
/** What the place keeps free at its sides. */
const SIDES = 8;

/** To which share of their size arrays of a width are drawn in a place; "" is their own. */
export function shrunk(place: number, width: number): string {
  const share = Math.floor((place / width) * STEPS) / STEPS;
  return share < 1 ? String(Math.max(SMALLEST, share)) : "";
}

function Fitted({ children }: { children: ComponentChildren }): VNode {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const own = box.current!;
    const place = own.closest(".bpviz-arrays");
    if (!place) return;
    const fit = (): (() => void) | null => {
      // In its own pixels, however small it is drawn.
      const shrink = shrunk(place.clientWidth - SIDES, own.offsetWidth);
      if (own.style.getPropertyValue(SHRINK) === shrink) return null;
      return () => own.style.setProperty(SHRINK, shrink);
    };
    fit()?.();
    // Numbers come in step by step, and are longer than the room that is kept for them.
    const ends = [onResize(own, fit), onResize(place, fit)];
    return () => ends.forEach((end) => end());
  }, []);
  return (
    <div ref={box} class="bpviz-fitted">
      {children}
    </div>
  );
}

const SIGNS: Readonly<Record<string, { text: string; words: string; binds: Binding }>> = {
  add: { text: "+", words: "plus", binds: Binding.Sum },
  subtract: { text: "−", words: "minus", binds: Binding.Sum },
  matmul: { text: "·", words: "matrix product", binds: Binding.Product },
  multiply: { text: "×", words: "times", binds: Binding.Product },
  hadamard: { text: "∘", words: "times, entry by entry", binds: Binding.Product },
  divide: { text: "/", words: "divided by", binds: Binding.Product },
};

function Sign({ text, words }: { text: string; words?: string | undefined }): VNode {
  return (
    <span class="bpviz-sign" title={words}>
      {text}
    </span>
  );
}

interface DrawnProps {
  part: Expression;
  inside?: Binding;
  /** The register that a number alone fills. */
  result?: string;
}

function Drawn({ part, inside = Binding.Sum, result }: DrawnProps): VNode {
  const state = usePanel();
  const frame = state.values.value!;
  if (typeof part === "number") {
    const shape = result ? sampleShape(registerOf(frame.program, result)) : [];
    if (!shape.length) return <Scalar>{formatNumber(part, state.numbers.value)}</Scalar>;
    return <Table grid={gridOf(frame, { ref: result! }, false, state.windows.value)} fill={part} />;
  }
  if (isRef(part)) {
    if (part.at) return inSymbols(state, part);
    const { shape } = registerOf(frame.program, part.ref);
    if (!shape.length) {
      return (
        <Scalar caption={<i>{shortName(quantityOf(frame.program, part.ref))}</i>}>
          <Value name={part.ref} />
        </Scalar>
      );
    }
    return <Table grid={gridOf(frame, part, false, state.windows.value)} />;
  }
  return operation(state, part, inside);
}

function operation(state: PanelState, part: Operator, inside: Binding): VNode {
  const { op, of } = part;
  const first = of[0] ?? 0;
  const sign = SIGNS[op];
  if (sign) {
    const parts = of.flatMap((one, k) => [
      ...(k ? [<Sign text={sign.text} words={sign.words} />] : []),
      <Drawn part={one} inside={sign.binds} />,
    ]);
    return inside > sign.binds ? <Group>{parts}</Group> : <>{parts}</>;
  }
  switch (op) {
    case "transpose":
      if (isRef(first) && !first.at) {
        return <Table grid={gridOf(state.values.value!, first, true, state.windows.value)} />;
      }
      return <Group above="T">{<Drawn part={first} />}</Group>;
    case "negate":
      return (
        <>
          <Sign text="−" />
          <Drawn part={first} inside={Binding.Product} />
        </>
      );
    case "power":
      return (
        <>
          <Drawn part={first} inside={Binding.Power} />
          {typeof of[1] === "number" ? (
            <sup class="bpviz-above">{String(of[1])}</sup>
          ) : (
            <>
              <Sign text="^" words="to the power of" />
              <Drawn part={of[1]!} inside={Binding.Power} />
            </>
          )}
        </>
      );
    case "sum":
      // The product of arrays of all samples adds up over them by itself.
      if (isOperator(first) && first.op === "matmul") return <Drawn part={first} inside={inside} />;
      return (
        <>
          <Sign text="∑" words="sum over the samples" />
          <Drawn part={first} inside={Binding.Product} />
        </>
      );
    case "step":
    case "step_from_zero":
      return (
        <>
          <Sign text="1 if" />
          <Drawn part={first} inside={Binding.Product} />
          <Sign text={op === "step" ? "> 0, else 0" : "≥ 0, else 0"} />
        </>
      );
    case "each":
      return inSymbols(state, part);
    case "log_softmax":
      return (
        <Group before="ln softmax">
          <Drawn part={first} />
        </Group>
      );
    default:
      return (
        <Group before={op === "sqrt" ? "√" : (part.name ?? op)}>
          {of.map((one) => (
            <Drawn part={one} />
          ))}
        </Group>
      );
  }
}

function inSymbols(state: PanelState, part: Expression): VNode {
  const writing = { frame: state.values.value!, numbers: state.numbers.value };
  return (
    <math class="bpviz-math">
      {math({ ...writing, mode: "symbols", roleOf: (ref) => state.roleOf(ref) }, part)}
    </math>
  );
}

function Scalar(props: { caption?: VNode; children: ComponentChildren }): VNode {
  return (
    <span class="bpviz-scalar">
      <span class="bpviz-caption">{props.caption}</span>
      {props.children}
    </span>
  );
}

/** Parts in parentheses, a function's name before them or a mark above. */
function Group(props: { before?: string; above?: string; children: ComponentChildren }): VNode {
  return (
    <>
      {props.before && <Sign text={props.before} />}
      <span class="bpviz-group">{props.children}</span>
      {props.above && <sup class="bpviz-above">{props.above}</sup>}
    </>
  );
}

/** The place of a number, marked if it goes into the entry under way. */
function Cell(props: { name: string; width: number; children: VNode }): VNode {
  const state = usePanel();
  const { name, width, children } = props;
  const along = useDerived(
    () => state.summands.value.meets(name) && phaseClass(state.step.value?.operation.phase),
    [state, name],
  );
  return (
    <td class={along ? `bpviz-along ${along}` : undefined} style={{ minWidth: `${width}ch` }}>
      {children}
    </td>
  );
}

function Table({ grid, fill }: { grid: Grid; fill?: number }): VNode {
  const state = usePanel();
  const frame = state.values.value!;
  const numbers = state.numbers.value;
  const { register, rows, shape, transposed, batch } = grid;
  const words = wordsOf(frame.program, register);
  const { shape: full } = registerOf(frame.program, register);
  const now = newOf(frame.program, { register, indices: [] });
  const size = `${shape[0]} × ${shape[1]}`;
  const isArray = sampleShape(registerOf(frame.program, register)).length > 0;
  // There is room from the start for the digits that tell an old weight from its new one.
  const text = (ref: string): string =>
    fill === undefined
      ? frame.text(parseRef(ref)!, numbers, now !== null)
      : formatNumber(fill, numbers);
  const longest = Math.max(
    fill === undefined ? numbers.digits + 2 : 1,
    ...rows.flat().map((ref) => (ref === null ? 1 : text(ref).length)),
  );
  const gap = (row: (string | null)[]): string => (row.every((one) => one === null) ? "⋮" : "⋯");
  return (
    <div class="bpviz-table-box">
      <table class={isArray ? "bpviz-grid" : "bpviz-number"}>
        <caption class="bpviz-caption">
          {fill === undefined ? (
            <math displaystyle>
              {transposed ? (
                <msup>
                  {symbol(frame.program, { register, indices: [] })}
                  <mi mathvariant="normal">T</mi>
                </msup>
              ) : (
                symbol(frame.program, { register, indices: [] })
              )}
            </math>
          ) : (
            <span>&nbsp;</span>
          )}
          <span class="bpviz-hidden">
            {` ${words}${transposed ? ", transposed" : ""}${batch ? ", of all samples" : ""}, ${size}`}
          </span>
        </caption>
        <tbody>
          {rows.map((row, k) => (
            <tr key={k}>
              {row.map((ref, column) =>
                ref === null ? (
                  <td key={column}>{gap(row)}</td>
                ) : (
                  <Cell key={column} name={ref} width={longest}>
                    {fill === undefined ? (
                      <Value name={ref} />
                    ) : (
                      <span class="bpviz-value">{text(ref)}</span>
                    )}
                  </Cell>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <div class="bpviz-shape" aria-hidden="true">
        {isArray && full.length ? size : "\u00a0"}
      </div>
    </div>
  );
}
