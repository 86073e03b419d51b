// The field in which a given number is changed: over the panel, beside the number, and beside what
// is computed from it.

import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { parseRef } from "../program/refs";
import { nameOf } from "../program/words";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { useFocusBackToNumber } from "../ui/focus";
import { BackToFirst, Editor } from "./Editor";

/** Pixels between the number and the field. */
const GAP = 7;
/** So far to the left of the number's middle it begins. */
const LEFT = 60;

export function Change({ width }: { width: number }): VNode | null {
  const { attention } = usePanel();
  const isOpen = attention.changing.value;
  useFocusBackToNumber(isOpen, attention);
  return isOpen ? <Field name={attention.selection.value} width={width} /> : null;
}

function Field({ name, width }: { name: string; width: number }): VNode | null {
  const state = usePanel();
  const { attention } = state;
  const box = useRef<HTMLElement>(null);
  const [style, setStyle] = useState<Record<string, string>>({});
  const focusNext = state.focusNext.value;
  const view = attention.where.value;
  useLayoutEffect(() => {
    const place = (): void => setStyle(placeOf(box.current!, name, view));
    place();
    const around = box.current!.parentElement!;
    around.addEventListener("scroll", place, true);
    return () => around.removeEventListener("scroll", place, true);
  }, [name, view, width, state.appearance.value]);
  useLayoutEffect(() => {
    if (!focusNext) return;
    state.focusNext.value = "";
    const input = focusNext === "editor" ? box.current!.querySelector("input") : null;
    input?.select();
    (input ?? box.current!.querySelector("h3"))?.focus({ preventScroll: true });
  }, [name, focusNext]);
  const ref = parseRef(name);
  const program = state.program.value;
  if (!program || !ref) return null;
  const words = nameOf(program, ref);
  const hasPaths = /^[Wb]/.test(name) && !state.asking.isOpen.value;
  return (
    <section
      ref={box}
      class="bpviz-popover bpviz-change"
      style={style}
      aria-label="Change a number"
    >
      <div class="bpviz-origin-head">
        <h3 tabIndex={-1}>{words}</h3>
        <Button icon="close" label="Close (Esc)" onClick={() => attention.close()} />
      </div>
      <Editor key={name} name={name} />
      {state.offline.value && <p class="bpviz-soft">{state.offline.value}</p>}
      <div class="bpviz-change-ways">
        <Button
          label={hasPaths ? "Paths to the loss" : "What it is used for"}
          onClick={() => {
            state.focusNext.value = "title";
            state.select(name);
          }}
        />
        <BackToFirst name={name} />
      </div>
    </section>
  );
}

/** Below the number; above or beside it where what is computed would be covered. */
function placeOf(field: HTMLElement, name: string, view: string): Record<string, string> {
  const around = field.parentElement!;
  const [outer, size] = [around.getBoundingClientRect(), field.getBoundingClientRect()];
  const number = numberIn(around, name, view)?.getBoundingClientRect();
  if (!number) return { top: "38px", right: "0" };
  // What is computed: the sentence, the formula, the code.
  const computed = around.querySelector(".bpviz-cover")?.getBoundingClientRect();
  const isBeside = computed !== undefined && computed.top < outer.top + outer.height / 4;
  const floor = isBeside || !computed ? outer.bottom : computed.top;
  const right = isBeside && number.left < computed.left ? computed.left : outer.right;
  // Everything is drawn larger on a projector.
  const zoom = outer.width / around.offsetWidth || 1;
  const at = (left: number, top: number, translate = "none"): Record<string, string> => ({
    left: `${Math.max(0, (Math.min(left, right - size.width) - outer.left) / zoom)}px`,
    top: `${Math.max(0, (top - outer.top) / zoom)}px`,
    translate,
  });
  if (isBeside && !around.querySelector(".bpviz-diagram")) return at(right, computed.top);
  const left = number.left + number.width / 2 - LEFT;
  const below = number.bottom + GAP;
  if (below + size.height <= floor) return at(left, below);
  // It grows upwards, away from the number.
  const above = Math.min(number.top, floor) - GAP;
  if (above - size.height >= outer.top) return at(left, above, "0 -100%");
  const isRoomy = number.right + GAP + size.width <= right;
  const aside = isRoomy ? number.right + GAP : number.left - GAP - size.width;
  const hasRoom = floor - GAP - size.height >= outer.top;
  return hasRoom ? at(aside, floor - GAP, "0 -100%") : at(aside, outer.top);
}

function numberIn(around: HTMLElement, name: string, view: string): Element | undefined {
  const isSeen = (node: Element): boolean =>
    node.getClientRects().length > 0 &&
    !node.closest(".bpviz-change, .bpviz-ahead, .bpviz-reserve, .bpviz-table");
  const find = (place: string): Element | undefined =>
    [...around.querySelectorAll(`${place} [data-ref="${name}"]`)].find(isSeen);
  return (view ? find(`[data-view="${view}"]`) : undefined) ?? find("");
}
