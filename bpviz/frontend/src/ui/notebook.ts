// What a panel asks of the notebook that it stands in.

/** What JupyterLab and Notebook put around an output. Each cuts off what sticks out of it. */
const OUTPUTS =
  ".jp-OutputArea, .jp-OutputArea-child, .jp-OutputArea-output, .jp-Cell-outputWrapper";

/**
 * Let what sticks to the edge of the window do so inside of an output, too: its frames never
 * scroll by themselves, but count as what scrolls. Returns what undoes it.
 */
export function unclipped(root: HTMLElement): () => void {
  const changed: HTMLElement[] = [];
  for (let node = root.parentElement; node; node = node.parentElement) {
    if (!node.matches(OUTPUTS) || node.style.overflow) continue;
    node.style.overflow = "visible";
    changed.push(node);
  }
  return () => changed.forEach((node) => (node.style.overflow = ""));
}

/** Milliseconds until a notebook has scrolled to the cell that follows one that was run. */
const SETTLED = 150;

/** A busy page scrolls later, and more than once: so many times its panel is looked after. */
const LOOKS = 12;

/** Whoever does one of these scrolls as they like. */
const GESTURES = ["keydown", "pointerdown", "wheel"] as const;

/**
 * Bring a panel into view that somebody has just made. Running a cell with Shift+Enter goes on to
 * the next one meanwhile, and would leave the panel's upper part behind. Returns what gives it up.
 */
export function bringNewIntoView(root: HTMLElement): () => void {
  let looks = 0;
  const timer = setInterval(() => {
    bringIntoView(root);
    if (++looks === LOOKS) giveUp();
  }, SETTLED);
  const giveUp = (): void => {
    clearInterval(timer);
    for (const gesture of GESTURES) document.removeEventListener(gesture, giveUp, true);
  };
  for (const gesture of GESTURES)
    document.addEventListener(gesture, giveUp, { capture: true, passive: true });
  return giveUp;
}

/**
 * Bring a panel into view that a key leads into, from the cells around it: the notebook shows its
 * cell, or what has the focus, and cuts off the rest.
 */
export function bringBackIntoView(root: HTMLElement, event: FocusEvent): void {
  const { target, relatedTarget } = event;
  if (!(relatedTarget instanceof Node) || root.contains(relatedTarget)) return;
  if (!(target as Element).matches(":focus-visible:not(input)")) return;
  setTimeout(() => bringIntoView(root, null), SETTLED);
}

/** Where a panel is higher than the view, `tall` says which end is shown; null leaves it then. */
export function bringIntoView(root: HTMLElement, tall: "start" | null = "start"): void {
  const cell = root.closest(".jp-CodeCell");
  const active = root.closest(".jp-Notebook")?.querySelector(".jp-Cell.jp-mod-active");
  const follows = active && cell?.nextElementSibling === active;
  if (!cell || (active !== cell && !follows)) return;
  const box = root.getBoundingClientRect();
  const view = root.closest(".jp-WindowedPanel-outer, .jp-Notebook")?.getBoundingClientRect();
  if (!view || (box.top >= view.top && box.bottom <= view.bottom)) return;
  const block = box.height > view.height ? tall : "nearest";
  if (block) root.scrollIntoView({ block });
}

/**
 * Give the focus one level up: from a control to its panel, and from that to its cell, where all keys
 * are Jupyter's. What is around another page, such as VS Code, hears of the key and may do the same.
 */
export function leave(root: HTMLElement, event: KeyboardEvent): void {
  const up = event.target === root ? root.closest<HTMLElement>(".jp-Cell") : root;
  if (up) up.focus({ preventScroll: true });
  else root.parentElement?.dispatchEvent(new KeyboardEvent(event.type, event));
}
