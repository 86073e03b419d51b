"""Backpropagation as learners write it, right in several styles."""

from __future__ import annotations

import numpy as np

import bpviz as bp


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def relu(a):
    return np.maximum(0, a)


def softmax(a):
    e = np.exp(a - a.max())
    return e / e.sum()


def lecture_forward(weights, biases, x):
    (W1, W2), (b1, b2) = weights, biases
    h1 = sigmoid(W1 @ x + b1)
    h2 = sigmoid(W2 @ h1 + b2)
    return h1, h2


# Right, in several styles. All are for the 3-2-1 network of the first lecture.


def vectorised(weights, biases, x, y):
    h1, h2 = lecture_forward(weights, biases, x)
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = weights[1].T @ d2 * h1 * (1 - h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def with_loops(weights, biases, x, y):
    layers = len(weights)
    h = [list(x)]
    for W, b in zip(weights, biases, strict=True):
        activations = []
        for i in range(len(b)):
            a = b[i]
            for j in range(len(h[-1])):
                a += W[i][j] * h[-1][j]
            activations.append(1 / (1 + np.exp(-a)))
        h.append(activations)
    gW, gb = [None] * layers, [None] * layers
    errors = [h[-1][k] - y[k] for k in range(len(y))]
    for number in reversed(range(layers)):
        W = weights[number]
        deltas = [e * o * (1 - o) for e, o in zip(errors, h[number + 1], strict=True)]
        gW[number] = [[d * v for v in h[number]] for d in deltas]
        gb[number] = deltas
        errors = [
            sum(W[i][j] * deltas[i] for i in range(len(deltas))) for j in range(len(h[number]))
        ]
    return gW, gb


def with_columns(weights, biases, x, y):
    (W1, W2), (b1, b2) = weights, biases
    x, y = x.reshape(-1, 1), y.reshape(-1, 1)
    h1 = sigmoid(W1 @ x + b1.reshape(-1, 1))
    h2 = sigmoid(W2 @ h1 + b2.reshape(-1, 1))
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = (W2.T @ d2) * h1 * (1 - h1)
    return (d1 @ x.T, d2 @ h1.T), (d1, d2)


def with_rows(weights, biases, x, y):
    (W1, W2), (b1, b2) = weights, biases
    h1 = sigmoid(x @ W1 + b1)
    h2 = sigmoid(h1 @ W2 + b2)
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = (d2 @ W2.T) * h1 * (1 - h1)
    return [x[:, None] * d1, h1[:, None] * d2], [d1, d2]


_own = {"h": [np.empty(2), np.empty(1)], "gW": [np.empty((2, 3)), np.empty((1, 2))]}


def in_place(weights, biases, x, y):
    h, gW = _own["h"], _own["gW"]
    source = x
    for W, b, out in zip(weights, biases, h, strict=True):
        np.dot(W, source, out=out)
        out += b
        out *= -1
        np.exp(out, out=out)
        out += 1
        np.reciprocal(out, out=out)
        source = out
    d2 = h[1] - y
    d2 *= h[1]
    d2 *= 1 - h[1]
    d1 = weights[1].T @ d2
    d1 *= h[0]
    d1 *= 1 - h[0]
    np.outer(d1, x, out=gW[0])
    np.outer(d2, h[0], out=gW[1])
    return gW, [d1, d2]


def with_differences(weights, biases, x, y):
    """Change each parameter a little, and see what the loss does."""

    def loss():
        return 0.5 * np.sum((lecture_forward(weights, biases, x)[1] - y) ** 2)

    weights, biases = [W.copy() for W in weights], [b.copy() for b in biases]
    found = []
    for arrays in (weights, biases):
        gradients = []
        for array in arrays:
            gradient = np.empty_like(array)
            for index in np.ndindex(array.shape):
                before, step = array[index], 1e-5
                array[index] = before + step
                up = loss()
                array[index] = before - step
                gradient[index] = (up - loss()) / (2 * step)
                array[index] = before
            gradients.append(gradient)
        found.append(gradients)
    return found[0], found[1]


def in_float32(weights, biases, x, y):
    weights = [W.astype(np.float32) for W in weights]
    biases = [b.astype(np.float32) for b in biases]
    return vectorised(weights, biases, x.astype(np.float32), y.astype(np.float32))


def with_names(weights, biases, x, y):
    (W1, W2), (b1, b2) = weights, biases
    a1 = W1 @ x + b1
    h1 = sigmoid(a1)
    a2 = W2 @ h1 + b2
    h2 = sigmoid(a2)
    e2, s2 = h2 - y, h2 * (1 - h2)
    d2 = e2 * s2
    e1, s1 = W2.T @ d2, h1 * (1 - h1)
    d1 = e1 * s1
    gW1, gW2 = np.outer(d1, x), np.outer(d2, h1)
    return {
        "x": x,
        "y": y,
        "a1": a1,
        "h1": h1,
        "a2": a2,
        "h2": h2,
        "e2": e2,
        "s2": s2,
        "d2": d2,
        "e1": e1,
        "s1": s1,
        "d1": d1,
        "gW1": gW1,
        "gW2": gW2,
        "gb1": d1,
        "gb2": d2,
        "loss": 0.5 * np.sum(e2**2),
        "nW1": W1 - 0.5 * gW1,
        "uW2": 0.5 * gW2,
        "nb1": b1 - 0.5 * d1,
        "ub2": 0.5 * d2,
    }


def batch_rows(weights, biases, X, Y):
    (W1, W2), (b1, b2) = weights, biases
    H1 = sigmoid(X @ W1.T + b1)
    H2 = sigmoid(H1 @ W2.T + b2)
    D2 = (H2 - Y) * H2 * (1 - H2)
    D1 = (D2 @ W2) * H1 * (1 - H1)
    B = len(X)
    return [D1.T @ X / B, D2.T @ H1 / B], [D1.mean(axis=0), D2.mean(axis=0)]


def batch_columns(weights, biases, X, Y):
    (W1, W2), (b1, b2) = weights, biases
    X, Y = X.T, Y.T
    H1 = sigmoid(W1 @ X + b1[:, None])
    H2 = sigmoid(W2 @ H1 + b2[:, None])
    D2 = (H2 - Y) * H2 * (1 - H2)
    D1 = (W2.T @ D2) * H1 * (1 - H1)
    B = X.shape[1]
    return {
        "h1": H1,
        "d1": D1,
        "gW1": D1 @ X.T / B,
        "gb1": D1.mean(axis=1),
        "gW2": D2 @ H1.T / B,
        "gb2": D2.mean(axis=1),
        "loss": np.mean(0.5 * np.sum((H2 - Y) ** 2, axis=0)),
    }


def batch_loop(weights, biases, X, Y):
    sums = None
    for x, y in zip(X, Y, strict=True):
        gW, gb = vectorised(weights, biases, x, y)
        parts = [*gW, *gb]
        sums = parts if sums is None else [s + p for s, p in zip(sums, parts, strict=True)]
    means = [s / len(X) for s in sums]
    return means[:2], means[2:]


def xor_update(weights, biases, x, y, derivative):
    (W1, W2), (b1, b2) = weights, biases
    a1 = W1 @ x + b1
    h1 = relu(a1)
    d2 = W2 @ h1 + b2 - y
    d1 = W2.T @ d2 * derivative(a1, h1)
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


def relu_right(weights, biases, x, y):
    return xor_update(weights, biases, x, y, lambda a, _h: (a > 0).astype(float))


def softmax_right(weights, biases, x, y):
    d = softmax(weights[0] @ x + biases[0]) - y
    return [np.outer(d, x)], [d]


def deep(weights, biases, x, y, back):
    """Any number of sigmoid layers; `back` passes the delta of layer k + 1 to layer k."""
    h = [x]
    for W, b in zip(weights, biases, strict=True):
        h.append(sigmoid(W @ h[-1] + b))
    output_delta = delta = (h[-1] - y) * h[-1] * (1 - h[-1])
    gW, gb = [np.outer(delta, h[-2])], [delta]
    for k in range(len(weights) - 1, 0, -1):
        delta = back(weights[k], delta, output_delta) * h[k] * (1 - h[k])
        gW.insert(0, np.outer(delta, h[k - 1]))
        gb.insert(0, delta)
    return gW, gb


def deep_right(weights, biases, x, y):
    return deep(weights, biases, x, y, lambda W, delta, _last: W.T @ delta)


def networks():
    """The networks on which mistakes can show that the 3-2-1 network hides."""
    random = bp.Network.random
    return {
        "3-2-1": None,
        "xor": bp.presets.xor().network,
        "softmax": random([3, 3], ["softmax"], seed=0, loss="cross_entropy"),
        "square": random([3, 2, 2], ["sigmoid"] * 2, seed=0),
        "deep": random([2, 3, 2, 2], ["sigmoid"] * 3, seed=0),
        "tanh": random([3, 2, 1], ["tanh", "sigmoid"], seed=0),
        "shares": random([3, 3], ["softmax"], seed=0),
        "wide": random([2, 3, 2], ["sigmoid"] * 2, seed=0),
    }
