"""Each recipe of the gallery has its picture, and every picture words that stand for it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.panels import place_of
from tests.browser.start import REPOSITORY
from tests.site.built import PAGES, SITE

RECIPES = sorted(path.stem for path in (REPOSITORY / "docs" / "gallery").glob("*.py"))
DRAWN = [
    path
    for path in PAGES
    if path.parent.name == "gallery" and "_images/" in path.read_text(encoding="utf-8")
]
"""The pages of recipes that draw a figure."""
SMALLEST = 40
"""No picture is lower or narrower, in CSS pixels."""
NO_WORDS = re.compile(r"\s*$|\.\./|data:|<Figure")
"""How what is no words begins: nothing, an address, or what Python calls a figure."""

# Of a file that cannot be read this fails.
OWN_SIZE = """async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
}"""


class Pictures(HTMLParser):
    """The words that stand for the pictures of a page, without those that the theme adds."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.words: list[str] = []
        self._is_inside = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_inside |= tag == "article"
        if self._is_inside and tag == "img":
            self.words.append(given.get("alt") or "")
        elif self._is_inside and given.get("role") == "img":
            self.words.append(given.get("aria-label") or "")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside &= tag != "article"


def assert_is_drawn(picture: Locator) -> None:
    """Fail where a picture cannot be read, or nobody can see it."""
    picture.scroll_into_view_if_needed()
    place = place_of(picture)
    sizes = [place["width"], place["height"]]
    if picture.evaluate("(node) => node.localName") == "img":
        sizes += picture.evaluate(OWN_SIZE)
    assert min(sizes) >= SMALLEST


def test_every_picture_has_words() -> None:
    words = {str(path.relative_to(SITE)): Pictures(path).words for path in PAGES}
    assert sum(map(len, words.values())) > 2 * len(RECIPES)
    without = {path: [*filter(NO_WORDS.match, all_of_it)] for path, all_of_it in words.items()}
    assert {path: found for path, found in without.items() if found} == {}


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_has_its_picture_in_the_gallery(page: Page, name: str) -> None:
    page.goto((SITE / "gallery/index.html").as_uri())
    card = page.locator(".card-of-recipe", has=page.locator(f'a[href="{name}.html"]'))
    picture = card.get_by_role("img")
    expect(picture).to_have_accessible_name(re.compile(r"\w+"))
    assert_is_drawn(picture)


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_the_pictures_of_a_recipe_are_drawn(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    pictures = page.locator('article img[src*="_images/"]')
    expect(pictures).not_to_have_count(0)
    for picture in pictures.all():
        assert_is_drawn(picture)
