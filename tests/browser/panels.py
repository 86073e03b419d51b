"""What a person sees of a panel, and does with it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

UNKNOWN = "not computed yet"

# Everything that the panel shows of its present step, read off the screen in one go.
LOOK = """(root) => {
    const text = (node) => node?.innerText.replaceAll("\\u2009", " ").trim() ?? "";
    const shown = (place, selector) => text(root.querySelector(`${place} ${selector}`));
    const numbers = [...root.querySelectorAll(".bpviz-diagram [data-ref]")];
    const card = ".bpviz-step-card";
    return {
        place: shown(card, ".bpviz-count"),
        phase: shown(card, ".bpviz-badge").split(" ")[0],
        sentence: shown(card, ".bpviz-sentence"),
        code: shown(card, ".bpviz-code"),
        formula: root.querySelector(`${card} .bpviz-formula math`)?.textContent ?? "",
        numbers: Object.fromEntries(numbers.map((node) => [node.dataset.ref, text(node)])),
        written: numbers.filter((node) => node.matches(".written")).map((node) => node.dataset.ref),
    };
}"""


@dataclass(frozen=True)
class Sight:
    """A panel as it looks at one step."""

    place: str
    phase: str
    sentence: str
    code: str
    formula: str
    numbers: dict[str, str]
    """The text at each ref of the diagram."""
    written: list[str]
    """The refs of the diagram that stand out as written by the step."""

    def __getitem__(self, ref: str) -> str:
        return self.numbers.get(ref, UNKNOWN)


class PanelView:
    """A panel on the screen: what can be read off it, and its controls."""

    def __init__(self, output: Locator) -> None:
        self.root = output.locator(".bpviz").first
        self.root.wait_for()
        self.page = output.page
        self.slider = self.root.get_by_role("slider", name="Step", exact=True)

    def look(self) -> Sight:
        """Read everything that the panel shows of its present step."""
        seen = self.root.evaluate(LOOK)
        numbers = {
            ref: UNKNOWN if UNKNOWN in text else text for ref, text in seen.pop("numbers").items()
        }
        return Sight(numbers=numbers, **seen)

    def button(self, name: str, group: str = "Steps") -> Locator:
        """Return the button of that name in a group of buttons."""
        buttons = self.root.get_by_role("group", name=group)
        return buttons.get_by_role("button", name=name, exact=True)

    def press(self, *names: str, group: str = "Steps") -> None:
        """Press buttons one after the other."""
        for name in names:
            self.button(name, group).click()

    def spot(self, button: str) -> tuple[float, float]:
        """Return where the middle of a button is on the page."""
        box = self.button(button).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def key(self, *keys: str) -> None:
        """Press keys while the panel itself has the focus."""
        self.root.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def start(self, depth: str) -> None:
        """Choose Layer, Unit or Term, and go to the start."""
        self.root.get_by_role("radio", name=depth).check(force=True)
        self.key("Home")
        self.expect_place(0)

    def expect_place(self, number: int) -> None:
        """Wait until a step is the current one."""
        expect(self.slider).to_have_value(str(number))

    def names_by_tab(self) -> list[str]:
        """Return the names of what Tab reaches from the panel's start to its end, in order."""
        self.root.focus()
        names = []
        while True:
            self.page.keyboard.press("Tab")
            name = self.root.evaluate(
                """(root) => {
                    const node = document.activeElement;
                    if (!root.contains(node)) return null;
                    const label = node.labels?.[0]?.querySelector("span");
                    return node.ariaLabel ?? (label ?? node).innerText;
                }"""
            )
            if name is None:
                return names
            names.append(name)

    def overflow(self) -> list[str]:
        """List what sticks out of the panel or must be scrolled sideways to be seen."""
        found: list[str] = self.root.evaluate(
            """(root) => {
                const edge = root.getBoundingClientRect().right + 1;
                const nodes = [...root.querySelectorAll("*")].filter(
                    (node) => !node.closest(".bpviz-hidden, .bpviz-reserve"));
                const name = (node) => `${node.tagName} ${node.getAttribute("class")}`;
                const outside = nodes.filter((node) => node.getBoundingClientRect().right > edge);
                const scrolled = nodes.filter((node) => node.scrollWidth > node.clientWidth + 1
                    && ["auto", "scroll"].includes(getComputedStyle(node).overflowX));
                return [...outside.map((node) => `outside: ${name(node)}`),
                        ...scrolled.map((node) => `to be scrolled: ${name(node)}`)];
            }"""
        )
        return found
