"""An example: samples of one's own, and what follows when only these are given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import bpviz as bp
from bpviz.core.run.example import example_of

XOR = bp.presets.xor()


def example(**changes) -> bp.Example:
    return replace(XOR, **changes)


def test_network_and_samples_are_enough() -> None:
    made = bp.Example(XOR.network, [[1, 2], [3, 4]], [0, 1])
    assert made.inputs.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert made.targets.tolist() == [[0.0], [1.0]]
    assert made.rule == made.corrected == bp.Rule()
    assert (made.epochs, made.name, made.title, made.source) == (500, "", "2-2-1 network", "")
    assert repr(made) == "Example(2-2-1 network; 2 samples)"


def test_the_right_rule_follows_from_a_wrong_one() -> None:
    wrong = bp.Rule(0.3, "dirty", False, ("relu_derivative_from_activation",))
    made = bp.Example(XOR.network, XOR.inputs, XOR.targets, wrong)
    assert made.rule == wrong
    assert made.corrected == bp.Rule(0.3)
    other = bp.Example(XOR.network, XOR.inputs, XOR.targets, wrong, bp.Rule(0.7))
    assert other.corrected == bp.Rule(0.7)


def test_a_name_and_a_title_are_shown() -> None:
    assert repr(example(inputs=[[1, 2]], targets=[0])) == (
        "Example(xor: 2-2-1 network on XOR; 1 sample)"
    )


def test_the_callers_arrays_stay_writeable_and_the_examples_do_not_change() -> None:
    inputs, targets = np.ones((2, 2)), np.zeros((2, 1))
    made = example(inputs=inputs, targets=targets)
    inputs[0], targets[0] = 5.0, 5.0
    assert made.inputs.tolist() == [[1.0, 1.0]] * 2
    assert made.targets.tolist() == [[0.0]] * 2
    with pytest.raises(ValueError, match="read-only"):
        made.inputs[0] = 5.0


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"inputs": [[1, 2, 3]]}, ValueError, r"inputs has shape \(1, 3\); the network has 2"),
        ({"inputs": None}, TypeError, "inputs must hold real numbers; None does not"),
        ({"network": 5}, TypeError, "network is int; give a bpviz.Network"),
        ({"rule": 5}, TypeError, "rule is 5; give a bpviz.Rule"),
        ({"corrected": 5}, TypeError, "corrected is 5; give a bpviz.Rule"),
        ({"epochs": 0}, ValueError, "epochs must be at least 1; 0 came"),
        ({"title": None}, TypeError, "title is None; give a text"),
    ],
)
def test_what_does_not_fit_is_said(changes, error, message) -> None:
    with pytest.raises(error, match=message):
        example(**changes)


class TestWhatAPanelTakes:
    def test_of_a_history_its_start_and_its_rule(self) -> None:
        history = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.rule, epochs=7)
        made = example_of("source", history)
        assert made.network == XOR.network
        assert (made.rule, made.epochs) == (XOR.rule, 7)
        np.testing.assert_array_equal(made.inputs, XOR.inputs)
        np.testing.assert_array_equal(made.targets, XOR.targets)

    @pytest.mark.parametrize("samples", [slice(0, 1), slice(0, 3)])
    def test_of_a_trace_its_batch_and_the_network_before_it(self, samples) -> None:
        x, y = XOR.inputs[samples], XOR.targets[samples]
        made = example_of("source", bp.backprop(XOR.network, x, y, XOR.rule))
        assert (made.network, made.rule) == (XOR.network, XOR.rule)
        np.testing.assert_array_equal(made.inputs, x)
        np.testing.assert_array_equal(made.targets, y)

    def test_what_does_not_fit_in_three_is_said(self) -> None:
        words = r"source is taken as \(network, X, Y\), but inputs has shape \(1, 3\); the network"
        with pytest.raises(ValueError, match=words):
            example_of("source", (XOR.network, [[1, 2, 3]], [[1]]))

    @pytest.mark.parametrize("source", [None, 5, XOR.network, (XOR.network, XOR.inputs), "xor"])
    def test_anything_else_is_refused_with_what_would_do(self, source) -> None:
        with pytest.raises(TypeError, match=r"give an Example such as .*, or \(network, X, Y\)"):
            example_of("source", source)
