"""The built front end, which travels with each panel as text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import traitlets

STATIC = Path(__file__).parents[1] / "static"


@cache
def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


class Bundle(traitlets.HasTraits):
    """The script and the style sheet of a panel.

    As paths, anywidget would watch the files, and keep every panel for as long as its class.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    _script = traitlets.Unicode().tag(sync=True)

    @traitlets.default("_esm")
    def _door(self) -> str:
        return _text("door.js")

    @traitlets.default("_css")
    def _style_sheet(self) -> str:
        return _text("bpviz.css")

    @traitlets.default("_script")
    def _module(self) -> str:
        return _text("bpviz.js")


class WithRun(traitlets.HasTraits):
    """What a panel with a run carries besides: its views, as the text of a module."""

    _run_views = traitlets.Unicode().tag(sync=True)

    @traitlets.default("_run_views")
    def _run_module(self) -> str:
        return _text("runs.js")
