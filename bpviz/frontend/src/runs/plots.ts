// What the plots on a canvas share: the theme's colours, and a cursor that lies over them.

import type uPlot from "uplot";

const colours = new WeakMap<HTMLElement, Map<string, string>>();

/** The colour that a token stands for in the present theme. */
export function resolved(host: HTMLElement, token: string): string {
  // To ask takes a millisecond, and a plot asks for a dozen each time that it is drawn.
  const known = colours.get(host) ?? new Map<string, string>();
  colours.set(host, known);
  const found = known.get(token);
  if (found !== undefined) return found;
  const probe = host.appendChild(document.createElement("span"));
  probe.style.color = `var(${token})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  known.set(token, color);
  return color;
}

/** What the axes of all plots have in common. */
export function plainAxis(host: HTMLElement, labelSize: number): uPlot.Axis {
  const font = `12px ${getComputedStyle(host).fontFamily}`;
  return {
    stroke: () => resolved(host, "--bpviz-soft"),
    font,
    labelFont: font,
    labelSize,
    labelGap: 0,
    gap: 4,
    grid: { stroke: () => resolved(host, "--bpviz-rule"), width: 1 },
    ticks: { show: false },
  };
}

/** The labels of an axis of epochs: counts as they stand in sentences, without separators. */
export function counted(_: uPlot, values: readonly number[]): string[] {
  return values.map((value) => (Number.isInteger(value) ? String(value) : ""));
}

/** Draw again when the page's theme may have changed: the canvas has no CSS. */
export function onThemeChange(host: HTMLElement, redraw: () => void): () => void {
  const callback = (): void => {
    colours.delete(host);
    redraw();
  };
  const observer = new MutationObserver(callback);
  const watched = { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] };
  observer.observe(document.body, watched);
  observer.observe(document.documentElement, watched);
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", callback);
  return () => {
    observer.disconnect();
    query.removeEventListener("change", callback);
  };
}

/** Where a cursor is, on the plot's axes; what is not a number is nowhere. */
export interface Place {
  x: number;
  y?: number;
}

/** What makes a plot carry a cursor: a line, and a dot at a height if one is given. */
export function cursorHooks(place: () => Place): uPlot.Hooks.Arrays {
  return {
    init: [({ over }) => over.append(part("line"), part("dot"))],
    draw: [(plot) => moveCursor(plot, place())],
  };
}

function part(name: string): HTMLElement {
  const made = document.createElement("div");
  made.className = `bpviz-cursor-${name}`;
  return made;
}

/** Move the cursor over a plot, which need not be drawn again for that. */
export function moveCursor({ over, valToPos }: uPlot, { x, y = NaN }: Place): void {
  const [line, dot] = over.querySelectorAll<HTMLElement>("[class^=bpviz-cursor-]");
  const [left, top] = [valToPos(x, "x"), valToPos(y, "y")];
  line!.hidden = !Number.isFinite(left);
  dot!.hidden = line!.hidden || !Number.isFinite(top);
  line!.style.transform = `translateX(${left}px)`;
  dot!.style.transform = `translate(${left}px, ${top}px)`;
}
