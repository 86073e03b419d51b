"""Pictures in fewer bytes: what is drawn alike stands together, and says once how."""

from __future__ import annotations

import re

ELEMENT = re.compile(
    r'<(?P<kind>line|rect|polyline|text)(?P<given>(?: [\w-]+="[^"]*")*)'
    r"(?:/>|>(?P<words>[^<]*)</text>)"
)
"""An element as this package writes it; none holds another."""
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
DIFFERING = {
    "line": ("x1", "y1", "x2", "y2", "stroke-width"),
    "rect": ("x", "y", "width", "height", "rx"),
    "polyline": ("points",),
    "text": ("x", "y"),
}
"""What two elements that are drawn alike may differ in."""
USUAL = {"font-weight": "400", "text-anchor": "start", "font-size": "13"}
"""Attributes of texts, which have them without a word or from the root of a picture."""


def compact(picture: str, **usual: str) -> str:
    """Return an SVG of this package in fewer bytes; its texts are drawn last.

    Parameters
    ----------
    picture : str
        As `document` returns it.
    **usual : str
        What else its texts have without a word.
    """
    usual = {**USUAL, **usual}
    alike: dict[tuple[str, str], list[tuple[dict[str, str], str]]] = {}
    for element in ELEMENT.finditer(picture):
        kind, given = element["kind"], dict(ATTRIBUTE.findall(element["given"]))
        own = {name: _short(given.pop(name)) for name in DIFFERING[kind] if name in given}
        if kind == "text":
            given = {name: value for name, value in given.items() if usual.get(name) != value}
        alike.setdefault((kind, _written(given)), []).append((own, element["words"] or ""))
    shapes = [_drawn(*how, which) for how, which in alike.items() if how[0] != "text"]
    texts = [_drawn(*how, which) for how, which in alike.items() if how[0] == "text"]
    start, _, rest = ELEMENT.sub("", picture).partition("\n")
    others, end, _ = rest.rpartition("</svg>")
    if not end:
        return picture
    parts = [start, others.strip("\n"), *shapes, *texts, end]
    return "\n".join(part for part in parts if part)


def _drawn(kind: str, given: str, which: list[tuple[dict[str, str], str]]) -> str:
    """Return elements that have attributes in common."""
    if kind == "rect" and "stroke" not in given and len(which) > 1:
        return f"<path{given} d='{''.join(_box(own) for own, _ in which)}'/>"
    elements = [_element(kind, own, words) for own, words in which]
    if len(elements) > 1:
        return f"<g{given}>{''.join(elements)}</g>"
    return elements[0].replace(f"<{kind}", f"<{kind}{given}", 1)


def _element(kind: str, own: dict[str, str], words: str) -> str:
    end = f">{words}</text>" if kind == "text" else "/>"
    return f"<{kind}{_written(own)}{end}"


def _box(own: dict[str, str]) -> str:
    return "M{x} {y}h{width}v{height}h-{width}z".format(**own)


def _written(given: dict[str, str]) -> str:
    return "".join(f" {name}='{value}'" for name, value in given.items())


def _short(value: str) -> str:
    return re.sub(r"\.0+$", "", value)
