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
  // Of any other change the words tell, which have another colour in each theme: the system's, that
  // of a part of the page. What is out of sight has no transitions.
  host.style.transition = "color 1ms";
  host.addEventListener("transitionend", callback);
  return () => {
    observer.disconnect();
    host.removeEventListener("transitionend", callback);
  };
}
