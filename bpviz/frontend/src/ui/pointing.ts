// Pointing at numbers: a click asks where a number came from, or opens the field in which a given
// one is changed; a drag changes it at once.

import type { RefObject } from "preact";
import { parseRef, plainRef } from "../program/refs";
import { nameOf } from "../program/words";
import { isEditable, moved, speedOf, stepOf } from "../state/editing";
import type { PanelState } from "../state/panel";

/** Pixels to move before it is a drag, and for one step of the number after that. */
const THRESHOLD = 4;
const PIXELS_PER_STEP = 4;

export function refUnder(target: EventTarget | null): string {
  const node = target instanceof Element ? target.closest("[data-ref]") : null;
  return plainRef(node?.getAttribute("data-ref") ?? "");
}

/** What has a tooltip that changes with what is pointed at in it. */
const NAMED =
  ".bpviz-formula, .bpviz-diagram, .bpviz-arrays, .bpviz-script, .bpviz-code, .bpviz-origin";

/** Say in a tooltip what a number or a symbol is; those of formulas can have none of their own. */
export function nameUnder(state: PanelState, target: EventTarget | null): void {
  const program = state.program.value;
  if (!(target instanceof Element) || !program) return;
  const box = target.closest<HTMLElement>(NAMED);
  if (!box) return;
  const ref = parseRef(refUnder(target));
  const isThere = ref !== null && ref.register in program.registers;
  box.title = isThere ? nameOf(program, ref) : "";
}

interface Drag {
  ref: string;
  x: number;
  start: number;
  step: number;
  /** The number that was sent last; null before the threshold. */
  value: number | null;
}

/** The handlers of a panel's root. */
export function pointing(state: PanelState, root: RefObject<HTMLElement | null>) {
  let drag: Drag | null = null;
  // The click at the end of a drag asks nothing.
  let dragged = false;
  const network = () => state.program.value?.network;
  const isFixed = (ref: string): boolean =>
    state.changing.frozen.value !== "" || !isEditable(ref, network());
  const end = (): void => {
    drag = null;
  };
  return {
    onPointerDown(event: PointerEvent): void {
      dragged = false;
      state.attention.byKeyboard = false;
      const ref = refUnder(event.target);
      if (event.button || !ref || isFixed(ref)) return;
      const start = state.numberOf(ref);
      drag = { ref, x: event.clientX, start, step: stepOf(ref, start), value: null };
    },
    onPointerMove(event: PointerEvent): void {
      const distance = event.clientX - (drag?.x ?? 0);
      if (!drag || (drag.value === null && Math.abs(distance) < THRESHOLD)) return;
      const steps = Math.trunc(distance / PIXELS_PER_STEP) * speedOf(event);
      const value = moved(drag.ref, drag.start, steps * drag.step, network());
      if (value !== drag.value) state.changing.edit(drag.ref, value, drag.value === null);
      if (!dragged) root.current?.setPointerCapture(event.pointerId);
      dragged = true;
      drag.value = value;
    },
    onPointerUp: end,
    onPointerCancel: end,
    onClick(event: MouseEvent): void {
      const target = event.target as Element;
      const ref = refUnder(target);
      if (!ref || dragged || target.closest("button:not([data-ref])")) return;
      // On a touch screen the focus would bring up a keyboard that nobody asked for.
      const touch = (event as PointerEvent).pointerType === "touch";
      state.focusNext.value = touch ? "title" : "editor";
      const inOrigin = target.closest(".bpviz-origin") !== null;
      if (inOrigin || isFixed(ref)) state.select(ref, inOrigin);
      else state.change(ref, target.closest<HTMLElement>("[data-view]")?.dataset["view"] ?? "");
    },
  };
}
