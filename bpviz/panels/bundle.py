"""The built front end: its scripts, which a kernel hands over once, and its style sheet."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ipywidgets
import traitlets

STATIC = Path(__file__).parents[1] / "static"


@cache
def text_of(name: str) -> str:
    """Return what a file of the built front end holds."""
    return (STATIC / name).read_text(encoding="utf-8")


class Module(ipywidgets.Widget):
    """A script of the front end as a page gets it: once, for all panels that refer to it.

    A page keeps what it was told of a widget, also when that is closed; a script that came with
    each panel would be kept as often as cells are run.
    """

    text = traitlets.Unicode().tag(sync=True)


@cache
def _module(name: str) -> Module:
    return Module(text=text_of(name))


class Bundle(ipywidgets.Widget):
    """The scripts and the style sheet of a panel.

    As paths, anywidget would watch the files, and keep every panel for as long as its class.
    """

    _module_name = "step.js"

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    _script = traitlets.Instance(Module).tag(sync=True, **ipywidgets.widget_serialization)

    @traitlets.default("_esm")
    def _door(self) -> str:
        return text_of("door.js")

    @traitlets.default("_css")
    def _style_sheet(self) -> str:
        return text_of("bpviz.css")

    @traitlets.default("_script")
    def _panel_module(self) -> Module:
        return _module(self._module_name)

    def open(self) -> None:
        """Make the panel ready to be shown; its module, too, if somebody has closed it."""
        self._script.open()
        super().open()
