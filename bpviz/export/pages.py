"""Panels as files: one HTML page that any browser opens, offline and without Python."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bpviz.core.arguments import file_path, refuse_missing_folder, text, true_or_false
from bpviz.core.files import what_is_at, whole_file
from bpviz.core.run.history import History

if TYPE_CHECKING:
    from bpviz.panels.page import Still

EXAMPLE_PAGE = "page.html"


def html(
    source: Any,
    path: str | os.PathLike[str],
    title: str | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Write panels to one HTML file that needs no network, no server and no Python.

    What is in the file steps, plays and answers as in a notebook. It asks for nothing, keeps
    nothing, and shows a picture where scripts may not run. A link such as
    ``page.html#epoch=300&update=2&step=12`` opens there.

    Parameters
    ----------
    source : StepPanel, TrainingPanel, BugLab, or what these are made of, or a list of these
        A panel is written as it is now, with its place and its numbers. A History gets a
        training panel; an Example, a Trace or (network, X, Y) a step panel.
    path : str or path
        The file, such as "page.html". It is written whole or not at all.
    title : str, optional
        A heading for the page, and its name in the browser; by default that of the panel.
    overwrite : bool
        Replace whatever file is there. A page of bpviz is replaced anyway.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TypeError, ValueError
        If `source` is nothing that a panel shows, or another argument is wrong.
    FileExistsError
        If the file is there, and is not a page of bpviz.
    FileNotFoundError
        If its folder is not there.

    Examples
    --------
    >>> bp.export.html(bp.presets.three_two_one(), "lecture.html", title="One update by hand").name
    'lecture.html'
    """
    # Who only strips notebooks needs no panels.
    from bpviz.panels.page import Page

    target = file_path("path", path, EXAMPLE_PAGE)
    name = None if title is None else text("title", title)
    replace = true_or_false("overwrite", overwrite)
    sources = source if isinstance(source, list) else [source]
    if not sources:
        raise ValueError("source is an empty list; give at least one panel")
    write(target, str(Page([_still(one) for one in sources], name)), replace)
    return target


def write(target: Path, page: str, overwrite: bool) -> None:
    """Write a page; replace another page, but nothing else unless told to."""
    refuse_missing_folder("path", target)
    if os.path.lexists(target) and not overwrite and not _is_page(target):
        raise FileExistsError(
            f"path is {str(target)!r}, which is {what_is_at(target)}"
            f"{' and not a page of bpviz' * target.is_file()}; give another path, or overwrite=True"
        )
    with whole_file(target.resolve()) as unfinished:
        unfinished.write_text(page, encoding="utf-8", newline="\n")


def _is_page(path: Path) -> bool:
    from bpviz.panels.page import BEGINNING

    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(BEGINNING)) == BEGINNING.encode()


def _still(source: Any) -> Still:
    from bpviz.panels.panel import Panel
    from bpviz.panels.step_panel import StepPanel
    from bpviz.panels.training_panel import TrainingPanel

    if isinstance(source, Panel):
        return source.still()
    panel = TrainingPanel(source) if isinstance(source, History) else StepPanel(source)
    try:
        return panel.still()
    finally:
        panel.close()
