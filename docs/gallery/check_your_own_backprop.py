"""Check your own backprop.

The checker calls a function on six draws, says which number is wrong first, and which mistake leads
to it.
"""

import numpy as np

import bpviz as bp


def my_backprop(weights, biases, x, y):
    W1, W2 = weights
    b1, b2 = biases
    h1 = bp.sigmoid(W1 @ x + b1)
    h2 = bp.sigmoid(W2 @ h1 + b2)
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = W2.T @ d2
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]


bp.check(my_backprop)
