"""What a panel says about where a number came from, and the field in which it is changed."""

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.panels import PanelView, place_of

LOOK = """(root) => {
    const text = (selector) => root.querySelector(selector)?.innerText.trim() ?? "";
    const refs = (selector) => [...root.querySelectorAll(`${selector} > [data-ref]`)]
        .map((node) => node.dataset.ref);
    return {
        title: text("h3"),
        value: text("output") || root.querySelector("input")?.value || "",
        can_be_changed: root.querySelector("input") !== null,
        words: [...root.querySelectorAll(":scope > p, .bpviz-made > p")]
            .map((node) => node.innerText).join(" "),
        formula: root.querySelector(".bpviz-formula math")?.textContent ?? "",
        code: text(".bpviz-code"),
        made_from: refs('[aria-label="Made from"]'),
        used_for: refs('[aria-label="Used for"]'),
        trail: refs('[aria-label="Trail"]'),
    };
}"""


@dataclass(frozen=True)
class Origin:
    """What stands there about one number."""

    title: str
    value: str
    can_be_changed: bool
    words: str
    formula: str
    code: str
    made_from: list[str]
    used_for: list[str]
    trail: list[str]

    @property
    def number(self) -> float:
        """The number as it is written, with all its digits."""
        return float(self.value.replace("−", "-"))


class OriginView:
    """The part of a panel that answers where a number came from."""

    def __init__(self, panel: PanelView) -> None:
        self.panel = panel
        self.page = panel.page
        self.root = panel.root.locator(".bpviz-origin")
        self.change = panel.root.get_by_role("region", name="Change a number")
        self.field = panel.root.get_by_role("spinbutton")

    def look(self) -> Origin:
        """Read everything that is said about the number."""
        return Origin(**self.root.evaluate(LOOK))

    def number(self, ref: str) -> Locator:
        """Return a number of the diagram."""
        return self.panel.root.locator(f'.bpviz-diagram [data-ref="{ref}"]')

    def open(self, ref: str) -> Origin:
        """Click on a number of the diagram; of a given one ask what it is used for."""
        self.number(ref).click()
        return self.open_further()

    def open_further(self) -> Origin:
        """Go on from the field in which a number is changed, if that is open."""
        expect(self.root.or_(self.change)).to_be_visible()
        if self.change.count():
            self.change.locator(".bpviz-change-ways button").first.click()
        return self.look()

    def open_field(self, ref: str) -> None:
        """Click on a given number of the diagram, to change it."""
        self.number(ref).click()
        expect(self.change).to_be_visible()

    def ask(self, ref: str, where: str = "Made from") -> Origin:
        """Click on one of the numbers that the present one is made from, or used for."""
        self.root.get_by_role("group", name=where).locator(f'> [data-ref="{ref}"]').click()
        return self.look()

    def back_to(self, ref: str) -> Origin:
        """Click on a number of the trail."""
        self.root.get_by_role("navigation", name="Trail").locator(f'[data-ref="{ref}"]').click()
        return self.look()

    def tab_to(self, ref: str) -> None:
        """Press Tab until a number of the answer has the focus, then Enter."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if self.focused() == ref:
                self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"Tab does not reach {ref}")

    def focused(self) -> str:
        """Return what has the focus: its ref, else its name."""
        name: str = self.page.evaluate(
            """() => {
                const node = document.activeElement;
                return node.dataset.ref ?? node.ariaLabel ?? node.innerText;
            }"""
        )
        return name

    def type(self, text: str) -> None:
        """Type into the field and press Enter."""
        self.field.fill(text)
        self.field.press("Enter")

    def drag(self, ref: str, *ways: int) -> None:
        """Drag a number of the diagram sideways by so many pixels at a time, as fast as can be."""
        box = place_of(self.number(ref))
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for way in ways:
            x += way
            self.page.mouse.move(x, y)
        self.page.mouse.up()
