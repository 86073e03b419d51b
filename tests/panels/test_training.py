"""The Python side of the training panel."""

from __future__ import annotations

import numpy as np
import pytest
import traitlets

import bpviz as bp
from bpviz.draw.pictures import picture_in
from bpviz.panels import made_again
from bpviz.panels import training_panel as training


@pytest.fixture(scope="module")
def history():
    example = bp.presets.xor()
    return bp.train(example.network, example.inputs, example.targets, example.rule, epochs=50)


def test_an_example_is_trained_as_the_lecture_does():
    panel = bp.TrainingPanel(bp.presets.xor())
    losses = np.frombuffer(panel._losses, "<f8")
    assert len(losses) == 500
    assert (losses[0], losses[-1]) == (0.6390650461887798, 0.5166529306773665)
    assert repr(panel) == (
        "TrainingPanel(2-2-1 network on XOR; RMSE during the epoch 0.6391 → 0.5167 in 500 epochs; "
        "at epoch 500, update 4)"
    )


def test_the_browser_holds_every_update_of_a_short_run(history):
    panel = bp.TrainingPanel(history)
    rows = np.frombuffer(panel._frames, "<f8").reshape(-1, panel.program.layout.size)
    assert len(rows) == panel._total_frames == 200
    assert np.array_equal(rows[7], history.trace(1, 3).row)
    assert panel._updates_per_epoch == 4


def test_the_browser_has_all_that_it_needs_to_make_the_run_itself(history, monkeypatch):
    panel = bp.TrainingPanel(history)
    start = panel.program.layout.view(np.frombuffer(panel._start_row, "<f8"), "W1")
    assert np.array_equal(start, history.start.layers[0].weights)
    assert np.array_equal(np.frombuffer(panel._inputs, "<f8"), history.inputs.ravel())
    assert np.array_equal(np.frombuffer(panel._targets, "<f8"), history.targets.ravel())
    panel.new_start(seed=3)
    start = panel.program.layout.view(np.frombuffer(panel._start_row, "<f8"), "b1")
    assert start[0] == np.random.RandomState(3).randn()
    monkeypatch.setattr(made_again, "MOST_BYTES_OF_SAMPLES", 50)
    panel.reset()
    assert panel._start_row == panel._inputs == panel._targets == b""


def test_the_trace_is_the_update_under_the_cursor(history):
    panel = bp.TrainingPanel(history)
    panel.frame = 41
    assert panel.epoch == 10
    assert np.array_equal(panel.trace.row, history.trace(10, 1).row)
    with pytest.raises(traitlets.TraitError, match="frame 200 does not exist; give 0 to 199"):
        panel.frame = 200


def test_a_long_run_sends_the_frames_that_are_asked_for(history, monkeypatch):
    monkeypatch.setattr(training, "MOST_BYTES", 20 * history.rows[0].nbytes)
    panel = bp.TrainingPanel(history)
    assert len(panel._frames) == 20 * history.rows[0].nbytes
    sent = []
    panel.send = lambda content, buffers: sent.append((content, buffers))
    panel._receive(panel, {"kind": "frames", "start": 150, "id": 3}, [])
    content, buffers = sent[0]
    assert content == {"kind": "frames", "id": 3, "why": "", "start": 140, "count": 20}
    rows = np.frombuffer(buffers[0], "<f8").reshape(20, -1)
    assert np.array_equal(rows[10], history.rows[150])


def test_what_it_cannot_show_is_refused():
    with pytest.raises(TypeError, match="source is str; give an Example"):
        bp.TrainingPanel("xor")


def test_its_picture_has_the_curve_and_the_update(history):
    panel = bp.TrainingPanel(history)
    svg = picture_in(panel._repr_mimebundle_()[0])
    assert "<polyline" in svg
    assert "RMSE during the epoch" in svg
    assert svg == picture_in(bp.TrainingPanel(history)._repr_mimebundle_()[0])


def test_go_shows_the_steps_of_the_update_and_they_are_closed_by_a_trait(history):
    panel = bp.TrainingPanel(history)
    assert panel.stepping is False
    panel.go("d2[0]")
    assert panel.stepping is True
    assert panel.selection == "d2[0]"
    panel.stepping = False
    lab = bp.BugLab(bp.presets.xor())
    assert lab.stepping is False  # though it is at its first difference
    lab.go("h1[0]")
    assert lab.stepping is True


def test_a_finished_run_opens_at_its_end_and_a_page_holds_its_last_updates(history, monkeypatch):
    monkeypatch.setattr(training, "MOST_BYTES", 20 * history.rows[0].nbytes)
    panel = bp.TrainingPanel(history)
    assert (panel.frame, panel._first_frame, panel._total_frames) == (199, 180, 200)
    rows = np.frombuffer(panel._frames, "<f8").reshape(20, -1)
    assert np.array_equal(rows[-1], history.rows[-1])
