// Light or dark as the page is. A page has a colour scheme, which a panel inherits; of one that has
// none, such as Solara's and HoloViz Panel's, the colour of its words tells.

/** What VS Code puts around every widget: white, for it knows of none that has a dark theme. */
const WHITE = ".cell-output-ipywidget-background";

/** Half of what white words have in red, green and blue. */
const HALF = (3 * 255) / 2;

/** Have an element follow its page, now and whenever that changes; returns what ends it. */
export function followPage(element: HTMLElement): () => void {
  const { style } = element;
  const follow = (): void => {
    element
      .closest<HTMLElement>(WHITE)
      ?.style.setProperty("background", "transparent", "important");
    style.colorScheme = "";
    const { color, colorScheme } = getComputedStyle(element);
    const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(color)?.slice(1) ?? [];
    const bright = parts.reduce((sum, part) => sum + Number(part), 0) > HALF;
    if (bright && colorScheme === "normal") style.colorScheme = "dark";
  };
  // An element has a size when it comes into the page, and before it is painted.
  const observer = new ResizeObserver(follow);
  observer.observe(element);
  style.transition = "color 1ms";
  const turned = ({ target }: Event): void => {
    if (target === element) follow();
  };
  element.addEventListener("transitionend", turned);
  return () => {
    observer.disconnect();
    element.removeEventListener("transitionend", turned);
  };
}
