"""What a caller gets wrong is answered by naming the argument and saying what to do."""

from __future__ import annotations

import re

import numpy as np
import pytest

import bpviz as bp

NETWORK = bp.Network.random([2, 3, 1], ["relu", "identity"], seed=0)
CLASSIFIER = bp.Network.random([2, 3], ["softmax"], seed=0, loss="cross_entropy")
X, Y = np.ones((4, 2)), np.ones((4, 1))


def layer(weights, bias=None, activation="relu"):
    return lambda: bp.Layer(weights, bias, activation)


def backprop(x, y, network=NETWORK):
    return lambda: bp.backprop(network, x, y)


def train(**changes):
    return lambda: bp.train(**({"network": NETWORK, "X": X, "Y": Y, "epochs": 1} | changes))


def check_gradient(tolerance):
    return lambda: bp.gradient_check(NETWORK, X, Y, tolerance=tolerance)


def random(sizes, activations, **more):
    return lambda: bp.Network.random(sizes, activations, **more)


CASES = [
    # activation functions and the perceptron
    (lambda: bp.sigmoid("1"), TypeError, "a must hold real numbers; '1' does not"),
    (lambda: bp.relu([]), ValueError, "a is empty, of shape (0,); give at least one number"),
    (lambda: bp.tanh([1.0, np.nan]), ValueError, "a is nan at index 1; every entry must be"),
    (lambda: bp.softmax([[1, 2], [3]]), TypeError, "a has rows of different lengths"),
    (
        lambda: bp.perceptron([1, 2], [1]),
        ValueError,
        "x has shape (2,) and weights has shape (1,); both must be vectors with one weight",
    ),
    (lambda: bp.perceptron([], []), ValueError, "x has shape (0,) and weights has shape (0,)"),
    (lambda: bp.perceptron([1], [1], [1, 2]), ValueError, "bias has shape (2,); a single unit"),
    (lambda: bp.perceptron([1], [None]), TypeError, "weights must hold real numbers; [None]"),
    (
        lambda: bp.perceptron([1], [1], activation="step"),
        ValueError,
        "activation is 'step'; choose one of sigmoid, relu, tanh, identity, softmax",
    ),
    # losses
    (
        lambda: bp.squared_error([1, 2], [1]),
        ValueError,
        "h has shape (2,) and y has shape (1,); both must be (units,) or (samples, units)",
    ),
    # layers
    (layer([1.0, 2.0]), ValueError, "weights has shape (2,); a layer needs (units, inputs)"),
    (layer(np.empty((0, 2))), ValueError, "weights has shape (0, 2); a layer needs"),
    (layer(3.0), ValueError, "weights has shape (); a layer needs (units, inputs)"),
    (layer([[1, 2], [3]]), TypeError, "weights has rows of different lengths"),
    (layer([[1, "2"]]), TypeError, "weights must hold real numbers"),
    (layer([[1j]]), TypeError, "weights must hold real numbers"),
    (layer([[np.inf]]), ValueError, "weights is inf at index (0, 0); every entry must be"),
    (layer([[10**400]]), ValueError, "weights holds a number beyond ±1.8e+308, the largest"),
    (layer([[1, 2]], [1, 2]), ValueError, "bias has shape (2,); the layer has 1 unit, so (1,)"),
    (layer([[1], [2]], [[1, 2]]), ValueError, "bias has shape (1, 2); the layer has 2 units"),
    (layer([[1]], [-np.inf]), ValueError, "bias is -inf at index 0; every entry must be"),
    (layer([[1]], None, np.tanh), ValueError, "activation is <ufunc 'tanh'>; choose one of"),
    (layer([[1]], None, ["relu"]), ValueError, "activation is ['relu']; choose one of"),
    # networks
    (lambda: bp.Network([]), ValueError, "layers is empty; a network needs at least one Layer"),
    (lambda: bp.Network(None), TypeError, "layers is None; give a list such as [Layer("),
    (
        lambda: bp.Network(bp.Layer([[1]])),
        TypeError,
        "layers is Layer(1 → 1, sigmoid); give a list such as [Layer(",
    ),
    (lambda: bp.Network([[[1]]]), TypeError, "layers[0] is list; make it a Layer(weights, bias"),
    (
        lambda: bp.Network([bp.Layer([[1], [2]]), bp.Layer([[1, 2, 3]])]),
        ValueError,
        "weights of layer 2 have shape (1, 3); layer 1 has 2 units, so (1, 2) is needed",
    ),
    (
        lambda: bp.Network([bp.Layer([[1]])], "hinge"),
        ValueError,
        "loss is 'hinge'; choose one of squared_error, cross_entropy",
    ),
    (
        lambda: bp.Network([bp.Layer([[1]])], "cross_entropy"),
        ValueError,
        "loss is cross_entropy, which needs softmax in the last layer; it has sigmoid",
    ),
    (
        random([10**6, 10**6], ["relu"]),
        MemoryError,
        "sizes is [1000000, 1000000]; that needs 8000 GB, more than there is",
    ),
    (random([10**18, 10**18], ["relu"]), MemoryError, "sizes is [1000000000000000000, 1"),
    (random([2], []), ValueError, "sizes is [2]; give at least inputs and one layer"),
    (random(2, []), TypeError, "sizes is 2; give a list such as [2, 2, 1]"),
    (random([2, 0], ["relu"]), ValueError, "sizes[1] must be at least 1; 0 came"),
    (random([2, 1.5], ["relu"]), TypeError, "sizes[1] must be a whole number of at least 1"),
    (random([2, 1], "relu"), ValueError, "activations is 'relu'; sizes has 1 after the inputs"),
    (random([2, 1], ["relu"] * 2), ValueError, "activations is ['relu', 'relu']; sizes has 1"),
    (random([2, 1], ["x"]), ValueError, "activations is 'x'; choose one of"),
    (random([2, 1], None), ValueError, "activations is None; sizes has 1 after the inputs"),
    (random([2, 1], ["relu"], seed=-1), ValueError, "seed is -1; give 0 or a greater number"),
    (random([2, 1], ["relu"], seed="a"), TypeError, "seed must be a whole number or None; 'a'"),
    (lambda: NETWORK.predict([1, 2, 3]), ValueError, "x has shape (3,); the network has 2 inputs"),
    # rules
    (lambda: bp.Rule(-1), ValueError, "learning_rate is -1; give one number, 0 or greater"),
    (lambda: bp.Rule([0.1]), ValueError, "learning_rate is [0.1]; give one number"),
    (lambda: bp.Rule(np.nan), ValueError, "learning_rate is nan; every entry must be a finite"),
    (lambda: bp.Rule("fast"), TypeError, "learning_rate must hold real numbers; 'fast'"),
    (
        lambda: bp.Rule(update="later"),
        ValueError,
        "update is 'later'; choose one of 'simultaneous', 'dirty'",
    ),
    (lambda: bp.Rule(train_biases=1), TypeError, "train_biases is 1; give True or False"),
    (lambda: bp.Rule(mistakes="x"), TypeError, "mistakes is 'x'; give a tuple of names, ('x',)"),
    (lambda: bp.Rule(mistakes=None), TypeError, "mistakes is None; give a tuple of names, or ()"),
    (lambda: bp.Rule(mistakes=("x",)), ValueError, "mistakes has 'x'; known mistakes are"),
    (
        lambda: bp.Rule(mistakes=("relu_derivative_from_activation",) * 2),
        ValueError,
        "name each mistake once",
    ),
    # one update
    (backprop(X, Y, "net"), TypeError, "network is str; give a bpviz.Network"),
    (
        backprop([1, 2, 3], 1),
        ValueError,
        "x has shape (3,); the network has 2 inputs, so give shape (2,) for one sample or "
        "(samples, 2) for several",
    ),
    (backprop(np.ones((1, 1, 2)), 1), ValueError, "x has shape (1, 1, 2); the network has 2"),
    (backprop(np.empty((0, 2)), Y), ValueError, "x has shape (0, 2); the network has 2 inputs"),
    (backprop([1, "b"], 1), TypeError, "x must hold real numbers; [1, 'b'] does not"),
    (backprop([1, np.inf], 1), ValueError, "x is inf at index 1; every entry must be a finite"),
    (backprop(None, 1), TypeError, "x must hold real numbers; None does not"),
    (
        backprop([1, 2], [1, 2]),
        ValueError,
        "x has 1 sample and y has 2 samples; each input needs its target",
    ),
    (backprop(X, [[1, 2]] * 4), ValueError, "y has shape (4, 2); the network has 1 output, so"),
    (backprop([1, 2], np.nan), ValueError, "y is nan; every entry must be a finite number"),
    (
        backprop([1, 2], [1, 1, 0], CLASSIFIER),
        ValueError,
        "y of sample 0 adds up to 2; with cross_entropy it must add up to 1, as [0, 1, 0] does",
    ),
    (
        backprop([1, 2], [2, -1, 0], CLASSIFIER),
        ValueError,
        "y has 2; with cross_entropy each number must be from 0 to 1",
    ),
    (
        lambda: bp.Network.random([2, 1], ["relu"], 0, "binary_cross_entropy"),
        ValueError,
        "loss is binary_cross_entropy, which needs outputs from 0 to 1, as sigmoid gives; relu in "
        "the last layer gives 3 for an aggregate of 3",
    ),
    (
        lambda: bp.binary_cross_entropy([0.5, -0.5], [0, 1]),
        ValueError,
        "h has -0.5; with binary_cross_entropy each number must be from 0 to 1",
    ),
    (
        backprop(np.ma.masked_equal([1.0, 2.0], 2.0), 1),
        ValueError,
        "x has masked entries; fill them in or leave them out",
    ),
    (check_gradient(None), TypeError, "tolerance is None; give a number above 0"),
    (check_gradient(np.nan), ValueError, "tolerance is nan; give a number above 0"),
    (check_gradient(-1), ValueError, "tolerance is -1; give a number above 0"),
    # training
    (train(X=np.ones((4, 3))), ValueError, "X has shape (4, 3); the network has 2 inputs"),
    (train(Y=np.ones((3, 1))), ValueError, "X has 4 samples and Y has 3 samples"),
    (train(epochs=0), ValueError, "epochs must be at least 1; 0 came"),
    (train(epochs=2.0), TypeError, "epochs must be a whole number of at least 1; 2.0 is not"),
    (train(epochs=True), TypeError, "epochs must be a whole number of at least 1; True is not"),
    (train(batch_size=0), ValueError, "batch_size must be at least 1; 0 came"),
    (train(batch_size="all"), TypeError, "batch_size must be a whole number of at least 1"),
    (train(shuffle=True, seed=-3), ValueError, "seed is -3; give 0 or a greater number"),
    (train(record=0), ValueError, "record must be at least 1; 0 came"),
    (train(shuffle="no"), TypeError, "shuffle is 'no'; give True or False"),
    (train(shuffle=1), TypeError, "shuffle is 1; give True or False"),
    (train(seed="no"), TypeError, "seed must be a whole number or None; 'no' is not"),
    (train(epochs=10**18), MemoryError, "epochs is 1000000000000000000; that needs 8000000000 GB"),
    (lambda: bp.Rule(mistakes=[[]]), ValueError, "mistakes has []; known mistakes are"),
    (lambda: bp.Rule(mistakes=[None]), ValueError, "mistakes has None; known mistakes"),
    (train(record=0.5), TypeError, "record is 0.5; give k to record every k-th update, or a"),
    (train(shuffle="no"), TypeError, "shuffle is 'no'; give True or False"),
    (train(epochs=10**18), MemoryError, "epochs is 1000000000000000000; that needs 8000000000 GB"),
    (lambda: train()().frames(None, 1), TypeError, "start must be a whole number; None is not"),
    (
        lambda: bp.sweep(NETWORK, X, Y, epochs=1, runs=2, seed=0).solved([0.1, 0.2]),
        TypeError,
        "threshold is [0.1, 0.2]; give one number",
    ),
    (
        lambda: bp.sweep(NETWORK, X, Y, epochs=1, runs=10**18),
        MemoryError,
        "runs is 1000000000000000000; that needs",
    ),
    (train(rule=0.1), TypeError, "rule is 0.1; give a bpviz.Rule, such as Rule("),
]


@pytest.mark.parametrize(("call", "error", "message"), CASES, ids=[case[2] for case in CASES])
def test_the_error_names_the_argument(call, error, message) -> None:
    with pytest.raises(error, match=re.escape(message)):
        call()


def test_a_long_value_is_cut_short_in_the_message() -> None:
    with pytest.raises(TypeError, match=r"a must hold real numbers; .{57}\.\.\. does not$"):
        bp.sigmoid(["number"] * 100)


class DataFrame:
    """As pandas does it: no array, but can be made into one."""

    def __init__(self, rows) -> None:
        self.rows = rows

    def __array__(self, dtype=None, copy=None):
        assert copy is not False
        return np.array(self.rows, dtype=dtype)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1, 0], 1),
        ((True, False), [True]),
        (np.array([[1], [0]], np.uint8), np.array([[1]])),
        (DataFrame([[1, 0]]), DataFrame([1])),
        (np.array([1, 7, 0])[::2], np.float32(1)),
    ],
    ids=["list", "bools", "columns", "data frame", "strided"],
)
def test_one_sample_may_come_as(x, y) -> None:
    expected = bp.backprop(NETWORK, np.array([1.0, 0.0]), np.array([1.0]))
    np.testing.assert_array_equal(bp.backprop(NETWORK, x, y).row, expected.row)


def test_targets_of_a_single_output_may_be_a_flat_list() -> None:
    X, Y = [[1, 1], [-1, 1], [1, -1], [-1, -1]], [1, 0, 0, 1]
    history = bp.train(NETWORK, X, Y, epochs=2)
    columns = bp.train(NETWORK, X, np.reshape(Y, (-1, 1)), epochs=2)
    np.testing.assert_array_equal(history.rows, columns.rows)


def test_the_caller_may_change_its_arrays_afterwards() -> None:
    inputs, targets = X.copy(), Y.copy()
    history = bp.train(NETWORK, inputs, targets, epochs=1)
    trace = bp.backprop(NETWORK, inputs, targets)
    inputs[:] = targets[:] = 99.0
    np.testing.assert_array_equal(history.inputs, X)
    np.testing.assert_array_equal(history.targets, Y)
    np.testing.assert_array_equal(trace.x, X)
    assert inputs.flags.writeable
