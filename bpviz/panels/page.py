"""Panels as one HTML page: one file that needs no network, no server and no Python."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from html import escape

from bpviz.draw.compact import compact
from bpviz.draw.palette import INK
from bpviz.panels.bundle import SHEETS, module_for, text_of
from bpviz.panels.kept import TraitValues, as_text, packed, text_and_bytes

MANY_CHARACTERS = 200_000
"""Of what a page draws its panels with: a run that the page makes again has fewer."""
BEGINNING = "<!doctype html>\n<!-- A page of bpviz"
"""How every page begins."""
HEIGHT = 640
"""Of the frame in which a notebook shows a page, in CSS pixels."""

CONTROLS = (
    ".bpviz-buttons,.bpviz-slider,.bpviz-alert,.bpviz-alone,.bpviz-new-start,.bpviz-speed,"
    ".bpviz-pace,.bpviz button:not([data-ref],:has(.bpviz-pill))"
)
"""What is of no use on paper. A number is a button, too, and so is how many mistakes are on."""

SCROLLED = (
    ".bpviz-reserved,.bpviz-arrays,.bpviz-legend,.bpviz-layer-heading,"
    ".bpviz-lab-list,.bpviz-scrolled-list,.bpviz-explanation,.bpviz-lab-view"
)
"""What has a height of its own on a screen, and scrolls: on paper nobody can."""

_STYLE = f"""
body{{margin:0 auto;padding:12px;max-width:1500px;font-family:system-ui,sans-serif}}
h1{{font-size:1.3rem;margin:4px 0 12px}}
section{{margin-bottom:24px}}
section>svg{{max-width:100%;height:auto;fill:{INK}}}
@media print{{
body{{padding:0}}
body .bpviz{{color-scheme:light}}
h1{{break-after:avoid}}
section{{break-inside:avoid}}
body :is({CONTROLS}){{display:none}}
body :is(.bpviz-body,.bpviz-lab-columns){{display:block}}
body :is({SCROLLED}){{height:auto;max-height:none;overflow:visible}}
body .bpviz-scrolled-list{{flex:none;columns:2}}
body .bpviz-first-head .bpviz-soft{{white-space:normal}}
}}
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
        heading = f"<h1><bdi>{_text(self._heading)}</bdi></h1>\n" if self._heading else ""
        sections = (
            section(k, panel.picture, panel.title, panel.words)
            for k, panel in enumerate(self.panels, start=1)
        )
        body = heading + "".join(sections)
        return whole_page(self.title, body, [panel.values for panel in self.panels])

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


def whole_page(
    title: str,
    body: str,
    panels: Sequence[TraitValues],
    style: str = "",
    policy: str = "",
) -> str:
    """Return a page of panels, which stand in its body as `section` makes them.

    Parameters
    ----------
    title : str
        Its name in the browser.
    body : str
        What is between its ``main`` tags, as HTML.
    panels : sequence of dict
        The panels as data.
    style : str
        A style sheet beside that of every page.
    policy : str
        What is allowed beside the page's own scripts and style sheet; by default nothing.
    """
    start, sheet = _start(), _STYLE + style
    allowed = policy or f"style-src {_hash(sheet)}"
    rules = (
        f"default-src 'none'; script-src {_hash(start)} {_hash(_script(_module(panels)))}; "
        f"{allowed}; base-uri 'none'; form-action 'none'"
    )
    return (
        f"{BEGINNING} -->\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(_DIRECTIONS.sub('', title))}</title>\n"
        f"<style>{sheet}</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
        f"{scripts(panels) if panels else ''}</body>\n</html>\n"
    )


def scripts(panels: Sequence[TraitValues]) -> str:
    """Return what draws panels in the elements ``panel-1``, ``panel-2``, … before it, as HTML."""
    module = _module(panels)
    data = _packed(_script(module), text_of(SHEETS[module]), panels)
    return (
        f'<script type="text/plain" id="bpviz-page">{data}</script>\n<script>{_start()}</script>\n'
    )


def _module(panels: Sequence[TraitValues]) -> str:
    views = {str(values.get("_view")) for values in panels}
    return module_for(views, any(values.get("_questions") for values in panels))


def _script(module: str) -> str:
    """Return a module as a script, which exports nothing."""
    return text_of(module).rstrip("\n").rpartition("\n")[0]


def _start() -> str:
    return text_of("page.js").strip()


def _packed(script: str, style: str, panels: Sequence[TraitValues]) -> str:
    """Return all that a page draws its panels with; the front end's `entries/page.ts` reads it.

    The script is a tenth smaller by bz2 than by what browsers unpack themselves, and JSON a third.
    JSON takes long to unpack so: it is done where the page would be too large else.
    """
    import bz2  # only who makes a page needs it

    content = {"panels": panels}
    code = [as_text(bz2.compress(part.encode())) for part in (script, style)]
    whole = " ".join([*code, packed(content)])
    if len(whole) <= MANY_CHARACTERS:
        return whole
    text, rest = text_and_bytes(content)
    return " ".join([*code, as_text(bz2.compress(text)), as_text(zlib.compress(rest, 9))])


def section(number: int, picture: str, title: str, words: Sequence[str] = ()) -> str:
    """Return the place of a panel on a page: its picture and words, till the panel is drawn."""
    said = "".join(f"<li>{_text(sentence)}</li>\n" for sentence in words)
    steps = f"<ol>\n{said}</ol>\n" if said else ""
    return (
        f'<section id="panel-{number}">\n{compact(picture, fill=INK)}\n'
        f"<p>{_text(title)}. This page steps through it where scripts may run.</p>\n"
        f"{steps}</section>\n"
    )


def _text(text: str) -> str:
    """Return any text as HTML that shows it; half a character as its replacement."""
    return escape(text.encode("utf-8", "replace").decode()).replace("\0", "\ufffd")


def _hash(script: str) -> str:
    """Return how a policy names the only script, or the only style, that it allows."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
