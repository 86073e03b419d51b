// Lighting up refs in what is drawn once and then left alone.

import { effect } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { usePanel } from "./context";

/** Mark the refs in a box that are pointed at or selected, whenever that or the content changes. */
export function useAttention(box: RefObject<Element | null>, content: unknown): void {
  const state = usePanel();
  useLayoutEffect(() => {
    const found = [...(box.current?.querySelectorAll("[data-ref]") ?? [])];
    return effect(() => {
      for (const node of found) {
        const { pointed, selected } = state.attention.to(node.getAttribute("data-ref")!);
        node.classList.toggle("pointed", pointed);
        node.classList.toggle("selected", selected);
      }
    });
  }, [content, state]);
}
