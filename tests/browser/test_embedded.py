"""Panels that an output holds with all that draws them, in a JupyterLab without bpviz."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

import bpviz as bp
from bpviz.export.embedded import embed_panels
from tests.browser.conftest import SCREENSHOTS
from tests.browser.jupyter import NOTEBOOK_METADATA, Lab
from tests.browser.panels import PanelView, TrainingView
from tests.export.test_notebook_pages import lesson
from tests.server import Server

# What JupyterLab's page says of extensions, read once the page is there and before scripts are run.
WITHOUT_BPVIZ = """document.addEventListener("readystatechange", () => {
    const data = document.getElementById("jupyter-config-data");
    const config = JSON.parse(data.textContent);
    const others = config.federated_extensions.filter(({ name }) => name !== "bpviz");
    if (others.length === config.federated_extensions.length) throw Error("bpviz was not there");
    data.textContent = JSON.stringify({ ...config, federated_extensions: others });
}, { once: true })"""


@pytest.fixture
def bare_lab(server: Server, context: BrowserContext) -> Iterator[Lab]:
    """A JupyterLab without bpviz's extension; the test fails if its page complained."""
    page = context.new_page()
    page.add_init_script(WITHOUT_BPVIZ)
    lab = Lab(page, server, SCREENSHOTS)
    yield lab
    assert lab.problems == []
    page.close()
    server.tidy()


def trust(notebook: Path, server: Server) -> None:
    """Trust a notebook, as somebody does who knows where it comes from."""
    command = [sys.executable, "-m", "nbformat.sign", str(notebook)]
    around = os.environ | {"JUPYTER_DATA_DIR": str(server.data)}
    subprocess.run(command, check=True, env=around)


def test_each_lives_by_itself_in_a_trusted_notebook(bare_lab: Lab) -> None:
    xor = bp.presets.xor()
    panels = [bp.StepPanel(bp.presets.three_two_one(), cursor=2), bp.TrainingPanel(xor)]
    notebook = embed_panels(json.loads(lesson(*panels)))
    notebook["metadata"] = NOTEBOOK_METADATA
    path = bare_lab.server.root / "embedded.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    bare_lab.open(path.name)
    expect(bare_lab.output(1).get_by_alt_text("StepPanel(3-2-1")).to_be_visible()
    expect(bare_lab.output(1).locator(".bpviz")).to_have_count(0)
    bare_lab.close_all()
    trust(path, bare_lab.server)
    bare_lab.open(path.name)
    step = PanelView(bare_lab.output(1))
    step.expect_place(2)
    step.key("End")
    assert step.look()["h2[0]"] == "0.485"
    training = TrainingView(bare_lab.output(1).locator(".jp-OutputArea-child").nth(1))
    training.press("One epoch", group="Training")
    training.expect_chosen(501, 4)
