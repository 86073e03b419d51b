"""Notebooks for print: the panels' pictures as PDF, without any other program."""

from __future__ import annotations

import io
import json

import nbformat
import pypdf
import pytest

import bpviz as bp
from bpviz.export.printed import PDF, SVG, PanelLatexExporter, as_pdf
from tests.export.test_notebook_pages import lesson

PANELS = {
    "step": lambda: bp.StepPanel(bp.presets.three_two_one(), cursor=34),
    "run": lambda: bp.TrainingPanel(bp.presets.xor()),
    "bug lab": lambda: bp.BugLab(bp.presets.xor()),
}


def words_in(pdf: bytes) -> str:
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text()


@pytest.mark.parametrize("name", PANELS)
def test_the_picture_of_a_panel_is_a_page_of_its_size_with_its_words(name: str) -> None:
    picture = PANELS[name]()._repr_mimebundle_()[0][SVG]
    pdf = as_pdf(picture)
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    width, height = (float(side) / 0.75 for side in page.mediabox[2:])
    assert f'width="{width:g}" height="{height:g}"' in picture
    words = words_in(pdf)
    # Matplotlib before 3.11 draws a minus, but writes none that could be read.
    for shown in {"step": ["0.5597", "0.000708"], "run": ["0.5167"], "bug lab": ["0.4394"]}[name]:
        assert shown in words
    assert len(pdf) < 40_000
    assert as_pdf(picture) == pdf


def test_a_dollar_sign_is_no_formula() -> None:
    text = '<text x="5" y="15" fill="#000000">a $x^2$ b</text>'
    picture = f'<svg width="200" height="30" font-size="13">{text}</svg>'
    assert "a $x^2$ b" in words_in(as_pdf(picture))


@pytest.mark.parametrize(
    "picture",
    [
        "",
        "<svg>",
        "<svg></svg>",
        '<svg width="9" height="1e9"></svg>',
        '<svg width="9" height="nan"></svg>',
        '<svg width="9" height="9"><image href="file:///etc/passwd"/></svg>',
        '<svg width="9" height="9"><line x1="1"/></svg>',
        '<svg width="9" height="9"><rect width="x"/></svg>',
        '<svg width="9" height="9"><rect width="5" height="5" fill="url(#a)"/></svg>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg width="9" height="9"></svg>',
    ],
)
def test_what_this_package_does_not_draw_is_refused(picture: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        as_pdf(picture)


def test_latex_shows_the_picture_and_leaves_the_notebook() -> None:
    notebook = nbformat.reads(lesson(bp.StepPanel(bp.presets.xor()), text="none"), 4)
    notebook.cells = notebook.cells[1:]  # what is written in words needs pandoc
    before = json.dumps(notebook)
    body, resources = PanelLatexExporter().from_notebook_node(notebook)
    [name] = [name for name in resources["outputs"] if name.endswith(".pdf")]
    drawn = resources["outputs"][name]
    assert f"{{{name}}}" in body
    assert "aggregate" in words_in(drawn)
    assert json.dumps(notebook) == before
    assert PDF not in before
    assert drawn[:5] == b"%PDF-"
