"""The checker passes what is right, and names what is wrong."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import bpviz as bp
from bpviz.checking.checker import check
from bpviz.core.update.possible import reason_against
from tests.checking import learners, mistaken_learners
from tests.checking.learners import networks, sigmoid
from tests.checking.mistaken_learners import MISTAKEN

NETWORKS = networks()


@pytest.mark.parametrize(
    "function",
    [
        learners.vectorised,
        learners.with_loops,
        learners.with_columns,
        learners.with_rows,
        learners.in_place,
        learners.with_differences,
        learners.in_float32,
        learners.with_names,
    ],
    ids=lambda function: function.__name__,
)
def test_right_solutions_in_several_styles_pass(function):
    report = check(function)
    assert report.passed
    assert report.first_difference is None
    assert report.mistakes == ()
    assert report.hints == ()


@pytest.mark.parametrize(
    "function",
    [learners.batch_rows, learners.batch_columns, learners.batch_loop],
    ids=lambda function: function.__name__,
)
def test_right_solutions_for_a_batch_pass(function):
    assert check(function, batch=True).passed


@pytest.mark.parametrize(
    ("function", "network"),
    [
        (learners.relu_right, "xor"),
        (learners.softmax_right, "softmax"),
        (learners.deep_right, "square"),
        (learners.deep_right, "deep"),
        (learners.deep_right, "wide"),
    ],
)
def test_right_solutions_for_other_networks_pass(function, network):
    assert check(function, NETWORKS[network]).passed


def test_every_mistake_of_the_registry_is_coded_by_hand():
    assert list(MISTAKEN) == list(bp.mistakes)


CONVENTIONAL = [name for name, mistake in bp.mistakes.items() if mistake.is_convention]


@pytest.mark.parametrize("name", [name for name in MISTAKEN if name not in CONVENTIONAL])
def test_a_mistake_coded_by_hand_is_diagnosed_by_name(name):
    function, network, batch = MISTAKEN[name]
    report = check(function, NETWORKS[network], batch=batch)
    assert not report.passed
    assert report.mistakes == (name,)
    assert name in report.hint(3)
    assert bp.mistakes[name].title in report.hint(3)
    assert bp.mistakes[name].notice in report.hint(3)
    assert name not in report.hint(1) + report.hint(2)


FIRST = {
    "derivative_at_activation": "gW2",
    "hidden_derivative_missing": "gW1",
    "biases_not_trained": "gb2",
    "bias_gradient_wrong_axis": "gb2",
    "targets_not_shuffled": "loss",
    "updated_weights_used": "gW1",
}


@pytest.mark.parametrize("name", FIRST)
def test_the_first_register_that_differs_is_named(name):
    function, network, batch = MISTAKEN[name]
    report = check(function, NETWORKS[network], batch=batch)
    assert report.first_difference == FIRST[name]


def test_both_numbers_of_the_lectures_own_draw_are_shown():
    report = check(mistaken_learners.hidden_derivative_missing)
    assert report.right == ("gW2", "gb2")
    # The lecture prints −1.77005547e-04 for half of it: the learning rate is 0.5.
    assert report.difference.right == "−0.000354011"
    assert report.difference.yours == "−0.00143653"
    assert report.difference.ref == "gW1[0,0]"
    assert report.difference.where == "in draw 1 of 6, x = (0.5, 0.1, −0.2), y = (0.6)"
    assert float(report.trace["gW1[0,0]"]) == pytest.approx(-1.77005547e-04 / 0.5)
    assert report.returned["gW1"][0, 0] == pytest.approx(-0.00143653, rel=1e-5)


def test_an_intermediate_is_named_where_the_learner_returns_them():
    def function(weights, biases, x, y):
        registers = learners.with_names(weights, biases, x, y)
        registers["e1"] = weights[1].T @ (registers["d2"] / registers["s2"])
        return {"a1": registers["a1"], "d2": registers["d2"], "e1": registers["e1"]}

    report = check(function)
    assert report.first_difference == "e1"
    assert report.right == ("a1", "d2")
    assert report.hint(1) == NUDGE_E1
    assert report.hint(2).startswith("e1 = W2ᵀ · d2\n")


NUDGE_E1 = "Look at the error: of the loss at the output, or what passes back from the layer above."


def test_without_intermediates_the_hint_asks_for_those_between():
    report = check(mistaken_learners.hidden_derivative_missing)
    assert report.hint(1) == (
        "What leads to gW1 and was not returned is e1, s1 and d1. Return a dict with more of them, "
        'such as {"d1": …, "gW1": …}, to see which is the first to differ.'
    )
    assert report.hint(2).split("\n")[0] == "d1 = e1 ∘ s1"


def named_update(changes):
    """Return a function that computes every register, with some lines changed."""

    def function(weights, biases, x, y):
        names = {"W1": weights[0], "W2": weights[1], "b1": biases[0], "b2": biases[1]}
        names |= {"x": x, "y": y, "np": np, "sigmoid": sigmoid}
        lines = {
            "a1": "W1 @ x + b1",
            "h1": "sigmoid(a1)",
            "a2": "W2 @ h1 + b2",
            "h2": "sigmoid(a2)",
            "e2": "h2 - y",
            "s2": "h2 * (1 - h2)",
            "d2": "e2 * s2",
            "e1": "W2.T @ d2",
            "s1": "h1 * (1 - h1)",
            "d1": "e1 * s1",
            "gW1": "np.outer(d1, x)",
            "gW2": "np.outer(d2, h1)",
            "gb1": "d1",
            "gb2": "d2",
        } | changes
        for name, line in lines.items():
            names[name] = eval(line, dict(names))
        return {name: names[name] for name in lines}

    return function


@pytest.mark.parametrize(
    ("changes", "first", "mistakes"),
    [
        ({}, None, ()),
        ({"e2": "y - h2"}, "e2", ("error_sign_flipped",)),
        ({"s1": "sigmoid(h1) * (1 - sigmoid(h1))"}, "s1", ()),
        (
            {"s1": "sigmoid(h1)*(1-sigmoid(h1))", "s2": "sigmoid(h2)*(1-sigmoid(h2))"},
            "s2",
            ("derivative_at_activation",),
        ),
        ({"d2": "e2"}, "d2", ("output_derivative_missing",)),
        (
            {"d1": "e1", "d2": "e2"},
            "d2",
            ("output_derivative_missing", "hidden_derivative_missing"),
        ),
        ({"e2": "y - h2", "d1": "e1"}, "e2", ("hidden_derivative_missing", "error_sign_flipped")),
        (
            {"e1": "(W2 - 0.5 * np.outer(d2, h1)).T @ d2", "d2": "e2"},
            "d2",
            ("output_derivative_missing", "updated_weights_used"),
        ),
        ({"a1": "W1 @ x"}, "a1", ()),
        ({"h1": "np.tanh(a1)"}, "h1", ()),
    ],
    ids=str,
)
def test_mistakes_and_pairs_are_found_among_named_registers(changes, first, mistakes):
    report = check(named_update(changes))
    assert report.passed == (first is None)
    assert report.first_difference == first
    assert report.mistakes == mistakes


def test_a_pair_of_mistakes_in_gradients_alone_is_named():
    def function(weights, biases, X, Y):
        gW, gb = learners.batch_rows(weights, biases, X, Y)
        return [-g / len(X) for g in gW], [-g / len(X) for g in gb]

    report = check(function, batch=True)
    assert report.mistakes == ("error_sign_flipped", "batch_averaged_twice")
    assert report.hint(3).startswith("Two mistakes together:")


def test_what_comes_first_is_explained_when_something_later_is_wrong_too():
    report = check(named_update({"d2": "e2", "gW1": "np.outer(d1, x) ** 2"}))
    assert report.first_difference == "d2"
    assert report.mistakes == ("output_derivative_missing",)
    assert "something that comes after it is wrong for another reason" in report.hint(3)


def test_mistakes_that_cannot_be_told_apart_are_all_named():
    report = check(mistaken_learners.relu_derivative_from_activation, NETWORKS["xor"])
    assert (
        "Your numbers do not tell it from hidden_derivative_missing, which gives the same here."
        in report.hint(3)
    )


def test_a_learning_rate_in_the_function_is_found():
    report = check(mistaken_learners.updated_weights_used)
    assert "It fits with the learning rate 0.1 in your function." in report.hint(3)
    report = check(mistaken_learners.learning_rate_twice)
    assert "It fits with" not in report.hint(3)
    assert "That is the learning rate; a gradient is what comes before it." in report.hint(1)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2.0, "2 times the right one. The loss here is ½ Σ (h − y)², so that its derivative is"),
        (0.5, "0.5 times the right one. That is the learning rate"),
        (-1.0, "−1 times the right one."),
        (0.25, "0.25 times the right one."),
        (0.0, "All your numbers there are 0."),
    ],
)
def test_a_factor_is_pointed_out(factor, words):
    def function(weights, biases, x, y):
        gW, gb = learners.vectorised(weights, biases, x, y)
        return [factor * g for g in gW], [factor * g for g in gb]

    assert words in check(function).hint(1)


def test_twice_the_gradient_of_another_loss_is_not_laid_to_the_squared_error():
    network = bp.Network.random([2, 3, 1], ["tanh", "sigmoid"], 1, loss="binary_cross_entropy")

    def function(weights, biases, x, y):
        layers = zip(weights, biases, ("tanh", "sigmoid"), strict=True)
        trace = bp.backprop(bp.Network([bp.Layer(*one) for one in layers], network.loss), x, y)
        return [2 * trace[f"gW{layer}"] for layer in (1, 2)], [trace["gb1"], trace["gb2"]]

    hint = bp.check(function, network).hint(1)
    assert "2 times the right one." in hint
    assert "½" not in hint


def test_a_factor_that_is_the_number_of_samples_is_pointed_out():
    def only_weights_summed(weights, biases, X, Y):
        gW, gb = learners.batch_rows(weights, biases, X, Y)
        return [g * len(X) for g in gW], gb

    report = check(only_weights_summed, batch=True)
    assert (report.passed, report.conventions) == (False, ("batch_summed",))
    assert (report.first_difference, report.right) == ("gb2", ("gW2", "gW1"))
    assert "the right one divided by the number of samples" in report.hint(1)
    assert "the right one divided by the number of samples" in check(
        mistaken_learners.batch_averaged_twice, batch=True
    ).hint(1)


def test_a_number_where_every_unit_has_its_own_is_recognised():
    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        return gW, [d.sum() for d in gb]

    report = check(function, NETWORKS["wide"])
    assert report.first_difference == "gb2"
    assert "Its shape is (); (2,) is needed." in report.notes
    assert report.mistakes == ("bias_gradient_wrong_axis",)


def test_accumulated_gradients_are_found_in_a_second_check_too():
    function = mistaken_learners.Accumulates()
    for _ in range(3):
        assert check(function).mistakes == ("gradients_accumulated",)


def test_pairs_from_the_registry_are_explained_by_numbers_that_agree():
    """Whatever explanation is given, it leads to the learner's numbers."""
    network = NETWORKS["deep"]
    names = [
        name
        for name, mistake in bp.mistakes.items()
        if reason_against(mistake.name, network) is None
    ]
    for one, other in pairwise(names):
        if other in bp.mistakes[one].excludes or "accumulated" in one + other:
            continue
        rule = bp.Rule(learning_rate=0.5, mistakes=(one, other))

        def function(weights, biases, x, y, rule=rule):
            layers = [bp.Layer(W, b, "sigmoid") for W, b in zip(weights, biases, strict=True)]
            trace = bp.backprop(bp.Network(layers), x, y, rule)
            used = [(trace[f"W{k}"] - trace[f"nW{k}"]) / 0.5 for k in (1, 2, 3)]
            return used, [(trace[f"b{k}"] - trace[f"nb{k}"]) / 0.5 for k in (1, 2, 3)]

        report = check(function, network, rule=bp.Rule(learning_rate=0.5), convention="column")
        explained = {*report.mistakes}
        told = report.passed or (explained and explained <= {one, other})
        assert told or f"{one} with {other}" in report.hint(3), (one, other, report.mistakes)


@pytest.mark.parametrize("relative", [True, False])
def test_noise_of_1e_9_passes_and_of_1e_3_does_not(relative):
    generator = np.random.default_rng(0)

    def noisy(size):
        def function(weights, biases, x, y):
            registers = learners.with_names(weights, biases, x, y)
            return {
                name: value
                + size
                * generator.standard_normal(np.shape(value))
                * (np.abs(value) if relative else 1.0)
                for name, value in registers.items()
            }

        return function

    assert check(noisy(1e-9)).passed
    report = check(noisy(1e-3))
    assert not report.passed
    assert report.mistakes == ()


@pytest.mark.parametrize("name", ["gW1", "gb2", "h1", "loss"])
def test_noise_in_a_single_register_is_found(name):
    def function(weights, biases, x, y):
        registers = learners.with_names(weights, biases, x, y)
        registers[name] = registers[name] * (1 + 1e-3)
        return registers

    assert check(function).first_difference == name


def rows(function):
    """Return the function for weights with one column per unit, with gradients to match."""

    def turned(weights, biases, x, y):
        gW, gb = function([W.T for W in weights], biases, x, y)
        return [np.transpose(g) for g in gW], gb

    return turned


def test_the_row_convention_is_recognised():
    report = check(learners.with_rows)
    assert report.passed
    assert report.notes == (
        "Read in the row convention: the weights have one column per unit, x @ W + b.",
    )
    assert check(learners.with_rows, convention="row").passed
    assert not check(learners.with_rows, convention="column").passed
    assert check(rows(learners.deep_right), NETWORKS["deep"]).passed
    square = bp.Network.random([2, 2, 2], ["sigmoid"] * 2, seed=1)
    assert check(rows(learners.deep_right), square).notes == report.notes


@pytest.mark.parametrize("name", ["hidden_derivative_missing", "error_sign_flipped"])
def test_mistakes_are_found_in_the_row_convention_too(name):
    report = check(rows(MISTAKEN[name][0]))
    assert report.mistakes == (name,)
    assert "row convention" in report.notes[0]


@pytest.mark.parametrize("network", ["3-2-1", "deep", "square", "wide"])
def test_transposed_gradients_are_recognised_and_said_so(network):
    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        return [g.T for g in gW], gb

    report = check(function, NETWORKS[network])
    assert report.passed
    (note,) = report.notes
    assert note.startswith("Your weight gradients came transposed, (inputs, units)")


def test_transposed_gradients_of_square_layers_alone_are_recognised():
    network = bp.Network.random([2, 2, 2], ["sigmoid"] * 2, seed=1)

    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        return [g.T for g in gW], gb

    report = check(function, network, convention="column")
    assert report.passed
    assert report.notes[0].startswith("Your weight gradients came transposed")


def test_a_single_transposed_gradient_is_a_difference():
    def function(weights, biases, x, y):
        gW, gb = learners.deep_right(weights, biases, x, y)
        return [gW[0].T, *gW[1:]], gb

    report = check(function, bp.Network.random([2, 3, 2], ["sigmoid"] * 2, seed=0))
    assert report.first_difference == "gW1"
    assert report.notes == (
        "It came transposed, and gW2 did not; write all matrices in the same way, one row per unit "
        "or one column per unit.",
    )


def test_the_registers_of_the_update_follow_the_rule():
    def function(weights, biases, x, y):
        gW, gb = learners.vectorised(weights, biases, x, y)
        return {"nW1": weights[0] - 0.1 * gW[0], "nb2": biases[1] - 0.1 * gb[1]}

    assert check(function, rule=bp.Rule(learning_rate=0.1)).passed
    report = check(function)
    assert report.first_difference == "nW1"

    def dirty(weights, biases, x, y):
        gW, gb = learners.vectorised(weights, biases, x, y)
        h1, _ = learners.lecture_forward(weights, biases, x)
        d1 = (weights[1] - 0.5 * gW[1]).T @ gb[1] * h1 * (1 - h1)
        return [np.outer(d1, x), gW[1]], [d1, gb[1]]

    assert check(dirty, rule=bp.Rule(learning_rate=0.5, update="dirty")).passed
    assert check(dirty).mistakes == ("updated_weights_used",)


@pytest.mark.parametrize(
    ("reduce", "passes"), [(np.mean, True), (np.asarray, True), (np.sum, False)]
)
def test_the_mean_loss_of_a_batch_is_accepted_and_a_sum_is_not(reduce, passes):
    def function(weights, biases, X, Y):
        outputs = np.array([learners.lecture_forward(weights, biases, x)[1] for x in X])
        return {"loss": reduce(0.5 * np.sum((outputs - Y) ** 2, axis=1))}

    assert check(function, batch=True).passed == passes


def test_a_check_of_everything_takes_a_moment():
    report = check(named_update({"e1": "W2.T @ d2 + x[0]"}))
    assert report.mistakes == ()
    assert "No mistake, and no pair of mistakes, that bpviz knows" in report.hint(3)
