import { useLayoutEffect, useRef } from "preact/hooks";
import type { Attention, Opener } from "../state/attention";

/**
 * Give the focus back to where something was opened, when it closes and nothing else has it. What
 * may take the place of each other share an `opener`, and close when all of them have.
 */
export function useFocusBack(isOpen: boolean, opener?: Opener, isLast = () => true): void {
  const own: Opener = useRef(null);
  const shared = opener ?? own;
  // While it is drawn: what opens takes the focus before any effect runs.
  if (isOpen) shared.current ??= document.activeElement as HTMLElement | null;
  useLayoutEffect(() => {
    if (isOpen || !isLast()) return;
    if (document.activeElement === document.body) shared.current?.focus({ preventScroll: true });
    shared.current = null;
  }, [isOpen]);
}

/** The same, for what is open about a number. */
export function useFocusBackToNumber(isOpen: boolean, attention: Attention): void {
  useFocusBack(isOpen, attention.opener, () => !attention.isOpen.peek());
}
