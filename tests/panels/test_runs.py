"""Runs in a panel that end early, start again, are refused, or are looked at twice."""

from __future__ import annotations

import asyncio
import json
import re

import numpy as np
import pytest

import bpviz as bp
from bpviz.core.run.example import Example
from bpviz.core.run.stopped import Stopped
from bpviz.core.words import counted
from bpviz.draw.pictures import picture_in
from bpviz.panels.run_words import stopped_words

XOR = bp.presets.xor()


def history(updates, inputs=XOR.inputs, rate=0.01):
    run = bp.Run(XOR.network, inputs, XOR.targets, bp.Rule(rate))
    if updates:
        run.advance(updates)
    return run.history()


def quiet(panel):
    panel.sent = []
    panel.send = lambda content, buffers=(): panel.sent.append((content, list(buffers)))
    return panel


@pytest.fixture
def panel():
    return quiet(bp.TrainingPanel(XOR))


def state(panel):
    """Return all that the browser sees of a panel, as it would be sent."""
    plain = {name: value for name, value in panel.get_state().items() if name[:4] != "_esm"}
    return json.dumps(plain, default=lambda value: value.hex())


@pytest.mark.parametrize("updates", [0, 1, 3])
def test_a_panel_can_be_shown_before_its_first_whole_epoch(updates):
    panel = bp.TrainingPanel(history(updates))
    picture = picture_in(panel._repr_mimebundle_()[0])
    assert picture.startswith("<svg ")
    assert repr(panel).endswith(f"{counted(updates, 'update')} made)")


def test_data_that_diverge_in_the_first_epoch_open_the_panel_and_say_what_to_try():
    short = history(4, XOR.inputs * 1e200)
    assert short.epochs == 0
    panel = bp.TrainingPanel(short)
    assert panel._status == "stopped"
    assert (
        "diverged in epoch 1, update 1: the loss of the sample became infinite. " in panel._stopped
    )
    assert panel._stopped.endswith(
        "Try a smaller learning rate, and inputs and targets of about −1 to 1"
    )
    assert "No epoch has a finite loss yet." in picture_in(panel._repr_mimebundle_()[0])


def test_a_run_that_diverges_later_is_drawn_as_far_as_its_losses_are_finite():
    example = bp.presets.xor()
    run = bp.Run(example.network, example.inputs, example.targets, bp.Rule(1e6))
    run.advance(400)
    picture = picture_in(bp.TrainingPanel(run.history())._repr_mimebundle_()[0])
    assert "nan" not in picture.split("polyline")[-1]


def test_what_a_run_is_compared_with_is_named_within_its_plot():
    run = bp.Run(XOR.network, XOR.inputs, XOR.targets, bp.Rule(2, mistakes=["error_sign_flipped"]))
    run.advance(12)
    picture = picture_in(bp.TrainingPanel(run.history())._repr_mimebundle_()[0])
    [level] = re.findall(r"stroke-dasharray='1.5 3' x1='74' y1='([\d.]+)'", picture)
    [name] = re.findall(r"y='([\d.]+)'>always ½", picture)
    [foot] = re.findall(r"<line x1='74' y1='([\d.]+)' x2='680' y2='\1'/>", picture)[-1:]
    assert float(foot) - float(level) < 18  # the name has no room below the line
    assert float(name) < float(level)


def test_a_stop_is_told_in_the_panels_own_numbering():
    stopped = Stopped("diverged", 2, 1, "a2", "a2[0]", 0, -np.inf)
    layout = bp.backprop(XOR.network, XOR.inputs[0], XOR.targets[0]).layout
    assert stopped_words(stopped, layout) == (
        "diverged in epoch 3, update 2: the aggregates of layer 2 became infinite. "
        "Try a smaller learning rate"
    )
    undefined = Stopped("diverged", 0, 0, "loss", "loss", 0, np.nan)
    assert ": the loss of the sample became not a number" in stopped_words(undefined, layout)
    assert stopped_words(Stopped("interrupted", 0, 3), layout) == (
        "interrupted in epoch 1, update 4; everything until then is kept"
    )
    assert stopped_words(None, layout) == ""


def test_counts_have_their_plurals():
    assert [counted(n, "epoch") for n in (0, 1, 2)] == ["0 epochs", "1 epoch", "2 epochs"]
    assert repr(history(4)).startswith("History(2-2-1, 1 epoch × 4 updates")


async def until(holds):
    while not holds():
        await asyncio.sleep(0.001)


def test_a_run_that_takes_the_place_of_another_is_the_one_whose_status_is_shown(panel):
    panel.set(epochs=200_000)
    seen = []

    async def run():
        panel.run()
        await until(lambda: panel._live.run.updates > 0)
        panel.set(learning_rate=0.001)  # with a larger one the lecture's rule soon diverges
        panel.run()
        for _ in range(10):
            made = panel._live.run.updates
            await until(lambda made=made: panel._live.run.updates > made)
            seen.append((panel._status, panel._live.is_running))
        panel.pause()
        while panel._live.is_running:
            await asyncio.sleep(0.005)

    asyncio.run(run())
    assert seen == [("running", True)] * 10
    assert panel._status == "paused"
    assert panel._total_frames == panel._live.run.updates


def test_numpys_numbers_are_numbers(panel):
    panel.set(
        batch_size=np.int64(2),
        learning_rate=np.float32(0.5),
        shuffle=np.bool_(True),
        seed=np.int32(3),
        epochs=np.int64(7),
    )
    assert (panel.settings.batch_size, panel.settings.learning_rate) == (2, 0.5)
    panel.new_start(np.int64(4))
    panel.run(np.int64(1))
    panel.advance(np.int64(1))
    panel.frame, panel.cursor = np.int64(1), np.int64(3)
    panel.appearance = {"digits": np.int64(6), "projector": np.bool_(True)}
    assert (panel.frame, panel.cursor, panel.appearance["digits"]) == (1, 3, 6)
    assert '"batch_size": 2' in state(panel)


CHANGES = {
    "batch_size": lambda panel: panel.set(batch_size=2.5),
    "learning_rate": lambda panel: panel.set(epochs=3, learning_rate=float("nan")),
    "mistakes": lambda panel: panel.set(epochs=3, mistakes=("typo",)),
    "seed": lambda panel: panel.new_start(-1),
    "epochs": lambda panel: panel.run("all"),
    "updates": lambda panel: panel.advance(0),
    "frame": lambda panel: setattr(panel, "frame", 10**6),
    "cursor": lambda panel: setattr(panel, "cursor", -1),
    "depth": lambda panel: setattr(panel, "depth", "neuron"),
    "ref": lambda panel: panel.go("q9[0]"),
    "selection": lambda panel: setattr(panel, "selection", "q9[0]"),
    "appearance": lambda panel: setattr(panel, "appearance", {"digits": 6, "symbols": "x"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_setter_refuses_changes_nothing(panel, change):
    before, chosen = state(panel), panel.settings
    with pytest.raises(Exception, match=r"\w"):
        CHANGES[change](panel)
    assert state(panel) == before
    assert panel.settings is chosen


def test_an_edit_that_the_loss_refuses_changes_nothing():
    network = bp.Network.random([2, 2], ["softmax"], loss="cross_entropy", seed=1)
    panel = quiet(bp.StepPanel(bp.backprop(network, [1, 2], [0, 1])))
    frames = panel._frames
    edit = {"kind": "edit", "ref": "y[0]", "value": 0.5, "id": 1}
    panel._receive(panel, edit, [])
    assert "adds up to" in panel._error
    assert (panel._frames, panel._can_undo) == (frames, False)
    panel._receive(panel, {**edit, "ref": "x[0]", "value": 5.0, "id": 2}, [])
    assert float(panel.trace["x[0]"]) == 5.0


def test_a_change_of_settings_leaves_the_untrained_network_to_be_seen(panel):
    panel.set(learning_rate=0.02)
    assert panel._total_frames == 0
    question = {"epoch": 0, "output": 0, "refs": ["W1[0,0]"], "frame": None, "id": 1}
    panel._receive(panel, {"kind": "views", **question}, [])
    panel._receive(panel, {"kind": "trajectories", "register": "", "id": 2}, [])
    (views, buffers), (ways, _) = panel.sent
    assert (views["why"], views["epoch"], ways["why"]) == ("", 0, "")
    outputs = np.frombuffer(buffers[1], "<f8")
    expected = [float(XOR.network.predict(x)[0]) for x in XOR.inputs]
    assert outputs == pytest.approx(expected)
    assert np.frombuffer(buffers[2], "<f8") == XOR.network.layers[0].weights[0, 0]


def test_a_view_that_is_opened_in_mid_run_is_told_the_losses_that_it_lacks(panel):
    panel.set(epochs=200_000)
    chunks = []

    async def report(held):
        sent = len(panel.sent)
        panel._receive(panel, {"kind": "seen", "epochs": held}, [])
        await until(lambda: len(panel.sent) > sent)
        return sent

    async def run():
        panel.run()
        while panel._reported_epochs < 6:
            await report(panel._reported_epochs)
        # A second view opens late: it holds the 5 losses there were, and says so.
        chunks.append(await report(5))
        await report(panel._reported_epochs)
        panel.pause()
        while panel._live.is_running:
            await asyncio.sleep(0.005)

    asyncio.run(run())
    content, buffers = panel.sent[chunks[0]]
    assert content["first_epoch"] == 5
    told = np.frombuffer(buffers[0], "<f8")
    assert np.array_equal(told, panel.history.rmse[5 : 5 + len(told)])
    assert panel.sent[chunks[0] + 1][0]["first_epoch"] == 5 + len(told)


def test_a_pinned_run_is_told_by_its_seed(panel):
    panel.new_start(7)
    panel.advance(4)
    panel.pin()
    assert panel._pinned[0]["name"].startswith("learning rate 0.01, dirty update")
    assert "start of seed 7" in panel._pinned[0]["name"]


def wide_example(samples):
    random = np.random.RandomState(0)
    network = bp.Network.random([784, 128, 10], ["relu", "identity"], seed=0)
    x, y = random.rand(samples, 784), random.rand(samples, 10)
    rule = bp.Rule(0.01)
    return Example(network, x, y, rule, rule, epochs=1, title="Wide")


def test_more_than_a_browser_takes_is_refused_with_what_to_do():
    words = r"source has 12 updates of \d+ numbers, 39 MB in all; a panel sends at most 32 MB"
    with pytest.raises(ValueError, match=words) as refused:
        bp.StepPanel(wide_example(12))
    assert "so give fewer samples" in str(refused.value)
    with pytest.raises(ValueError, match=r"source has 12 updates of .* MB in all"):
        bp.BugLab(wide_example(6))
    assert len(bp.StepPanel(wide_example(1))._frames) < 32e6


def test_a_batch_that_a_browser_cannot_take_is_refused_and_changes_nothing():
    panel = bp.TrainingPanel(history(4))
    network = bp.Network.random([2, 3000, 2], ["relu", "identity"], seed=0)
    x, y = np.zeros((700, 2)), np.zeros((700, 2))
    panel = bp.TrainingPanel(bp.train(network, x, y, epochs=1, batch_size=100, record=7))
    with pytest.raises(ValueError, match="an update of this run has 1 update of"):
        panel.set(batch_size=700)
    assert panel.settings.batch_size == 100
