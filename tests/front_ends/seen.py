"""A panel as it is seen and used, whichever front end shows it in whichever browser."""

import json

from tests.front_ends.screen import Screen, text

# All panels of a page, those in shadow roots and frames of the page's own too, from top to bottom.
PANELS = """(() => {
    const roots = [document], found = [];
    for (const root of roots) {
        for (const node of root.querySelectorAll("*")) {
            if (node.matches(".bpviz[role=region]")) found.push(node);
            if (node.shadowRoot) roots.push(node.shadowRoot);
        }
    }
    const top = (node) => node.getBoundingClientRect().top;
    return found.filter((node) => node.checkVisibility()).sort((a, b) => top(a) - top(b));
})()"""

FOCUSED = """(() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node;
})()"""

# The colours of a panel, as their brightness from 0 to 1: of its paper, of its words, and of what
# is behind it.
BRIGHTNESS = """((root) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const bright = (colour) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return a < 128 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    };
    const style = getComputedStyle(root);
    const resolved = (token) => {
        const probe = root.appendChild(document.createElement("span"));
        probe.style.color = `var(${token})`;
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
    };
    const around = (node) => node.parentElement ?? node.getRootNode().host ?? null;
    let behind = null;
    for (let at = around(root); at && behind === null; at = around(at)) {
        behind = bright(getComputedStyle(at).backgroundColor);
    }
    return JSON.stringify({
        paper: bright(resolved("--bpviz-paper")), ink: bright(style.color), behind: behind ?? 1,
    });
})"""


class PanelSeen:
    """One of the panels of a page, from top to bottom; counted from 0."""

    def __init__(self, screen: Screen, number: int) -> None:
        self.screen = screen
        self.root = f"{PANELS}[{number}]"
        self.slider = f"{self.root}.querySelector('.bpviz-slider')"

    def appear(self) -> None:
        """Wait until the panel is there."""
        self.screen.until(f"Boolean({self.root})")

    def says(self, words: str) -> None:
        """Wait until the panel shows some words."""
        self.screen.until(f"{self.root}?.innerText.includes({text(words)})")

    def focus(self) -> None:
        """Give the focus to the panel itself."""
        self.screen.evaluate(f"{self.root}.focus()")
        self.screen.until(f"{FOCUSED} === {self.root}")

    def button(self, words: str) -> str:
        """Return a button that shows some words, or has them as its name."""
        buttons = f"[...{self.root}.querySelectorAll('button')]"
        name = "(one.ariaLabel ?? one.textContent).trim()"
        return f"{buttons}.find((one) => {name} === {text(words)})"

    def press(self, *buttons: str) -> None:
        """Press buttons with the mouse."""
        for words in buttons:
            self.screen.click(self.button(words))

    def number(self, ref: str) -> str:
        """Return a number of the diagram."""
        return f"{self.root}.querySelector('.bpviz-diagram [data-ref={text(ref)}]')"

    def shows(self, ref: str, number: str) -> None:
        """Wait until a number of the diagram is some number."""
        self.screen.until(f"{self.number(ref)}?.textContent.includes({text(number)})")

    def is_at(self, step: int) -> None:
        """Wait until so many steps are done."""
        self.screen.until(f"{self.slider}?.value === {text(str(step))}")

    def has_focus(self, selector: str) -> None:
        """Wait until the focus is at a part of this panel."""
        focused = f"{FOCUSED}?.matches({text(selector)}) && {self.root}.contains({FOCUSED})"
        self.screen.until(focused)

    def brightness(self) -> dict[str, float]:
        """Return how bright the panel's paper is, its words, and what is behind it."""
        brightness: dict[str, float] = json.loads(
            self.screen.evaluate(f"{BRIGHTNESS}({self.root})")
        )
        return brightness
