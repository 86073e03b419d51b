"""What every committed notebook keeps to."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from bpviz.export.notebooks import strip_widgets

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_it_is_valid_and_every_cell_has_its_own_id(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    ids = [cell.get("id") for cell in notebook.cells]
    assert None not in ids
    assert len(set(ids)) == len(ids) > 0


def test_it_names_its_kernel(path: Path) -> None:
    assert read(path).metadata.kernelspec.name == "python3"
    assert read(path).metadata.kernelspec.language == "python"


def test_it_begins_with_a_title_and_its_name_with_a_number(path: Path) -> None:
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert re.fullmatch(r"\d\d_[a-z0-9_]+\.ipynb", path.name)


def test_it_was_run_once_from_top_to_bottom(path: Path) -> None:
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        results = [output for output in cell.outputs if output.output_type == "execute_result"]
        assert {output.execution_count for output in results} <= {cell.execution_count}


def test_it_holds_no_error_and_no_warning(path: Path) -> None:
    outputs = [output for cell in code_cells(path) for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error"] == []
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []


def test_it_holds_no_widget_view_and_no_widget_state(path: Path) -> None:
    assert strip_widgets(read(path)) == read(path)


def test_its_outputs_hold_no_address_of_an_object(path: Path) -> None:
    outputs = [str(output) for cell in code_cells(path) for output in cell.outputs]
    assert [output for output in outputs if re.search(r"\bat 0x[0-9a-f]+", output)] == []
