"""Where the focus is in a panel, that it is seen, and what is chosen in forced colours."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, TrainingView

STEP = "import bpviz as bp\npanel = bp.StepPanel(bp.presets.three_two_one())\npanel"
TRAINING = """
example = bp.presets.xor()
bp.TrainingPanel(
    bp.train(example.network, example.inputs, example.targets, example.rule, epochs=30)
)
"""

RING = """(root) => {
    const focused = document.activeElement;
    if (focused !== root && !root.contains(focused)) return null;
    const name = focused.ariaLabel ?? focused.innerText.slice(0, 30);
    // A radio button lies unseen over its label.
    const node = focused.matches("[type=radio]") ? focused.nextElementSibling : focused;
    const style = getComputedStyle(node);
    const width = parseFloat(style.outlineWidth);
    if (style.outlineStyle === "none" || width < 2) return `${name}: no ring`;
    const reach = width + parseFloat(style.outlineOffset);
    const box = node.getBoundingClientRect();
    const cell = root.closest(".jp-Cell");
    for (let at = node.parentElement; at !== cell; at = at.parentElement) {
        const around = getComputedStyle(at);
        const isContained = around.contentVisibility === "auto";
        if (around.overflowX === "visible" && !isContained) continue;
        const edge = at.getBoundingClientRect();
        const left = edge.left + at.clientLeft, top = edge.top + at.clientTop;
        const room = isContained ? parseFloat(around.overflowClipMargin) || 0 : 0;
        const missing = Math.max(
            left - room - (box.left - reach), top - room - (box.top - reach),
            box.right + reach - (left + at.clientWidth + room),
            box.bottom + reach - (top + at.clientHeight + room),
        );
        if (missing > 0.5) return `${name}: ${missing} px are cut off by ${at.className}`;
    }
    return "";
}"""


@pytest.mark.parametrize("number", [0, 1])
def test_every_control_that_tab_reaches_has_a_ring_that_can_be_seen(
    shared: Lab, number: int
) -> None:
    panel = PanelView(shared.output(number))
    panel.root.focus()
    # Only a key makes the browser show where the focus is.
    panel.page.keyboard.press("Tab")
    panel.page.keyboard.press("Shift+Tab")
    found = []
    while (said := panel.root.evaluate(RING)) is not None:
        found.append(said)
        panel.page.keyboard.press("Tab")
    assert len(found) > 15
    assert [said for said in found if said] == []


@pytest.mark.parametrize("way", ["pointer", "?", "Escape"])
def test_who_closes_the_help_is_back_where_it_was_opened(shared: Lab, way: str) -> None:
    panel = PanelView(shared.output(0))
    root, page = panel.root, panel.page
    close = root.get_by_role("button", name="Close help")
    if way == "pointer":
        opener = root.get_by_role("button", name="Help", exact=True)
        opener.click()
    else:
        opener = panel.button("Play")
        opener.focus()
        page.keyboard.press("?")
    expect(close).to_be_focused()
    if way == "pointer":
        close.click()
    else:
        page.keyboard.press(way)
    expect(close).to_have_count(0)
    expect(opener).to_be_focused()


def test_each_panel_has_a_name_of_its_own(shared: Lab) -> None:
    shared.output(0)
    regions = shared.page.get_by_role("region")
    expect(
        regions.and_(shared.page.get_by_label("Step panel: 3-2-1 sigmoid network"))
    ).to_have_count(1)
    shared.output(1)
    named = shared.page.get_by_label("Training panel: 2-2-1 network", exact=True)
    expect(regions.and_(named)).to_have_count(1)


def background(part: Locator) -> str:
    return str(part.evaluate("(node) => getComputedStyle(node).backgroundColor"))


SYSTEM_COLOUR = """(name) => {
    const node = document.body.appendChild(document.createElement("div"));
    node.style.cssText = `forced-color-adjust: none; background: ${name}`;
    const { backgroundColor } = getComputedStyle(node);
    node.remove();
    return backgroundColor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_show_what_is_chosen_and_where_the_step_is(shared: Lab, scheme: str) -> None:
    page = shared.page
    page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    try:
        panel = PanelView(shared.output(0))
        panel.start("Unit")
        panel.key("ArrowRight")
        highlight = page.evaluate(SYSTEM_COLOUR, "Highlight")
        choice = panel.root.locator(".bpviz-choice label", has_text="Term")
        choice.click()
        panel.key("ArrowRight")
        spans = panel.root.get_by_role("group", name="A step is one").locator("span")
        assert [background(span) == highlight for span in spans.all()] == [False, False, True]
        lines = panel.root.locator(".bpviz-script-line").all()
        now = [line.get_attribute("aria-current") == "step" for line in lines]
        assert [background(line) == highlight for line in lines] == now
        assert sum(now) == 1
        [written] = panel.root.locator(".bpviz-diagram .written").all()
        assert background(written) == highlight
        assert panel.root.get_by_role("radio", name="Term").is_checked()
        shared.screenshot(f"forced-colours-{scheme}", panel.root)
    finally:
        page.emulate_media(forced_colors="none", color_scheme="light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_show_what_is_chosen_and_wrong_in_a_run_and_the_lab(
    shared: Lab, scheme: str
) -> None:
    page = shared.page
    page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    try:
        highlight, ink, paper = (
            page.evaluate(SYSTEM_COLOUR, name) for name in ("Highlight", "CanvasText", "Canvas")
        )
        run = TrainingView(shared.output(1)).root
        tabs = run.locator(".bpviz-run-tabs .bpviz-tabs span").all()
        assert [background(tab) == highlight for tab in tabs] == [True, False, False, False]
        for button in run.locator(".bpviz-main").all():
            expect(button).to_have_css("color", paper)
            assert background(button) == ink
        # Errors above 0 and below it, and the sides of a map, are told apart without the palette.
        for part in (".bpviz-gap-bar", ".bpviz-colour-bar div"):
            expect(run.locator(part).first).to_have_css("forced-color-adjust", "none")
        line = run.locator(".bpviz-lines g").first
        assert line.evaluate("(node) => getComputedStyle(node).stroke") == ink
        shared.screenshot(f"forced-colours-run-{scheme}", run)

        lab = shared.output(2).locator(".bpviz").first
        strip = lab.locator(".bpviz-strip label span")
        verdicts = strip.all_inner_texts()
        assert set(verdicts) == {"✓", "≠"}
        wrong = strip.evaluate_all(
            "(all) => all.map((one) => getComputedStyle(one).backgroundColor)"
        )
        assert [colour == ink for colour in wrong] == [text == "≠" for text in verdicts]
        for mark in lab.locator(".bpviz-strip .bpviz-unlike").all()[:2]:
            expect(mark).to_have_css("color", paper)
        assert [background(tab) == highlight for tab in lab.locator(".bpviz-tabs span").all()] == [
            True,
            False,
            False,
        ]
        shared.screenshot(f"forced-colours-lab-{scheme}", lab)
    finally:
        page.emulate_media(forced_colors="none", color_scheme="light")


def test_the_place_is_kept_when_the_page_is_loaded_again(shared_lab: Lab) -> None:
    lab = shared_lab
    lab.scratch(STEP, "panel.cursor")
    lab.open_link("scratch.ipynb")
    lab.run_all()
    lab.command("docmanager:save")
    panel = PanelView(lab.output(0))
    lab.page.mouse.move(5, 5)
    panel.key(*["ArrowRight"] * 7)
    panel.expect_place(7)
    lab.page.once("dialog", lambda dialog: dialog.accept())
    lab.reload()
    assert lab.answer("panel.cursor") == "7"
    PanelView(lab.output(0)).expect_place(7)


IS_IN_SIGHT = """() => {
    const panel = document.querySelector(".bpviz");
    const { top, bottom } = panel.getBoundingClientRect();
    const view = panel.closest(".jp-WindowedPanel-outer").getBoundingClientRect();
    return top >= view.top - 1 && bottom <= view.bottom + 1;
}"""


def test_who_comes_back_by_keyboard_sees_the_whole_panel(shared_lab: Lab) -> None:
    lab, lines = shared_lab, "\n".join(["# a line"] * 40)
    lab.resize(1366, 768)
    lab.scratch(lines, STEP, lines, lines)
    lab.run_all()
    panel = PanelView(lab.output(1))
    lab.cell(2).focus()
    lab.page.keyboard.press("Shift+Tab")
    expect(panel.root.get_by_label("Speed")).to_be_focused()
    lab.page.wait_for_function(IS_IN_SIGHT)


# What a busy JupyterLab does after a panel has come.
SCROLL = """() => {
    document.querySelector(".bpviz").closest(".jp-WindowedPanel-outer").scrollTop += 300;
}"""


def test_a_panel_that_was_just_made_stays_in_sight_till_somebody_scrolls(shared_lab: Lab) -> None:
    lab, lines = shared_lab, "\n".join(["# a line"] * 40)
    lab.resize(1366, 768)
    lab.scratch(lines, STEP, lines, lines, name="second.ipynb")
    lab.scratch("1 + 1", name="first.ipynb")
    lab.command("docmanager:open", path="second.ipynb", factory="Notebook")
    lab.wait_for_kernel()
    lab.command("notebook:move-cursor-down")
    lab.page.keyboard.press("Shift+Enter")
    lab.page.locator(".bpviz").wait_for()
    for _ in range(2):
        lab.page.wait_for_function(IS_IN_SIGHT)
        lab.page.evaluate(SCROLL)
    lab.page.wait_for_function(IS_IN_SIGHT)
    lab.page.mouse.move(800, 400)
    lab.page.mouse.wheel(0, 300)
    lab.page.wait_for_function(f"() => !({IS_IN_SIGHT})()")
    lab.page.wait_for_timeout(400)
    assert not lab.page.evaluate(IS_IN_SIGHT)


@pytest.fixture(scope="module")
def shared(shared_lab: Lab) -> Lab:
    """A notebook with a panel of each kind, which the tests share."""
    shared_lab.resize(1700, 1500)
    shared_lab.scratch(STEP, TRAINING, "bp.BugLab(bp.presets.xor())")
    shared_lab.run_all()
    return shared_lab
