// A given number that can be changed: typed, stepped with keys and buttons, or dragged.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { RATE } from "../protocol/program";
import { exactNumber } from "../program/numbers";
import { parseRef } from "../program/refs";
import { nameOf } from "../program/words";
import { moved, readNumber, speedOf, stepOf } from "../state/editing";
import { Button } from "../ui/Button";
import { useDerived, usePanel } from "../ui/context";
import { symbol } from "../ui/symbols";
import { Value } from "../ui/Value";
import { Exact } from "./Exact";
import { useName } from "../ui/id";

const HINT = "↑ ↓ or drag; Shift: faster, Alt: finer; or type 1/3.";
const WAYS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1 };

export function Editor({ name }: { name: string }): VNode {
  const state = usePanel();
  const hint = useName();
  // What is being typed; null while the field shows the number as it is.
  const [typed, setTyped] = useState<string | null>(null);
  const [refusal, setRefusal] = useState("");
  const frozen = state.changing.frozen.value;
  if (frozen) {
    return (
      <>
        <Exact name={name} />
        <p class="bpviz-soft">{frozen}</p>
      </>
    );
  }
  const ref = parseRef(name)!;
  const program = state.program.value!;
  const value = state.numberOf(name);
  const text = exactNumber(value, state.numbers.value);
  const restore = (why = ""): void => {
    setTyped(null);
    setRefusal(why);
  };
  const commit = (stay: boolean): void => {
    if (typed === null) return;
    const read = readNumber(typed, name, program.network);
    if (typeof read === "string") {
      restore(read);
      if (stay) setTyped(typed);
      return;
    }
    restore();
    if (read !== value) state.changing.edit(name, read, true);
  };
  const step = (count: number, begin = true): void => {
    restore();
    // Keys may come faster than the field is drawn.
    const now = state.numberOf(name);
    state.changing.edit(name, moved(name, now, count * stepOf(name, now), program.network), begin);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = WAYS[event.key];
    if (way) {
      event.preventDefault();
      step(way * speedOf(event), !event.repeat);
    } else if (event.key === "Enter") commit(true);
    else if (typed === null) return;
    else if (event.key === "Escape") restore();
    // While somebody types, Ctrl+Z takes back letters, not changes of the network.
    event.stopPropagation();
  };
  return (
    <div>
      <div class="bpviz-editor">
        <span class="bpviz-exact" data-ref={name}>
          <math>{symbol(program, ref)}</math> =
        </span>
        <input
          type="text"
          role="spinbutton"
          aria-label={nameOf(program, ref)}
          aria-valuenow={value}
          aria-valuetext={text}
          aria-invalid={refusal !== ""}
          aria-describedby={hint}
          autocomplete="off"
          value={typed ?? text}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => commit(false)}
          onKeyDown={onKeyDown}
        />
        <Button icon="minus" label="Less" onClick={() => step(-1)} />
        <Button icon="plus" label="More" onClick={() => step(1)} />
      </div>
      <p id={hint} class={refusal ? "bpviz-refusal" : "bpviz-soft"} aria-live="polite">
        {refusal || HINT}
      </p>
    </div>
  );
}

/** The way back to what the number was before it was changed. */
export function BackToFirst({ name }: { name: string }): VNode | null {
  const state = usePanel();
  const was = state.changing.wasOf(name);
  if (was === null) return null;
  const text = exactNumber(was, state.numbers.value);
  return <Button label={`Back to ${text}`} onClick={() => state.changing.edit(name, was, true)} />;
}

/** The learning rate, undo, redo and reset, for the head of a panel. */
export function History(): VNode | null {
  const state = usePanel();
  const { canUndo, canRedo } = state.changing;
  const hasNumbers = useDerived(() => state.values.value !== null, [state]);
  if (state.view.value !== "step" || !hasNumbers) return null;
  const button = (kind: "undo" | "redo" | "reset", label: string, possible: boolean): VNode => (
    <Button
      icon={kind}
      label={label}
      disabled={!possible}
      onClick={() => state.changing.turn(kind)}
    />
  );
  return (
    <div class="bpviz-buttons" role="group" aria-label="Changes">
      <button
        type="button"
        class="bpviz-button bpviz-text-button"
        data-ref={RATE}
        title="Learning rate"
      >
        η = <Value name={RATE} />
        <span class="bpviz-hidden">, the learning rate</span>
      </button>
      <span class="bpviz-buttons bpviz-chrome">
        {button("undo", "Undo (Ctrl+Z)", canUndo.value)}
        {button("redo", "Redo (Ctrl+Shift+Z)", canRedo.value)}
        {button("reset", "Reset to the example", canUndo.value)}
      </span>
    </div>
  );
}
