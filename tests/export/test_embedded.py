"""Notebooks whose panels live where bpviz is not installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bpviz as bp
from bpviz.cli import main
from bpviz.draw.pictures import HTML, is_own, picture_in
from bpviz.export.embedded import embed_panels, panel_in
from bpviz.export.notebooks import strip_widgets
from bpviz.panels.kept import SAVED, packed, unpacked
from tests.export.test_notebook_pages import lesson
from tests.export.test_pages import content_of
from tests.forging import CANNOT, forged_panels

XOR = bp.presets.xor()


def test_each_output_has_all_that_draws_its_panel_and_its_picture() -> None:
    notebook = json.loads(lesson(bp.StepPanel(XOR, cursor=3), bp.TrainingPanel(XOR)))
    step, training = embed_panels(notebook)["cells"][1]["outputs"]
    for output, view in ((step, "step"), (training, "training")):
        content, _ = content_of(output["data"][HTML])
        assert [values["_view"] for values in content["panels"]] == [view]
        assert SAVED in output["data"]
    assert len(step["data"][HTML]) < 90_000
    assert len(training["data"][HTML]) < 165_000


def test_stripping_takes_it_out_again_and_embedding_twice_changes_nothing() -> None:
    notebook = json.loads(lesson(bp.StepPanel(XOR), {HTML: "<b>mine</b>"}))
    embedded = embed_panels(notebook)
    assert embed_panels(embedded) == embedded
    stripped = strip_widgets(embedded)
    assert stripped == strip_widgets(notebook)
    panel, other = stripped["cells"][1]["outputs"]
    assert is_own(picture_in(panel["data"]))
    assert other["data"][HTML] == "<b>mine</b>"


def test_what_a_forged_output_claims_to_embed_is_no_script() -> None:
    forged = {HTML: '<div class="bpviz-embedded"><script>alert(1)</script></div>', SAVED: {}}
    notebook = json.loads(lesson(forged))
    assert embed_panels(notebook)["cells"][1]["outputs"][0]["data"] == forged


def test_what_is_longer_than_any_panel_is_not_unpacked() -> None:
    [values] = unpacked(bp.StepPanel(XOR)._repr_mimebundle_()[0][SAVED]["packed"])["panels"]
    long = {SAVED: {"packed": packed({"panels": [{**values, "more": " " * 60_000_000}]})}}
    assert len(long[SAVED]["packed"]) < 80_000
    assert panel_in(long) is None
    assert panel_in({SAVED: {"packed": packed({"panels": [values]})}}) == values


def test_what_no_notebook_shows_is_not_taken_into_a_page() -> None:
    forged = {name: one for name, (one, said) in forged_panels().items() if said == CANNOT}
    assert [name for name, one in forged.items() if panel_in({SAVED: one})] == []


def test_what_a_notebook_shows_is_taken_into_a_page() -> None:
    asking = bp.StepPanel(bp.presets.three_two_one(), predict=["h1[0]"])
    for panel in (asking, bp.TrainingPanel(XOR), bp.BugLab(XOR)):
        [kept] = unpacked(panel._repr_mimebundle_()[0][SAVED]["packed"])["panels"]
        assert panel_in({SAVED: {"packed": packed({"panels": [kept]})}}), panel


def test_the_command_names_the_files_that_it_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel, plain = tmp_path / "panel.ipynb", tmp_path / "plain.ipynb"
    panel.write_text(lesson(bp.StepPanel(XOR)), encoding="utf-8")
    plain.write_text(lesson(), encoding="utf-8")
    assert main(["embed", str(panel), str(plain), str(tmp_path / "absent.ipynb")]) == 1
    said = capsys.readouterr()
    assert said.out == f"embedded the panels of {panel}\n"
    assert said.err.startswith("bpviz embed: ")
    assert "bpviz-embedded" in panel.read_text(encoding="utf-8")
