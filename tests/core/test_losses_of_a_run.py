"""`history.losses` is the mean of the loss that is trained on: PyTorch says what that is."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

import bpviz as bp

X = np.random.default_rng(0).normal(size=(7, 3))
SHARES = np.eye(2)[[0, 1, 1, 0, 1, 0, 0]]
ORACLES = {
    "squared_error": ("tanh", lambda h, y: functional.mse_loss(h, y, reduction="sum") / 2),
    "huber": ("identity", lambda h, y: functional.huber_loss(h, y, reduction="sum")),
    "cross_entropy": (
        "softmax",
        lambda h, y: functional.nll_loss(h.log(), y.argmax(1), reduction="sum"),
    ),
    "binary_cross_entropy": (
        "sigmoid",
        lambda h, y: functional.binary_cross_entropy(h, y, reduction="sum"),
    ),
}


@pytest.mark.parametrize("record", [1, 4])
@pytest.mark.parametrize("loss", ORACLES)
def test_of_each_epoch(loss: str, record: int) -> None:
    function, oracle = ORACLES[loss]
    network = bp.Network.random([3, 4, 2], ["tanh", function], seed=2, loss=loss)
    history = bp.train(
        network, X, SHARES, bp.Rule(0.1), 5, batch_size=3, shuffle=True, seed=1, record=record
    )
    assert history.losses.shape == history.rmse.shape == (5,)
    for epoch, (predictions, order) in enumerate(
        zip(history.predictions, history.order, strict=True)
    ):
        h, y = torch.tensor(predictions), torch.tensor(SHARES[order])
        assert history.losses[epoch] == pytest.approx(oracle(h, y).item() / 7, rel=1e-12)
        expected = functional.mse_loss(h, y).sqrt().item()
        assert history.rmse[epoch] == pytest.approx(expected, rel=1e-12)


def test_it_cannot_be_changed_and_is_empty_before_the_first_epoch() -> None:
    network = bp.Network.random([3, 2], ["softmax"], seed=2, loss="cross_entropy")
    run = bp.Run(network, X, SHARES)
    assert run.history().losses.shape == (0,)
    run.advance(8)
    history = run.history()
    assert history.losses.shape == (1,)
    with pytest.raises(ValueError, match="read-only"):
        history.losses[0] = 0.0
