"""Figures in a notebook: each cell shows its own."""

from __future__ import annotations

import nbformat
from nbclient import NotebookClient


def test_every_cell_that_plots_shows_its_picture(monkeypatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel sets its own
    plot = "import bpviz as bp\nbp.plot.activation('relu');"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(plot) for _ in range(3)])
    NotebookClient(notebook, kernel_name="python3", timeout=100).execute()
    pictures = [
        sum("image/png" in output.get("data", {}) for output in cell.outputs)
        for cell in notebook.cells
    ]
    assert pictures == [1, 1, 1]
