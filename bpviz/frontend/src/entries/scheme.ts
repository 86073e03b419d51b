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
  // An animation begins when an element comes into the page, a first time after it was drawn.
  const events = ["animationstart", "transitionend"];
  const turned = ({ target }: Event): void => {
    if (target === element) follow();
  };
  requestAnimationFrame(follow);
  style.animation = "bpviz-shown 1ms";
  style.transition = "color 1ms";
  for (const event of events) element.addEventListener(event, turned);
  return () => {
    for (const event of events) element.removeEventListener(event, turned);
  };
}
