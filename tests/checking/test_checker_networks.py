"""The checker on networks of every kind, with the core in the learner's place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.checking.checker import check
from bpviz.core.mistakes import mistakes
from bpviz.core.update.possible import reason_against
from tests.explain.networks import cases

RULE = bp.Rule(learning_rate=0.5)


def learner(network: bp.Network, rule: bp.Rule, prefixes: tuple[str, ...], turn: bool = False):
    """Return a function that makes the update of a rule, and returns some of its registers."""

    def function(weights, biases, x, y):
        layers = [
            bp.Layer(W.T if turn else W, b, layer.activation)
            for W, b, layer in zip(weights, biases, network.layers, strict=True)
        ]
        single = np.ndim(x) == 1
        x, y = (x[None], y[None]) if single else (x, y)
        trace = bp.backprop(bp.Network(layers, network.loss), x, y, rule)
        found = {}
        for name in trace.layout.registers:
            if name.rstrip("0123456789") in prefixes:
                array = trace[name]
                found[name] = array.T if turn and name[:2] in ("gW", "nW") else array
        return found

    return function


@given(case=cases(), turn=st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_the_core_computes_passes_on_every_network(case, turn):
    network, x, _, rule = case
    right = bp.Rule(rule.learning_rate, rule.update, rule.train_biases)
    prefixes = ("a", "h", "s", "loss", "e", "d", "gW", "gb", "nW", "nb")
    function = learner(network, right, prefixes, turn)
    report = check(function, network, batch=len(x) > 1, rule=right)
    assert report.passed, report


SHAPES = {
    "3-2-1": ([3, 2, 1], ["sigmoid", "sigmoid"], "squared_error"),
    "relu": ([2, 3, 3, 1], ["relu", "tanh", "identity"], "squared_error"),
    "classes": ([3, 3, 3], ["tanh", "softmax"], "cross_entropy"),
    "coupled": ([2, 2, 2], ["softmax", "sigmoid"], "squared_error"),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("batch", [False, True], ids=["sample", "batch"])
def test_every_mistake_that_can_show_is_found_on_every_network(shape, batch):
    sizes, activations, loss = SHAPES[shape]
    network = bp.Network.random(sizes, activations, seed=1, loss=loss)
    found = 0
    for name, mistake in mistakes.items():
        # With four and with more samples alike; what needs a history is tested by hand.
        hidden = mistake.acts_on != "update" or mistake.keeps_gradients
        if hidden or reason_against(mistake.name, network, RULE, 7 if batch else 1) is not None:
            continue
        function = learner(
            network, bp.Rule(learning_rate=0.5, mistakes=(name,)), ("d", "gW", "gb", "nW", "nb")
        )
        report = check(function, network, batch=batch, rule=RULE, convention="column")
        if report.conventions:
            told = str(report)
            assert mistake.is_convention or report.passed is False or name in told, (name, report)
        else:
            assert not report.passed, name
            assert name in report.mistakes or name in report.hint(3), (name, report)
        found += 1
    assert found >= 5
