"""Panels that a front end gives models, but nobody behind them: they find out, and go on alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import bpviz as bp
from tests.browser.conftest import PAGE_PATIENCE, VIEWPORT
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView, TrainingView, place_of
from tests.front_ends.vscode import SCRIPT, answer, plain

ADDRESS = "https://unanswered.test/"

# Everything that is told goes nowhere, as where the kernel is gone and nothing says so.
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Nobody</title>
<body><div id="container"></div><script>SCRIPT</script><script>
const told = [];
window.python = async (to, said) => {
  if (to) told.push(JSON.parse(said));
  return "[]";
};
</script></body></html>"""

LONGER_THAN_PATIENCE = 5001
"""In milliseconds: PATIENCE in exchange.ts is 5000."""

LOST = "The numbers of this panel were lost. Run its cell again to have them back."
NOBODY = "No Python answers this panel; it goes on by itself."


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose clock is the test's; it fails the test if it complains."""
    page = browser.new_page(viewport=VIEWPORT, reduced_motion="reduce")
    page.set_default_timeout(PAGE_PATIENCE)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route(ADDRESS, answer(PAGE.replace("SCRIPT", SCRIPT.read_text(encoding="utf-8"))))
    page.clock.install()
    page.goto(ADDRESS)
    yield page
    assert problems == []
    page.close()


def show(page: Page, *panels: Any, **lost: object) -> list[Locator]:
    """Show panels as a front end does that knows nothing of kernels, and has lost some bytes."""
    widgets = [*panels, *(part for one in panels for part in (one._script, one._style_sheet))]
    opened = [{"id": one.model_id, "state": plain(one.get_state())} for one in widgets]
    for one in opened:
        one["state"] |= {name: value for name, value in lost.items() if name in one["state"]}
    shown = [one.model_id for one in panels]
    page.evaluate("([opened, shown]) => show(opened, shown)", [opened, shown])
    return [page.locator(".output").nth(index) for index in range(len(panels))]


def test_a_panel_that_nobody_answers_says_so_and_goes_on_alone(page: Page) -> None:
    xor = bp.presets.xor()
    step_panel = bp.StepPanel(bp.presets.three_two_one())
    outputs = show(page, step_panel, bp.TrainingPanel(xor), bp.BugLab(xor))
    step, training, lab = PanelView(outputs[0]), TrainingView(outputs[1]), outputs[2]

    origin = OriginView(step)
    origin.open_field("W1[0,1]")
    assert page.get_by_text(NOBODY).count() == 0
    page.clock.fast_forward(LONGER_THAN_PATIENCE)
    for output in outputs:
        expect(output.get_by_text(NOBODY)).to_be_visible()
    for view in ("Decision surface", "Predictions"):
        expect(outputs[1].get_by_role("region", name=view)).not_to_contain_text("On its way.")
    asked = page.evaluate("told.splice(0)")
    assert [one["content"]["kind"] for one in asked].count("hello") == 3

    # What is wanted of Python from now on, the page does.
    origin.type("0.3")
    page.keyboard.press("Escape")
    expect(origin.number("W1[0,1]")).to_have_text("0.10.3")
    step.key("End")
    sight = step.look()
    assert (sight["a1[0]"], sight["h2[0]"]) == ("0.26", "0.4851")

    training.press("One epoch", group="Training")
    expect(outputs[1]).to_contain_text("501 epochs made")
    training.expect_chosen(501, 4)
    training.press("Reset", group="Training")
    expect(outputs[1]).to_contain_text("Nothing is trained yet")
    training.press("Run", group="Training")
    expect(outputs[1]).to_contain_text("500 epochs made")

    lab.get_by_role("checkbox", name="The sign of the error is flipped").click()
    expect(lab).to_contain_text("16 of 23 registers differ")

    # Nobody was asked for any of that; what is told is no more than what is chosen. The run ends
    # where Python's did.
    told = {name for one in page.evaluate("told") for name in one.get("state", ["a question"])}
    assert told == {"cursor", "selection"}


def test_a_bug_lab_says_so_below_what_it_shows_and_switching_moves_nothing(page: Page) -> None:
    [lab] = show(page, bp.BugLab(bp.presets.xor()))
    columns = lab.locator(".bpviz-lab-columns")
    before = place_of(columns)
    page.clock.fast_forward(LONGER_THAN_PATIENCE)
    line = lab.get_by_text(NOBODY)
    expect(line).to_be_visible()
    assert place_of(columns) == before
    assert place_of(line)["y"] >= before["y"] + before["height"]
    places = [place_of(part) for part in (columns, line)]
    titles = ("The sign of the error is flipped", "The derivative is missing in the hidden deltas")
    for title in titles:
        lab.get_by_role("checkbox", name=title).click()
        expect(lab).to_contain_text("registers differ")
        assert [place_of(part) for part in (columns, line)] == places


@pytest.mark.parametrize("lost", [None, {}])
def test_panels_whose_numbers_were_lost_say_so(page: Page, lost: object) -> None:
    xor = bp.presets.xor()
    panels = bp.StepPanel(xor), bp.TrainingPanel(xor), bp.BugLab(xor)
    names = {
        name
        for panel in panels
        for name, value in panel.get_state().items()
        if isinstance(value, bytes)
    }
    assert {"_frames", "_losses", "_inputs", "_right_frames"} <= names
    outputs = show(page, *panels, **dict.fromkeys(names, lost))
    for output in outputs:
        expect(output.get_by_role("status")).to_have_text(LOST)
        expect(output.get_by_text(re.compile("On its way|Making it again"))).to_have_count(0)
        expect(output.get_by_role("alert")).to_have_count(0)
