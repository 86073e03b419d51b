"""What a person sees of a panel, and does with it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, expect

UNKNOWN = "not computed yet"

# What is far out of sight is not drawn, and has no text then.
DRAWN = """async (node) => {
    const isDrawn = () => node.checkVisibility({ contentVisibilityAuto: true });
    for (let frames = 0; frames < 600 && !isDrawn(); frames++) {
        node.scrollIntoView({ block: "nearest" });
        await new Promise(requestAnimationFrame);
    }
    if (!isDrawn()) throw new Error("is not drawn");
}"""

# Everything that the panel shows of its present step, read off the screen in one go.
LOOK = """async (root) => {
    const drawn = %s;
    const card = ".bpviz-step-card";
    await drawn(root.querySelector(card) ?? root);
    const text = (node) => node?.innerText.replaceAll("\\u2009", " ").trim() ?? "";
    const shown = (place, selector) => text(root.querySelector(`${place} ${selector}`));
    const numbers = [...root.querySelectorAll(".bpviz-diagram [data-ref]")];
    // Not what is drawn ahead for other steps.
    const now = "math:not(.bpviz-ahead *)";
    return {
        place: shown("", ".bpviz-count"),
        phase: shown(card, ".bpviz-badge").split(" ")[0],
        sentence: shown(card, ".bpviz-sentence"),
        code: shown("", ".bpviz-code"),
        formula: root.querySelector(`${card} .bpviz-formula ${now}`)?.textContent ?? "",
        numbers: Object.fromEntries(numbers.map((node) => [node.dataset.ref, text(node)])),
        written: numbers.filter((node) => node.matches(".written")).map((node) => node.dataset.ref),
    };
}""".replace("%s", DRAWN)

# A panel that has just come into view finds its heights in the next frames. Where a new drawing
# takes the place of the part, there is nothing to tell.
PLACE = """async (node) => {
    const isDrawn = () => node.checkVisibility({ contentVisibilityAuto: true });
    let before = "";
    for (let frames = 0, same = 0; same < 10 && frames < 600; frames++) {
        await new Promise(requestAnimationFrame);
        const { x, y, width, height } = node.getBoundingClientRect();
        const now = JSON.stringify({ x, y, width, height });
        same = now === before && isDrawn() ? same + 1 : 0;
        before = now;
    }
    return isDrawn() ? JSON.parse(before) : null;
}"""

MISFITS = """async (root) => {
    const count = Number(root.querySelector(".bpviz-slider").max);
    const height = root.getBoundingClientRect().height;
    const found = [];
    for (let step = 0; step <= count; step++) {
        const edge = root.getBoundingClientRect().right + 1;
        const say = (what, node) => {
            const place = root.querySelector(".bpviz-count").innerText;
            found.push(`${place}: ${node.tagName} ${node.getAttribute("class")} ${what}`);
        };
        const scrolls = (node) =>
            ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
        const isInScroller = (node) => {
            for (let at = node.parentElement; at !== root; at = at.parentElement) {
                if (scrolls(at)) return true;
            }
            return false;
        };
        for (const node of root.querySelectorAll("*")) {
            if (node.closest(".bpviz-hidden, .bpviz-reserve, .bpviz-ahead")) continue;
            const isOutside = node.getBoundingClientRect().right > edge;
            if (isOutside && !isInScroller(node)) say("sticks out", node);
            const isWide = node.scrollWidth > node.clientWidth + 1;
            if (isWide && scrolls(node)) say("must be scrolled", node);
            const isTall = node.scrollHeight > node.clientHeight + 1;
            if (isTall && node.matches(".bpviz-reserved")) say("is cut off", node);
        }
        const shown = [...root.querySelectorAll(".bpviz-diagram .bpviz-value")]
            .filter((node) => !node.querySelector(".bpviz-unknown"));
        const texts = shown.map((node) => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return [node, range.getBoundingClientRect()];
        });
        texts.forEach(([node, a], k) => texts.slice(k + 1).forEach(([other, b]) => {
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 1 && down > 4) say(`covers ${other.dataset.ref}`, node);
        }));
        const now = root.getBoundingClientRect().height;
        if (Math.abs(now - height) > 1) say(`is ${now} px high, not ${height}`, root);
        const options = { key: "ArrowRight", bubbles: true, cancelable: true };
        root.dispatchEvent(new KeyboardEvent("keydown", options));
        await new Promise(requestAnimationFrame);
    }
    return found;
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


def place_of(part: Locator) -> dict[str, float]:
    """Return where a part of the page is, once it is drawn and at rest."""
    for _ in range(5):
        place: dict[str, float] | None = part.evaluate(PLACE)
        if place is not None:
            return place
    raise AssertionError(f"{part} is never drawn")


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

    @property
    def formula(self) -> Locator:
        """What is drawn of the present step's formula; others are drawn ahead, out of sight."""
        return self.root.locator(".bpviz-formula[data-view=formula] > :not(.bpviz-ahead)")

    @property
    def matrices(self) -> Locator:
        """What is drawn of the present step's matrices."""
        return self.root.locator(".bpviz-arrays > :not(.bpviz-ahead)")

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
        box = place_of(self.button(button))
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def key(self, *keys: str) -> None:
        """Press keys while the panel itself has the focus."""
        self.root.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, name: str) -> None:
        """Choose one of several by a click on its name; the radio button itself is not drawn."""
        radio = self.root.get_by_role("radio", name=name)
        self.root.locator("label").filter(has=self.page.get_by_role("radio", name=name)).click()
        expect(radio).to_be_checked()

    def start(self, depth: str) -> None:
        """Choose Layer, Unit or Term, and go to the start."""
        self.choose(depth)
        self.key("Home")
        self.expect_place(0)

    def expect_place(self, number: int) -> None:
        """Wait until a step is the current one."""
        expect(self.slider).to_have_value(str(number))

    def play_to(self, number: int) -> None:
        """Play as fast as it goes, and pause when a step has come."""
        self.root.get_by_label("Speed").select_option(label="15×")
        self.press("Play")
        self.page.wait_for_function(
            "([slider, number]) => Number(slider.value) >= number",
            arg=[self.slider.element_handle(), number],
        )
        self.press("Pause")

    def open_tab(self, name: str) -> None:
        """Choose a view where only one of them has room."""
        tabs = self.root.get_by_role("group", name="View", exact=True)
        tabs.get_by_role("radio", name=name, exact=True).check()

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
                    const label = node.labels?.[0];
                    const words = label?.querySelector("span") ?? label ?? node;
                    return node.ariaLabel ?? words.innerText.trim();
                }"""
            )
            if name is None:
                return names
            names.append(name)

    def misfits(self) -> list[str]:
        """Go through all steps from the present one on; list what does not fit at each.

        That is what sticks out of the panel, what must be scrolled sideways to be seen,
        labels of the diagram that cover each other, and a panel that changes its height.
        """
        found: list[str] = self.root.evaluate(MISFITS)
        return found


class TrainingView(PanelView):
    """A training panel: its loss curve, and the update that is chosen on it."""

    def __init__(self, output: Locator) -> None:
        super().__init__(output)
        self.curve = self.root.get_by_role("slider", name="Epoch on the curve")
        self.where = self.root.locator(".bpviz-update-row .bpviz-where")
        self.door = self.root.get_by_role("button", name=re.compile("^Step through epoch"))
        self.back = self.root.get_by_role("button", name="Back to the run")
        self.where.or_(self.root.locator(".bpviz-status")).first.wait_for()

    def open_steps(self) -> None:
        """Show the chosen update step by step; wait until its numbers have come."""
        if self.door.count():
            self.door.click()
        expect(self.slider).to_be_visible()
        expect(self.root.locator(".bpviz-step-view[aria-busy=true]")).to_have_count(0)

    def close_steps(self) -> None:
        """Show the run, if an update is shown step by step."""
        if self.back.count():
            self.back.click()
        expect(self.curve.locator(".bpviz-over")).to_be_attached()

    def open_tab(self, name: str) -> Locator:
        """Open one of the views below the run; return it."""
        self.choose(name)
        return self.root.get_by_role("region", name=name, exact=True)

    def click_curve(self, part: float) -> None:
        """Show the run, and click so far along its curve."""
        self.close_steps()
        self.page.mouse.click(*self.place_on_curve(part))

    def place_on_curve(self, part: float) -> tuple[float, float]:
        """Return a place on the page: so far along the curve, half way up."""
        over = self.curve.locator(".bpviz-over")
        over.scroll_into_view_if_needed()
        box = place_of(over)
        return box["x"] + part * box["width"], box["y"] + box["height"] / 2

    def chosen(self) -> tuple[int, int, str]:
        """Return the epoch and the update that the panel says it shows, and the loss."""
        self.where.evaluate(DRAWN)
        words = self.where.inner_text()
        found = re.match(
            r"Epoch ([\d,]+) of [\d,]+, update (\d+) of \d+\. RMSE during the epoch (\S+)\.", words
        )
        assert found, words
        return int(found[1].replace(",", "")), int(found[2]), found[3]

    def expect_chosen(self, epoch: int, update: int) -> None:
        """Wait until an update is the chosen one."""
        expect(self.where).to_contain_text(
            re.compile(f"^Epoch {epoch:,} of .*, update {update} of ")
        )
