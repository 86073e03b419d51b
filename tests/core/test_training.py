"""Training is one recorded update after another, whatever the batches and the order."""

from __future__ import annotations

import signal
import subprocess
import sys
from _thread import interrupt_main
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.run import stepper
from bpviz.core.update.frame import Frame
from tests.core.networks import cases

EXAMPLE = bp.presets.xor()


def train(rule=EXAMPLE.corrected, **options) -> bp.History:
    return bp.train(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, rule, **options)


def samples_and_network(count: int):
    generator = np.random.default_rng(count)
    network = bp.Network.random([3, 4, 2], ["tanh", "sigmoid"], seed=count)
    return network, generator.normal(size=(count, 3)), generator.uniform(size=(count, 2))


@given(cases(), st.integers(1, 6), st.booleans(), st.sampled_from(["simultaneous", "dirty"]))
def test_a_run_is_backprop_after_backprop(case, batch_size, shuffle, update) -> None:
    network, inputs, targets = case
    rule = bp.Rule(0.01, update)
    history = bp.train(network, inputs, targets, rule, 3, batch_size, shuffle, seed=1)
    current = network
    for epoch in range(3):
        assert history.network(epoch) == current
        for update_number in range(history.updates_per_epoch):
            taken = history.samples(epoch, update_number)
            expected = bp.backprop(current, inputs[taken], targets[taken], rule)
            np.testing.assert_array_equal(history.trace(epoch, update_number).row, expected.row)
            current = expected.updated
    assert history.network(-1) == current


class TestBatches:
    def test_the_last_batch_of_an_epoch_is_smaller(self) -> None:
        network, inputs, targets = samples_and_network(7)
        history = bp.train(network, inputs, targets, epochs=2, batch_size=3)
        assert history.updates_per_epoch == 3
        assert [history.trace(1, k).x.shape for k in range(3)] == [(3, 3), (3, 3), (3,)]
        assert [len(history.samples(1, k)) for k in range(3)] == [3, 3, 1]
        assert history.predictions.shape == (2, 7, 2)

    def test_a_batch_may_be_larger_than_the_data(self) -> None:
        network, inputs, targets = samples_and_network(4)
        history = bp.train(network, inputs, targets, epochs=2, batch_size=100)
        assert history.updates_per_epoch == 1
        whole = bp.train(network, inputs, targets, epochs=2, batch_size=4)
        np.testing.assert_array_equal(history.rows, whole.rows)

    def test_every_epoch_takes_every_sample_once(self) -> None:
        network, inputs, targets = samples_and_network(7)
        history = bp.train(network, inputs, targets, epochs=5, batch_size=2, shuffle=True)
        for epoch in range(5):
            taken = np.concatenate([history.samples(epoch, k) for k in range(4)])
            assert sorted(taken) == list(range(7))


class TestOrder:
    def test_samples_come_in_order_by_default(self) -> None:
        history = train(epochs=3)
        np.testing.assert_array_equal(history.order, [[0, 1, 2, 3]] * 3)
        assert history.seed is None

    def test_the_same_seed_shuffles_in_the_same_way(self) -> None:
        first, second = (train(epochs=30, shuffle=True, seed=5) for _ in range(2))
        np.testing.assert_array_equal(first.rows, second.rows)
        other = train(epochs=30, shuffle=True, seed=6)
        assert not np.array_equal(first.order, other.order)

    def test_each_epoch_is_shuffled_anew(self) -> None:
        order = train(epochs=50, shuffle=True, seed=0).order
        assert len(np.unique(order, axis=0)) > 15

    def test_a_run_without_a_seed_tells_which_one_it_used(self) -> None:
        first = train(epochs=20, shuffle=True)
        again = train(epochs=20, shuffle=True, seed=first.seed)
        np.testing.assert_array_equal(again.rows, first.rows)
        assert train(epochs=20, shuffle=True).seed != first.seed

    def test_a_longer_run_begins_like_a_shorter_one(self) -> None:
        short, long = (train(epochs=n, shuffle=True, seed=2) for n in (10, 1500))
        np.testing.assert_array_equal(long.order[:10], short.order)


class TestLosses:
    @given(cases(), st.integers(1, 6), st.booleans())
    def test_are_the_rmse_of_the_predictions_with_their_own_targets(
        self, case, batch_size, shuffle
    ) -> None:
        network, inputs, targets = case
        history = bp.train(network, inputs, targets, bp.Rule(0.001), 3, batch_size, shuffle, seed=4)
        for epoch in range(3):
            squares = []
            for update in range(history.updates_per_epoch):
                output = history.trace(epoch, update).output.reshape(-1, targets.shape[1])
                squares.append((output - targets[history.samples(epoch, update)]) ** 2)
            expected = np.sqrt(np.mean(np.concatenate(squares)))
            assert history.rmse[epoch] == pytest.approx(expected, rel=1e-13)

    @given(cases(), st.integers(1, 6), st.sampled_from([1, 2, 3]))
    def test_after_each_epoch_are_those_of_its_last_network(self, case, batch_size, record):
        network, inputs, targets = case
        rule = bp.Rule(0.001)
        history = bp.train(network, inputs, targets, rule, 4, batch_size, record=record)
        for epoch in range(4):
            prediction = history.network(epoch + 1).predict(inputs).reshape(targets.shape)
            expected = np.sqrt(np.mean((prediction - targets) ** 2))
            assert history.rmse_after[epoch] == pytest.approx(expected, rel=1e-12)

    def test_predictions_of_an_epoch_are_in_the_order_taken(self) -> None:
        history = train(epochs=4, shuffle=True, seed=9)
        outputs = [history.trace(3, k).output[0] for k in range(4)]
        np.testing.assert_array_equal(history.predictions[3, :, 0], outputs)

    def test_cannot_be_changed(self) -> None:
        history = train(epochs=2)
        for array in (history.rmse, history.rmse_after, history.rows, history.order):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


class TestVerbose:
    def test_prints_predictions_and_loss_after_each_epoch(self, capsys) -> None:
        history = train(EXAMPLE.rule, epochs=2, verbose=True)
        assert capsys.readouterr().out == (
            "After epoch 0\n"
            "    Prediction: [0.06257453 0.63342942 0.59255889 0.95008842]\n"
            "    Loss: 0.6390650461887798\n"
            "\n"
            "After epoch 1\n"
            f"    Prediction: {np.array2string(history.predictions[1, :, 0])}\n"
            f"    Loss: {history.rmse[1]:.16g}\n"
            "\n"
        )

    def test_prints_predictions_in_the_order_of_the_samples(self, capsys) -> None:
        history = train(epochs=1, verbose=True, shuffle=True, seed=2)
        assert history.order[0].tolist() != [0, 1, 2, 3]
        in_order = history.predictions[0, np.argsort(history.order[0]), 0]
        assert f"Prediction: {np.array2string(in_order)}\n" in capsys.readouterr().out

    def test_records_the_same_numbers(self, capsys) -> None:
        np.testing.assert_array_equal(train(epochs=3, verbose=True).rows, train(epochs=3).rows)
        assert capsys.readouterr().out.count("After epoch") == 3


class TestProgress:
    def test_a_short_run_prints_nothing(self, capsys) -> None:
        train(epochs=3)
        printed = capsys.readouterr()
        assert (printed.out, printed.err) == ("", "")

    def test_a_short_run_does_not_import_tqdm(self) -> None:
        code = (
            "import sys, bpviz as bp; e = bp.presets.xor();"
            "bp.train(e.network, e.inputs, e.targets, epochs=3); print('tqdm' in sys.modules)"
        )
        command = [sys.executable, "-c", code]
        assert subprocess.run(command, capture_output=True, check=True).stdout == b"False\n"

    def test_a_long_run_shows_a_bar(self, capsys, monkeypatch) -> None:
        monkeypatch.delenv("TQDM_DISABLE", raising=False)
        monkeypatch.setattr("bpviz.core.progress.SECONDS_WITHOUT_BAR", 0.0)
        monkeypatch.setattr("bpviz.core.run.training.SECONDS_BETWEEN_BARS", 0.0)
        train(epochs=100)
        shown = capsys.readouterr().err
        assert "training:" in shown
        assert "/400 " in shown


def raise_interrupt() -> None:
    raise KeyboardInterrupt


@pytest.fixture
def interrupted(monkeypatch):
    """Let training be interrupted once, in the midst of an update whose number is given."""

    def after(updates: int, interrupt=raise_interrupt) -> None:
        made = 0

        def perhaps_interrupt() -> None:
            nonlocal made
            made += 1
            if made == updates + 1:
                interrupt()

        class Interrupted(Frame):
            def __init__(self, *arguments) -> None:
                super().__init__(*arguments)
                self.calls.insert(len(self.calls) // 2, perhaps_interrupt)

        monkeypatch.setattr(stepper, "Frame", Interrupted)

    return after


class TestInterruption:
    def test_keeps_the_updates_that_are_made(self, interrupted) -> None:
        whole = train(epochs=500)
        interrupted(500)
        with pytest.warns(bp.TrainingWarning, match="training was interrupted after epoch"):
            history = train(epochs=1000)
        assert 0 < len(history) <= 500
        np.testing.assert_array_equal(history.rows, whole.rows[: len(history)])
        np.testing.assert_array_equal(history.rmse, whole.rmse[: history.epochs])
        np.testing.assert_array_equal(history.rmse_after, whole.rmse_after[: history.epochs])
        assert history.predictions.shape == (history.epochs, 4, 1)
        last = len(history) - 1
        assert history.stopped == bp.Stopped("interrupted", *divmod(last, 4))
        np.testing.assert_array_equal(history.trace(-1, -1).row, whole.rows[last])
        assert "interrupted at update" in repr(history)

    def test_before_the_first_update_there_is_nothing_to_keep(self, interrupted) -> None:
        interrupted(0)
        with pytest.raises(KeyboardInterrupt):
            train(epochs=500)

    def test_a_run_that_was_interrupted_can_go_on(self, interrupted) -> None:
        whole = train(epochs=250)
        interrupted(50)
        run = bp.Run(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, EXAMPLE.corrected)
        with pytest.raises(KeyboardInterrupt):
            run.advance(1000)
        assert 0 < run.updates <= 50
        run.advance(1000 - run.updates)
        np.testing.assert_array_equal(run.history().rows, whole.rows)
        np.testing.assert_array_equal(run.rmse, whole.rmse)

    def test_works_with_a_real_signal(self, interrupted) -> None:
        interrupted(5000, interrupt=interrupt_main)
        # Whoever starts the tests in the background may have told them to ignore this signal.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with pytest.warns(bp.TrainingWarning, match="interrupted"):
                history = bp.train(
                    EXAMPLE.network,
                    EXAMPLE.inputs,
                    EXAMPLE.targets,
                    EXAMPLE.corrected,
                    5000,
                    record=1000,
                )
        finally:
            signal.signal(signal.SIGINT, before)
        assert 100 < len(history) <= 5001
        np.testing.assert_array_equal(history.frames(0, 100), train(epochs=25).rows)


class TestDivergence:
    def diverging(self, **options) -> bp.History:
        with pytest.warns(bp.TrainingWarning, match="training diverged"):
            return train(bp.Rule(5.0), **options)

    def test_stops_at_the_first_number_that_is_not_finite(self) -> None:
        history = self.diverging()
        stopped = history.stopped
        assert stopped is not None
        assert stopped.reason == "diverged"
        assert len(history) == stopped.epoch * 4 + stopped.update + 1
        assert np.isfinite(history.rows[:-1]).all()
        trace = history.trace(stopped.epoch, stopped.update)
        assert not np.isfinite(trace[stopped.ref])
        assert stopped.ref.startswith(stopped.register)
        # The row shows the whole update; what came before the number is finite.
        assert np.isfinite(trace["a1"]).all()

    @pytest.mark.parametrize(
        ("weight", "x", "y", "ref"),
        [(1e200, 1e200, 0.0, "a1[0]"), (1e160, -1.0, 0.0, "loss"), (0.0, 1e200, 1e150, "gW1[0,0]")],
    )
    def test_names_the_number(self, weight, x, y, ref) -> None:
        network = bp.Network([bp.Layer([[weight]], activation="identity")])
        with pytest.warns(bp.TrainingWarning, match="diverged"):
            history = bp.train(network, [[x]], [[y]], epochs=3)
        stopped = history.stopped
        assert (stopped.epoch, stopped.update, stopped.ref) == (0, 0, ref)
        assert abs(stopped.value) == np.inf
        assert history.trace(0)[ref] == stopped.value
        assert len(history) == 1

    def test_says_where_and_what_to_do(self) -> None:
        network = bp.Network([bp.Layer([[1e200]], activation="identity")])
        with pytest.warns(bp.TrainingWarning) as caught:
            bp.train(network, [[1e200]], [[0.0]])
        assert str(caught[0].message) == (
            "training diverged: a1[0] became inf in epoch 0, update 0 (both from 0); that update "
            "is history.trace(0, 0); try a smaller learning rate"
        )
        assert caught[0].filename == __file__

    def test_names_the_sample_of_a_batch(self) -> None:
        network = bp.Network([bp.Layer([[1e200]], activation="identity")])
        X = [[0.0], [1e-200], [1e200]]
        with pytest.warns(bp.TrainingWarning):
            history = bp.train(network, X, [[0.0]] * 3, batch_size=3)
        assert (history.stopped.ref, history.stopped.sample) == ("a1[0]", 2)
        assert history.trace(0).at_sample(2)["a1[0]"] == np.inf

    def test_happens_at_the_same_place_however_it_is_recorded(self) -> None:
        history, sparse = self.diverging(), self.diverging(record=7)
        assert sparse.stopped == history.stopped
        np.testing.assert_array_equal(sparse.frames(0, len(sparse)), history.rows)
        assert "diverged at update" in repr(history)

    def test_a_run_that_diverged_makes_no_more_updates(self) -> None:
        run = bp.Run(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, bp.Rule(5.0))
        made = run.advance(10_000)
        assert made < 10_000
        assert run.advance(1) == 0
        run.interrupt()
        assert run.stopped.reason == "diverged"

    def test_leaves_whole_epochs_with_their_losses(self) -> None:
        history = self.diverging(shuffle=True, seed=0)
        assert len(history.rmse) == len(history.rmse_after) == history.epochs
        assert np.isfinite(history.rmse).all()
        assert len(history.order) == history.stopped.epoch + 1


def test_threads_that_advance_one_run_make_every_update_once() -> None:
    """As a cell and the thread that answers a notebook's panels may do at the same time."""
    run = bp.Run(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, EXAMPLE.corrected)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as threads:
            made = sum(threads.map(run.advance, [3] * 120))
    finally:
        sys.setswitchinterval(before)
    assert made == run.updates == 360
    np.testing.assert_array_equal(run.history().rows, train(epochs=90).rows)


def test_reprs_are_short() -> None:
    assert repr(train(EXAMPLE.rule, epochs=500)) == (
        "History(2-2-1, 500 epochs × 4 updates, RMSE 0.639065 → 0.516653)"
    )
    assert repr(train(EXAMPLE.rule, epochs=500, record=10)) == (
        "History(2-2-1, 500 epochs × 4 updates, RMSE 0.639065 → 0.516653, 1 update in 10 recorded)"
    )
