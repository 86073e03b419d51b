"""Copies and pickles of what a run leaves behind hold the same numbers, and go on as it does."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import bpviz as bp
from bpviz.explain.program import Program

EXAMPLE = bp.presets.xor()
SAMPLES = (EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, EXAMPLE.rule)


def pickled(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


copies = pytest.mark.parametrize("copied", [pickled, copy.deepcopy])


def same(one: bp.History, other: bp.History) -> None:
    for name in (
        "rows",
        "rmse",
        "rmse_after",
        "losses",
        "order",
        "inputs",
        "targets",
        "predictions",
    ):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    assert repr(one) == repr(other)
    assert (one.stopped, one.seed, one.rule) == (other.stopped, other.seed, other.rule)
    assert one.network(-1) == other.network(-1)


@copies
@pytest.mark.parametrize("samples", [1, 4])
def test_a_trace(copied, samples) -> None:
    trace = bp.backprop(
        EXAMPLE.network, EXAMPLE.inputs[:samples], EXAMPLE.targets[:samples], EXAMPLE.rule
    ).at_sample(samples - 1)
    _ = trace.layers, trace.network
    twin = copied(trace)
    np.testing.assert_array_equal(twin.row, trace.row)
    assert (str(twin), twin.sample) == (str(trace), samples - 1)
    assert twin.updated == trace.updated
    assert twin["W1[0,1]"] == trace["W1[0,1]"]
    assert copied(trace.layers[0]).delta.tolist() == trace.layers[0].delta.tolist()
    with pytest.raises(ValueError, match="read-only"):
        twin["W1"][0, 0] = 1.0
    with pytest.raises(TypeError):
        twin.layout.registers["x"] = 1


@copies
@pytest.mark.parametrize("record", [1, 3, "run.npy"])
def test_a_history(copied, record, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    history = bp.train(*SAMPLES, epochs=5, shuffle=True, seed=3, record=record)
    twin = copied(history)
    same(twin, history)
    np.testing.assert_array_equal(twin.frames(3, 11), history.frames(3, 11))
    with pytest.raises(ValueError, match="read-only"):
        twin.rows[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        twin.inputs[0] = 1.0


@copies
@pytest.mark.parametrize("record", [1, 3, "run.npy"])
def test_a_run_that_goes_on_and_whose_copy_goes_on(copied, record, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = bp.Run(*SAMPLES, batch_size=3, shuffle=True, seed=3, record=record, room=50)
    copied(run).advance(5)
    run.advance(9)
    twin = copied(run)
    same(twin.history(), run.history())
    twin.advance(40)
    assert (run.updates, twin.updates) == (9, 49)
    run.advance(40)
    same(twin.history(), run.history())
    np.testing.assert_array_equal(twin.predictions, run.predictions)


@copies
def test_a_worksheet_and_a_set_of_them(copied) -> None:
    one, several = bp.worksheet("Ada", seed=1), bp.worksheet(names=["Ada", "Bob"], seed=1)
    assert copied(one).html(key=True) == one.html(key=True)
    assert copied(several).markdown(key=True) == several.markdown(key=True)


@copies
def test_what_panels_hold(copied) -> None:
    program = Program(EXAMPLE.network, EXAMPLE.rule)
    _ = program.steps("term")[3]
    assert copied(program).to_json() == program.to_json()
    assert copied(program.steps("term"))[3] == program.steps("term")[3]
    lab, step = bp.BugLab(EXAMPLE), bp.StepPanel(EXAMPLE)
    np.testing.assert_array_equal(copied(step.trace).row, step.trace.row)
    same(copied(lab.history), lab.history)
    same(copied(lab.right_history), lab.right_history)
    assert copied(lab.program).to_json() == lab.program.to_json()
    training, asking = bp.TrainingPanel(EXAMPLE), bp.StepPanel(EXAMPLE, predict="d1")
    same(copied(training.history), training.history)
    assert copied(training.settings) == training.settings
    assert str(copied(asking.progress)) == str(asking.progress)
    check = bp.gradient_check(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets)
    assert str(copied(check)) == str(check)
