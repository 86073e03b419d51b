// The curves of a plot by their lines, and as a table.

import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { countText, formatNumber } from "../program/numbers";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { useRun } from "./context";
import { LogarithmicAxis, Text } from "./Inputs";
import { CurveMark, LossWords } from "./LossCurve";
import type { Curve } from "./state/training";
import { counted } from "./words";
import { focused } from "../ui/focus";

const TABLE_ROWS = 20;

/** The curves on the plot, by their lines. */
export function CurveLegend(): VNode | null {
  const state = usePanel();
  const { pins, logarithmic } = useRun().training;
  const { losses, lossName, constant } = state.content.value!.run;
  const list = useRef<HTMLUListElement>(null);
  const count = useRef(0);
  // The button that takes a run away goes with it; the focus stays beside it.
  useLayoutEffect(() => {
    const isFewer = pins.value.length < count.current;
    count.current = pins.value.length;
    if (isFewer && focused() === document.body) {
      const controls = list.current!.querySelectorAll<HTMLElement>("button, input");
      controls[Math.max(0, controls.length - 3)]!.focus({ preventScroll: true });
    }
  }, [pins.value.length]);
  return (
    <ul ref={list} class="bpviz-curves" aria-label="Curves">
      {pins.value.length > 0 && (
        <li>
          <CurveMark index={0} /> this run
        </li>
      )}
      {pins.value.map((pin, k) => (
        <li key={k}>
          <CurveMark index={k + 1} /> {pin.name},{" "}
          {counted(pin.losses.length, "epoch", state.numbers.value)}
          <Button
            icon="close"
            label={`Remove pinned run ${k + 1}`}
            onClick={() => state.tell("unpin", { index: k })}
          />
        </li>
      ))}
      <li>
        <LogarithmicAxis chosen={logarithmic} />
      </li>
      <li>
        <Text
          disabled={!losses.length}
          onClick={() => state.tell("pin", {})}
          title="Keep this curve, to compare it with the runs that follow"
        >
          Pin
        </Text>
      </li>
      <LossWords name={lossName} constant={constant} />
    </ul>
  );
}

/** Curves as a table, in about twenty rows. */
export function CurveRows({ curves, name }: { curves: readonly Curve[]; name: string }): VNode {
  const state = usePanel();
  const count = Math.max(...curves.map(({ losses }) => losses.length));
  const every = Math.max(1, Math.ceil(count / TABLE_ROWS));
  const rows = Array.from({ length: Math.ceil(count / every) }, (_, k) => k * every);
  if (count && rows[rows.length - 1] !== count - 1) rows.push(count - 1);
  return (
    <table class="bpviz-table">
      <thead>
        <tr>
          <th scope="col">epoch</th>
          {curves.map((curve, k) => (
            <th key={k} scope="col">
              {curves.length > 1 ? `${name}, ${curve.name}` : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((k) => (
          <tr key={k}>
            <td>{countText(k + 1, state.numbers.value)}</td>
            {curves.map(({ losses }, which) => (
              <td key={which}>
                {k < losses.length ? formatNumber(losses[k]!, state.numbers.value) : ""}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function curveTableName(curves: readonly Curve[]): string {
  return `The ${curves.length > 1 ? "curves" : "curve"} as a table`;
}
