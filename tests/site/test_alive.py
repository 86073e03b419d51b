"""Every panel of the site lives in Chromium, from files and from a host, and asks nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.panels import place_of
from tests.site.built import ALIVE, SITE

NARROW = 400
COURSE_PAGES_WITH_PANELS = 10


def panels(page: Page) -> Iterator[Locator]:
    """Yield each panel of a page once it is drawn."""
    places = page.locator(".bpviz-place")
    assert places.count()
    for place in places.all():
        place.scroll_into_view_if_needed()
        expect(place).to_have_attribute("data-alive", "")
        panel = place.locator(".bpviz").first
        expect(panel).to_be_visible()
        yield panel


def test_the_course_and_the_gallery_have_their_panels() -> None:
    folders = [path.relative_to(SITE).parts[0] for path in ALIVE]
    assert "index.html" in folders
    assert "reference" in folders
    assert folders.count("gallery") >= 8
    assert folders.count("course") >= COURSE_PAGES_WITH_PANELS


@pytest.mark.parametrize("place", ["file", "host"])
@pytest.mark.parametrize("path", ALIVE, ids=lambda path: f"{path.parent.stem}/{path.stem}")
def test_every_panel_steps_in_a_page_from_a_file_and_from_a_host(
    page: Page, host: str, path: Path, place: str
) -> None:
    inside = path.relative_to(SITE).as_posix()
    page.goto(path.as_uri() if place == "file" else f"{host}/{inside}")
    for panel in panels(page):
        count = panel.locator(".bpviz-count").first
        if not count.is_visible():  # a run, whose updates open when somebody wants them
            expect(panel.locator(".bpviz-training, .bpviz-lab").first).to_be_visible()
            continue
        # What has just come into sight has its text with the next frame.
        expect(count).to_contain_text(" of ", use_inner_text=True)
        before = count.inner_text()
        panel.focus()
        # Where a panel opens at its end, it steps back.
        _, at, _, last = before.split()
        page.keyboard.press("ArrowLeft" if at == last else "ArrowRight")
        if panel.locator(".bpviz-ask, .bpviz-question").count() == 0:
            expect(count).not_to_have_text(before)


def test_a_panel_steps_on_a_host(page: Page, host: str) -> None:
    page.goto(f"{host}/index.html")
    step, run = panels(page)
    count = step.locator(".bpviz-count").first
    expect(count).to_have_text("Step 14 of 34")
    step.focus()
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("Step 15 of 34")
    expect(step.locator(".bpviz-say")).to_contain_text("derivative")
    run.get_by_role("button", name="One epoch").click()
    expect(run).to_contain_text("501 epochs made")


def test_a_picture_with_sliders_follows_them(page: Page) -> None:
    page.goto((SITE / "course/01_one_weight.html").as_uri())
    panel = page.locator(".bpviz-sliders").nth(1)
    picture = panel.locator("img")
    weight, rate = panel.get_by_label("weight"), panel.get_by_label("learning rate")
    seen = {picture.get_attribute("src")}
    weight.focus()
    page.keyboard.press("End")
    expect(panel.locator("output").first).to_have_text("3.9")
    seen.add(picture.get_attribute("src"))
    rate.focus()
    page.keyboard.press("Home")
    expect(panel.locator("output").first).to_have_text("0.5")
    expect(panel.locator("output").nth(1)).to_have_text("0.01")
    seen.add(picture.get_attribute("src"))
    assert len(seen) == 3


def test_panels_follow_the_theme_of_the_site(page: Page) -> None:
    page.goto((SITE / "index.html").as_uri())
    colours = []
    for theme in ("light", "dark"):
        page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        panel = next(panels(page))
        colours.append(panel.evaluate("element => getComputedStyle(element).backgroundColor"))
    assert colours == ["rgb(255, 255, 255)", "rgb(21, 24, 29)"]


def test_the_first_screen_has_a_whole_panel(page: Page) -> None:
    page.goto((SITE / "index.html").as_uri())
    panel = next(panels(page))
    page.evaluate("scrollTo(0, 0)")
    box = place_of(panel.locator(".bpviz-transport"))
    assert box["y"] + box["height"] <= 768


@pytest.mark.parametrize("path", ["index", "course/07_xor", "reference/panels", "gallery/index"])
def test_no_page_is_wider_than_a_telephone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.goto((SITE / f"{path}.html").as_uri())
    for panel in panels(page) if page.locator(".bpviz-place").count() else ():
        expect(panel).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW


def test_the_search_finds_a_name_without_a_server(page: Page) -> None:
    page.goto((SITE / "search.html").as_uri() + "?q=gradient_check")
    expect(page.locator("#search-results ul.search li").first).to_be_visible()
    expect(page.locator("#search-results")).to_contain_text("gradient_check")
