"""Panels as pages in Firefox ESR and WebKit: they show, step, train and are switched."""

from collections.abc import Iterator

import pytest

import bpviz as bp
from tests.browser.other import OtherPage, button_in
from tests.browser.others import EACH, KINDS


@pytest.fixture(scope="module", params=EACH)
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OtherPage]:
    with KINDS[request.param].start(tmp_path_factory.mktemp(request.param)) as page:
        yield page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    panels = [
        bp.StepPanel(bp.presets.three_two_one()),
        bp.TrainingPanel(bp.presets.xor()),
        bp.BugLab(bp.presets.xor()),
    ]
    return bp.export.html(panels, tmp_path_factory.mktemp("pages") / "page.html").as_uri()


def text(panel: int) -> str:
    """Return JavaScript for the text of a panel."""
    return f'document.getElementById("panel-{panel}").textContent'


def button(panel: int, words: str) -> str:
    """Return JavaScript for a button of a panel."""
    return button_in(f'document.querySelector("#panel-{panel}")', words)


def test_a_page_steps_by_key_and_by_mouse(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until('document.querySelectorAll(".bpviz").length === 3')
    page.click(button(1, "Forward"))
    page.until(f'{text(1)}.includes("Step 1 of 34")')
    page.press("ArrowRight", "ArrowRight")
    page.until(f'{text(1)}.includes("Step 3 of 34")')
    page.press("End")
    page.until(f'{text(1)}.includes("Step 34 of 34") && {text(1)}.includes("0.485")')


def test_a_run_is_made_and_goes_on(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until(f'{text(2)}.includes("500 epochs made")')
    page.click(button(2, "One epoch"))
    page.until(f'{text(2)}.includes("501 epochs made")')


def test_no_view_is_a_pixel_too_wide(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until('document.querySelectorAll(".bpviz").length === 3')
    page.until(f'{text(2)}.includes("500 epochs made")')
    too_wide = """[...document.querySelectorAll(".bpviz *")].filter((element) =>
        ["auto", "scroll"].includes(getComputedStyle(element).overflowX) &&
        element.scrollWidth > element.clientWidth).map(({ className }) => className).join()"""
    assert page.evaluate(too_wide) == ""


def test_mistakes_are_switched(page: OtherPage, address: str) -> None:
    page.open(address)
    page.until(f'{text(3)}.includes("10 of 23 registers differ")')
    page.click(button(3, "Switch all off"))
    page.until(f'{text(3)}.includes("No mistake is on")')
    page.until(f'{text(3)}.includes("The curves are the same")')
    assert page.problems == []
