"""JupyterLab's menu “Save and Export Notebook As”: what it makes is alive, and offline."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.jupyter import FrontEnd, Lab
from tests.browser.panels import PanelView, TrainingView

STEP = "import bpviz as bp\nbp.StepPanel(bp.presets.three_two_one())"
TRAINING = "bp.TrainingPanel(bp.presets.xor())"


# Jupyter opens what it makes in another tab, as a download.
KEEP = "() => { window.opened = ''; window.open = (url) => void (window.opened = url); }"


def export(lab: Lab, kind: str, sanitized: bool | None = None) -> bytes:
    """Choose what a notebook is exported as; return the file that the browser is given.

    Whether HTML shall be sanitised JupyterLab asks, and proposes it.
    """
    lab.page.evaluate(KEEP)
    lab.page.get_by_role("menuitem", name="File", exact=True).click()
    # JupyterLab's items that open a menu have no role.
    lab.page.locator(".lm-Menu-item", has_text="Save and Export Notebook As").hover()
    lab.page.get_by_role("menuitem", name=kind, exact=True).click()
    if sanitized is not None:
        dialog = lab.page.locator(".jp-Dialog", has_text="Export as HTML")
        dialog.get_by_role("checkbox", name="Sanitize HTML output").set_checked(sanitized)
        dialog.get_by_role("button", name="Ok").click()
    opened = lab.page.wait_for_function("() => window.opened").json_value()
    answer = lab.page.context.request.get(opened, headers={"Referer": lab.page.url})
    assert answer.ok, answer.text()
    return answer.body()


@pytest.mark.parametrize("front_end", ["lab", "notebook"])
def test_a_page_of_the_menu_is_alive_where_its_panels_were(
    lab: Lab, front_end: FrontEnd, offline: BrowserContext, tmp_path: Path
) -> None:
    lab.scratch(STEP, TRAINING, front_end=front_end)
    lab.run_all()
    step = PanelView(lab.output(0))
    step.press("Forward", "Forward", "Forward")
    step.expect_place(3)
    lab.rest()
    for kind, sanitized in (("HTML", False), ("Bpviz", None)):
        file = tmp_path / f"{kind}.html"
        file.write_bytes(export(lab, kind, sanitized))
        page = offline.new_page()
        page.goto(file.as_uri())
        step = PanelView(page.locator("#panel-1"))
        step.expect_place(3)
        step.key("End")
        assert step.look()["h2[0]"] == "0.485"
        training = TrainingView(page.locator("#panel-2"))
        training.root.get_by_role("button", name="One epoch").click()
        expect(training.root.get_by_text("501 epochs made").first).to_be_visible()
        page.close()


def test_a_page_of_the_menu_that_is_sanitized_has_pictures(lab: Lab) -> None:
    lab.scratch(STEP)
    lab.run_all()
    lab.output(0)
    page = export(lab, "HTML", sanitized=True).decode()
    shown = page[page.index("<body") :]
    assert shown.count('src="data:image/png;base64,') == 1
    assert "bpviz-page" not in shown
    assert "&lt;img" not in shown


def test_the_menu_makes_latex_with_pictures(lab: Lab) -> None:
    lab.scratch(STEP)
    lab.run_all()
    lab.output(0)
    with ZipFile(BytesIO(export(lab, "Bpviz_latex"))) as made:
        names = [Path(name).suffix for name in made.namelist()]
    assert sorted(names) == [".pdf", ".tex"]
