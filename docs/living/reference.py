"""The reference: objects such as `bpviz.sigmoid` have the text below their definition."""

from __future__ import annotations

import inspect
from typing import Any

from ipywidgets import Widget
from sphinx.application import Sphinx

from living.texts import text_of_object


def setup(app: Sphinx) -> None:
    """Have those texts taken for docstrings, and what widgets are made with for their signature."""
    app.connect("autodoc-process-docstring", replace_docstring, priority=100)
    app.connect("autodoc-process-signature", replace_signature, priority=100)


def replace_docstring(
    _app: Sphinx, what: str, name: str, obj: Any, _options: Any, lines: list[str]
) -> None:
    """Put the text of an object in the place of that of its class."""
    if what == "data":
        lines[:] = text_of_object(name.rpartition(".")[2], obj).splitlines()


def replace_signature(
    _app: Sphinx,
    what: str,
    _name: str,
    obj: Any,
    _options: Any,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Tell what a widget is made with, which traitlets hides."""
    if what != "class" or not issubclass(obj, Widget):
        return signature, returned
    [_, *parameters] = inspect.signature(obj.__init__).parameters.values()
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in parameters]
    return str(inspect.Signature(bare)), None
