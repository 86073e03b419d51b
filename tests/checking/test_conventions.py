"""What is right by another convention passes, and is said to be one."""

from __future__ import annotations

import numpy as np
import pytest

import bpviz as bp
from bpviz.checking.checker import check
from tests.checking import mistaken_learners
from tests.checking.learners import networks, relu

RELU_NETWORK = bp.Network.random([2, 3, 1], ["relu", "identity"], seed=0)


def test_there_are_two_conventions():
    assert [name for name, mistake in bp.mistakes.items() if mistake.is_convention] == [
        "relu_derivative_one_at_zero",
        "batch_summed",
    ]


def test_sums_over_a_batch_pass():
    report = check(mistaken_learners.batch_summed, batch=True)
    assert report.passed
    assert (report.mistakes, report.conventions) == ((), ("batch_summed",))
    assert (report.first_difference, report.hints) == (None, ())
    assert report.summary == (
        "Right, by another convention: gW2, gb2, gW1 and gb1 agree on 6 draws of the 3-2-1 network."
    )
    assert report.notes == (
        "Another convention (batch_summed): The gradients of a batch are summed, not averaged. The "
        "sum is the gradient of the summed loss, the mean that of the mean; only the learning rate "
        "that fits differs, by the number of samples.",
    )
    np.testing.assert_allclose(report.trace["gW1"], report.returned["gW1"], rtol=1e-12)
    assert str(report).startswith("✓ Right, by another convention")
    assert check(mistaken_learners.batch_summed, batch=True, feedback="score").passed


def test_one_at_zero_passes_and_at_the_activation_zero_does_not():
    for network in (networks()["xor"], RELU_NETWORK):
        report = check(mistaken_learners.relu_derivative_one_at_zero, network)
        assert report.passed
        assert report.conventions == ("relu_derivative_one_at_zero",)
    report = check(mistaken_learners.relu_derivative_from_activation, RELU_NETWORK)
    assert not report.passed
    assert report.mistakes == ("relu_derivative_from_activation",)
    assert report.conventions == ()


def test_any_slope_from_zero_to_one_passes_at_zero_and_no_other():
    def with_slope(slope):
        def backward(weights, biases, x, y):
            (W1, W2), (b1, b2) = weights, biases
            a1 = W1 @ x + b1
            h1 = np.maximum(0.0, a1)
            d2 = W2 @ h1 + b2 - y
            d1 = (W2.T @ d2) * np.where(a1 == 0, slope, a1 > 0)
            return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]

        return backward

    for slope in (0.5, 0.9):
        report = check(with_slope(slope), RELU_NETWORK)
        assert report.passed
        assert report.summary.startswith("Right, by another convention: gW2")
        assert any("where an aggregate is exactly 0" in note for note in report.notes)
    assert not check(with_slope(1.5), RELU_NETWORK).passed
    assert not check(with_slope(-0.5), RELU_NETWORK).passed
    assert check(with_slope(0), RELU_NETWORK).summary.startswith("Right: ")


def both_conventions(weights, biases, X, Y, slope=lambda a: a >= 0):
    (W1, W2), (b1, b2) = weights, biases
    A1 = X @ W1.T + b1
    H1 = relu(A1)
    D2 = H1 @ W2.T + b2 - Y
    D1 = D2 @ W2 * slope(A1)
    return [D1.T @ X, D2.T @ H1], [D1.sum(axis=0), D2.sum(axis=0)]


def test_both_conventions_at_once_pass():
    report = check(both_conventions, RELU_NETWORK, batch=True)
    assert report.passed
    assert report.conventions == ("relu_derivative_one_at_zero", "batch_summed")
    assert len(report.notes) == 2


def test_a_mistake_is_found_behind_a_convention():
    def summed_without_derivative(weights, biases, X, Y):
        return both_conventions(weights, biases, X, Y, slope=np.ones_like)

    report = check(summed_without_derivative, RELU_NETWORK, batch=True)
    assert not report.passed
    assert report.conventions == ("batch_summed",)
    assert set(report.mistakes) <= {"relu_derivative_from_activation", "hidden_derivative_missing"}
    # What is compared with is summed, too: the first difference is that of the mistake.
    assert report.first_difference == "gW1"
    assert report.right == ("gW2", "gb2")
    assert "Another convention (batch_summed)" in report.notes[0]
    assert "batch_summed" not in report.hint(3)


@pytest.mark.parametrize("returned", ["gradients", "new weights"])
def test_a_function_that_changes_its_weights_does_not_pass_by_convention(returned):
    def changing(weights, biases, X, Y):
        gW, gb = mistaken_learners.batch_summed(weights, biases, X, Y)
        for array, gradient in zip([*weights, *biases], [*gW, *gb], strict=True):
            array -= 0.5 * gradient
        return (gW, gb) if returned == "gradients" else (weights, biases)

    report = check(changing, batch=True)
    assert not report.passed
    assert "Another convention (batch_summed)" in " ".join(report.notes)


def test_new_weights_by_sums_are_recognised():
    def stepped(weights, biases, X, Y):
        gW, gb = mistaken_learners.batch_summed(weights, biases, X, Y)
        return (
            [W - 0.1 * g for W, g in zip(weights, gW, strict=True)],
            [b - 0.1 * g for b, g in zip(biases, gb, strict=True)],
        )

    report = check(stepped, batch=True)
    assert not report.passed
    assert "new weights and biases in the place of gradients" in report.summary
    assert "Another convention (batch_summed)" in " ".join(report.notes)


def test_steps_and_rules_call_it_a_convention():
    trace = bp.backprop(
        RELU_NETWORK, np.eye(2), np.ones((2, 1)), bp.Rule(mistakes=["batch_summed"])
    )
    step = next(s for s in bp.StepPanel(trace).program.steps() if s.writes == ("gW2",))
    assert step.words().startswith("Another convention: the gradients of the weights of layer 2")
