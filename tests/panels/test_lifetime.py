"""What is left of a panel that is gone: nothing, in the kernel or on the screen."""

from __future__ import annotations

import atexit
import gc
import json
import tracemalloc
import weakref

import ipywidgets
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.embed import embed_data
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.panels import displayed

PANELS = {
    "step": lambda: bp.StepPanel(bp.presets.xor()),
    "predicting": lambda: bp.StepPanel(bp.presets.xor(), predict="d1"),
    "training": lambda: bp.TrainingPanel(bp.presets.xor()),
    "lab": lambda: bp.BugLab(bp.presets.xor()),
    "performing": lambda: bp.StepPanel(bp.presets.xor(), perform=True),
}
# Matplotlib keeps something of its own of each picture.
WITH_PICTURES = {
    "slider": lambda: bp.SliderPanel(
        lambda at: bp.plot.slope(np.square, at, ax=Figure().subplots()), at=(0.0, 1.0, 0.5)
    ),
}
EVERY = PANELS | WITH_PICTURES


@pytest.mark.parametrize("name", EVERY)
def test_a_panel_that_is_closed_and_forgotten_is_gone(name):
    panel = EVERY[name]()
    panel._repr_mimebundle_()
    gone = weakref.ref(panel)
    panel.close()
    del panel
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("name", PANELS)
def test_panels_that_are_gone_leave_nothing(name):
    def made_and_closed():
        panel = PANELS[name]()
        panel._repr_mimebundle_()
        panel.close()

    def kept():
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        made_and_closed()  # with it what is read and made once
        before = kept()
        made_and_closed()
        # One run of the training panel alone is 5 MB.
        assert kept() - before < 20_000
    finally:
        tracemalloc.stop()


def test_all_panels_of_a_kind_refer_to_one_script():
    one, other = PANELS["step"](), PANELS["step"]()
    assert one.get_state(["_script"])["_script"] == f"IPY_MODEL_{other._script.model_id}"
    assert one.get_state(["_esm"])["_esm"] is one._esm
    assert "_css" not in one.get_state()
    assert one._style_sheet is other._style_sheet
    assert ".bpviz" in one._style_sheet.text
    assert len(one._esm) < 1_700
    assert len(one._script.text) > 100_000


def test_only_a_panel_that_asks_brings_what_asks():
    example = bp.presets.three_two_one()
    plain, asks = bp.StepPanel(example), bp.StepPanel(example, predict=["h1[0]"])
    performs = bp.StepPanel(example, perform=True)
    assert asks._script is performs._script
    assert asks._style_sheet is plain._style_sheet
    assert len(plain._script.text) < len(asks._script.text) - 15_000


def test_a_script_that_somebody_has_closed_opens_with_the_next_panel():
    lab = PANELS["lab"]()
    ipywidgets.Widget.close_all()
    assert not is_open(lab._script)
    step = PANELS["step"]()
    assert (is_open(step._script), is_open(lab._script)) == (True, False)
    lab.open()
    assert is_open(lab._script)


MOST_STATE = {"step": 40_000, "lab": 190_000, "training": 220_000}


@pytest.mark.parametrize("name", PANELS)
def test_what_a_notebook_keeps_of_a_panel_with_its_state_is_small(name):
    panel = PANELS[name]()
    if name == "training":
        panel.run()
    state = embed_data(views=[panel])["manager_state"]["state"]
    assert len(json.dumps(state[panel.model_id])) < MOST_STATE.get(name, 80_000)


class Shell(InteractiveShell):
    """A shell to which a front end says which of its cells runs."""

    parent = None

    def get_parent(self):
        return self.parent

    def show(self, cell, *shown):
        """Run a cell that shows these; return what it has shown."""
        self.runs = getattr(self, "runs", 0) + 1
        metadata = {} if cell is None else {"cellId": cell}
        self.parent = {"header": {"msg_id": f"run {self.runs}"}, "metadata": metadata}
        for one in shown:
            one._repr_mimebundle_()
        self.events.trigger("post_run_cell", None)
        return shown


@pytest.fixture
def shell(monkeypatch):
    InteractiveShell.clear_instance()
    monkeypatch.setattr(displayed, "_shown", {})
    shell = Shell.instance()
    yield shell
    Shell.clear_instance()
    # At the end of the process it would look once more through all that Python has.
    atexit.unregister(shell.atexit_operations)


def panel():
    return bp.StepPanel(bp.presets.xor())


def is_open(panel):
    return panel.comm is not None


def test_a_cell_that_is_run_again_closes_what_it_showed(shell):
    (old,) = shell.show("a", panel())
    (other,) = shell.show("b", panel())
    (new,) = shell.show("a", panel())
    assert [is_open(one) for one in (old, other, new)] == [False, True, True]
    shell.show("a")
    assert [is_open(one) for one in (other, new)] == [True, False]


def test_ten_models_of_a_cell_become_one(shell):
    before = len(displayed.live_widgets())
    for _ in range(10):
        shell.show("a", panel())
    gc.collect()
    # A panel has a layout, which is a model of its own.
    assert len(displayed.live_widgets()) - before == 2


def test_a_layout_that_another_widget_has_too_stays(shell):
    (old,) = shell.show("a", panel())
    other = ipywidgets.Label("beside it", layout=old.layout)
    shell.show("a", panel())
    assert (is_open(old), is_open(old.layout)) == (False, True)
    other.close()


def test_a_panel_that_two_cells_show_stays_while_one_does(shell):
    kept = panel()
    shell.show("a", kept)
    shell.show("b", kept)
    shell.show("a", panel())
    assert is_open(kept)
    shell.show("b", panel())
    assert not is_open(kept)


def test_a_panel_that_its_cell_shows_again_stays(shell):
    kept = panel()
    shell.show("a", kept)
    number = kept.model_id
    shell.show("a", panel(), kept)
    assert (is_open(kept), kept.model_id) == (True, number)


def test_a_panel_that_was_closed_opens_again_where_it_is_shown(shell):
    stored = panel()
    shell.show("a", stored)
    stored.cursor = 3
    shell.show("a", panel())
    assert not is_open(stored)
    stored.cursor = 5
    stored.trace = bp.backprop(stored.trace.network, [1, 2], [1], bp.Rule(0.1))
    shell.show("b", stored)
    assert is_open(stored)
    assert stored in displayed.live_widgets()
    assert stored.layout in displayed.live_widgets()
    assert stored.get_state(["cursor"])["cursor"] == 5
    assert "application/vnd.jupyter.widget-view+json" in stored._repr_mimebundle_()[0]


def test_what_no_cell_is_known_to_show_is_never_closed(shell):
    (nameless,) = shell.show(None, panel())
    (boxed,) = shell.show("a", panel())
    box = ipywidgets.VBox([boxed])
    output = ipywidgets.Output()
    captured = panel()
    output.msg_id = f"run {shell.runs + 1}"
    shell.show("b", captured)
    output.msg_id = ""
    for cell in (None, "a", "b"):
        shell.show(cell, panel())
    assert [is_open(one) for one in (nameless, boxed, captured)] == [True, True, True]
    box.close()
    output.close()


def test_a_run_that_is_closed_rests(shell):
    training = bp.TrainingPanel(bp.presets.xor())
    paused = []
    training._live.pause = lambda: paused.append(True)
    shell.show("a", training)
    shell.show("a", panel())
    assert (paused, is_open(training)) == ([True], False)
