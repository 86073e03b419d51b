import { useLayoutEffect, useRef } from "preact/hooks";

/** Give the focus back to where something was opened, when it closes and nothing else has it. */
export function useFocusBack(isOpen: boolean): void {
  const opener = useRef<Element | null>(null);
  // While it is drawn: what opens takes the focus before any effect runs.
  if (isOpen) opener.current ??= document.activeElement;
  useLayoutEffect(() => {
    if (isOpen) return;
    if (document.activeElement === document.body) {
      (opener.current as HTMLElement | null)?.focus({ preventScroll: true });
    }
    opener.current = null;
  }, [isOpen]);
}
