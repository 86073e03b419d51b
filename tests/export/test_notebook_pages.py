"""Notebooks as pages: what is in the file, and what no notebook may do to it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from traitlets.config import PyFileConfigLoader

import bpviz as bp
from bpviz.cli import main
from bpviz.draw.pictures import picture_in
from bpviz.export.notebook_pages import formula
from bpviz.panels.kept import SAVED, packed, unpacked
from tests.export.test_pages import content_of

LESSON = Path(bp.__file__).parents[1] / "notebooks" / "03_forward_pass.ipynb"
SETTINGS = Path(bp.__file__).parent / "export" / "nbconvert_config.py"


class Printed(HTMLExporter):
    """The page that a printing exporter prints."""


def lesson(*panels: Any, text: str = "# A lesson\nThe loss is $L = h^2$.") -> str:
    """Return a notebook that shows some panels, as it is saved."""
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": panel}
        if isinstance(panel, dict)
        else {
            "output_type": "display_data",
            "metadata": {},
            "data": panel._repr_mimebundle_()[0],
        }
        for panel in panels
    ]
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "source": "panel",
            "execution_count": 1,
            "outputs": outputs,
        },
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def exported(notebook: str, folder: Path, *options: str) -> str:
    source, page = folder / "lesson.ipynb", folder / "lesson.html"
    source.write_text(notebook, encoding="utf-8")
    assert main(["export", str(source), "-o", str(page), *options]) == 0
    return page.read_text(encoding="utf-8")


def test_all_panels_of_a_notebook_share_one_script(tmp_path: Path) -> None:
    panels = [bp.StepPanel(bp.presets.three_two_one(), cursor=k) for k in range(5)]
    page = exported(lesson(*panels), tmp_path)
    content, _ = content_of(page)
    assert [values["cursor"] for values in content["panels"]] == [0, 1, 2, 3, 4]
    assert [page.count(f'id="panel-{k}"') for k in (1, 5, 6)] == [1, 1, 0]
    assert len(page) < 250_000
    assert "<title>A lesson</title>" in page
    assert 'alt="L = h^2"' in page


def converted(notebook: str, exporter: type[HTMLExporter] = HTMLExporter, **options: bool) -> str:
    """Return what one of nbconvert's own exporters makes of a notebook, with bpviz installed."""
    loader = PyFileConfigLoader(str(SETTINGS))
    node = nbformat.reads(notebook, as_version=4)
    return str(exporter(config=loader.load_config(), **options).from_notebook_node(node)[0])


def test_pages_of_nbconvert_have_the_panels_and_one_script() -> None:
    panels = [bp.StepPanel(bp.presets.three_two_one(), cursor=k) for k in range(2)]
    page = converted(lesson(*panels, {"text/html": "<b>another</b>"}))
    content, _ = content_of(page)
    assert [values["cursor"] for values in content["panels"]] == [0, 1]
    assert [page.count(f'id="panel-{k}"') for k in (1, 2, 3)] == [1, 1, 0]
    assert page.count("StepPanel(3-2-1 sigmoid network") == 2  # while no script has run
    assert "<b>another</b>" in page


def test_what_nbconvert_prints_has_pictures() -> None:
    page = converted(lesson(bp.StepPanel(bp.presets.xor())), Printed)
    assert "bpviz-page" not in page
    assert page.count('<img alt="StepPanel(') == 1


def test_a_page_of_nbconvert_that_is_sanitised_has_pictures_and_no_code() -> None:
    others = {"text/html": "<b>another</b>"}
    picture = bp.presets.xor()._repr_mimebundle_()
    older = {"image/svg+xml": picture_in(picture)}
    panels = [bp.StepPanel(bp.presets.xor()), picture, older, others]
    page = converted(lesson(*panels, text="A lesson"), sanitize_html=True)
    shown = page[page.index("<body") :]
    assert shown.count('src="data:image/png;base64,') == 3
    assert not re.search("&lt;(img|svg|script)", shown)
    assert "<b>another</b>" in shown


def test_a_page_of_nbconvert_without_panels_stays_as_it_is() -> None:
    forged = {SAVED: {"packed": "~"}, "text/html": "<i>one</i>"}
    page = converted(lesson(forged))
    assert "bpviz-page" not in page
    assert "<i>one</i>" in page


def test_a_page_of_nbconvert_shows_the_picture_of_sliders_also_where_their_state_was_saved() -> (
    None
):
    panel = bp.SliderPanel(lambda w: bp.plot.slope(lambda x: x * x, w), w=(0, 1, 0.5))
    notebook = json.loads(lesson(panel._repr_mimebundle_(), {SAVED: 5, "text/html": "<i>one</i>"}))
    state = {panel.model_id: {"model_name": "VBoxModel", "model_module": "", "state": {}}}
    widgets = {"version_major": 2, "version_minor": 0, "state": state}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": widgets}
    page = converted(json.dumps(notebook))
    shown = page[page.index("<body") :]
    assert shown.count("data:image/png;base64,") == 1
    assert panel.model_id not in page
    assert "<i>one</i>" in page


def test_nothing_in_it_is_fetched(tmp_path: Path) -> None:
    page = exported(LESSON.read_text(encoding="utf-8"), tmp_path)
    # What is packed may have any word in it.
    shown = re.sub(r'<script type="text/plain"[^<]*|base64,[^"]*', "", page)
    shown = re.sub(r'<a [^>]*href="[^"]*"|https?://www.w3.org/\S+', "", shown)
    assert re.findall(r"(?:src|href)=\"https?:|cdn|mathjax", shown) == []
    assert "default-src 'none'" in page
    assert content_of(page)[0]["panels"]


def test_what_is_no_panel_stays_a_picture(tmp_path: Path) -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
    forged = [
        {SAVED: {"packed": text}, "image/svg+xml": svg}
        for text in ("", "~", packed({"panels": []}), packed({"panels": [1]}), packed({}))
    ]
    page = exported(lesson(*forged, text="none"), tmp_path)
    assert "bpviz-page" not in page
    assert len(re.findall(r"<svg|data:image/svg", page)) == len(forged)


def test_a_title_of_ones_own_and_words_are_text(tmp_path: Path) -> None:
    saved = bp.StepPanel(bp.presets.xor())._repr_mimebundle_()[0][SAVED]["packed"]
    values = unpacked(saved)
    values["panels"][0]["_program"]["title"] = "</script><b>one</b>"
    page = exported(
        lesson({SAVED: {"packed": packed(values)}}),
        tmp_path,
        "--title",
        "<i>two</i>",
        "--overwrite",
    )
    assert "<title>&lt;i&gt;two&lt;/i&gt;</title>" in page
    assert "&lt;/script&gt;&lt;b&gt;one" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "give a notebook, a file such as lesson.ipynb, or one of three_two_one, xor"),
        (["absent.ipynb"], "source is 'absent.ipynb', and no file is there"),
        (["pyproject.ipynb", "--panel", "step"], "a notebook has its own panels"),
    ],
)
def test_what_cannot_be_exported_is_explained(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *arguments, "-o", str(tmp_path / "page.html")]) == 1
    assert said in capsys.readouterr().err


def test_a_file_that_is_no_notebook_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("", "[]", "{", '{"nbformat": 4}'):
        source = tmp_path / "bad.ipynb"
        source.write_text(text)
        assert main(["export", str(source), "-o", str(tmp_path / "page.html")]) == 1
        assert "is not a notebook" in capsys.readouterr().err
    deep = "[" * 5000 + "]" * 5000
    source.write_text(f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": {deep}}}')
    assert main(["export", str(source), "-o", str(tmp_path / "page.html")]) == 1
    assert "is nested too deep for a notebook" in capsys.readouterr().err


def test_a_formula_is_a_picture_with_its_text() -> None:
    assert formula(r"\frac{\partial L}{\partial h}").startswith('<img class="formula" alt="\\frac')
    assert formula(r"\undefined{<b>}") == r"<code>\undefined{&lt;b&gt;}</code>"


def test_packed_values_are_unpacked() -> None:
    content = {"a": [1.5, {"b": b"xy"}, "é<"], "c": b"", "d": {"bytes": "no", "e": None}}
    assert unpacked(packed(content)) == content
    with pytest.raises(ValueError, match="not a packed panel"):
        unpacked("}}}")
