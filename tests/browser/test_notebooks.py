"""Every notebook of the course in JupyterLab, as it is saved and as it runs."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import Lab
from tests.browser.start import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def panels_of(notebook: Path) -> dict[int, str]:
    """Return the cells that show a panel, each with the kind of the panel."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    said = {
        index: "".join(output.get("data", {}).get("text/plain", ""))
        for index, cell in enumerate(cells)
        for output in cell.get("outputs", [])
    }
    return {
        index: kind[0]
        for index, words in said.items()
        if (kind := re.match(r"\w+(?=\()", words)) and re.search("Panel$|Lab$", kind[0])
    }


def kept_alive(notebook: Path) -> set[int]:
    """Return the cells whose panel is saved as data, so that it lives without a kernel."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return {
        index
        for index, cell in enumerate(cells)
        for output in cell.get("outputs", [])
        if "packed" in output.get("data", {}).get("application/vnd.bpviz.panel+json", {})
    }


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_opens_with_panels_or_pictures_and_runs_without_errors(
    shared_lab: Lab, notebook: Path
) -> None:
    lab = shared_lab
    lab.open(f"notebooks/{notebook.name}")
    panels = panels_of(notebook)
    for index in panels:
        if index in kept_alive(notebook):
            lab.shown(index, ".bpviz-title")
            continue
        picture = lab.shown(index, "img")
        assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 300

    lab.run_all()
    assert lab.errors() == []
    for index, kind in panels.items():
        if kind == "SliderPanel":
            expect(lab.shown(index, "img")).to_have_attribute("alt", re.compile(r"\w"))
            continue
        lab.shown(index, ".bpviz-title")
        panel = lab.output(index).locator(".bpviz")
        expect(panel.get_by_role("alert")).to_have_count(0)
    lab.stop_kernel()
