import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

const measures = new WeakMap<Element, () => void>();
let observer: ResizeObserver | undefined;

/** One observer tells all of a resize at once: what lies within others is then laid out once. */
function sharedObserver(): ResizeObserver {
  return (observer ??= new ResizeObserver((entries) => {
    for (const { target } of entries) measures.get(target)?.();
  }));
}

/** The width of an element, kept up to date. */
export function useWidth<T extends HTMLElement>(): [RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = (): void => setWidth(target.clientWidth);
    measure();
    measures.set(target, measure);
    const observing = sharedObserver();
    observing.observe(target);
    return () => observing.unobserve(target);
  }, []);
  return [element, width];
}
