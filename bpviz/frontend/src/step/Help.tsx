import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/Icon";
import { usePanel } from "../ui/context";
import { useFocusBack } from "../ui/focus";

const KEYS: readonly (readonly [string, string])[] = [
  ["→ ←", "one step forward, one step back"],
  ["Home End", "to the start, to the end"],
  ["Space", "play, pause"],
  ["1 2 3", "a step is a layer, a unit, a term"],
  ["4 5 6 7", "show or hide diagram, formula, matrices, code"],
  ["Enter", "in a view: to its numbers; on a number: where it came from"],
  ["Ctrl+Z", "take a change back, with Shift make it again"],
  ["?", "this help"],
  ["Esc", "out of the numbers; close what is open"],
];

export function Help(): VNode | null {
  const state = usePanel();
  const button = useRef<HTMLButtonElement>(null);
  const open = state.help.value;
  useFocusBack(open);
  useEffect(() => {
    if (open) button.current?.focus();
  }, [open]);
  if (!open) return null;
  return (
    <section class="bpviz-help" aria-label="Help">
      <h3>Keys</h3>
      <dl>
        {KEYS.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p>They work while the focus is in the panel: click on it, or reach it with Tab.</p>
      <p>
        Point at a number: it lights up in every view. Click on it to see where it came from. Drag a
        weight, a bias, an input, a target or η sideways to change it.
      </p>
      <button
        ref={button}
        type="button"
        class="bpviz-button bpviz-close"
        aria-label="Close help"
        onClick={() => (state.help.value = false)}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}
