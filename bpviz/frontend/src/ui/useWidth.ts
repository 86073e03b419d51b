import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { onResize } from "./resizes";

/** The width of an element, kept up to date. */
export function useWidth<T extends HTMLElement>(): [RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    let before = target.clientWidth;
    setWidth(before);
    return onResize(target, () => {
      const now = target.clientWidth;
      if (now === before) return null;
      before = now;
      return () => setWidth(now);
    });
  }, []);
  return [element, width];
}
