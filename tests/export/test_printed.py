"""Notebooks for print: the panels' pictures as PDF, without any other program."""

from __future__ import annotations

import io
import json

import nbformat
import pypdf

import bpviz as bp
from bpviz.export.printed import PDF, PanelLatexExporter
from tests.export.test_notebook_pages import lesson


def test_latex_shows_the_picture_and_leaves_the_notebook() -> None:
    notebook = nbformat.reads(lesson(bp.StepPanel(bp.presets.xor()), text="none"), 4)
    notebook.cells = notebook.cells[1:]  # what is written in words needs pandoc
    before = json.dumps(notebook)
    body, resources = PanelLatexExporter().from_notebook_node(notebook)
    [name] = [name for name in resources["outputs"] if name.endswith(".pdf")]
    drawn = resources["outputs"][name]
    assert f"{{{name}}}" in body
    assert "aggregate" in pypdf.PdfReader(io.BytesIO(drawn)).pages[0].extract_text()
    assert json.dumps(notebook) == before
    assert PDF not in before
    assert drawn[:5] == b"%PDF-"
