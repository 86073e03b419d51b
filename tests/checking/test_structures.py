"""The natural structures are read, parameters in the place of gradients are recognised."""

# Every function under check has the same four parameters, whether it uses them or not.
# ruff: noqa: ARG005

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

import bpviz as bp
from bpviz.checking.checker import check
from tests.checking import learners, mistaken_learners

XOR = bp.presets.xor().network
DEEP = learners.networks()["deep"]
SQUARE = bp.Network.random([2, 2, 2], ["sigmoid"] * 2, seed=1)
Gradients = namedtuple("Gradients", "gW gb")

STRUCTURES = {
    "two lists": lambda gW, gb: (gW, gb),
    "pairs": lambda gW, gb: list(zip(gW, gb, strict=True)),
    "a zip": lambda gW, gb: zip(gW, gb, strict=True),
    "a tuple of lists of two": lambda gW, gb: tuple([w, b] for w, b in zip(gW, gb, strict=True)),
    "layer by layer": lambda gW, gb: [g for pair in zip(gW, gb, strict=True) for g in pair],
    "weights first": lambda gW, gb: (*gW, *gb),
    "by name": lambda gW, gb: (
        {f"gW{k}": g for k, g in enumerate(gW, 1)} | {f"gb{k}": g for k, g in enumerate(gb, 1)}
    ),
    "lists by name": lambda gW, gb: {"gW": gW, "gb": gb},
    "lists by long names": lambda gW, gb: {"weight_gradients": gW, "bias_gradients": gb},
    "a dict for each layer": lambda gW, gb: tuple(
        {"gW": w, "gb": b} for w, b in zip(gW, gb, strict=True)
    ),
    "two dicts": lambda gW, gb: (
        {f"gW{k}": g for k, g in enumerate(gW, 1)},
        {f"gb{k}": g for k, g in enumerate(gb, 1)},
    ),
    "layers by number": lambda gW, gb: dict(enumerate(zip(gW, gb, strict=True), 1)),
    "two lists by number": lambda gW, gb: (dict(enumerate(gW)), dict(enumerate(gb))),
    "a namedtuple": Gradients,
    "an object": lambda gW, gb: SimpleNamespace(weight_gradients=gW, bias_gradients=gb),
    "an object with registers": lambda gW, gb: SimpleNamespace(gW1=gW[0], gb1=gb[0]),
    "an object for each layer": lambda gW, gb: [
        SimpleNamespace(weight_gradient=w, bias_gradient=b) for w, b in zip(gW, gb, strict=True)
    ],
    "iterators": lambda gW, gb: (iter(gW), map(np.asarray, gb)),
}


@pytest.mark.parametrize("network", [SQUARE, DEEP, XOR, None], ids=["square", "deep", "xor", "321"])
@pytest.mark.parametrize("structure", STRUCTURES)
def test_right_gradients_pass_in_every_natural_structure(structure, network):
    right = learners.relu_right if network is XOR else learners.deep_right

    def function(weights, biases, x, y):
        return STRUCTURES[structure](*right(weights, biases, x, y))

    report = check(function, network)
    assert report.passed
    assert report.notes == ()


@pytest.mark.parametrize("structure", ["pairs", "layer by layer", "an object"])
def test_mistakes_are_named_in_other_structures_too(structure):
    def function(weights, biases, x, y):
        gradients = mistaken_learners.hidden_derivative_missing(weights, biases, x, y)
        return STRUCTURES[structure](*gradients)

    report = check(function)
    assert report.mistakes == ("hidden_derivative_missing",)
    assert report.difference.ref == "gW1[0,0]"


@pytest.mark.parametrize("network", [None, SQUARE], ids=["321", "square"])
@pytest.mark.parametrize("single", [False, True])
def test_one_layer_is_read_too(single, network):
    one = bp.Network([bp.Layer([[0.5, -0.2]], [0.1], "sigmoid")]) if single else network

    def function(weights, biases, x, y):
        (gW, *_), (gb, *_) = learners.deep_right(weights, biases, x, y)
        return (gW, gb) if single else {"gW1": gW, "gb1": gb}

    assert check(function, one).passed


def test_gradients_of_the_weights_alone_are_read_and_said_to_be_alone():
    report = check(lambda *given: learners.deep_right(*given)[0])
    assert report.passed
    assert report.notes == (
        "Read as the gradients of the weights alone; those of the biases did not come.",
    )


def test_gradients_named_after_their_parameters_are_read_and_said_to_be():
    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        return {"W1": gW[0], "b1": gb[0], "W2": gW[1], "b2": gb[1]}

    report = check(function)
    assert report.passed
    assert report.notes == ("The names W and b were read as the gradients gW and gb.",)


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (lambda gW, gb: (gb, gW), "the gradients of the biases first"),
        (lambda gW, gb: (gW[::-1], gb[::-1]), "the gradients of the last layer first"),
        (
            lambda gW, gb: list(zip(gW, gb, strict=True))[::-1],
            "the gradients of the last layer first",
        ),
        (lambda gW, gb: [gb[0], gW[0], gb[1], gW[1]], "the gradients of the biases first"),
    ],
)
def test_another_order_is_recognised_by_its_shapes(turn, words):
    report = check(lambda *given: turn(*learners.deep_right(*given)))
    assert report.summary == f"Your function returned {words}."
    assert not report.passed


def test_what_can_be_read_in_two_ways_is_told_in_words_when_neither_is_right():
    one = bp.Network.random([1, 1, 1], ["sigmoid"] * 2, seed=0)

    def numbers(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        return [float(g.item()) for g in (gW[0], gb[0], gW[1], gb[1])]

    assert check(numbers, one).passed
    report = check(lambda *given: [3 * g**2 for g in numbers(*given)], one)
    assert report.notes[-1] == (
        "Read as one list, layer by layer: gW1, gb1, gW2, …. It can be read as one list, first the "
        "gradients of all weights and then those of all biases too; names make it certain, "
        '{"gW1": …, "gb1": …}.'
    )


def test_another_structure_in_a_later_draw_is_told():
    calls = []

    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        calls.append(1)
        return (gW, gb) if len(calls) % 6 != 3 else {"gW1": gW[0]}

    assert check(function).summary.endswith("and something else in draw 3 of 6.")


# Nothing


@pytest.mark.parametrize(
    "value",
    [None, (None, None), ([None, None], [None, None]), [(None, None)] * 2],
    ids=str,
)
def test_where_there_is_nothing_it_is_asked_for_something(value):
    report = check(lambda weights, biases, x, y: value)
    assert not report.passed
    assert "None" in report.summary
    assert "Does it end with a return" in report.hint(1)
    assert "that bpviz knows" not in str(report)


def test_names_without_values_are_asked_for_these():
    report = check(lambda weights, biases, x, y: {"d1": None, "gW1": None})
    assert report.summary == "Your turn: your function returns None for d1 and gW1."
    assert report.hint(1) == "Put what you compute in the place of None."


def test_a_single_none_is_asked_for_and_not_compared_with_mistakes():
    report = check(lambda *given: {"gW1": None, "gW2": learners.deep_right(*given)[0][1]})
    assert report.first_difference == "gW1"
    assert report.summary.startswith("Your turn: gW1, ")
    assert report.untouched
    assert str(report).startswith("·")
    assert report.hint(3).startswith("There are no numbers of yours here to compare")


# One way of writing for all matrices


def xor_gradients(first, second):
    def function(weights, biases, x, y):
        (W1, W2), (b1, b2) = weights, biases
        a1 = W1 @ x + b1
        h1 = np.maximum(a1, 0)
        d2 = W2 @ h1 + b2 - y
        d1 = W2.T @ d2 * (a1 > 0)
        return [first(d1, x), second(d2, h1)], [d1, d2]

    return function


def turned(d, h):
    return np.outer(h, d)


def test_a_transposed_square_gradient_beside_one_that_is_not_is_named():
    report = check(xor_gradients(turned, np.outer), XOR)
    assert not report.passed
    assert report.first_difference == "gW1"
    assert report.right == ("gW2", "gb2", "gb1")
    assert report.notes == (
        "It came transposed, and gW2 did not; write all matrices in the same way, one row per unit "
        "or one column per unit.",
    )
    other = check(xor_gradients(np.outer, turned), XOR)
    assert other.first_difference == "gW2"
    assert other.notes[0].startswith("It came transposed, and gW1 did not;")
    assert check(xor_gradients(turned, turned), XOR).passed
    assert check(xor_gradients(np.outer, np.outer), XOR).passed
    # A vector is neither.
    assert check(xor_gradients(turned, lambda d, h: d * h), XOR).passed


@pytest.mark.parametrize("layer", [0, 1])
def test_of_square_gradients_alone_the_numbers_tell_which_is_transposed(layer):
    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        gW[layer] = gW[layer].T
        return gW, gb

    report = check(function, SQUARE, convention="column")
    assert report.first_difference == f"gW{layer + 1}"
    assert report.notes[0].startswith(f"It came transposed, and gW{2 - layer} did not;")


# Parameters in the place of gradients


def updated(rate, gradients=learners.deep_right, in_place=False):
    def function(weights, biases, x, y):
        gW, gb = gradients(weights, biases, x, y)
        if in_place:
            for array, gradient in zip([*weights, *biases], [*gW, *gb], strict=True):
                array -= rate * gradient
            return weights, biases
        new = [W - rate * g for W, g in zip(weights, gW, strict=True)]
        return new, [b - rate * g for b, g in zip(biases, gb, strict=True)]

    return function


@pytest.mark.parametrize("rate", [0.5, 0.01, 0.37, 20.0])
@pytest.mark.parametrize("network", [None, SQUARE], ids=["321", "square"])
def test_new_weights_in_the_place_of_gradients_are_recognised(rate, network):
    report = check(updated(rate), network)
    assert not report.passed
    assert report.first_difference == "gW2"
    assert report.summary == (
        "Not yet: your function returned the new weights and biases in the place of gradients."
    )
    assert report.notes == (
        f"As new weights and biases they are right, with the learning rate {rate:g}.",
    )
    assert report.hint(1).startswith("Return the gradients themselves")
    assert len(report.hints) == 1


def test_new_weights_made_in_place_are_recognised_and_the_change_is_told():
    report = check(updated(0.5, in_place=True))
    assert "the new weights and biases in the place of gradients" in report.summary
    assert report.notes[-1] == "Your function changed what it was given: weights[0]."


@pytest.mark.parametrize(
    "name", ["hidden_derivative_missing", "error_sign_flipped", "derivative_at_activation"]
)
def test_the_mistake_behind_new_weights_is_named_too(name):
    report = check(updated(0.1, mistaken_learners.MISTAKEN[name][0]))
    assert "the new weights and biases in the place of gradients" in report.summary
    assert report.mistakes == (name,)
    assert report.notes[0] == (
        "The learning rate in them is 0.1. The gradients behind them are wrong too:"
    )


def test_new_weights_beside_right_gradients_of_the_biases_are_recognised():
    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        return [W - 0.5 * g for W, g in zip(weights, gW, strict=True)], gb

    assert check(function).summary == (
        "Not yet: your function returned the new weights in the place of gradients."
    )


def test_the_weights_as_they_came_are_recognised():
    assert check(lambda weights, biases, x, y: (weights, biases)).summary == (
        "Not yet: your function returned the weights and biases as it was given them."
    )


def test_new_weights_by_their_names_are_no_mistake():
    def function(weights, biases, x, y):
        nW, nb = updated(0.5)(weights, biases, x, y)
        return {"nW": nW, "nb": nb}

    assert check(function).passed
