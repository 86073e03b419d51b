"""Panels in the outputs of a notebook, and notebooks whose panels live where bpviz is not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from bpviz.draw.pictures import HTML
from bpviz.export.notebooks import EMBEDDED, rewritten, strip_widgets
from bpviz.panels.bounds import MOST_CHARACTERS, is_within_bounds
from bpviz.panels.kept import SAVED, TraitValues, unpacked
from bpviz.panels.known_words import with_words
from bpviz.panels.older import brought_up
from bpviz.panels.page import scripts

UNREADABLE = (
    *(ArithmeticError, AssertionError, AttributeError, KeyError),
    *(RecursionError, TypeError, ValueError),
)
"""What comes of data that is of another kind than a panel's."""


def embed_panels(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a notebook in which each panel has with it all that draws it.

    So it lives where bpviz's extension of JupyterLab is not installed and the scripts of outputs
    may run, as in a notebook that is trusted; elsewhere there is its picture, as before. Each takes
    84 to 165 kB. `strip_widgets` takes this out again.

    Parameters
    ----------
    notebook
        A notebook in format 4, as ``json.load`` gives it. It is left as it is.

    Raises
    ------
    ValueError
        If ``notebook`` is not a notebook in format 4, with the place that differs.
    """
    embedded = strip_widgets(notebook)
    for cell in embedded["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            values = panel_in(data)
            if values is not None and HTML in data:
                place = f'<div id="panel-1">{"".join(data[HTML])}</div>'
                data[HTML] = f"{EMBEDDED}{place}{scripts([values])}</div>"
    return embedded


def embed_file(path: str | os.PathLike[str]) -> bool:
    """Do with a notebook file what `embed_panels` does; return whether it was changed.

    Raises
    ------
    ValueError
        If the file does not hold a notebook in format 4.
    OSError
        If it cannot be read or written.
    """
    return rewritten(path, embed_panels)


def panel_in(data: Any) -> TraitValues | None:
    """Return the panel in the data of an output; None where there is none that can be drawn."""
    saved = data.get(SAVED) if isinstance(data, Mapping) else None
    if not isinstance(saved, Mapping):
        return None
    text = str(saved.get("packed"))
    # Somebody may have forged it: a longer one could fill the memory once it is unpacked, and one
    # that is beyond the bounds lets the page hang.
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        [values] = unpacked(text)["panels"]
        return with_words(brought_up(values)) if is_within_bounds(values) else None
    except UNREADABLE:
        return None


def has_sliders(data: Any) -> bool:
    """Return whether the data of an output are those of a slider panel."""
    saved = data.get(SAVED) if isinstance(data, Mapping) else None
    return isinstance(saved, Mapping) and "sliders" in saved
