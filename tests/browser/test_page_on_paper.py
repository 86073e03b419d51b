"""Pages on paper: without controls, nothing cut off, each sheet with something on it."""

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

import bpviz as bp
from bpviz.panels.panel import Panel
from tests.browser.panels import PanelView, TrainingView

TITLE = "A page for the course"

# What scrolls, or is cut off: on paper nobody can scroll. A name has no room in a short band.
CUT_OFF = """() => [...document.querySelectorAll(".bpviz :not(.bpviz-bands)")]
    .filter((one) => one.checkVisibility() && !one.matches(".bpviz-hidden, .bpviz-hidden *"))
    .filter((one) => getComputedStyle(one).overflow !== "visible")
    .filter((one) =>
        one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.getAttribute("class"))"""


def made(kind: str) -> Panel:
    if kind == "step":
        return bp.StepPanel(bp.presets.three_two_one(), cursor=20)
    return {"run": bp.TrainingPanel, "lab": bp.BugLab}[kind](bp.presets.xor())


def sheets(page: Page) -> list[str]:
    """Print a page on A4; return the words on each sheet."""
    printed = PdfReader(BytesIO(page.pdf(format="A4")))
    return [" ".join(sheet.extract_text().split()) for sheet in printed.pages]


# The bug lab is a little too long for one sheet with a heading, which does not stay there alone.
@pytest.mark.parametrize(
    ("kind", "words", "most"),
    [
        (
            "step",
            [
                "3-2-1 sigmoid network",
                "The gradients of the weights of unit 2 of layer 1",
                "0.002045 × 0.5 = 0.001022",
                "Step 20 of 34",
            ],
            1,
        ),
        ("run", ["2-2-1 network on XOR 500 epochs made", "3 mistakes", "(−1, 1) 0 0.6538"], 1),
        ("lab", ["First wrong number", "All weights of a layer start equal"], 2),
    ],
)
def test_a_page_is_printed_whole_and_has_no_blank_sheet(
    offline_page: Page, tmp_path: Path, kind: str, words: list[str], most: int
) -> None:
    page = offline_page
    page.set_viewport_size({"width": 794, "height": 1123})
    page.goto(bp.export.html(made(kind), tmp_path / "page.html", TITLE).as_uri())
    page.locator(".bpviz-title").first.wait_for()
    page.emulate_media(media="print")
    printed = sheets(page)
    assert printed[0].startswith(TITLE)
    for part in words:
        assert part in " ".join(printed)
    assert len(printed) <= most
    assert all(len(sheet) > len(TITLE) for sheet in printed)
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 794


def test_a_page_prints_in_light_colours_without_its_controls(
    offline_page: Page, tmp_path: Path
) -> None:
    page = offline_page
    page.emulate_media(media="print", color_scheme="dark")
    panels = [made("step"), made("run")]
    page.goto(bp.export.html(panels, tmp_path / "page.html").as_uri())
    panel = PanelView(page.locator("#panel-1")).root
    assert panel.evaluate("(node) => getComputedStyle(node).colorScheme") == "light"
    expect(panel.get_by_role("group", name="Steps")).to_be_hidden()
    expect(panel.locator(".bpviz-diagram")).to_be_visible()
    expect(panel.locator(".bpviz-arrays")).to_be_visible()
    run = TrainingView(page.locator("#panel-2")).root
    for part in (".bpviz-speed", ".bpviz-new-start", ".bpviz-alone", ".bpviz-door"):
        expect(run.locator(part)).to_be_hidden()
    expect(run.get_by_text("One epoch")).to_be_hidden()
    expect(run.locator(".bpviz-pill")).to_be_visible()
    expect(run.locator(".bpviz-map")).to_be_visible()
