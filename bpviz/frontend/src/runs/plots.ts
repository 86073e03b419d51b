// What the plots on a canvas share: the theme's colours, and a cursor that lies over them.

import type uPlot from "uplot";
import type { Constant } from "../protocol/content";
import type { NumberStyle } from "../protocol/style";
import { countText, markText } from "../program/numbers";

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
export function plainAxis(
  host: HTMLElement,
  labelSize: number,
  decimal: NumberStyle["decimal"],
): uPlot.Axis {
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
    // On a logarithmic axis some marks are left out: null.
    values: (_, marks) => marks.map((mark) => (mark === null ? "" : markText(mark, { decimal }))),
  };
}

/** The marks of an axis of epochs: counts, as they stand in sentences. */
export function epochMarks(decimal: NumberStyle["decimal"]): uPlot.Axis.DynamicValues {
  return (_, marks) =>
    marks.map((mark) => (Number.isInteger(mark) ? countText(mark, { decimal }) : ""));
}

/** The width of a vertical axis: what its longest mark needs, but so many pixels or more. */
export function roomFor(least: number): (plot: uPlot, marks: string[] | null) => number {
  return (_, marks) => {
    const longest = Math.max(0, ...(marks ?? []).map((mark) => mark.length));
    return Math.max(least, 10 + MARK_WIDTH * longest);
  };
}

/** Of a character of a mark, in pixels. */
const MARK_WIDTH = 7;

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

/** So much room, in pixels, the name of a level needs below its line. */
const ROOM_FOR_NAME = 18;

/** A dotted line across a plot with its name at it, which lies over the plot like a cursor. */
export function levelHooks(level: () => Constant | null): uPlot.Hooks.Arrays {
  return {
    init: [({ over }) => over.append(part("level"))],
    draw: [
      ({ over, scales, valToPos }) => {
        const line = over.querySelector<HTMLElement>(".bpviz-cursor-level")!;
        const { name = "", rmse = NaN } = level() ?? {};
        const { min = 0, max = 0 } = scales["y"]!;
        line.hidden = !(rmse >= (min ?? 0) && rmse <= (max ?? 0));
        line.textContent = name;
        const top = valToPos(rmse, "y");
        // At the foot of the plot the name would lie on the axis.
        line.classList.toggle("above", top > over.clientHeight - ROOM_FOR_NAME);
        line.style.setProperty("--bpviz-top", `${top}px`);
      },
    ],
  };
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
  const [line, dot] = ["line", "dot"].map((name) => {
    return over.querySelector<HTMLElement>(`.bpviz-cursor-${name}`);
  });
  const [left, top] = [valToPos(x, "x"), valToPos(y, "y")];
  line!.hidden = !Number.isFinite(left);
  dot!.hidden = line!.hidden || !Number.isFinite(top);
  line!.style.transform = `translateX(${left}px)`;
  dot!.style.transform = `translate(${left}px, ${top}px)`;
}
