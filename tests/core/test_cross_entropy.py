"""Cross-entropy of any aggregates: an output that underflows to 0 has a loss all the same."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp

CERTAIN = bp.Network([bp.Layer([[1000.0, 0.0], [0.0, 0.0]], None, "softmax")], "cross_entropy")


def test_the_loss_of_a_certain_and_wrong_answer_is_how_far_its_aggregate_is_behind() -> None:
    trace = bp.backprop(CERTAIN, [1.0, 0.0], [0.0, 1.0])
    assert trace.output.tolist() == [1.0, 0.0]
    assert trace.loss == 1000.0
    assert trace["d1"].tolist() == [1.0, -1.0]


def test_a_run_that_starts_certain_and_wrong_trains() -> None:
    rule = bp.Rule(learning_rate=10.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = bp.train(CERTAIN, [[1.0, 0.0]], [[0.0, 1.0]], rule, epochs=60)
    assert history.stopped is None
    assert history.trace(0).loss == 1000.0
    assert history.trace(-1).loss < 1e-3
    assert history.rmse[0] == 1.0
    assert history.rmse[-1] < 1e-3


@pytest.mark.parametrize("seed", range(20))
def test_shares_that_were_computed_in_single_precision_are_targets(seed) -> None:
    given = torch.randn(7, generator=torch.Generator().manual_seed(seed)) * 10
    shares = torch.softmax(given, 0).numpy()
    network = bp.Network.random([2, 7], ["softmax"], seed=0, loss="cross_entropy")
    trace = bp.backprop(network, [0.3, -0.2], shares)
    np.testing.assert_array_equal(trace["d1"], trace.output - shares)


def test_a_sum_that_is_not_1_is_told_in_the_digits_that_show_it() -> None:
    network = bp.Network.random([2, 2], ["softmax"], seed=0, loss="cross_entropy")
    with pytest.raises(ValueError, match=r"adds up to 1\.00001; with cross_entropy it must"):
        bp.backprop(network, [0.3, -0.2], [0.5, 0.50001])


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 12), st.sampled_from([1, 50, 2000])
)
def test_it_is_that_of_torch(seed, samples, units, scale) -> None:
    generator = np.random.default_rng(seed)
    aggregates = scale * generator.normal(size=(samples, units))
    targets = generator.dirichlet(np.ones(units), size=samples)
    network = bp.Network([bp.Layer(np.eye(units), None, "softmax")], "cross_entropy")
    expected = torch.nn.functional.cross_entropy(
        torch.tensor(aggregates), torch.tensor(targets), reduction="none"
    )
    loss = np.atleast_1d(bp.backprop(network, aggregates, targets).loss)
    np.testing.assert_allclose(loss, expected.numpy(), rtol=1e-12, atol=1e-15)


def test_its_gradient_passes_the_check_where_an_output_is_0() -> None:
    check = bp.gradient_check(CERTAIN, [1.0, 0.0], [0.0, 1.0])
    assert check.passed
    assert [row.analytic for row in check.rows] == [1.0, 0.0, -1.0, 0.0, 1.0, -1.0]


def test_a_sweep_of_runs_with_outputs_of_0_is_that_of_single_runs() -> None:
    inputs, targets = [[4000.0, 0.0], [0.0, 4000.0]], [[0.0, 1.0], [1.0, 0.0]]
    rule = bp.Rule(learning_rate=1e-3)
    start = bp.Network.random([2, 2], ["softmax"], seed=3, loss="cross_entropy")
    swept = bp.sweep(start, inputs, targets, rule, epochs=5, runs=4, seed=3)
    assert np.isfinite(swept.rmse).all()
    history = bp.train(start, inputs, targets, rule, epochs=5)
    assert history.stopped is None
    assert 0 in history.trace(0)["h1"]
    assert swept.rmse[0] == pytest.approx(history.rmse[-1], rel=1e-9, abs=1e-300)
