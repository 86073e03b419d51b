"""How panels look in detail, on plain pages: JupyterLab changes nothing about it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

import bpviz as bp
from tests.browser.panels import PanelView

EXAMPLE = bp.presets.three_two_one()

Opens = Callable[[str], Page]


@pytest.fixture(scope="module")
def shown(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opens]:
    """Open one of a few pages, each of which the tests share."""
    folder = tmp_path_factory.mktemp("looks")
    bp.export.html(bp.StepPanel(EXAMPLE), folder / "step.html")
    bp.export.html(bp.StepPanel(bp.presets.xor()), folder / "xor.html")
    context = browser.new_context(viewport={"width": 1000, "height": 768})
    pages: dict[str, Page] = {}

    def open_page(name: str) -> Page:
        if name not in pages:
            pages[name] = context.new_page()
            pages[name].goto((folder / f"{name}.html").as_uri())
        pages[name].set_viewport_size({"width": 1000, "height": 768})
        return pages[name]

    yield open_page
    context.close()


def test_a_number_that_is_chosen_before_it_is_computed_has_a_place(shown: Opens) -> None:
    panel = PanelView(shown("step").locator("#panel-1"))
    panel.start("Unit")
    panel.key("End")
    delta = panel.root.locator('.bpviz-diagram [data-ref="d1[0]"]')
    delta.click()
    panel.key("Home")
    panel.page.mouse.move(2, 2)
    box = delta.locator(".bpviz-slot, .bpviz-unknown").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (46, 14)
    panel.key("Escape")


@pytest.mark.parametrize("width", [904, 936, 1000])
def test_all_that_is_said_before_the_first_step_is_in_sight(shown: Opens, width: int) -> None:
    page = shown("xor")
    page.set_viewport_size({"width": width, "height": 768})
    panel = PanelView(page.locator("#panel-1"))
    panel.start("Unit")
    mistake = panel.root.locator(".bpviz-start .bpviz-mistake").last
    cut = "(node) => node.closest('.bpviz-reserved').getBoundingClientRect().bottom"
    box = mistake.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= mistake.evaluate(cut)
