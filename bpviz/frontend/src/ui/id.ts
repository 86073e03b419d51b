// Names of elements that no other panel of the page has: `useId` counts in one panel only, and the
// page may hold two of the panels' modules.

import { useState } from "preact/hooks";

const PAGE = globalThis as unknown as Record<symbol, number | undefined>;
const COUNT = Symbol.for("bpviz.names");

/** A name for an element, or for a group of them, which stays. */
export function useName(): string {
  const [name] = useState(() => `bpviz-${(PAGE[COUNT] = (PAGE[COUNT] ?? 0) + 1)}`);
  return name;
}
