"""The built front end: its scripts and its style sheet, which a kernel hands over once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

import ipywidgets
import traitlets

STEP, ASKS, RUNS, ALL = "step.js", "asks.js", "runs.js", "all.js"
"""The modules of the panels that show updates alone, of these where some ask questions, of those
that show runs, which ask nothing, and of all."""
SHEETS = {STEP: "step.css", ASKS: "step.css", RUNS: "bpviz.css", ALL: "bpviz.css"}
STATIC = Path(__file__).parents[1] / "static"


def module_for(views: Collection[str], asks: bool) -> str:
    """Return the smallest module that draws panels with these views.

    Parameters
    ----------
    views : collection of str
        "step", "training" or "buglab", of each panel.
    asks : bool
        Whether one of them asks questions. The extension of JupyterLab decides in the same way by
        what a notebook holds (`extension/modules.ts`).
    """
    if set(views) <= {"step"}:
        return ASKS if asks else STEP
    return ALL if "step" in views else RUNS


@cache
def text_of(name: str) -> str:
    """Return what a file of the built front end holds."""
    return (STATIC / name).read_text(encoding="utf-8")


class Module(ipywidgets.Widget):
    """A file of the front end as a page gets it: once, for all panels that refer to it.

    A page keeps what it was told of a widget, also when that is closed; a script that came with
    each panel would be kept as often as cells are run. A style sheet that came with each would
    have the whole page styled anew, whoever's it is.
    """

    text = traitlets.Unicode().tag(sync=True)


@cache
def _module(name: str) -> Module:
    return Module(text=text_of(name))


class Bundle(ipywidgets.Widget):
    """The scripts and the style sheet of a panel.

    As paths, anywidget would watch the files, and keep every panel for as long as its class.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _script = traitlets.Instance(Module).tag(sync=True, **ipywidgets.widget_serialization)
    _style_sheet = traitlets.Instance(Module).tag(sync=True, **ipywidgets.widget_serialization)

    @traitlets.default("_esm")
    def _door(self) -> str:
        return text_of("door.js")

    @traitlets.default("_script")
    def _panel_module(self) -> Module:
        return _module(self._module_name)

    @traitlets.default("_style_sheet")
    def _sheet(self) -> Module:
        return _module(SHEETS[self._module_name])

    @property
    def _module_name(self) -> str:
        raise NotImplementedError

    def open(self) -> None:
        """Make the panel ready to be shown; its modules, too, if somebody has closed them."""
        self._script.open()
        self._style_sheet.open()
        super().open()
