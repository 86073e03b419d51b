"""Panels as one HTML page: one file that needs no network, no server and no Python."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from html import escape
from typing import Any

from bpviz.panels.bundle import text_of
from bpviz.panels.kept import TraitValues, packed

STEP, RUNS = "step.js", "runs.js"
BEGINNING = "<!doctype html>\n<!-- A page of bpviz"
"""How every page begins."""
HEIGHT = 640
"""Of the frame in which a notebook shows a page, in CSS pixels."""

_STYLE = """
body { margin: 0 auto; padding: 12px; max-width: 1500px; font-family: system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 4px 0 12px; }
section { margin-bottom: 24px; }
section > svg { max-width: 100%; height: auto; }
@media print {
  body { padding: 0; }
  body .bpviz { color-scheme: light; }
  section { break-inside: avoid; }
  body :is(.bpviz-buttons, .bpviz-slider, .bpviz-alert) { display: none; }
}
"""

# Whole directions of a text, which a title in the browser's tab cannot be kept apart from.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Still:
    """What a page holds of one panel.

    Attributes
    ----------
    values : dict
        The panel as data.
    title : str
        The title of the panel.
    picture : str
        An SVG that stands in its place where no script runs.
    words : list of str
        Sentences that stand there, too.
    """

    values: TraitValues
    title: str
    picture: str
    words: Sequence[str]


class Page:
    """Panels on one page, which a browser shows from a file, offline and without Python.

    A cell shows it in a frame. `str(page)` is the page; `bpviz.export.html` writes it.
    """

    def __init__(self, panels: Sequence[Still], title: str | None = None) -> None:
        self.panels = tuple(panels)
        self.title = self.panels[0].title if title is None else title
        self._heading = title

    @cached_property
    def _html(self) -> str:
        views = {str(panel.values.get("_view")) for panel in self.panels}
        script = text_of(STEP if views == {"step"} else RUNS).rstrip("\n").rpartition("\n")[0]
        content: Mapping[str, Any] = {
            "script": script,
            "style": text_of("bpviz.css"),
            "panels": [panel.values for panel in self.panels],
        }
        start = text_of("page.js").strip()
        policy = (
            f"default-src 'none'; script-src {_hash(start)} {_hash(script)}; "
            f"style-src {_hash(_STYLE)}; base-uri 'none'; form-action 'none'"
        )
        heading = f"<h1><bdi>{_text(self._heading)}</bdi></h1>\n" if self._heading else ""
        return (
            f"{BEGINNING}: it needs no network -->\n"
            '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            '<meta name="referrer" content="no-referrer">\n'
            f"<title>{_text(_DIRECTIONS.sub('', self.title))}</title>\n"
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{heading}"
            + "".join(_section(k, panel) for k, panel in enumerate(self.panels, start=1))
            + f'</main>\n<script type="text/plain" id="bpviz-page">{packed(content)}</script>\n'
            f"<script>{start}</script>\n</body>\n</html>\n"
        )

    def __str__(self) -> str:
        return self._html

    def __repr__(self) -> str:
        count = len(self.panels)
        return (
            f"Page({self.title}; {count} panel{'s' * (count != 1)}, "
            f"{len(self._html.encode()) / 1000:.0f} kB)"
        )

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts" title="{_text(self.title)}" '
            f'style="width: 100%; height: {HEIGHT}px; border: 0" '
            f'srcdoc="{escape(self._html)}"></iframe>'
        )


def _section(number: int, panel: Still) -> str:
    words = "".join(f"<li>{_text(sentence)}</li>\n" for sentence in panel.words)
    return (
        f'<section id="panel-{number}">\n{_spare(panel.picture)}\n'
        f"<p>{_text(panel.title)}. This page steps through it where scripts may run.</p>\n"
        f"<ol>\n{words}</ol>\n</section>\n"
    )


def _spare(picture: str) -> str:
    """Return an SVG without what is so anyway."""
    for usual in (' font-weight="400"', ' text-anchor="start"'):
        picture = picture.replace(usual, "")
    return picture


def _text(text: str) -> str:
    """Return any text as HTML that shows it; half a character as its replacement."""
    return escape(text.encode("utf-8", "replace").decode()).replace("\0", "\ufffd")


def _hash(script: str) -> str:
    """Return how a policy names the only script, or the only style, that it allows."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
