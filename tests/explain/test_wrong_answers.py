"""What comes out at a number when it is computed wrongly."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

import bpviz as bp
from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import Ref
from bpviz.core.update.possible import possible
from bpviz.explain.wrong_answers import WrongAnswers, number_at
from bpviz.formula import h, y
from tests.explain.networks import cases


def lecture(**rule):
    example = bp.presets.three_two_one()
    chosen = replace(example.corrected, **rule)
    return bp.backprop(example.network, example.inputs[0], example.targets[0], chosen)


def deep(batch=False, **rule):
    network = bp.Network.random([3, 3, 3, 3], ["tanh", "relu", "sigmoid"], seed=1)
    random = np.random.default_rng(2)
    x, y = random.normal(size=(2, 3, 3))
    if not batch:
        x, y = x[0], y[0]
    return bp.backprop(network, x, y, bp.Rule(learning_rate=0.5, **rule))


def classifier():
    network = bp.Network.random([2, 3], ["softmax"], loss="cross_entropy", seed=3)
    return bp.backprop(network, [1.0, -2.0], [0, 1, 0], bp.Rule(0.1))


def entries(trace):
    for name, register in trace.layout.registers.items():
        if name in WrongAnswers(trace)._operations:
            for at in np.ndindex(*register.entry_shape):
                yield f"{name}[{','.join(map(str, at))}]" if at else name


def named(wrong, name):
    return [one for one in wrong if name in one.mistakes]


def slip(wrong, name):
    return [one for one in wrong if one.slip == name]


TRACES = {
    "lecture": lecture(),
    "deep": deep(),
    "batch": deep(batch=True),
    "dirty": deep(update="dirty", train_biases=False),
    "classifier": classifier(),
}


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_every_mistake_that_applies_gives_the_number_that_its_update_has(trace):
    answers = WrongAnswers(trace)
    x, y = (trace.layout.view(trace.row, name) for name in "xy")
    names = possible(trace.network, trace.rule, trace.layout.samples)
    assert len(names) > 3
    updates = {
        name: bp.backprop(trace.network, x, y, replace(trace.rule, mistakes=(name,)))
        for name in names
        if name != "gradients_accumulated"
    }
    seen = set()
    for ref in entries(trace):
        wrong = answers.of(ref)
        for name, mistaken in updates.items():
            number, right = number_at(mistaken, ref), number_at(trace, ref)
            if math.isclose(number, right, rel_tol=1e-9, abs_tol=1e-15):
                continue
            seen.add(name)
            found = [one.value for one in named(wrong, name)]
            assert any(
                math.isclose(number, value, rel_tol=1e-12, abs_tol=1e-15) for value in found
            ), (ref, name)
    # Of the others no number of this update tells.
    silent = {"gradients_accumulated", "relu_derivative_one_at_zero"}
    assert set(names) - silent <= seen | {"relu_derivative_from_activation"}


def test_a_mistake_made_here_only_gives_its_number_from_what_was_right_before():
    trace = lecture()
    e, s, a = (float(trace[f"{name}1[0]"]) for name in "esa")
    wrong = WrongAnswers(trace).of("d1[0]")
    (missing,) = named(wrong, "hidden_derivative_missing")
    assert missing.value == pytest.approx(e)
    assert missing.reads == ("e1[0]",)
    # The derivative at the activation, with the error as the panel shows it.
    h = 1 / (1 + math.exp(-a))
    again = 1 / (1 + math.exp(-h))
    values = [one.value for one in named(wrong, "derivative_at_activation")]
    assert any(value == pytest.approx(e * again * (1 - again)) for value in values)
    assert not any(value == pytest.approx(e * s) for value in values)


def test_the_formula_of_a_mistake_gives_its_number():
    trace = deep()
    for ref in ("d1[0]", "e1[1]", "gW2[1,0]", "gb2[2]", "uW1[0,0]", "s1[0]"):
        wrong = [one for one in WrongAnswers(trace).of(ref) if one.formula is not None]
        for one in wrong:
            value = evaluate(one.formula, lambda entry: float(trace[str(entry)]))
            assert value == pytest.approx(one.value)
            assert all(isinstance(name, str) for name in one.reads)
        assert wrong, ref


def test_the_formula_of_a_slip_gives_its_number():
    trace = lecture()
    for ref in ("a1[0]", "d1[1]", "loss"):
        slips = [one for one in WrongAnswers(trace).of(ref) if one.slipped is not None]
        for one in slips:
            value = evaluate(one.slipped, lambda entry: float(trace[str(entry)]))
            assert value == pytest.approx(one.value)
            assert set(one.to_json()) <= {"slip", "refs", "formula"}
        assert {"sign", "other"} <= {one.slip for one in slips}


def test_mistakes_with_the_same_number_are_named_together():
    # With equal units and equal inputs some cannot be told apart.
    network = bp.Network([bp.Layer([[1.0, 2.0], [2.0, 1.0]], [0.5, 0.5], "sigmoid")])
    trace = bp.backprop(network, [1.0, 1.0], [0.0, 0.0], bp.Rule(0.5))
    wrong = WrongAnswers(trace).of("gb1[0]")
    for one in wrong:
        same = [other for other in wrong if math.isclose(one.value, other.value, rel_tol=1e-9)]
        assert sum(bool(other.mistakes) and other.slip == one.slip for other in same) <= 1
    rows = WrongAnswers(deep()).of("e2[0]")
    assert len({(round(one.value, 12), one.slip) for one in rows if one.mistakes}) == len(
        [one for one in rows if one.mistakes]
    )


@settings(max_examples=12, deadline=None)
@given(case=cases(most_units=3, most_samples=2))
def test_nothing_that_is_right_is_called_wrong_and_no_mistake_is_told_twice(case):
    network, x, y, rule = case
    trace = bp.backprop(network, x, y, rule)
    answers = WrongAnswers(trace)
    for ref in entries(trace):
        right = number_at(trace, ref)
        wrong = answers.of(ref)
        assert not any(math.isclose(one.value, right, rel_tol=1e-9) for one in wrong)
        told = [(one.value, one.slip) for one in wrong if one.mistakes]
        assert len(set(told)) == len(told)
        assert all(one.mistakes or one.slip for one in wrong)


def test_slips_are_told_with_the_numbers_that_were_taken():
    trace = lecture()
    wrong = WrongAnswers(trace).of("a1[0]")
    assert [one.value for one in slip(wrong, "sign")] == pytest.approx([-0.24])
    left_out = {one.refs: one.value for one in slip(wrong, "without")}
    assert left_out[("W1[0,0]", "x[0]")] == pytest.approx(-0.01)
    assert left_out[("W1[0,2]", "x[2]")] == pytest.approx(0.26)
    taken = {one.refs[0]: one.value for one in slip(wrong, "other")}
    assert taken["h1[0]"] == pytest.approx(0.5597136)
    assert taken["a1[1]"] == pytest.approx(-0.46)


def test_a_factor_alone_comes_before_a_later_number_that_is_the_same():
    network = bp.Network.random([1, 1], ["identity"], seed=0)
    trace = bp.backprop(network, [2.0], [1.0], bp.Rule(0.5))  # η · x is 1
    taken = [one.refs[0] for one in slip(WrongAnswers(trace).of("gW1[0,0]"), "other")]
    assert number_at(trace, "uW1[0,0]") == number_at(trace, "d1[0]")
    assert taken.index("d1[0]") < taken.index("uW1[0,0]")


def test_a_bias_left_out_is_a_slip():
    example = bp.presets.xor()
    trace = bp.backprop(example.network, [1, 1], [1], example.rule)
    (bias,) = [
        one for one in slip(WrongAnswers(trace).of("a1[0]"), "without") if one.refs == ("b1[0]",)
    ]
    assert bias.value == pytest.approx(4.98368353 - 1.76405235)


def test_the_change_added_is_a_mistake_and_the_half_forgotten_a_slip():
    trace = lecture()
    answers = WrongAnswers(trace)
    added = 0.5 + float(trace["uW1[0,0]"])
    found = named(answers.of("nW1[0,0]"), "gradient_added")
    assert [one.value for one in found] == pytest.approx([added])
    (half,) = slip(answers.of("loss"), "half")
    assert half.value == pytest.approx(2 * float(trace["loss"]))
    assert slip(WrongAnswers(classifier()).of("loss"), "half") == []


@pytest.mark.parametrize(
    ("formula", "halved"),
    [(0.5 * (h - y) ** 2.0, True), ((h - y) ** 2.0 / 2, True), ((h - y) ** 2.0, False)],
)
def test_the_half_of_a_loss_of_ones_own_can_be_forgotten_too(formula, halved):
    network = bp.Network([bp.Layer([[0.5]], activation="identity")], bp.Loss("mine", formula))
    trace = bp.backprop(network, [2.0], [4.0])
    found = slip(WrongAnswers(trace).of("loss"), "half")
    assert [one.value for one in found] == [9.0] * halved


def test_what_is_right_under_another_rule_is_known():
    trace = deep(update="dirty", train_biases=False)
    answers = WrongAnswers(trace)
    old = slip(answers.of("e2[1]"), "simultaneous")[0]
    right = bp.backprop(trace.network, trace.x, trace.y, bp.Rule(0.5))
    assert old.value == pytest.approx(float(right["e2[1]"]))
    (trained,) = slip(answers.of("ub1[0]"), "trained")
    assert trained.value == pytest.approx(0.5 * float(trace["gb1[0]"]))


def test_without_the_mistake_that_a_rule_makes_on_purpose():
    network = bp.Network([bp.Layer([[-1.0]], 0.0, "relu"), bp.Layer([[2.0]], 0.0, "identity")])
    rule = bp.Rule(mistakes=("relu_derivative_from_activation",))
    trace = bp.backprop(network, [1.0], [1.0], rule)
    (purpose,) = slip(WrongAnswers(trace).of("s1[0]"), "purpose")
    assert (purpose.value, purpose.mistakes) == (0.0, ("relu_derivative_from_activation",))


def test_the_formula_of_a_number_is_that_of_its_step():
    expression = WrongAnswers(lecture()).formula("d1[0]")
    assert [str(one) for one in expression.of] == ["e1[0]", "s1[0]"]
    assert expression.of[0] == Ref("e1", (0,))
