"""The bug lab in JupyterLab: what is switched on is seen in the table, the check and the curve."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView

LAB = "import bpviz as bp\nbugs = bp.BugLab(bp.presets.xor())\nbugs"
MASK = "ReLU's derivative is read off the activation, with ≥ 0"
DIRTY = "The hidden deltas come from already updated weights (the “dirty” update)"
UNTRAINED = "The biases are not trained"
SIGN = "The sign of the error is flipped"
AT_ZERO = "ReLU's derivative at 0 is taken as 1"
HIDDEN = "The derivative is missing in the hidden deltas"


# Where all switches are in their list, and what has the focus, right after one was switched:
# Python has not answered yet then.
SWITCHED = """async (input) => {
    const list = input.closest(".bpviz-scrolled-list");
    const places = () => [...list.querySelectorAll("input")].map((one) => [
        one.parentElement.innerText,
        one.getBoundingClientRect().top - list.getBoundingClientRect().top + list.scrollTop,
    ]);
    input.focus();
    const before = places();
    input.click();
    await new Promise((resolve) => setTimeout(resolve));
    const moved = () => places().filter(([name, at], k) => name !== before[k][0]
        || Math.abs(at - before[k][1]) > 0.1).map(([name]) => name);
    const now = [input.closest("[aria-busy=true]") !== null, ...moved()];
    while (input.closest("[aria-busy=true]")) await new Promise(requestAnimationFrame);
    return [...now, ...moved(), document.activeElement === input];
}"""


class LabView(PanelView):
    """A bug lab on the screen."""

    def __init__(self, output: Locator) -> None:
        super().__init__(output)
        self.summary = self.root.locator(".bpviz-summary")
        self.check = self.root.get_by_role("region", name="Gradient check")
        self.curves = self.root.get_by_role("region", name="Loss curves")
        self.table = self.root.locator(".bpviz-compared")
        self.card = self.root.get_by_role("region", name="First wrong number")
        self.explanation = self.root.get_by_role("region", name="What it changes")

    def switch(self, title: str) -> Locator:
        """Return the switch of a mistake."""
        return self.root.get_by_role("checkbox", name=title, exact=True)

    def register(self, words: str) -> Locator:
        """Return a row of the table."""
        return self.table.get_by_role("row").filter(has_text=words)

    def step(self) -> str:
        """Open the step of the register in the card; return its sentence, and go back."""
        self.card.get_by_role("button", name="Open step").click()
        sentence = self.look().sentence
        self.back()
        return sentence

    def height(self) -> float:
        """Return how high the panel is."""
        return float(self.root.evaluate("(node) => node.getBoundingClientRect().height"))

    def places(self, *titles: str) -> list[float]:
        """Return how far below the top of the panel switches are."""
        # Both at once: a notebook scrolls by itself.
        place = """(node) => node.getBoundingClientRect().top
            - node.closest(".bpviz").getBoundingClientRect().top"""
        return [self.switch(one).evaluate(place) for one in titles]

    def back(self) -> None:
        """Go back from the steps to the lab."""
        self.root.get_by_role("button", name="Back to the lab").click()
        expect(self.card).to_be_visible()


def test_shows_what_becomes_of_a_mistake(lab: Lab) -> None:
    lab.resize(1400, 1000)
    lab.scratch(LAB, "bugs.frame, bugs.selection, bugs.mistakes")
    lab.command("notebook:run-cell")
    lab.wait_for_kernel()
    view = LabView(lab.output(0))

    # It opens on the lecture's own program, at the first number that differs.
    expect(view.summary).to_contain_text("3 departures from the right algorithm are on.")
    expect(view.summary).to_contain_text("10 of 23 registers differ")
    for title in (MASK, DIRTY, UNTRAINED):
        expect(view.switch(title)).to_be_checked()
    expect(view.card).to_contain_text("First wrong number: Δb2,1")
    expect(view.card.locator("b")).to_have_text(["−0.009374", "0"])
    expect(view.card.get_by_text("13 of 23 registers right")).to_be_visible()
    assert view.step() == "The biases of layer 2 are not trained: their change is 0."
    expect(view.check).to_contain_text("6 of 9 gradients are wrong")
    expect(view.check.get_by_text("It cannot see “The biases are not trained”")).to_be_visible()
    expect(view.curves).to_contain_text(
        "RMSE during the epoch 0.5167 as switched on, 0.4412 done right."
    )
    view.choose("Register by register")
    first = view.table.locator("tr.bpviz-first")
    expect(first).to_contain_text("changes of the biases of layer 2")
    expect(first).to_contain_text("first difference")
    expect(first.get_by_role("cell")).to_have_text(["−0.009374", "0", "0.009374"])
    assert lab.violations(view.root) == []
    lab.screenshot("buglab-light", view.root)

    # A row leads to its step, by the mouse and by the keyboard, and nothing is sent.
    with lab.recorded_frames() as frames:
        view.register("errors that arrive at layer 1").get_by_role("cell").first.click()
        assert view.look().place == "Step 15 of 23"
        view.back()
        view.register("new weights of layer 1").get_by_role("button").press("Enter")
        assert view.look().place == "Step 21 of 23"
        view.back()
        # So does the strip: any register can be looked at.
        strip = view.card.get_by_role("radio", name=re.compile("^deltas of layer 2.*: right$"))
        strip.check(force=True)
        expect(view.card).to_contain_text("Right: δ2,1")
        strip.press("ArrowRight")
        expect(view.card).to_contain_text("Right: ∂L/∂W2,1,1")
        assert view.step().startswith("The gradient")
    assert frames == []

    # One after the other goes off: the table, the check and the curve follow.
    view.switch(UNTRAINED).uncheck()
    expect(view.summary).to_contain_text("2 departures")
    expect(first).to_contain_text("errors that arrive at layer 1")
    expect(view.card).to_contain_text("First wrong number: ∂L/∂h1,1")
    expect(view.check).not_to_contain_text("It cannot see")
    view.switch(DIRTY).uncheck()
    expect(view.summary).to_contain_text("One departure from the right algorithm is on.")
    expect(view.summary).to_contain_text("On this sample nothing differs")
    expect(view.check).to_contain_text("It passes")
    view.root.get_by_role("combobox", name="Sample").select_option(index=3)
    expect(view.summary).to_contain_text("the derivatives of the activation function in layer 1")
    expect(view.check).to_contain_text("gradients are wrong")
    view.switch(MASK).uncheck()
    expect(view.summary).to_contain_text("No mistake is on")
    expect(view.card).to_contain_text("The right algorithm")
    expect(view.table.locator("tr.bpviz-same")).to_contain_text("the same")
    expect(first).to_have_count(0)
    view.choose("Loss while training")
    expect(view.curves).to_contain_text("The curves are the same.")

    # A run that diverges says where.
    view.switch(SIGN).check()
    expect(view.curves).to_contain_text(
        "diverged in epoch 15, update 2: the loss of the sample became infinite"
    )
    expect(view.curves).to_contain_text("In epoch 7 the loss as switched on leaves the plot")
    view.choose("Register by register")
    expect(first).to_contain_text("errors that arrive at layer 2")
    assert lab.violations(view.root) == []
    lab.use_theme("dark")
    lab.screenshot("buglab-dark", view.root)
    assert lab.violations(view.root) == []
    view.card.get_by_role("button", name="Open step").click()
    assert view.misfits() == []
    view.back()

    # Python reads what is chosen.
    lab.cell(1).locator(".cm-content").click()
    lab.command("notebook:run-cell")
    lab.wait_for_kernel()
    expect(lab.output(1)).to_contain_text("(3, 'e2', ('error_sign_flipped',))")


def test_switching_moves_nothing_and_it_fits_on_the_screen_of_a_student(lab: Lab) -> None:
    lab.resize(1366, 768)
    lab.scratch(LAB)
    lab.run_all()
    view = LabView(lab.output(0))
    height = view.height()
    assert height <= 640
    lab.rest()
    places = view.places(MASK, HIDDEN)
    for title in (HIDDEN, MASK, DIRTY, UNTRAINED, AT_ZERO):
        for _ in range(2 if title in (DIRTY, UNTRAINED) else 1):
            assert view.switch(title).evaluate(SWITCHED) == [True, True]  # waits; has the focus
        expect(view.explanation).to_contain_text(title.split(" (")[0])
        assert view.height() == height
    view.switch(MASK).scroll_into_view_if_needed()
    assert view.places(MASK, HIDDEN) == places
    for name in ("Register by register", "The curves as a table", "Loss while training"):
        view.choose(name)
        assert view.height() == height
    lab.screenshot("buglab-1366", view.root)
    view.root.get_by_role("button", name="Switch all off").click()
    expect(view.summary).to_contain_text("No mistake is on")
    expect(view.root.locator("[aria-busy=true]")).to_have_count(0)
    assert view.height() == height
    view.switch(SIGN).check()
    expect(view.summary).to_contain_text("One departure")
    lab.screenshot("buglab-1366-diverged", view.root)
    view.card.get_by_role("button", name="Open step").click()
    expect(view.slider).to_be_visible()
    lab.screenshot("buglab-1366-steps", view.root)
    assert view.height() <= 640
    view.key("Escape")
    expect(view.card).to_be_visible()
    lab.command("application:toggle-left-area")
    for width in (600, 360):
        lab.resize(width, 1000)
        lab.cell(0)
        lab.screenshot(f"buglab-{width}", view.root)
        assert (
            view.root.evaluate(
                """(root) => [...root.querySelectorAll("*")].filter((node) =>
                !node.closest(".bpviz-hidden, details:not([open]) > :not(summary), math") &&
                node.getBoundingClientRect().right > root.getBoundingClientRect().right + 1
            ).map((node) => node.className)"""
            )
            == []
        )


def test_is_used_by_the_keyboard_alone(lab: Lab) -> None:
    lab.resize(1400, 1000)
    lab.scratch(LAB)
    lab.run_all()
    view = LabView(lab.output(0))
    keyboard = lab.page.keyboard
    view.root.focus()
    for _ in range(5):  # sample, help, all off, and the switch before this one
        keyboard.press("Tab")
    expect(view.switch(MASK)).to_be_focused()
    expect(view.explanation).to_contain_text("f′(a) = 1 if a > 0 becomes 1 if h ≥ 0")
    described = view.switch(MASK).get_attribute("aria-describedby")
    expect(view.root.locator(f"[id='{described}']")).to_contain_text("becomes 1 if h ≥ 0")
    # Python answers one change at a time; none is lost.
    keyboard.press("Space")
    # A switch that contradicts the first may stand between them.
    for _ in range(6):
        keyboard.press("Tab")
        if view.switch(HIDDEN).evaluate("(node) => node === document.activeElement"):
            break
    expect(view.explanation).to_contain_text(HIDDEN)
    keyboard.press("Space")
    expect(view.summary).to_contain_text("3 departures")
    expect(view.switch(MASK)).not_to_be_checked()
    expect(view.switch(HIDDEN)).to_be_checked()
    expect(view.root.locator("[aria-busy=true]")).to_have_count(0)

    names = view.names_by_tab()
    order = ["Help", "Switch all off", "What it changes", "Open step →"]
    order += ["Epoch on the curve of the RMSE during the epoch"]
    assert [name for name in names if name in order] == order
    # The card by keyboard: into the step and back to where one was.
    door = view.card.get_by_role("button", name="Open step")
    door.press("Enter")
    expect(view.root.get_by_role("button", name="Back to the lab")).to_be_focused()
    assert {"Step", "Help"} <= set(view.names_by_tab())
    keyboard.press("Escape")
    view.key("Escape")
    expect(view.card).to_be_visible()
    curve = view.root.get_by_role("slider", name="Epoch on the curve")
    curve.focus()
    keyboard.press("Home")
    expect(view.curves).to_contain_text(
        re.compile(r"Epoch 1: RMSE during the epoch 0\.6\d+ as switched on")
    )


def test_goes_on_without_its_kernel(lab: Lab) -> None:
    lab.resize(1400, 1000)
    lab.scratch(LAB)
    lab.run_all()
    view = LabView(lab.output(0))
    lab.kill_kernel()
    view.switch(MASK).click()
    expect(view.summary).to_contain_text("2 departures from the right algorithm are on.")
    expect(view.switch(MASK)).not_to_be_checked()
    view.card.get_by_role("button", name="Open step").click()
    view.key("Home", "ArrowRight")
    assert view.look().place == "Step 1 of 23"
    view.back()
    view.root.get_by_role("combobox", name="Sample").select_option(index=2)
    expect(view.summary).to_contain_text("of 23 registers differ")
