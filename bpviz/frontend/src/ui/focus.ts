import { useLayoutEffect, useRef } from "preact/hooks";
import type { Attention, Opener } from "../state/attention";

/** What has the focus, also where a front end puts panels into a shadow root, as marimo does. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/**
 * Give the focus back to where something was opened, when it closes and nothing else has it. What
 * may take the place of each other share an `opener`, and close when all of them have.
 */
export function useFocusBack(isOpen: boolean, opener?: Opener, isLast = () => true): void {
  const own: Opener = useRef(null);
  const shared = opener ?? own;
  // While it is drawn: what opens takes the focus before any effect runs.
  if (isOpen) shared.current ??= focused() as HTMLElement | null;
  useLayoutEffect(() => {
    if (isOpen || !isLast()) return;
    if (focused() === document.body) shared.current?.focus({ preventScroll: true });
    shared.current = null;
  }, [isOpen]);
}

/** The same, for what is open about a number. */
export function useFocusBackToNumber(isOpen: boolean, attention: Attention): void {
  useFocusBack(isOpen, attention.opener, () => !attention.isOpen.peek());
}
