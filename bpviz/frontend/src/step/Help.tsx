import type { VNode } from "preact";
import { KeyHelp } from "../ui/KeyHelp";
import { usePanel } from "../ui/context";

const KEYS: readonly (readonly [string, string])[] = [
  ["→ ←", "one step forward, one step back"],
  ["Home End", "to the start, to the end"],
  ["Space", "play, pause"],
  ["1 2 3", "a step is a layer, a unit, a term"],
  ["4 5 6 7", "show or hide diagram, formula, matrices, code"],
  ["Enter", "in a view: to its numbers; on a number: where it came from, or its field"],
  ["Ctrl+Z", "undo a change, with Shift redo it"],
];

export function Help(): VNode {
  const isAlone = usePanel().content.value?.view === "step";
  return (
    <KeyHelp keys={KEYS}>
      <p>
        Point at a number: it lights up everywhere. Click to see where it came from.
        {isAlone && " What has a dotted line can be changed: drag it sideways, or click on it."}
      </p>
    </KeyHelp>
  );
}
