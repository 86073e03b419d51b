// A place that keeps the height of the tallest of what it may show, so that nothing moves while
// stepping. It is measured once for each width and each way to write numbers.

import type { ComponentChildren, RefObject, VNode } from "preact";
import { toChildArray } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Formulas of as many lines differ by as many pixels. */
const SLACK = 4;

export interface Reserve {
  /** Whether it has to be measured anew, from what is given beside the first child. */
  isStale: boolean;
  box: RefObject<HTMLDivElement | null>;
  pixels: number;
  /** What the first of them needs. */
  first: number;
}

/** What a place reserves; it is measured when the key or the subject is another one. */
export function useReserve(key: string, subject: unknown, isThere: boolean): Reserve {
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState({ key: "", subject, pixels: 0, first: 0 });
  const isStale = isThere && (height.key !== key || height.subject !== subject);
  useLayoutEffect(() => {
    if (!isStale || !box.current) return;
    const heights = [...box.current.children].map((child) => (child as HTMLElement).offsetHeight);
    setHeight({ key, subject, pixels: Math.max(0, ...heights), first: heights[0] ?? 0 });
  });
  return { isStale, box, pixels: height.pixels, first: height.first };
}

interface ReservedProps {
  reserve: Reserve;
  /** No more pixels than this, or than the first needs; what needs more scrolls in its place. */
  most?: number | undefined;
  children: ComponentChildren;
}

/** The first child is shown; the others, which are there while it is stale, only measured. */
export function Reserved({ reserve, ...props }: ReservedProps): VNode {
  const { isStale, box, pixels, first } = reserve;
  const most = Math.max(props.most ?? Infinity, first);
  const height = Math.min(most, pixels + SLACK);
  const scrolls = pixels > most;
  const [shown, ...others] = Array.isArray(props.children) ? props.children : [props.children];
  return (
    <div
      class="bpviz-reserved"
      tabIndex={scrolls ? 0 : undefined}
      style={{
        minHeight: `${height}px`,
        ...(scrolls && { height: `${most}px`, overflow: "hidden auto" }),
      }}
    >
      {shown}
      {isStale && (
        <div ref={box} class="bpviz-reserve" aria-hidden="true">
          {toChildArray(others).map((child, k) => (
            <div key={k}>{child}</div>
          ))}
        </div>
      )}
    </div>
  );
}
