// Numbers by keyboard: Enter goes into a view, arrows from number to number, Escape out again.

import type { PanelState } from "../state/panel";
import { parseRef } from "../program/refs";
import { nameOf } from "../program/words";

const REFS = "[data-ref]";
/** What says by itself what it is. */
const CONTROLS = "button, input";

/** Use a key for the numbers of a view; false leaves it to others. */
export function moveAmongRefs(event: KeyboardEvent): boolean {
  const target = event.target as Element;
  const view = target.closest("[data-view]");
  if (!view) return false;
  const ref = target.closest<HTMLElement>(REFS);
  const found = [...view.querySelectorAll<HTMLElement>(REFS)].filter(isSeen);
  if (!ref) {
    const isDoor = target.getAttribute("role") === "group";
    if (event.key !== "Enter" || !isDoor || !found.length) return false;
    focus(found.find((one) => one.classList.contains("written")) ?? found[0]!);
    return true;
  }
  if (event.key === "Escape") {
    door(view)?.focus();
    return true;
  }
  if (event.key === "Enter" || event.key === " ") {
    // Formulas are MathML, which has no click() of its own.
    ref.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    return true;
  }
  const way = WAYS[event.key];
  if (!way) return false;
  const next = nearest(ref, found, way);
  if (next) focus(next);
  return true;
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

function door(view: Element): HTMLElement | null {
  return view.matches("[role=group]")
    ? (view as HTMLElement)
    : view.querySelector<HTMLElement>("[role=group]");
}

/** A number that has no place yet, an empty box, is nowhere to go to. */
function isSeen(node: Element): boolean {
  const { height } = node.getBoundingClientRect();
  return height > 0 && !node.closest(".bpviz-reserve, .bpviz-ahead");
}

function focus(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: false });
}

/** Say what a number is while it has the focus; later its element may show another one. */
export function nameFocused(state: PanelState, target: EventTarget | null): void {
  const [program, frame] = [state.program.value, state.values.value];
  const node = target as HTMLElement;
  const ref = parseRef(node.dataset?.["ref"] ?? "");
  if (!program || !frame || !ref || node.matches(CONTROLS)) return;
  const was = node.querySelector(".bpviz-was")?.textContent ?? "";
  const number = node.textContent?.replace(was, "").replace(/\s+/g, " ").trim();
  node.setAttribute("role", "button");
  node.setAttribute(
    "aria-label",
    `${nameOf(program, ref)}: ${number}${was && `, changed from ${was}`}`,
  );
  const forget = (): void => ["role", "aria-label"].forEach((name) => node.removeAttribute(name));
  node.addEventListener("blur", forget, { once: true });
}

/** The closest number in a direction; what lies straight ahead counts as closer. */
function nearest(
  from: Element,
  all: readonly HTMLElement[],
  [x, y]: readonly [number, number],
): HTMLElement | undefined {
  const middle = (node: Element): [number, number] => {
    const box = node.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const [left, top] = middle(from);
  let best: HTMLElement | undefined;
  let least = Infinity;
  for (const one of all) {
    const [right, down] = middle(one);
    const ahead = (right - left) * x + (down - top) * y;
    const aside = Math.abs((right - left) * y) + Math.abs((down - top) * x);
    const distance = ahead + 3 * aside;
    if (one !== from && ahead > 2 && distance < least) [best, least] = [one, distance];
  }
  return best;
}
