"""Panels that live on the pages of nbconvert's own exporters, `--to html` and `--to slides`.

Alone, nbconvert shows a widget by scripts from the internet where a notebook holds the state of its
widgets, and a picture of it else. `nbconvert_config.py`, which the wheel brings to where nbconvert
looks for settings, has it call this first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbconvert.exporters import HTMLExporter, SlidesExporter
from nbconvert.preprocessors import Preprocessor

from bpviz.draw.pictures import HTML, SVG, is_own, picture_in
from bpviz.export.embedded import has_sliders, panel_in
from bpviz.export.notebooks import PNG, WIDGET_VIEW, add_png
from bpviz.panels.kept import SAVED, TraitValues
from bpviz.panels.page import scripts

ALIVE = (HTMLExporter, SlidesExporter)
"""What makes pages for a browser; others print theirs."""
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


class LivingPanels(Preprocessor):
    """Puts the panels of a notebook into its outputs, and the script of them all into the last."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook with panels that need no kernel; on paper, with pictures.

        On a page that is sanitised, too: nothing in its outputs may run.
        """
        if getattr(self.parent, "sanitize_html", False):
            for output in _outputs(nb):
                _show_png(output)
            return nb, resources
        panels: list[TraitValues] = []
        last: Any = None
        for output in _outputs(nb):
            data = output.get("data")
            values = panel_in(data)
            if has_sliders(data):
                # Their picture stays: without Python they move nothing.
                _forget(nb, data.pop(WIDGET_VIEW, None))
            if values is None or HTML not in data:
                continue
            _forget(nb, data.pop(WIDGET_VIEW, None))
            # Whoever sets this twice has each panel once.
            del data[SAVED]
            if type(self.parent) in ALIVE:
                panels.append(values)
                data[HTML] = f'<div id="panel-{len(panels)}">{_text(data[HTML])}</div>'
                last = data
        if panels:
            last[HTML] += scripts(panels)
        if not any(WIDGET_VIEW in output.get("data", {}) for output in _outputs(nb)):
            nb.metadata.pop("widgets", None)
        return nb, resources


def _outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def _show_png(output: Any) -> None:
    """Show a PNG in place of a picture of this package, of which sanitising leaves its code."""
    data = output.get("data", {})
    if not is_own(picture_in(data)):
        return
    add_png(output)
    if PNG in data:
        for kind in (HTML, SVG, WIDGET_VIEW):
            data.pop(kind, None)


def _forget(notebook: Any, view: Any) -> None:
    """Leave the state of a widget out of a notebook."""
    kept = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    if isinstance(view, Mapping):
        kept.pop(view.get("model_id"), None)


def _text(text: str | list[str]) -> str:
    return "".join(text)
