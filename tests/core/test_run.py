"""A run in slices gives the same numbers, and leaves its caller free in between."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp

EXAMPLE = bp.presets.xor()


def new_run(**options) -> bp.Run:
    return bp.Run(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, EXAMPLE.corrected, **options)


def train(**options) -> bp.History:
    example = EXAMPLE
    return bp.train(example.network, example.inputs, example.targets, example.corrected, **options)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from([1, 3]),
)
def test_slices_of_any_length_give_the_numbers_of_the_whole(slices, batch_size, shuffle, record):
    options = {"batch_size": batch_size, "shuffle": shuffle, "seed": 8, "record": record}
    run = new_run(**options)
    for updates in slices:
        assert run.advance(updates) == updates
    assert run.updates == sum(slices)
    epochs = -(-run.updates // run.updates_per_epoch)
    whole, history = train(epochs=epochs, **options), run.history()
    np.testing.assert_array_equal(history.rows, whole.rows[: len(history.rows)])
    np.testing.assert_array_equal(history.rmse, whole.rmse[: run.epochs])
    np.testing.assert_array_equal(history.order, whole.order)
    assert len(history) == run.updates
    assert history.epochs == run.epochs == run.updates // run.updates_per_epoch


def test_an_epoch_that_is_under_way_can_be_looked_at() -> None:
    run = new_run()
    run.advance(6)
    history = run.history()
    assert history.epochs == 1
    assert history.trace(1, 1).layout.samples == 1
    np.testing.assert_array_equal(history.trace(-1, -1).row, history.rows[5])
    with pytest.raises(IndexError, match="update 2 does not exist; give 0 to 1"):
        history.trace(1, 2)
    with pytest.raises(IndexError, match="epoch 2 does not exist; give 0 to 1"):
        history.trace(2)
    with pytest.raises(IndexError, match="epoch 2 does not exist; give 0 to 1"):
        history.network(2)


def test_the_network_at_the_end_of_a_run_is_that_of_its_last_update() -> None:
    run = new_run()
    run.advance(4 * 2 + 3)
    history = run.history()
    assert history.network(-1) == history.trace(2, 2).updated != history.network(2)
    assert [history.network(k) for k in (-4, -3, -2)] == [history.network(k) for k in (0, 1, 2)]
    with pytest.raises(IndexError, match="epoch -5 does not exist"):
        history.network(-5)
    with pytest.raises(IndexError, match="epoch 3 does not exist; give 0 to 2"):
        history.network(3)
    run.advance(1)
    assert run.history().network(-1) == run.history().network(3)


def test_the_network_at_the_end_of_a_run_that_diverged_says_so() -> None:
    example = EXAMPLE
    with pytest.warns(bp.TrainingWarning):
        history = bp.train(example.network, example.inputs, example.targets, bp.Rule(5.0))
    assert history.network(1) == history.network(-2)
    with pytest.raises(
        ValueError, match=r"epoch is -1, and there the run diverged: .*; history.network\(1\) is"
    ):
        history.network(-1)


def test_a_run_that_has_not_begun_has_an_empty_history() -> None:
    history = new_run().history()
    assert (len(history), history.epochs, history.rmse.shape) == (0, 0, (0,))
    assert history.predictions.shape == (0, 4, 1)
    assert history.rmse_after.shape == (0,)
    assert history.network(0) == EXAMPLE.network
    assert repr(history) == "History(2-2-1, 0 epochs × 4 updates)"
    with pytest.raises(IndexError, match="epoch 0 does not exist; there is none yet"):
        history.trace(0)


def test_a_history_stays_as_it_was_while_the_run_goes_on() -> None:
    run = new_run()
    run.advance(50)
    history = run.history()
    before = history.rows.copy()
    run.advance(5000)
    np.testing.assert_array_equal(history.rows, before)
    assert len(history) == 50
    np.testing.assert_array_equal(run.history().rows[:50], before)


def test_a_slice_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()  # goes on by a second whenever it is looked at
    monkeypatch.setattr("bpviz.core.run.run.perf_counter", lambda: next(clock))
    run = new_run()
    began = next(clock)
    made = run.advance(10**9, seconds=5.0)
    assert 5 < next(clock) - began < 10
    assert made == run.updates > 0


def test_a_slice_makes_at_least_one_update() -> None:
    run = new_run()
    assert run.advance(5, seconds=0.0) == 1


def test_predictions_are_those_of_the_last_whole_epoch_in_the_order_of_the_samples() -> None:
    run = new_run(shuffle=True, seed=3)
    assert run.predictions.shape == (0, 1)
    run.advance(10)
    history = run.history()
    taken = history.order[1]
    np.testing.assert_array_equal(run.predictions[taken], history.predictions[1])


def test_an_interrupted_run_says_so() -> None:
    run = new_run()
    run.advance(6)
    run.interrupt()
    assert run.advance(3) == 0
    assert run.history().stopped == bp.Stopped("interrupted", 1, 1)
    assert str(run.stopped) == (
        "training was interrupted after epoch 1, update 1 (both from 0); "
        "the history holds everything until then"
    )


def test_a_run_is_shown_short() -> None:
    run = new_run()
    run.advance(3)
    assert repr(run) == "Run(2-2-1, 3 updates made)"
    with pytest.raises(ValueError, match="updates must be at least 1; 0 came"):
        run.advance(0)
