import type { VNode } from "preact";
import { KeyHelp } from "../ui/KeyHelp";
import { usePanel } from "../ui/context";

type Key = readonly [string, string];

const KEYS: readonly Key[] = [
  ["→ ←", "one step forward, one step back"],
  ["Home End", "to the start, to the end"],
  ["Space", "play, pause"],
];

const NUMBERS: readonly Key[] = [
  ["1 2 3", "a step is a layer, a unit, a term"],
  ["4 5 6 7", "show or hide diagram, formula, matrices, code"],
];

const NUMBERS_WHILE_ASKED: readonly Key[] = [["0 … 9", "to the question; there your answer"]];

const MORE_KEYS: readonly Key[] = [
  ["Enter", "in a view: to its numbers; on a number: where it came from, or its field"],
  ["Ctrl+Z", "undo a change, with Shift redo it"],
];

export function Help(): VNode {
  const state = usePanel();
  const isAlone = state.view.value === "step";
  const numbers = state.asking.limit.value < Infinity ? NUMBERS_WHILE_ASKED : NUMBERS;
  return (
    <KeyHelp keys={[...KEYS, ...numbers, ...MORE_KEYS]}>
      <p>
        Point at a number: it lights up everywhere. Click to see where it came from.
        {isAlone && " What has a dotted line can be changed: drag it sideways, or click on it."}
      </p>
    </KeyHelp>
  );
}
