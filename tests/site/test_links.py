"""The site's links lead to pages and places that are there, and it loads nothing from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.site.built import PAGES, SITE

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""What a page loads by itself."""
NOT_LOADED = {"next", "prev", "search", "index", "canonical"}


class Page(HTMLParser):
    """What a page has: its places, its links, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.places.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if LOADED.get(tag) in given and given.get("rel") not in NOT_LOADED:
            self.loads.append(given[LOADED[tag]])


page_of = cache(Page)


def test_every_link_within_the_site_leads_to_a_place_that_is_there() -> None:
    lost: dict[str, list[str]] = defaultdict(list)
    found = 0
    for path in PAGES:
        for link in page_of(path).links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            is_there = target.is_file()
            if is_there and parts.fragment and target.suffix == ".html":
                is_there = unquote(parts.fragment) in page_of(target).places
            found += is_there
            if not is_there:
                lost[str(path.relative_to(SITE))].append(link)
    assert dict(lost) == {}
    assert found > 1000


def test_no_page_loads_anything_from_elsewhere() -> None:
    loads = {load for path in PAGES for load in page_of(path).loads}
    assert any(load.endswith("living.js") or "living.js?" in load for load in loads)
    assert [load for load in loads if urlsplit(load).scheme not in ("", "data")] == []


def test_no_sheet_loads_anything_from_elsewhere() -> None:
    sheets = list(SITE.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text or "http" not in text.split("@import", 1)[1][:80], sheet
        assert "url(http" not in text.replace('"', "").replace("'", ""), sheet
