"""The built front end: its scripts and its style sheet, which a kernel hands over once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ipywidgets
import traitlets

STEP, RUNS, ALL = "step.js", "runs.js", "all.js"
"""The modules of the panels that show updates alone, of those that show runs, and of both."""
SHEETS = {STEP: "step.css", RUNS: "bpviz.css", ALL: "bpviz.css"}
STATIC = Path(__file__).parents[1] / "static"


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

    _module_name = STEP

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

    def open(self) -> None:
        """Make the panel ready to be shown; its modules, too, if somebody has closed them."""
        self._script.open()
        self._style_sheet.open()
        super().open()
