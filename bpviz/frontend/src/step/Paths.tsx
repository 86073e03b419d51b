// Every path from a weight or a bias to the loss, and why nobody computes gradients that way.

import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { saidOn } from "../protocol/program";
import { countText, formatNumber } from "../program/numbers";
import { isFused, pathsOf, placesOn, trueValue, workOf } from "../program/paths";
import type { Ref } from "../program/refs";
import { parseRef, refKey } from "../program/refs";
import { usePanel } from "../ui/context";
import { symbol } from "../ui/symbols";

/** Counts from this on are too long to read with all their digits. */
const MOST_WRITTEN_OUT = 1e12;

export function Paths({ name }: { name: string }): VNode {
  const state = usePanel();
  const frame = state.values.value!;
  const { program } = frame;
  const ref = parseRef(name)!;
  const gradient = parseRef(`g${name}`)!;
  const paths = useMemo(() => pathsOf(frame, ref), [frame, name]);
  const known = state.isKnown(gradient);
  const [isOpen, setOpen] = useState(true);
  // The path that somebody points at; null lights up all.
  const [one, setOne] = useState<number | null>(null);
  useEffect(() => {
    const lit = one === null ? paths.shown : paths.shown.slice(one, one + 1);
    const places = isOpen ? lit.flatMap(({ factors }) => placesOn(program, ref, factors)) : [];
    state.attention.lit.value = new Set(places);
  }, [paths, isOpen, one]);
  useEffect(() => () => void (state.attention.lit.value = new Set()), []);
  const text = (value: number): string => formatNumber(value, state.numbers.value);
  const count = (of: number): string =>
    of < MOST_WRITTEN_OUT ? countText(of, state.numbers.value) : text(of);
  const multiplications = (of: number): string =>
    `${count(of)} multiplication${of === 1 ? "" : "s"}`;
  const factor = (one: Ref, k: number): VNode => (
    <>
      {k > 0 && " × "}
      <span class="bpviz-factor" data-ref={refKey(one)}>
        <math>{symbol(program, one)}</math>
        {known && <span>{text(trueValue(frame, one))}</span>}
      </span>
    </>
  );
  const rest = paths.shown.reduce((sum, { product }) => sum - product, paths.sum);
  const more = paths.count - paths.shown.length;
  const work = workOf(program, ref);
  return (
    <details class="bpviz-more-about" open onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{paths.count > 1 ? `${count(paths.count)} paths` : "One path"} to the loss</summary>
      <div data-view="paths" role="group" tabIndex={0} aria-label="Paths to the loss">
        {paths.shown.map(({ factors, product }, k) => (
          <p
            class="bpviz-path"
            key={k}
            onPointerEnter={() => setOne(k)}
            onPointerLeave={() => setOne(null)}
            onFocusIn={() => setOne(k)}
            onFocusOut={() => setOne(null)}
          >
            {factors.map(factor)}
            {known && <b> = {text(product)}</b>}
          </p>
        ))}
        {more > 0 && (
          <p>
            These are the largest. {count(more)} more
            {known && (
              <>
                {" "}
                add <b>{text(rest)}</b>
              </>
            )}
            .
          </p>
        )}
      </div>
      {isFused(program) && (
        <p>
          The paths end at δ of the last layer: its activation function and the loss are derived
          together, which gives output minus target.
        </p>
      )}
      {known ? (
        <Sum name={name} sum={paths.sum} mean={paths.mean} />
      ) : (
        <p>The numbers come with the step that computes the gradient.</p>
      )}
      <p>
        <b>Why δ saves work:</b> along the paths this gradient takes {multiplications(work.alone)};
        once δ of the unit is known, {multiplications(ref.indices.length - 1)}. All gradients of the
        network: along the paths {count(work.byPaths)}, with each δ passed back and used again{" "}
        {count(work.byDeltas)}. Counted is each × for one sample, with f′ and the error at the
        output known in both ways.
      </p>
    </details>
  );
}

/** The sum of the paths beside the gradient that was recorded, and what they say. */
function Sum(props: { name: string; sum: number; mean: number }): VNode {
  const { name, sum, mean } = props;
  const state = usePanel();
  const frame = state.values.value!;
  const { rule, samples } = frame.program;
  const gradient = frame.value(parseRef(`g${name}`)!);
  const text = (value: number): string => formatNumber(value, state.numbers.value);
  const near = (one: number): boolean =>
    Math.abs(one - gradient) <= 1e-9 * Math.max(Math.abs(one), Math.abs(gradient), 1e-6);
  const because = [
    ...rule.mistakes.map((mistake) => `${saidOn(mistake)} ${mistake.change}.`),
    ...(rule.update === "dirty" ? [dirty()] : []),
  ];
  function dirty(): string {
    const through = pathsOf(frame, parseRef(name)!, "nW").mean;
    const same = near(through) ? ", which is the recorded one" : "";
    return (
      "The update is “dirty”: the error came back through weights that were already new. " +
      `Through those the paths add up to ${text(through)}${same}.`
    );
  }
  return (
    <>
      <table>
        <tbody>
          <Line words={samples > 1 ? "Sum of all paths of this sample" : "Sum of all paths"}>
            {text(sum)}
          </Line>
          {samples > 1 && <Line words={`Mean over the ${samples} samples`}>{text(mean)}</Line>}
          <Line words="Recorded gradient">{text(gradient)}</Line>
        </tbody>
      </table>
      <p>{near(mean) ? "They are the same." : `They differ. ${because.join(" ")}`}</p>
    </>
  );
}

export function Line({ words, children }: { words: string; children: string }): VNode {
  return (
    <tr>
      <th scope="row">{words}</th>
      <td>{children}</td>
    </tr>
  );
}
