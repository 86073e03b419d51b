"""Notebook files as they are committed: without what only a running kernel can draw.

A widget's view is a reference into a kernel that is gone by the time the file is opened
again. Without it, Jupyter shows the picture or the text that the output holds as well.
What shows no SVG, such as nbconvert's LaTeX, gets a PNG of each picture of this package; it is
drawn here, for a cell that is run would have to wait for it.
"""

import json
import os
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any

from bpviz.core.arguments import file_path, refuse_missing_file, shortened
from bpviz.core.files import whole_file
from bpviz.draw.pictures import HTML, IMAGE, SVG, is_own, picture_in
from bpviz.draw.without_svg import as_png
from bpviz.panels.kept import room_in

WIDGET_VIEW, PNG = "application/vnd.jupyter.widget-view+json", "image/png"
EMBEDDED = '<div class="bpviz-embedded">'
"""How the HTML of an output begins that draws its panel by itself."""


def strip_widgets(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a notebook without what a kernel draws, and with a PNG of each picture.

    Parameters
    ----------
    notebook
        A notebook in format 4, as ``json.load`` gives it. It is left as it is.

    Returns
    -------
    dict
        The same notebook without widget views and without saved widget state; its other outputs,
        among them the text and the picture of each widget, are kept. An output that was nothing
        but a view is left out. Beside a picture of this package stands a PNG.

    Raises
    ------
    ValueError
        If ``notebook`` is not a notebook in format 4, with the place that differs.
    """
    _check_format(notebook)
    stripped = deepcopy(notebook)
    _the("metadata", stripped, "metadata", dict, {}).pop("widgets", None)
    for number, cell in enumerate(_the("cells", stripped, "cells", list)):
        place = f"cells[{number}]"
        if not isinstance(cell, dict):
            raise ValueError(f"{place} is {_kind(cell)}; a notebook has an object there")
        if "outputs" in cell:
            outputs = _the(f"{place}.outputs", cell, "outputs", list)
            cell["outputs"] = [
                output
                for k, output in enumerate(outputs)
                if _without_view(output, f"{place}.outputs[{k}]")
            ]
            for output in cell["outputs"]:
                _take_out(output)
                add_png(output)
    return stripped


def strip_file(path: str | os.PathLike[str]) -> bool:
    """Strip widget views and widget state from a notebook file, and put PNGs beside its pictures.

    The file is replaced in one go: whatever interrupts the writing, there is either the old
    file or the new one. A file in which nothing changes is not touched.

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
    return rewritten(path, strip_widgets)


def rewritten(
    path: str | os.PathLike[str], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> bool:
    """Put into a notebook file what `change` makes of it; return whether that is anything else."""
    path = file_path("path", path, "notebook.ipynb").resolve()
    refuse_missing_file("path", path)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        changed = change(notebook)
        # The way Jupyter writes notebooks, so that the next save changes nothing else.
        text = json.dumps(changed, indent=1, ensure_ascii=False) + "\n"
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(
            f"path {path}: holds half of a character, which no file can hold"
        ) from None
    except UnicodeDecodeError:
        raise ValueError(f"path {path}: is not text in UTF-8, as every notebook is") from None
    except RecursionError:
        raise ValueError(f"path {path}: is nested too deep for a notebook") from None
    except ValueError as error:
        raise ValueError(f"path {path}: {error}") from error
    if changed == notebook:
        return False
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


def _without_view(output: Any, place: str) -> bool:
    """Take the widget view out of an output; tell whether anything is left to show."""
    if not isinstance(output, dict):
        raise ValueError(f"{place} is {_kind(output)}; a notebook has an object there")
    data = _the(f"{place}.data", output, "data", dict, {})
    if WIDGET_VIEW not in data:
        return True
    del data[WIDGET_VIEW]
    _the(f"{place}.metadata", output, "metadata", dict, {}).pop(WIDGET_VIEW, None)
    return bool(data)


def _take_out(output: dict[str, Any]) -> None:
    """Leave of a panel that was embedded the picture that stands in its place."""
    data = output.get("data", {})
    page = data.get(HTML, "")
    whole = "".join(page) if isinstance(page, list) else str(page)
    if whole.startswith(EMBEDDED) and (image := IMAGE.search(whole)):
        data[HTML] = image[0]


def add_png(output: dict[str, Any]) -> None:
    """Put a PNG beside a picture of this package; an older one's second SVG goes."""
    data = output.get("data", {})
    picture = picture_in(data)
    if not is_own(picture):
        return
    if picture_in({HTML: data.get(HTML)}) == picture:
        data.pop(SVG, None)
    if PNG in data:
        return
    with suppress(ValueError):
        # Base 64 makes four letters of three bytes.
        most = room_in({**data, PNG: ""}) // 4 * 3
        data[PNG] = b64encode(as_png(picture, most)).decode()


def _the(place: str, holder: dict[str, Any], key: str, kind: type, absent: Any = None) -> Any:
    """Return a part of a notebook, or say what stands in its place."""
    part = holder.get(key, absent)
    if part is None and key not in holder:
        raise ValueError(f"notebook has no {place}; every notebook in format 4 has them")
    if not isinstance(part, kind):
        wanted = "a list" if kind is list else "an object"
        raise ValueError(f"{place} is {_kind(part)}; a notebook has {wanted} there")
    return part


def _kind(part: object) -> str:
    """Return what kind of JSON something is."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "null" if part is None else names.get(type(part), "a number")
