// A place that keeps the height of the tallest of what it may show, so that nothing moves while
// stepping. It is measured once for each width and each way to write numbers.

import type { ComponentChildren, RefObject, VNode } from "preact";
import { toChildArray } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Formulas of as many lines differ by as many pixels. */
const SLACK = 4;
/** Letters are made smaller down to this share; what needs more room even so scrolls in its place. */
const SMALLEST = 0.8;

/** Shares of the usual size of letters, by the names of what is drawn with them. */
type Letters = Readonly<Record<string, number>>;

export interface Reserve {
  /** Whether it has to be measured anew, from what is given beside the first child. */
  isStale: boolean;
  box: RefObject<HTMLDivElement | null>;
  pixels: number;
  /** It has no more than so many pixels. */
  most: number;
  /** How large the letters are of what would be cut off; the names are the keys of the children. */
  letters: Letters;
}

/**
 * What a place reserves, at most so many pixels or what its first child needs; it is measured when
 * the key or the subject is another one.
 */
export function useReserve(
  key: string,
  subject: unknown,
  isThere: boolean,
  most = Infinity,
): Reserve {
  const box = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState({ key: "", subject, pixels: 0, most, letters: {} as Letters });
  const isStale = isThere && (found.key !== key || found.subject !== subject);
  useLayoutEffect(() => {
    if (!isStale || !box.current) return;
    const children = [...box.current.children] as HTMLElement[];
    const limit = Math.max(most, children[0]?.offsetHeight ?? 0);
    const letters: Record<string, number> = {};
    const heights = children.map((child) => {
      const { offsetHeight: height, dataset } = child;
      const formula = dataset["name"] && child.querySelector("math");
      if (height <= limit || !formula) return height;
      // Only the formula gets smaller with its letters.
      const part = formula.getBoundingClientRect().height;
      const share = Math.floor((100 * (part + limit - SLACK - height)) / part) / 100;
      if (share < SMALLEST) return height;
      letters[dataset["name"]!] = share;
      return limit;
    });
    setFound({ key, subject, pixels: Math.max(0, ...heights), most: limit, letters });
  });
  return { ...found, isStale, box };
}

interface ReservedProps {
  reserve: Reserve;
  children: ComponentChildren;
}

/** The first child is shown; the others, which are there while it is stale, only measured. */
export function Reserved({ reserve, children }: ReservedProps): VNode {
  const { isStale, box, pixels, most } = reserve;
  const height = Math.min(most, pixels + SLACK);
  const scrolls = pixels > most;
  const [shown, ...others] = Array.isArray(children) ? children : [children];
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
            <div key={k} data-name={typeof child === "object" ? child.key : undefined}>
              {child}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
