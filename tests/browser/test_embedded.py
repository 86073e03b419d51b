"""Panels that an output holds with all that draws them, in a JupyterLab that asks bpviz nothing."""

import json
from pathlib import Path

import bpviz as bp
from bpviz.draw.pictures import HTML
from bpviz.export.embedded import embed_panels
from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, TrainingView
from tests.export.test_notebook_pages import lesson

SHOW = "from IPython.display import HTML\nHTML(open({path!r}).read())"


def test_each_lives_by_itself_where_scripts_of_outputs_may_run(lab: Lab, tmp_path: Path) -> None:
    xor = bp.presets.xor()
    panels = [bp.StepPanel(bp.presets.three_two_one(), cursor=2), bp.TrainingPanel(xor)]
    [_, cell] = embed_panels(json.loads(lesson(*panels)))["cells"]
    cells = []
    for number, output in enumerate(cell["outputs"]):
        path = tmp_path / f"{number}.html"
        path.write_text(output["data"][HTML], encoding="utf-8")
        cells.append(SHOW.format(path=str(path)))
    lab.scratch(*cells)
    lab.run_all()
    step = PanelView(lab.output(0))
    step.expect_place(2)
    step.key("End")
    assert step.look()["h2[0]"] == "0.485"
    training = TrainingView(lab.output(1))
    training.press("One epoch", group="Training")
    training.expect_chosen(501, 4)
