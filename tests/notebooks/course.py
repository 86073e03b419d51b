"""The notebooks of the course, read for the tests."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NO_LESSONS = {"15_for_teachers", "16_glossary"}
LESSONS = [path for path in NOTEBOOKS if path.stem not in NO_LESSONS]


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def cells(path: Path, kind: str) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == kind]


def printed(path: Path) -> str:
    """Return all that a notebook's cells have put out as text."""
    outputs = [output for cell in cells(path, "code") for output in cell.outputs]
    return "\n".join(
        output.text if output.output_type == "stream" else output.data.get("text/plain", "")
        for output in outputs
    )


def exercises(path: Path) -> list[tuple[Any, Any]]:
    """Return each exercise cell with the cell below it, which holds the answer."""
    listed = read(path).cells
    return [
        (cell, below)
        for cell, below in pairwise(listed)
        if "exercise" in cell.metadata.get("tags", [])
    ]


def answer(below: Any) -> str:
    """Return the program in an answer that folds out."""
    program: str = below.source.split("```python\n")[1].split("```")[0]
    return program
