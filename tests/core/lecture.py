"""The second lecture's training loop, written out plainly: an oracle apart from bpviz.

Its steps and their order are the lecture's, garbled lines put right: the inputs have four
rows, and the global δ that `back_prop` reads is passed to it.
"""

from __future__ import annotations

import numpy as np

X = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
Y = np.array([1.0, 0.0, 0.0, 1.0]).reshape(-1, 1)


def start():
    """Draw the parameters as the lecture does: bias 1, weights 1, bias 2, weights 2."""
    generator = np.random.RandomState(0)
    bias_1, weights_1 = generator.randn(2, 1), generator.randn(2, 2)
    bias_2, weights_2 = generator.randn(1, 1), generator.randn(1, 2)
    return weights_1, bias_1, weights_2, bias_2


def forward_prop(x, bias, weights, is_last_layer):
    a = np.dot(weights, x)
    a = a.reshape(weights.shape[0], 1)
    a = a + bias
    h = a if is_last_layer else np.maximum(np.zeros((weights.shape[0], 1)), a)
    return a, h


def error(output, target):
    return np.sqrt(np.sum(np.power(target - output, 2)) / len(target))


def back_prop(delta, is_last_layer, forward_weights, rate, weights, activation, previous):
    der_activation = activation.copy()
    der_activation[der_activation >= 0] = 1
    der_activation[der_activation < 0] = 0
    activation_prop = delta * der_activation
    if is_last_layer:
        gradient = delta * previous.T
    else:
        delta = forward_weights.T * activation_prop
        gradient = np.dot(delta, previous.T)
    return delta, weights - rate * gradient


def train(epochs, orders=None):
    """Return the lecture's loss list and both weight matrices at the end.

    `orders` says how each epoch takes the samples; the lecture takes them in order.
    """
    weights_1, bias_1, weights_2, bias_2 = start()
    loss_list = []
    for epoch in range(epochs):
        order = range(len(X)) if orders is None else orders[epoch]
        predictions = []
        for i in order:
            _, h1 = forward_prop(X[i], bias_1, weights_1, False)
            _, h2 = forward_prop(h1, bias_2, weights_2, True)
            predictions.append(h2)
            error_here = h2 - Y[i]
            delta_2, weights_2 = back_prop(error_here, True, None, 0.01, weights_2, h2, h1)
            column = X[i].reshape(-1, 1)
            _, weights_1 = back_prop(delta_2, False, weights_2, 0.01, weights_1, h1, column)
        prediction = np.array(predictions).reshape(-1, 1)
        loss_list.append(error(prediction, Y[list(order)]))
    return loss_list, weights_1, weights_2
