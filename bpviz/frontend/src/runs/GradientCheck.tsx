// Every gradient against a slope measured on the loss: which are wrong, or why none can be.

import type { VNode } from "preact";
import { formatNumber } from "../program/numbers";
import { usePanel } from "../ui/context";
import { RefName } from "../ui/RefName";
import { useRun } from "./context";
import type { CheckRow, Departure } from "./state/lab";

const MOST_NAMES = 6;
const MOST_ROWS = 12;

export function GradientCheck({ on }: { on: readonly Departure[] }): VNode {
  const state = usePanel();
  const { checks } = useRun().lab.content.value!;
  const all = checks[state.frame.value];
  if (!all) return <p class="bpviz-soft">The gradients of this sample are being checked …</p>;
  const wrong = all.filter(({ failed }) => failed);
  const kinks = all.filter(({ note }) => note);
  const shown = [...wrong, ...all.filter((row) => !row.failed)].slice(0, MOST_ROWS);
  return (
    <section class="bpviz-check-result" aria-label="Gradient check">
      <details class="bpviz-fold">
        <summary>
          <span
            class={wrong.length ? "bpviz-verdict bpviz-unlike" : "bpviz-verdict"}
            aria-hidden="true"
          >
            {wrong.length ? "≠" : "✓"}
          </span>{" "}
          <b>Gradient check:</b> {wrong.length ? failedWords(wrong, all) : passedWords(on)}
          <Unseen on={on} />
        </summary>
        {wrong.length > 0 && <Failed wrong={wrong} />}
        {kinks.length > 0 && <p>{kinks.length} cannot be compared: there is a kink in the way.</p>}
        <Reasons on={on} />
        <table class="bpviz-table">
          <thead>
            <tr>
              <th scope="col">gradient of</th>
              <th scope="col">backward pass</th>
              <th scope="col">measured</th>
              <th scope="col">relative error</th>
              <th scope="col">verdict</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Measured key={row.ref} row={row} />
            ))}
          </tbody>
        </table>
        {shown.length < all.length && <p>… and {all.length - shown.length} more.</p>}
        <p>
          Measured: the weight is moved a little up and a little down, and the difference of the
          losses is divided by that of the weights.
        </p>
      </details>
    </section>
  );
}

function failedWords(wrong: readonly CheckRow[], { length }: readonly CheckRow[]): string {
  return `${wrong.length} of ${length} gradients ${wrong.length === 1 ? "is" : "are"} wrong.`;
}

function Failed({ wrong }: { wrong: readonly CheckRow[] }): VNode {
  const state = usePanel();
  const { program } = useRun().lab.content.value!;
  const named = wrong.slice(0, MOST_NAMES);
  const worst = wrong.reduce((one, other) =>
    (other.relative_error ?? Infinity) > (one.relative_error ?? Infinity) ? other : one,
  );
  return (
    <p>
      Wrong are those of{" "}
      {named.map(({ ref }, k) => (
        <span key={ref}>
          {k > 0 && ", "}
          <RefName program={program} name={ref} />
        </span>
      ))}
      {wrong.length > named.length && ` and ${wrong.length - named.length} more`}. Furthest off is
      that of <RefName program={program} name={worst.ref} />: {number(state, worst.analytic)} is
      computed, {number(state, worst.numerical)} is measured.
    </p>
  );
}

function passedWords(on: readonly Departure[]): string {
  const isSeen = on.some(({ reason, unseen_because }) => !reason && !unseen_because);
  return isSeen
    ? "It passes. On another sample it may fail."
    : "It passes: every gradient is as measured.";
}

/** What of all that is on the check is blind to. */
function Unseen({ on }: { on: readonly Departure[] }): VNode | null {
  const titles = on.filter(({ unseen_because }) => unseen_because).map(({ title }) => `“${title}”`);
  return titles.length ? (
    <span class="bpviz-soft"> It cannot see {titles.join(" and ")}.</span>
  ) : null;
}

/** And why. */
function Reasons({ on }: { on: readonly Departure[] }): VNode {
  return (
    <>
      {on.map(
        ({ name, title, unseen_because }) =>
          unseen_because && (
            <p key={name} class="bpviz-why">
              “{title}”: {unseen_because}
            </p>
          ),
      )}
    </>
  );
}

function Measured({ row }: { row: CheckRow }): VNode {
  const state = usePanel();
  const { program } = useRun().lab.content.value!;
  const error = row.relative_error;
  const tiny = error !== null && !row.failed && error < 1e-6;
  return (
    <tr data-ref={`g${row.ref}`}>
      <th scope="row">
        <RefName program={program} name={row.ref} />
      </th>
      <td>{number(state, row.analytic)}</td>
      <td>{number(state, row.numerical)}</td>
      <td>{tiny ? "below 10⁻⁶" : number(state, error)}</td>
      <td class={row.failed ? "bpviz-wrong" : undefined}>
        {row.note ? "at a kink" : row.failed ? "✗ wrong" : "✓ right"}
      </td>
    </tr>
  );
}

function number(state: ReturnType<typeof usePanel>, value: number | null): string {
  return value === null ? "not finite" : formatNumber(value, state.numbers.value);
}
