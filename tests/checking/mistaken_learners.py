"""A function for each named mistake, as a learner would write it."""

from __future__ import annotations

import numpy as np

from tests.checking.learners import (
    batch_rows,
    deep,
    lecture_forward,
    relu,
    relu_right,
    sigmoid,
    softmax,
    vectorised,
    xor_update,
)


def input_weights_exchanged(weights, biases, x, y):
    (W1, W2), (b1, b2) = weights, biases
    aggregates = [W1[k, 0] * x[1] + W1[k, 1] * x[0] + W1[k, 2] * x[2] for k in range(2)]
    h1 = sigmoid(np.array(aggregates) + b1)
    h2 = sigmoid(W2 @ h1 + b2)
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = W2.T @ d2 * h1 * (1 - h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def derivative_at_activation(weights, biases, x, y):
    def derivative(v):
        return sigmoid(v) * (1 - sigmoid(v))

    h1, h2 = lecture_forward(weights, biases, x)
    d2 = (h2 - y) * derivative(h2)
    d1 = weights[1].T @ d2 * derivative(h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def derivative_from_aggregate(weights, biases, x, y):
    def derivative(v):
        return v * (1 - v)

    (W1, W2), (b1, b2) = weights, biases
    a1 = W1 @ x + b1
    h1 = sigmoid(a1)
    a2 = W2 @ h1 + b2
    d2 = (sigmoid(a2) - y) * derivative(a2)
    d1 = W2.T @ d2 * derivative(a1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def sigmoid_derivative_for_tanh(weights, biases, x, y):
    (W1, W2), (b1, b2) = weights, biases
    h1 = np.tanh(W1 @ x + b1)
    h2 = sigmoid(W2 @ h1 + b2)
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = W2.T @ d2 * h1 * (1 - h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def relu_derivative_from_activation(weights, biases, x, y):
    def derivative(_a, h):
        d = h.copy()
        d[d >= 0] = 1
        d[d < 0] = 0
        return d

    return xor_update(weights, biases, x, y, derivative)


def relu_derivative_one_at_zero(weights, biases, x, y):
    return xor_update(weights, biases, x, y, lambda a, _h: np.where(a >= 0, 1.0, 0.0))


def output_derivative_missing(weights, biases, x, y):
    h1, h2 = lecture_forward(weights, biases, x)
    d2 = h2 - y
    d1 = weights[1].T @ d2 * h1 * (1 - h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def hidden_derivative_missing(weights, biases, x, y):
    h1, h2 = lecture_forward(weights, biases, x)
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = weights[1].T @ d2
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def softmax_derivative_twice(weights, biases, x, y):
    h = softmax(weights[0] @ x + biases[0])
    d = (h - y) * h * (1 - h)
    return [np.outer(d, x)], [d]


def softmax_diagonal_only(weights, biases, x, y):
    h = softmax(weights[0] @ x + biases[0])
    d = (h - y) * h * (1 - h)
    return [np.outer(d, x)], [d]


def error_sign_flipped(weights, biases, x, y):
    h1, h2 = lecture_forward(weights, biases, x)
    error = y - h2
    d2 = error * h2 * (1 - h2)
    d1 = weights[1].T @ d2 * h1 * (1 - h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def factor_two_kept(weights, biases, x, y):
    h1, h2 = lecture_forward(weights, biases, x)
    d2 = 2 * (h2 - y) * h2 * (1 - h2)
    d1 = weights[1].T @ d2 * h1 * (1 - h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def one_target_for_all(weights, biases, X, Y):
    return batch_rows(weights, biases, X, Y[0])


def updated_weights_used(weights, biases, x, y):
    h1, h2 = lecture_forward(weights, biases, x)
    d2 = (h2 - y) * h2 * (1 - h2)
    gW2 = np.outer(d2, h1)
    new_W2 = weights[1] - 0.1 * gW2
    d1 = new_W2.T @ d2 * h1 * (1 - h1)
    return [np.outer(d1, x), gW2], [d1, d2]


def weights_not_transposed(weights, biases, x, y):
    return deep(weights, biases, x, y, lambda W, delta, _last: W @ delta)


def output_delta_everywhere(weights, biases, x, y):
    return deep(weights, biases, x, y, lambda W, _delta, last: W.T @ last)


def one_path_only(weights, biases, x, y):
    return deep(weights, biases, x, y, lambda W, delta, _last: W[0] * delta[0])


def elementwise_product(weights, biases, x, y):
    gW, gb = xor_update(weights, biases, x, y, lambda a, _h: (a > 0).astype(float))
    d1 = gb[0].reshape(-1, 1)
    return [d1 * x.reshape(-1, 1), gW[1]], gb


def aggregate_used_as_input(weights, biases, x, y):
    gW, gb = vectorised(weights, biases, x, y)
    return [gW[0], np.outer(gb[1], weights[0] @ x + biases[0])], gb


def own_activation_used_as_input(weights, biases, x, y):
    gW, gb = relu_right(weights, biases, x, y)
    activations = [x, relu(weights[0] @ x + biases[0])]
    return [np.outer(gb[0], activations[1]), gW[1]], gb


def network_input_everywhere(weights, biases, x, y):
    _, gb = relu_right(weights, biases, x, y)
    return [np.outer(d, x) for d in gb], gb


def bias_gradient_wrong_axis(weights, biases, X, Y):
    (W1, W2), (b1, b2) = weights, biases
    H1 = sigmoid(X @ W1.T + b1)
    H2 = sigmoid(H1 @ W2.T + b2)
    D2 = (H2 - Y) * H2 * (1 - H2)
    D1 = (D2 @ W2) * H1 * (1 - H1)
    B = len(X)
    gradients = [D1.T @ X / B, D2.T @ H1 / B]
    return gradients, [D1.sum(axis=1) / B, D2.sum(axis=1) / B]


def batch_summed(weights, biases, X, Y):
    gW, gb = batch_rows(weights, biases, X, Y)
    return [g * len(X) for g in gW], [g * len(X) for g in gb]


def batch_averaged_twice(weights, biases, X, Y):
    (W1, W2), (b1, b2) = weights, biases
    H1 = sigmoid(X @ W1.T + b1)
    H2 = sigmoid(H1 @ W2.T + b2)
    D2 = (H2 - Y) / len(X) * H2 * (1 - H2)
    D1 = (D2 @ W2) * H1 * (1 - H1)
    B = len(X)
    return [D1.T @ X / B, D2.T @ H1 / B], [D1.mean(axis=0), D2.mean(axis=0)]


class Accumulates:
    """A function with a memory, as a global list of gradients would be."""

    def __init__(self):
        self.gW = [np.zeros((2, 3)), np.zeros((1, 2))]
        self.gb = [np.zeros(2), np.zeros(1)]

    def __call__(self, weights, biases, x, y):
        gW, gb = vectorised(weights, biases, x, y)
        for total, gradient in zip([*self.gW, *self.gb], [*gW, *gb], strict=True):
            total += gradient
        return self.gW, self.gb


def biases_not_trained(weights, biases, x, y):
    gW, _ = vectorised(weights, biases, x, y)
    return gW, [np.zeros(2), np.zeros(1)]


def hidden_layers_not_trained(weights, biases, x, y):
    gW, gb = vectorised(weights, biases, x, y)
    return [np.zeros((2, 3)), gW[1]], [np.zeros(2), gb[1]]


def gradient_added(weights, biases, x, y):
    gW, gb = vectorised(weights, biases, x, y)
    new_weights = [W + 0.5 * g for W, g in zip(weights, gW, strict=True)]
    new_biases = [b + 0.5 * g for b, g in zip(biases, gb, strict=True)]
    return {"gW": gW, "gb": gb, "nW": new_weights, "nb": new_biases}


def learning_rate_twice(weights, biases, x, y):
    learning_rate = 0.5
    gW, gb = vectorised(weights, biases, x, y)
    return [learning_rate * g for g in gW], [learning_rate * g for g in gb]


def weights_started_equal(weights, biases, x, y):
    weights = [np.full(W.shape, W[0, 0]) for W in weights]
    biases = [np.full(b.shape, b[0]) for b in biases]
    return vectorised(weights, biases, x, y)


def targets_not_shuffled(weights, biases, X, Y):
    order = np.random.permutation(len(X))
    while (order == np.arange(len(X))).all():
        order = np.random.permutation(len(X))
    predictions, sums = [], None
    for i in order:
        predictions.append(lecture_forward(weights, biases, X[i])[1])
        gW, gb = vectorised(weights, biases, X[i], Y[i])
        parts = [*gW, *gb]
        sums = parts if sums is None else [s + p for s, p in zip(sums, parts, strict=True)]
    means = [s / len(X) for s in sums]
    loss = 0.5 * np.mean((np.array(predictions) - Y) ** 2)
    return {"loss": loss, "gW1": means[0], "gW2": means[1], "gb1": means[2], "gb2": means[3]}


MISTAKEN = {
    "input_weights_exchanged": (input_weights_exchanged, "3-2-1", False),
    "derivative_at_activation": (derivative_at_activation, "3-2-1", False),
    "derivative_from_aggregate": (derivative_from_aggregate, "3-2-1", False),
    "sigmoid_derivative_for_tanh": (sigmoid_derivative_for_tanh, "tanh", False),
    "relu_derivative_from_activation": (relu_derivative_from_activation, "xor", False),
    "relu_derivative_one_at_zero": (relu_derivative_one_at_zero, "xor", False),
    "output_derivative_missing": (output_derivative_missing, "3-2-1", False),
    "hidden_derivative_missing": (hidden_derivative_missing, "3-2-1", False),
    "softmax_derivative_twice": (softmax_derivative_twice, "softmax", False),
    "softmax_diagonal_only": (softmax_diagonal_only, "shares", False),
    "error_sign_flipped": (error_sign_flipped, "3-2-1", False),
    "factor_two_kept": (factor_two_kept, "3-2-1", False),
    "one_target_for_all": (one_target_for_all, "3-2-1", True),
    "updated_weights_used": (updated_weights_used, "3-2-1", False),
    "weights_not_transposed": (weights_not_transposed, "square", False),
    "output_delta_everywhere": (output_delta_everywhere, "deep", False),
    "one_path_only": (one_path_only, "wide", False),
    "elementwise_product": (elementwise_product, "xor", False),
    "aggregate_used_as_input": (aggregate_used_as_input, "3-2-1", False),
    "own_activation_used_as_input": (own_activation_used_as_input, "xor", False),
    "network_input_everywhere": (network_input_everywhere, "xor", False),
    "bias_gradient_wrong_axis": (bias_gradient_wrong_axis, "3-2-1", True),
    "batch_summed": (batch_summed, "3-2-1", True),
    "batch_averaged_twice": (batch_averaged_twice, "3-2-1", True),
    "gradients_accumulated": (Accumulates(), "3-2-1", False),
    "biases_not_trained": (biases_not_trained, "3-2-1", False),
    "hidden_layers_not_trained": (hidden_layers_not_trained, "3-2-1", False),
    "gradient_added": (gradient_added, "3-2-1", False),
    "learning_rate_twice": (learning_rate_twice, "3-2-1", False),
    "targets_not_shuffled": (targets_not_shuffled, "3-2-1", True),
    "weights_started_equal": (weights_started_equal, "3-2-1", False),
}
"""For each mistake a function that makes it, a network that shows it, and whether in a batch."""
