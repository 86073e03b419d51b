// What is said where a panel came without its numbers, and nobody can make them.

import type { VNode } from "preact";
import { titleOf } from "./names";
import { usePanel } from "./context";

export const LOST = "The numbers of this panel were lost. Run its cell again to have them back.";

/** The words in the place of a whole panel, under its name. */
export function Lost({ title }: { title?: string }): VNode {
  const { content } = usePanel();
  return (
    <>
      <h2 class="bpviz-title">{title ?? titleOf(content.value!.program)}</h2>
      <p class="bpviz-note" role="status">
        {LOST}
      </p>
    </>
  );
}
