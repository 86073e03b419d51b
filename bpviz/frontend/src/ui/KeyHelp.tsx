// The help of a panel: its keys, and a few sentences.

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { usePanel } from "./context";
import { useFocusBack } from "./focus";
import { Icon } from "./Icon";

interface KeyHelpProps {
  /** Keys of this panel, with spaces between them, and what they do. */
  keys: readonly (readonly [string, string])[];
  children: ComponentChildren;
}

/** What keys do in every panel. */
const EVERYWHERE: KeyHelpProps["keys"] = [
  ["?", "this help"],
  [
    "Esc",
    "close what is open, or go out, up to the cell; there ↓ goes on (Shift+Enter begins anew)",
  ],
];

export function KeyHelp({ keys, children }: KeyHelpProps): VNode | null {
  const state = usePanel();
  const button = useRef<HTMLButtonElement>(null);
  const open = state.help.value;
  useFocusBack(open);
  useEffect(() => {
    if (open) button.current?.focus();
  }, [open]);
  if (!open) return null;
  return (
    <section class="bpviz-popover bpviz-help" aria-label="Help">
      <h3>Keys</h3>
      <dl>
        {[...keys, ...EVERYWHERE].map(([names, words]) => (
          <div key={names}>
            <dt>
              {names.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p>They work while the focus is in the panel: click on it, or press Tab.</p>
      {children}
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
