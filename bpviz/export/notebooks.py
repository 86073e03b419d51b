"""Notebook files as they are committed: without what only a running kernel can draw.

A widget's view is a reference into a kernel that is gone by the time the file is opened
again. Without it, Jupyter shows the picture or the text that the output holds as well.
"""

import json
import os
from copy import deepcopy
from typing import Any

from bpviz.core.checks import file_path, refuse_missing_file, shortened
from bpviz.core.files import whole_file

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def strip_widgets(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a notebook without widget views and without saved widget state.

    Parameters
    ----------
    notebook
        A notebook in format 4, as ``json.load`` gives it. It is left as it is.

    Returns
    -------
    dict
        The same notebook; its other outputs, among them the text and the picture of each
        widget, are kept. An output that was nothing but a view is left out.

    Raises
    ------
    ValueError
        If ``notebook`` is not a notebook in format 4.
    """
    _check_format(notebook)
    stripped = deepcopy(notebook)
    stripped["metadata"].pop("widgets", None)
    for cell in stripped["cells"]:
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if _without_view(output)]
    return stripped


def strip_file(path: str | os.PathLike[str]) -> bool:
    """Strip widget views and widget state from a notebook file.

    The file is replaced in one go: whatever interrupts the writing, there is either the old
    file or the new one. A file that holds no widgets is not touched.

    Parameters
    ----------
    path
        The notebook, a ``.ipynb`` file.

    Returns
    -------
    bool
        Whether the file was changed.

    Raises
    ------
    ValueError
        If the file does not hold a notebook in format 4.
    OSError
        If it cannot be read or written.
    """
    path = file_path("path", path, "notebook.ipynb").resolve()
    refuse_missing_file("path", path)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        stripped = strip_widgets(notebook)
    except ValueError as error:
        raise ValueError(f"path {path}: {error}") from error
    if stripped == notebook:
        return False
    # The way Jupyter writes notebooks, so that the next save changes nothing else.
    text = json.dumps(stripped, indent=1, ensure_ascii=False) + "\n"
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
    return True


def _check_format(notebook: object) -> None:
    given = type(notebook).__name__
    if isinstance(notebook, dict):
        given = shortened(notebook.get("nbformat"))
    if given != "4":
        raise ValueError(
            f"notebook has format {given}; format 4 is needed, "
            "which `jupyter nbconvert --to notebook` writes"
        )


def _without_view(output: dict[str, Any]) -> bool:
    """Take the widget view out of an output; tell whether anything is left to show."""
    if WIDGET_VIEW not in output.get("data", {}):
        return True
    del output["data"][WIDGET_VIEW]
    output.get("metadata", {}).pop(WIDGET_VIEW, None)
    return bool(output["data"])
