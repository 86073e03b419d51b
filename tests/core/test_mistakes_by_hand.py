"""Mistakes against an update written by hand, in which each is a change of one or two lines."""

from __future__ import annotations

import numpy as np
import pytest

import bpviz as bp
from tests.core.mistaken import X, Y, coupled, deep

RATE = 0.5

FUNCTIONS = {
    "np": np,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: np.maximum(0, a),
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(axis=1, keepdims=True),
    "jacobian": lambda h: h[:, :, None] * (np.eye(h.shape[1]) - h[:, None, :]),
    "RATE": RATE,
}

DEEP = {
    "a1": "x @ W1.T + b1",
    "h1": "np.tanh(a1)",
    "a2": "h1 @ W2.T + b2",
    "h2": "relu(a2)",
    "a3": "h2 @ W3.T + b3",
    "h3": "sigmoid(a3)",
    "loss": "0.5 * ((h3 - y) ** 2).sum(axis=1)",
    "e3": "h3 - y",
    "s3": "h3 * (1 - h3)",
    "d3": "e3 * s3",
    "gW3": "d3.T @ h2 / B",
    "gb3": "d3.sum(axis=0) / B",
    "e2": "d3 @ W3",
    "s2": "(a2 > 0) * 1.0",
    "d2": "e2 * s2",
    "gW2": "d2.T @ h1 / B",
    "gb2": "d2.sum(axis=0) / B",
    "e1": "d2 @ W2",
    "s1": "1 - h1**2",
    "d1": "e1 * s1",
    "gW1": "d1.T @ x / B",
    "gb1": "d1.sum(axis=0) / B",
}
COUPLED = {
    "a1": "x @ W1.T + b1",
    "h1": "softmax(a1)",
    "a2": "h1 @ W2.T + b2",
    "h2": "sigmoid(a2)",
    "loss": "0.5 * ((h2 - y) ** 2).sum(axis=1)",
    "e2": "h2 - y",
    "s2": "h2 * (1 - h2)",
    "d2": "e2 * s2",
    "gW2": "d2.T @ h1 / B",
    "gb2": "d2.sum(axis=0) / B",
    "e1": "d2 @ W2",
    "s1": "jacobian(h1)",
    "d1": "np.einsum('si,sij->sj', e1, s1)",
    "gW1": "d1.T @ x / B",
    "gb1": "d1.sum(axis=0) / B",
}
for lines, layers in ((DEEP, (1, 2, 3)), (COUPLED, (1, 2))):
    for name in (f"{q}{layer}" for layer in layers for q in "Wb"):
        lines |= {f"u{name}": f"RATE * g{name}", f"n{name}": f"{name} - u{name}"}

UNTRAINED = {f"u{q}{layer}": f"0 * {q}{layer}" for layer in (1, 2) for q in "Wb"}
ADDED = {f"n{q}{k}": f"{q}{k} + u{q}{k}" for k in (1, 2, 3) for q in "Wb"}

ON_DEEP = {
    "input_weights_exchanged": {"a1": "x[:, [1, 0]] @ W1.T + b1"},
    "derivative_from_aggregate": {"s3": "a3 * (1 - a3)", "s1": "1 - a1**2"},
    "sigmoid_derivative_for_tanh": {"s1": "h1 * (1 - h1)"},
    "factor_two_kept": {"e3": "2 * (h3 - y)"},
    "one_target_for_all": {"e3": "h3 - y[0]", "loss": "0.5 * ((h3 - y[0]) ** 2).sum(axis=1)"},
    "aggregate_used_as_input": {"gW3": "d3.T @ a2 / B", "gW2": "d2.T @ a1 / B"},
    "own_activation_used_as_input": {f"gW{k}": f"d{k}.T @ h{k} / B" for k in (1, 2, 3)},
    "network_input_everywhere": {f"gW{k}": f"d{k}.T @ x / B" for k in (1, 2, 3)},
    "hidden_layers_not_trained": UNTRAINED,
    "gradient_added": ADDED,
}
TOGETHER = {
    ("input_weights_exchanged", "network_input_everywhere"): {
        "a1": "x @ W1[:, ::-1].T + b1",
        **{f"gW{k}": f"d{k}.T @ x / B" for k in (2, 3)},
    },
    ("sigmoid_derivative_for_tanh", "derivative_at_activation"): {
        "s3": "sigmoid(h3) * (1 - sigmoid(h3))",
        "s1": "np.tanh(h1) * (1 - np.tanh(h1))",
    },
    ("sigmoid_derivative_for_tanh", "derivative_from_aggregate"): {
        "s3": "a3 * (1 - a3)",
        "s1": "a1 * (1 - a1)",
    },
    ("error_sign_flipped", "factor_two_kept", "one_target_for_all"): {
        "e3": "2 * (y[0] - h3)",
        "loss": "0.5 * ((h3 - y[0]) ** 2).sum(axis=1)",
    },
    ("aggregate_used_as_input", "batch_averaged_twice"): {
        "gW3": "d3.T @ a2 / B / B",
        "gW2": "d2.T @ a1 / B / B",
        "gW1": "d1.T @ x / B / B",
        **{f"gb{k}": f"d{k}.sum(axis=0) / B / B" for k in (1, 2, 3)},
    },
    ("hidden_layers_not_trained", "gradient_added"): {**UNTRAINED, **ADDED},
}


def by_hand(network: bp.Network, x, y, lines: dict[str, str]) -> dict[str, np.ndarray]:
    """Compute every register, line by line."""
    names = {**FUNCTIONS, "x": x, "y": y, "B": len(x)}
    for k, layer in enumerate(network.layers, start=1):
        names |= {f"W{k}": layer.weights, f"b{k}": layer.bias}
    for name, line in lines.items():
        names[name] = eval(line, dict(names))
    return {name: names[name] for name in lines}


def check(network: bp.Network, samples: int, lines: dict[str, str], *mistakes: str) -> None:
    x, y = X[:samples], Y[:samples]
    trace = bp.backprop(network, x, y, bp.Rule(RATE, mistakes=mistakes))
    for name, expected in by_hand(network, x, y, lines).items():
        numbers = trace.layout.view(trace.row, name)
        np.testing.assert_allclose(numbers, expected, rtol=1e-13, atol=1e-15, err_msg=name)


@pytest.mark.parametrize("samples", [1, 2])
def test_the_right_update(samples):
    check(deep(), samples, DEEP)
    check(coupled(), samples, COUPLED)


@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("name", ON_DEEP)
def test_a_mistake_is_a_change_of_these_lines(name, samples):
    check(deep(), samples, DEEP | ON_DEEP[name], name)


@pytest.mark.parametrize("samples", [1, 2])
def test_the_diagonal_of_softmax(samples):
    check(coupled(), samples, COUPLED | {"d1": "e1 * h1 * (1 - h1)"}, "softmax_diagonal_only")
    both = {
        "d1": "e1 * h1 * (1 - h1)",
        "s1": "jacobian(a1)",
        "s2": "a2 * (1 - a2)",
    }
    check(coupled(), samples, COUPLED | both, "softmax_diagonal_only", "derivative_from_aggregate")


def test_the_deltas_of_softmax_add_up_to_nothing_and_those_of_the_diagonal_do_not():
    right = bp.backprop(coupled(), X, Y)["d1"].sum(axis=1)
    wrong = bp.backprop(coupled(), X, Y, bp.Rule(mistakes=("softmax_diagonal_only",)))["d1"]
    np.testing.assert_allclose(right, 0, atol=1e-16)
    assert (np.abs(wrong.sum(axis=1)) > 1e-4).all()


@pytest.mark.parametrize("names", TOGETHER, ids=" ".join)
def test_mistakes_made_together_are_changes_of_all_their_lines(names):
    check(deep(), 2, DEEP | TOGETHER[names], *names)


def test_twice_the_gradient_is_half_a_relative_error_and_twice_the_learning_rate():
    rule = bp.Rule(RATE, mistakes=("factor_two_kept",))
    errors = [row.relative_error for row in bp.gradient_check(deep(), X, Y, rule).rows]
    np.testing.assert_allclose(np.array(errors)[np.array(errors) > 0], 0.5, rtol=1e-6)
    doubled = bp.train(deep(), X, Y, rule, epochs=30)
    faster = bp.train(deep(), X, Y, bp.Rule(2 * RATE), epochs=30)
    np.testing.assert_allclose(doubled.rmse, faster.rmse, rtol=1e-12)


def test_what_is_not_trained_is_as_it_was_and_what_is_added_climbs():
    runs = {
        name: bp.train(deep(), X, Y, bp.Rule(RATE, mistakes=(name,)), epochs=20)
        for name in ("hidden_layers_not_trained", "gradient_added")
    }
    untrained = runs["hidden_layers_not_trained"]
    for before, after in list(zip(deep().layers, untrained.network(-1).layers, strict=True))[:2]:
        assert np.array_equal(before.weights, after.weights)
        assert np.array_equal(before.bias, after.bias)
    assert untrained.rmse_after[-1] < untrained.rmse_after[0]
    assert (np.diff(runs["gradient_added"].rmse_after) > 0).all()


def test_with_one_target_all_answers_draw_near_to_it():
    rule = bp.Rule(1.0, mistakes=("one_target_for_all",))
    history = bp.train(deep(), X, Y, rule, epochs=3000, batch_size=2)
    np.testing.assert_allclose(history.network(-1).predict(X), [Y[0], Y[0]], atol=0.03)
