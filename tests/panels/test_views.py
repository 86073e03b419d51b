"""What the training panel answers about a run: surface, predictions, ways, landscape."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

import bpviz as bp
from bpviz.core.run.parameters import parameters_of
from bpviz.panels import exchange, views

XOR = bp.presets.xor()


@pytest.fixture(scope="module")
def history():
    return bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=60)


@pytest.fixture
def ask(history):
    return asker(bp.TrainingPanel(history))


def asker(panel):
    """Return what asks a panel as the browser does, and returns its answer."""
    sent = []

    def hear(content, buffers):
        if content["kind"] != "progress":
            sent.append((content, buffers))

    panel.send = hear

    def ask(**content):
        sent.clear()
        panel._receive(panel, {"id": 7, **content}, [])
        [(answer, buffers)] = sent
        assert (answer["kind"], answer["id"]) == (content["kind"], 7)
        return answer, buffers

    return ask


def doubles(buffer):
    return np.frombuffer(buffer, "<f8")


def singles(buffer):
    return np.frombuffer(buffer, "<f4")


def test_the_surface_and_the_predictions_are_those_of_the_network_after_the_epoch(ask, history):
    refs = ["b1[1]", "W2[0,0]"]
    answer, [surface, predictions, values, _] = ask(kind="views", epoch=23, refs=refs)
    network = history.network(23)
    assert answer["epoch"] == 23
    np.testing.assert_array_equal(doubles(predictions), network.predict(XOR.inputs)[:, 0])
    assert answer["loss"] == pytest.approx(history.rmse_after[22], rel=1e-14)
    ticks = np.linspace(-1.5, 1.5, 41)
    grid = singles(surface).reshape(41, 41)
    for row, column in ((0, 0), (3, 31), (40, 12)):
        expected = network.predict([ticks[column], ticks[row]])[0]
        assert grid[row, column] == pytest.approx(expected, rel=1e-6)
    assert answer["refs"] == refs
    assert doubles(values).tolist() == [
        network.layers[0].bias[1],
        network.layers[1].weights[0, 0],
    ]


def test_the_update_that_is_asked_for_comes_with_them(ask, history):
    answer, buffers = ask(kind="views", epoch=11, frame=41)
    assert answer["frame"] == 41
    np.testing.assert_array_equal(doubles(buffers[3]), history.frames(41, 42)[0])
    answer, buffers = ask(kind="views", epoch=11)
    assert (answer["frame"], len(buffers[3])) == (None, 0)
    assert "frame" in ask(kind="views", epoch=11, frame=10**6)[0]["why"]


def test_within_an_epoch_they_are_those_after_its_update(ask, history):
    answer, [_, predictions, values, _] = ask(kind="views", epoch=11, update=2, refs=["W2[0,0]"])
    assert (answer["epoch"], answer["update"]) == (11, 2)
    left = history.trace(11, 1)
    assert doubles(values).tolist() == [left["nW2[0,0]"]]
    layers = [
        bp.Layer(left[f"nW{k}"], left[f"nb{k}"], layer.activation)
        for k, layer in enumerate(XOR.network.layers, start=1)
    ]
    expected = bp.Network(layers).predict(XOR.inputs)[:, 0]
    np.testing.assert_array_equal(doubles(predictions), expected)
    error = np.sqrt(np.mean((expected - XOR.targets[:, 0]) ** 2))
    assert answer["loss"] == pytest.approx(error, rel=1e-12)
    assert ask(kind="views", epoch=0, update=1)[0]["update"] == 1
    whole = ask(kind="views", epoch=10, update=4)[0]
    assert (whole["epoch"], whole["update"]) == (11, 0)


def test_before_the_first_epoch_and_behind_the_last_it_shows_the_nearest(ask):
    _, [_, predictions, _, _] = ask(kind="views", epoch=0)
    np.testing.assert_array_equal(doubles(predictions), XOR.network.predict(XOR.inputs)[:, 0])
    assert ask(kind="views", epoch=999)[0]["epoch"] == 60


def test_the_samples_come_once_with_the_square_around_them(ask):
    answer, [inputs, targets] = ask(kind="samples")
    assert (answer["limits"], answer["no_surface"]) == ([-1.5, 1.5], "")
    np.testing.assert_array_equal(doubles(inputs).reshape(4, 2), XOR.inputs)
    np.testing.assert_array_equal(doubles(targets), XOR.targets[:, 0])


def test_a_network_with_three_inputs_has_no_surface_and_says_why():
    ask = asker(bp.TrainingPanel(bp.presets.three_two_one()))
    answer, _ = ask(kind="samples")
    assert answer["no_surface"] == (
        "The decision surface needs a network with 2 inputs; this one has 3."
    )
    _, [surface, predictions, _, _] = ask(kind="views", epoch=1)
    assert (len(surface), len(predictions)) == (0, 8)


def test_the_way_of_every_weight_is_its_value_after_each_epoch(ask, history):
    answer, [epochs, lines] = ask(kind="trajectories")
    assert answer["registers"] == ["W1", "b1", "W2", "b2"]
    assert (len(answer["refs"]), answer["total"]) == (9, 9)
    assert doubles(epochs).tolist() == list(range(61))
    way = singles(lines).reshape(9, 61)
    for epoch in (0, 1, 60):
        np.testing.assert_allclose(way[:, epoch], parameters_of(history.network(epoch)), rtol=1e-6)
    answer, [_, lines] = ask(kind="trajectories", register="b1", also="W1[1,1]")
    assert answer["refs"] == ["b1[0]", "b1[1]", "W1[1,1]"]
    np.testing.assert_array_equal(singles(lines).reshape(3, 61), way[[4, 5, 3]])


def test_of_very_many_weights_those_come_that_moved_most(monkeypatch, history):
    monkeypatch.setattr(views, "MOST_LINES", 2)
    ask = asker(bp.TrainingPanel(history))
    answer, _ = ask(kind="trajectories", register="W1")
    moved = np.ptp([history.network(e).layers[0].weights.ravel() for e in range(61)], axis=0)
    names = ["W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]"]
    assert answer["refs"] == [names[k] for k in sorted(np.argsort(-moved)[:2])]
    assert answer["total"] == 4


def test_a_long_way_is_thinned(monkeypatch, history):
    monkeypatch.setattr(views, "MOST_EPOCHS", 7)
    monkeypatch.setattr(views, "FEWEST_EPOCHS", 2)
    _, [epochs, _] = asker(bp.TrainingPanel(history))(kind="trajectories")
    assert doubles(epochs).tolist() == [0, 10, 20, 30, 40, 50, 60]


def test_the_landscape_is_the_loss_on_the_slice_and_the_path_lies_in_it(ask, history):
    answer, [heights, along, epochs] = ask(kind="landscape")
    way = doubles(along).reshape(61, 2)
    assert way[-1].tolist() == [0, 0]
    path = [parameters_of(history.network(epoch)) for epoch in range(61)]
    variances = np.linalg.eigvalsh(np.cov(np.transpose(path)))
    assert answer["shares"] == pytest.approx(variances[[-1, -2]] / variances.sum())
    assert answer["first"][0] < way[:, 0].min() < way[:, 0].max() < answer["first"][1]
    grid = singles(heights).reshape(41, 41)
    assert answer["low"] == pytest.approx(grid.min(), rel=1e-6)
    # The end of the run lies in the slice: between the four places around it.
    first, second = (np.linspace(*answer[name], 41) for name in ("first", "second"))
    column, row = np.searchsorted(first, 0), np.searchsorted(second, 0)
    around = grid[row - 1 : row + 1, column - 1 : column + 1]
    assert around.min() < history.rmse_after[-1] < around.max()
    assert doubles(epochs)[-1] == 60
    view, _ = ask(kind="views", epoch=23)
    assert view["place"] == pytest.approx(way[23].tolist())


def test_the_landscape_is_computed_once_for_a_run(ask, monkeypatch):
    before = ask(kind="landscape")
    monkeypatch.setattr(views, "loss_parts", None)
    assert ask(kind="landscape") == before


def test_a_run_that_does_not_move_says_so():
    still = bp.train(XOR.network, XOR.inputs, XOR.targets, bp.Rule(learning_rate=0), epochs=3)
    answer, buffers = asker(bp.TrainingPanel(still))(kind="landscape")
    assert answer["why"].startswith("history has no path: no weight or bias moved")
    assert buffers == []


def test_before_an_epoch_there_is_no_landscape_but_a_surface(history):
    panel = bp.TrainingPanel(history)
    ask = asker(panel)
    panel._show_run = lambda: None
    panel.reset()
    assert "No epoch is made yet" in ask(kind="landscape")[0]["why"]
    assert ask(kind="views", epoch=5)[0]["epoch"] == 0


def test_a_run_that_diverged_answers_without_an_exception():
    rule = bp.Rule(learning_rate=1e6)
    with pytest.warns(bp.TrainingWarning, match="diverged"):
        wild = bp.train(XOR.network, XOR.inputs, XOR.targets, rule, epochs=50, batch_size=4)
    ask = asker(bp.TrainingPanel(wild))
    for kind in ("views", "trajectories", "landscape"):
        ask(kind=kind, epoch=50)


def run_live(panel, *steps):
    """Run a panel in an event loop until all steps, each at its epoch, are done."""

    async def live():
        panel.run()
        for epochs, step in steps:
            while panel._live.run.epochs < epochs:
                assert panel._live.is_running
                await asyncio.sleep(0.001)
            step()
        panel.pause()
        while panel._live.is_running:
            await asyncio.sleep(0.001)

    asyncio.run(live())


def test_while_a_run_goes_on_its_way_and_its_landscape_follow(monkeypatch):
    monkeypatch.setattr(exchange, "SECONDS_OF_WORK", np.inf)
    monkeypatch.setattr(views, "MOST_EPOCHS_LIVE", 60)
    panel = bp.TrainingPanel(XOR)
    panel.set(epochs=10**6)
    ask = asker(panel)
    answers = []

    def look():
        reached = panel._live.run.epochs
        way = ask(kind="trajectories")
        slice_ = ask(kind="landscape")
        place = ask(kind="views", epoch=reached)[0]
        answers.append((reached, way, slice_, place))

    run_live(panel, (20, look), (400, look), (2000, lambda: None))
    history = panel.history
    numbers = []
    for reached, (way, [ways, lines]), (answer, [_, along, epochs]), place in answers:
        assert doubles(epochs)[-1] == doubles(ways)[-1] == reached < history.epochs
        assert len(doubles(epochs)) == min(60, reached + 1)
        end = parameters_of(history.network(reached))
        np.testing.assert_allclose(singles(lines).reshape(9, -1)[:, -1], end, rtol=1e-6)
        assert len(way["refs"]) == 9
        # The end of the path as it was then is the middle of that slice.
        assert doubles(along)[-2:].tolist() == [0, 0]
        assert place["slice"] == answer["slice"]
        assert place["place"] == pytest.approx([0, 0], abs=1e-12)
        numbers.append(answer["slice"])
    assert numbers == [1, 2]
    # At rest the whole run is told, and more finely.
    answer, [_, _, epochs] = ask(kind="landscape")
    assert (answer["slice"], doubles(epochs)[-1]) == (3, history.epochs)
    assert len(doubles(epochs)) == min(views.MOST_EPOCHS, history.epochs + 1)


def test_a_place_belongs_to_the_landscape_that_was_sent(ask):
    assert ask(kind="views", epoch=3)[0]["slice"] == 0
    number = ask(kind="landscape")[0]["slice"]
    assert ask(kind="views", epoch=3)[0]["slice"] == number > 0


def test_what_was_begun_for_another_run_is_not_kept(monkeypatch, history):
    monkeypatch.setattr(exchange, "SECONDS_OF_WORK", 0.0)
    panel = bp.TrainingPanel(history)
    sent = []
    panel.send = lambda content, _: sent.append(content)

    async def run():
        panel._receive(panel, {"kind": "landscape", "id": 1}, [])
        panel.reset()
        while not sent:
            await asyncio.sleep(0)

    asyncio.run(run())
    assert asker(panel)(kind="views", epoch=0)[0]["place"] is None


def test_long_work_leaves_the_kernel_free(monkeypatch, history):
    monkeypatch.setattr(exchange, "SECONDS_OF_WORK", 0.0)
    panel = bp.TrainingPanel(history)
    sent = []
    panel.send = lambda content, _: sent.append(content)
    turns = 0

    async def run():
        nonlocal turns
        panel._receive(panel, {"kind": "landscape", "id": 1}, [])
        while not sent:
            turns += 1
            await asyncio.sleep(0)

    asyncio.run(run())
    assert turns > 20
    assert sent[0]["id"] == 1
