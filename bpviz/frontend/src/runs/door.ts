// Where the focus and the view go when the steps of an update take the place of a run or a lab, and back.

import { useLayoutEffect, useRef } from "preact/hooks";
import { focused } from "../ui/focus";
import { bringIntoView } from "../ui/notebook";

/** Returns what to put on the box in which one is shown or the other; `.bpviz-door` leads on. */
export function useDoor(isOpen: boolean): { current: HTMLDivElement | null } {
  const box = useRef<HTMLDivElement>(null);
  // While it is drawn: then what goes is still there.
  const isInside = box.current?.contains(focused()) === true;
  const before = useRef(isOpen);
  useLayoutEffect(() => {
    if (before.current === isOpen) return;
    before.current = isOpen;
    if (!isInside) return;
    const panel = box.current!.closest<HTMLElement>(".bpviz")!;
    if (!box.current!.contains(focused()))
      panel.querySelector<HTMLElement>(".bpviz-door")?.focus({ preventScroll: true });
    // What has taken the place has its heights in the next frame but one.
    requestAnimationFrame(() => requestAnimationFrame(() => bringIntoView(panel)));
  });
  return box;
}
