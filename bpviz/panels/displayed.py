"""Which cells show which panels, so that a cell that is run again leaves no old panel behind."""

from __future__ import annotations

import sys
from typing import Any
from weakref import WeakKeyDictionary

from ipywidgets.widgets import widget

_shown: dict[str, WeakKeyDictionary[widget.Widget, str]] = {}
"""For each cell the panels that it shows, and in which of its runs each was shown last."""

ELSEWHERE = ""
"""Stands for all places whose outputs are not known to go when a cell is run again."""


def note(panel: widget.Widget) -> None:
    """Note that a panel is shown now, in the output of the cell that runs."""
    shell = _shell()
    if shell is None:
        return
    cell, run = _place(shell)
    if _is_inside_an_output(run):
        cell = ELSEWHERE
    _shown.setdefault(cell, WeakKeyDictionary())[panel] = run
    if _close_old not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _close_old)


def _close_old(_result: Any = None) -> None:
    """Close what the cell that has just run showed before, and shows no longer.

    A panel stays open while another cell shows it, or a box that holds it. One that is closed
    opens again when it is shown again.
    """
    shell = _shell()
    if shell is None:
        return
    cell, run = _place(shell)
    if cell == ELSEWHERE or cell not in _shown:
        return
    panels = _shown[cell]
    for panel in [panel for panel, last in panels.items() if last != run]:
        del panels[panel]
        if not any(panel in others for others in _shown.values()) and not _is_in_a_box(panel):
            panel.close()
    if not panels:
        del _shown[cell]


def _shell() -> Any:
    """Return the shell of a Jupyter kernel, or None elsewhere."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    return shell if hasattr(shell, "get_parent") else None


def _place(shell: Any) -> tuple[str, str]:
    """Return the cell that runs, by the id that the front end gives it, and which run it is."""
    parent = shell.get_parent() or {}
    cell = (parent.get("metadata") or {}).get("cellId")
    run = (parent.get("header") or {}).get("msg_id")
    return str(cell or ELSEWHERE), str(run or "")


def live_widgets() -> list[Any]:
    """Return all widgets that a page may hold."""
    return list(widget._instances.values())


def _is_inside_an_output(run: str) -> bool:
    """Return whether what a run shows now goes into an Output widget, which keeps it."""
    return any(getattr(one, "msg_id", None) == run for one in live_widgets() if run)


def _is_in_a_box(panel: widget.Widget) -> bool:
    boxes = [getattr(one, "children", None) or () for one in live_widgets()]
    return any(child is panel for children in boxes for child in children)
