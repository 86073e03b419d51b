"""Mistakes with the same numbers: told apart where they can be, and said so where they cannot."""

from __future__ import annotations

import numpy as np

from bpviz.checking.checker import check
from tests.checking import learners, mistaken_learners
from tests.checking.learners import networks


def scaled(function, factor):
    def gradients(*arguments):
        gW, gb = function(*arguments)
        return [factor * g for g in gW], [factor * g for g in gb]

    return gradients


def test_a_wrong_sign_and_a_gradient_that_is_added_have_the_same_numbers():
    report = check(scaled(learners.vectorised, -1))
    assert report.mistakes == ("error_sign_flipped",)
    assert report.hint(3).endswith(
        "Your numbers do not tell it from gradient_added, which gives the same here."
    )

    def with_delta(weights, biases, x, y):
        gW, gb = learners.vectorised(weights, biases, x, y)
        return {"d": gb, "gW": gW, "nW": [W + 0.5 * g for W, g in zip(weights, gW, strict=True)]}

    report = check(with_delta)
    assert (report.mistakes, report.first_difference) == (("gradient_added",), "nW1")
    assert "do not tell it from" not in report.hint(3)


def test_twice_the_gradient_is_not_a_sum_over_two_samples():
    """Draws of a batch have three samples and more, and not all as many."""
    report = check(scaled(learners.batch_rows, 2), batch=True)
    assert report.mistakes == ("factor_two_kept",)
    assert "do not tell it from" not in report.hint(3)
    assert "Where the loss is Σ (h − y)², without the ½, the 2 is right." in report.hint(3)


def test_the_diagonal_of_softmax_is_told_from_its_whole_derivative():
    network = networks()["shares"]
    report = check(mistaken_learners.softmax_diagonal_only, network)
    assert report.mistakes == ("softmax_diagonal_only",)

    def in_full(weights, biases, x, y):
        h = learners.softmax(weights[0] @ x + biases[0])
        d = (np.diag(h) - np.outer(h, h)) @ (h - y)
        return [np.outer(d, x)], [d]

    assert check(in_full, network).passed


def test_hidden_layers_without_gradients_are_not_those_without_a_derivative():
    report = check(mistaken_learners.hidden_layers_not_trained)
    assert report.mistakes == ("hidden_layers_not_trained",)
    assert "All your numbers there are 0." in report.hint(1)
