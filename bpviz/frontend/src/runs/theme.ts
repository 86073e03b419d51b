// The colours of the theme, for what is drawn on a canvas.

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

/** Draw again when the page's theme has changed, however it has: the canvas has no CSS. */
export function onThemeChange(host: HTMLElement, redraw: () => void): () => void {
  const callback = ({ target }: Event): void => {
    if (target !== host) return;
    colours.delete(host);
    redraw();
  };
  // The words of every theme have another colour.
  host.style.transition = "color 1ms";
  host.addEventListener("transitionend", callback);
  return () => host.removeEventListener("transitionend", callback);
}
