// A step only has to show what it needs, where that was drawn before: while nobody waits, what
// comes next and what came last are drawn out of sight.

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { focused } from "../ui/focus";

interface AheadProps {
  class: string;
  label: string;
  /** The view that it is, where nothing around it is. */
  view?: string;
  style?: Record<string, string>;
  /** Which of several, numbered from 0, is shown; null if none is yet. */
  now: number | null;
  /** Those that a step may ask for, now included; their drawings are kept. */
  near: readonly number[];
  /** Draws one of them. Another function draws them all anew. */
  draw(number: number): ComponentChildren;
}

/** After a change of what is drawn others may follow, as in a drag: so long is waited. */
const REST = 200;

export function Ahead({ label, view, style, now, near, draw, ...box }: AheadProps): VNode {
  const group = useRef<HTMLDivElement>(null);
  const isEmpty = now === null;
  const shown = isEmpty ? [] : [now];
  const [ready, setReady] = useState({ draw, near: shown });
  const isOld = ready.draw !== draw;
  const key = near.join();
  useEffect(
    () => whenIdle(() => setReady({ draw, near: [...near] }), isOld ? REST : 0),
    [draw, key],
  );
  useFocus(group, now);
  const numbers = new Set(isOld ? shown : [...ready.near, ...shown]);
  return (
    <div
      ref={group}
      class={`${box.class} bpviz-stack${isEmpty ? " bpviz-ahead" : ""}`}
      data-view={view}
      tabIndex={isEmpty ? undefined : 0}
      aria-hidden={isEmpty ? "true" : undefined}
      role="group"
      aria-label={label}
      style={style}
    >
      {[...numbers]
        .sort((one, other) => one - other)
        .map((number) => (
          <Drawing key={number} number={number} isShown={number === now} draw={draw} />
        ))}
    </div>
  );
}

interface DrawingProps extends Pick<AheadProps, "draw"> {
  number: number;
  isShown: boolean;
}

function Drawing({ number, isShown, draw }: DrawingProps): VNode {
  const content = useMemo(() => draw(number), [number, draw]);
  return (
    <div class={isShown ? undefined : "bpviz-ahead"} aria-hidden={isShown ? undefined : "true"}>
      {content}
    </div>
  );
}

/** Keep the focus in the group when what had it is no longer shown. */
function useFocus(group: { current: HTMLElement | null }, now: number | null): void {
  const inside = group.current?.contains(focused());
  useLayoutEffect(() => {
    const now = focused();
    const isLost = !group.current!.contains(now) || now!.closest(".bpviz-ahead");
    if (inside && isLost) group.current!.focus({ preventScroll: true });
  }, [now]);
}

/** A number and those beside it, as far as there are any. */
export function around(number: number, first: number, last: number): number[] {
  return [number - 1, number, number + 1].filter((one) => one >= first && one <= last);
}

/** Call back when nothing else is to do, at least so many milliseconds from now. */
function whenIdle(callback: () => void, milliseconds: number): () => void {
  let idle = 0;
  const timer = setTimeout(() => {
    // Safari has no such thing.
    if ("requestIdleCallback" in globalThis)
      idle = requestIdleCallback(callback, { timeout: REST });
    else callback();
  }, milliseconds);
  return () => {
    clearTimeout(timer);
    if (idle) cancelIdleCallback(idle);
  };
}
