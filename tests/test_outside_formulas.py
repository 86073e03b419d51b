"""A formula from outside means the same to whoever reads it: recorder, sweep and script."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.formula.expression import Expression, Op, Ref, registers, replaced
from bpviz.core.formula.given import NAMES_OF_CODE
from bpviz.core.formula.notation import total
from bpviz.explain.definitions import _OWN
from bpviz.explain.listing import script
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from bpviz.formula import OptimizerLine, a, exp, h, ln, maximum, rate, sqrt, t, tanh, y
from tests.core.mistaken import of_ones_own
from tests.core.test_sweep import assert_same_as_train

PI = 3.141592653589793
gelu = bp.Activation("gelu", 0.5 * a * (1 + tanh(sqrt(2 / PI) * (a + 0.044715 * a**3))))
shrunk = bp.Activation("shrunk", a * exp(-1))
in_bits = bp.Loss("in_bits", -(y * ln(h) + (1 - y) * ln(1 - h)) / ln(2))
OPTIMIZERS = [bp.SGD(), bp.SGD(momentum=0.9, weight_decay=0.1), bp.Adam()]
X = np.array([[0.4, -0.7], [0.9, 0.3], [-0.2, 0.0]])
Y = np.array([[0.2, 0.8], [0.5, 0.1], [0.9, 0.4]])


def network(last="sigmoid", loss="squared_error") -> bp.Network:
    return bp.Network.random([2, 3, 2, 2], [gelu, shrunk, last], seed=4, loss=loss)


def mistaken(quantity: str, change) -> AbstractContextManager[str]:
    """A mistake that changes the formula of a quantity."""
    return of_ones_own(
        "odd",
        lambda operation, _: change(operation.formula) if operation.quantity == quantity else None,
    )


def assert_script_gives_each_register(trace: bp.Trace) -> None:
    names: dict = {}
    exec(compile(script(trace), "script", "exec"), names)
    for name in trace.layout.registers:
        np.testing.assert_array_equal(names[name], np.asarray(trace[name]), err_msg=name)
        assert np.shape(names[name]) == np.shape(trace[name]), name


def assert_one_meaning(net: bp.Network, rule: bp.Rule) -> None:
    assert_same_as_train(bp.sweep(net, X, Y, rule, 4, 3, seed=1))
    for samples in (1, 3):
        assert_script_gives_each_register(bp.backprop(net, X[:samples], Y[:samples], rule))


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
@pytest.mark.parametrize("loss", [in_bits, bp.squared_error], ids=repr)
def test_numbers_that_a_formula_computes(loss, optimizer) -> None:
    assert_one_meaning(network(loss=loss), bp.Rule(0.1, optimizer=optimizer))


CHANGES = {
    "squared": lambda e: 0.1 * (e * e),
    "its power": lambda e: 0.1 * e**2.0,
    "normalised": lambda e: e / sqrt(e * e + 0.01),
    "inverted": lambda e: 0.01 / (e + 7.0),
    "squeezed": tanh,
    "shifted": lambda e: e + 0.25,
    "doubled": lambda e: e + (e + e),
    "a number": lambda _: 0.25,
    "a number that is computed": lambda _: exp(-1),
}


@pytest.mark.parametrize("quantity", ["e", "d", "gW", "gb", "uW", "nW", "nb", "s"])
@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_a_formula(quantity, change) -> None:
    with mistaken(quantity, CHANGES[change]) as name:
        for update in ("simultaneous", "dirty"):
            assert_one_meaning(network(), bp.Rule(0.1, update, mistakes=(name,)))


def formulas(of: Expression):
    """Formulas of any shape, finite and small where their parts are."""
    return st.recursive(
        st.one_of(st.just(of), st.sampled_from([0.5, -0.3, exp(-1), 1.0, 0.0])),
        lambda parts: st.one_of(
            st.builds(lambda one, other: one + other, parts, parts),
            st.builds(lambda one, other: one - other, parts, parts),
            st.builds(lambda one, other: tanh(one) * other, parts, parts),
            st.builds(lambda one, other: one / (1 + other**2), parts, parts),
            st.builds(maximum, parts, parts),
            st.builds(lambda one: sqrt(1 + one * one), parts),
        ),
        max_leaves=6,
    ).filter(lambda formula: isinstance(formula, Op))


@given(
    formula=formulas(Ref("own")),
    function=formulas(a).filter(lambda formula: "a" in registers(formula)),
    quantity=st.sampled_from(["h", "s", "e", "d", "gW", "gb", "uW", "ub", "nW", "nb"]),
    optimizer=st.sampled_from(OPTIMIZERS),
    update=st.sampled_from(["simultaneous", "dirty"]),
    train_biases=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_formulas(formula, function, quantity, optimizer, update, train_biases) -> None:
    own = bp.Activation("own", 0.5 * function)
    net = bp.Network.random([2, 3, 2, 2], [own, "tanh", own], seed=4)
    with mistaken(quantity, lambda right: replaced(formula, {"own": lambda _: right})):
        rule = bp.Rule(0.05, update, train_biases, ("odd",), optimizer)
        assert_one_meaning(net, rule)


def test_an_old_gradient_that_is_not_used_in_proportion() -> None:
    def alters(operation, _):
        old = Ref(f"p{operation.writes[1:]}")
        return operation.formula + 0.1 * old**2.0 if operation.quantity == "gW" else None

    with of_ones_own("odd", alters, keeps_gradients=True) as name:
        assert_one_meaning(network(), bp.Rule(0.1, mistakes=(name,)))


@pytest.mark.parametrize("quantity", ["nvW", "nvb", "cmW", "nt", "nmb"])
def test_a_mistake_in_what_an_optimiser_makes_is_said_in_its_words(quantity) -> None:
    with mistaken(quantity, lambda e: 0.5 * e) as name:
        rule = bp.Rule(0.1, optimizer=bp.Adam(), mistakes=(name,))
        assert_one_meaning(network(), rule)
        trace = bp.backprop(network(), X[0], Y[0], rule)
        for depth in DEPTHS:
            said = [step.words(trace) for step in Program(network(), rule).steps(depth)]
            assert any("something odd is computed" in words for words in said)


def test_a_kink_at_a_number_with_few_digits_is_nothing_wrong() -> None:
    for hundredths in range(-400, 400, 5):
        bp.Activation("bent", maximum(hundredths / 100, a))
        bp.Loss("tolerant", maximum(0, maximum(h - y, y - h) - abs(hundredths) / 100))


@pytest.mark.parametrize(
    "name", ["x", "np", "a1", "loss", "gb12", "learning_rate", "lambda", "sum", "log_softmax"]
)
def test_a_function_has_a_name_that_code_does_not_use(name) -> None:
    with pytest.raises(ValueError, match=f"name is '{name}', which means something else in NumPy"):
        bp.Activation(name, 2 * a)


def test_what_scripts_define_is_no_name_of_a_function() -> None:
    assert set(_OWN) <= NAMES_OF_CODE


@pytest.mark.parametrize("letters", ["W", "", "g", "u", "nv", "abcd", 3])
@pytest.mark.parametrize("kind", ["carries", "makes"])
def test_an_optimiser_has_letters_of_its_own(kind, letters) -> None:
    Odd = type("Odd", (bp.SGD,), {kind: {letters: "something"}})
    with pytest.raises(ValueError, match=f"{kind} of the optimizer has .*give one to three small"):
        bp.Rule(optimizer=Odd())
    Odd = type("Odd", (bp.SGD,), {kind: letters})
    with pytest.raises(TypeError, match=f"{kind} of the optimizer is .*give a mapping"):
        bp.Rule(optimizer=Odd())


def optimiser(lines, **more) -> bp.Optimizer:
    """An optimiser of one's own, of which somebody wrote what it computes."""
    return type("Own", (bp.Optimizer,), {"lines": lines, **more})()


def usual(parameter) -> OptimizerLine:
    return OptimizerLine(parameter.made("u"), rate * parameter.gradient, "as usual")


def test_an_optimiser_is_what_it_computes_not_what_it_is_called() -> None:
    number = {"scale": 0.5}

    def lines(_, parameter):
        change = number["scale"] * rate * parameter.gradient
        yield OptimizerLine(parameter.made("u"), change, "a part of the usual change")

    own = optimiser(lines)
    one = bp.Rule(0.1, optimizer=own)
    trace = bp.backprop(network(), X[0], Y[0], one)
    np.testing.assert_array_equal(trace["uW1"], 0.5 * 0.1 * trace["gW1"])
    number["scale"] = 3.0
    other = bp.Rule(0.1, optimizer=own)
    assert one != other
    trace = bp.backprop(network(), X[0], Y[0], other)
    np.testing.assert_array_equal(trace["uW1"], 3.0 * 0.1 * trace["gW1"])


WRONG_LINES = {
    "nothing": (lambda *_: None, TypeError, "gives None; yield OptimizerLine"),
    "one line that is not in a list": (lambda _, p: usual(p), TypeError, "gives OptimizerLine"),
    "a tuple": (lambda _, p: [tuple(usual(p))], TypeError, r"gives \(Ref"),
    "no line": (lambda *_: [], ValueError, r"never writes parameter.after\('v'\)"),
    "no new velocity": (lambda _, p: [usual(p)], ValueError, r"writes parameter.after\('v'\)"),
    "something else": (
        lambda _, p: [OptimizerLine(p.made("q"), p.gradient, "q")],
        ValueError,
        r"writes qW1; what is left to write is parameter.after\('v'\), parameter.made\('u'\)",
    ),
    "more after the change": (
        lambda _, p: [OptimizerLine(p.after("v"), p.gradient, "v"), usual(p), usual(p)],
        ValueError,
        "goes on after",
    ),
    "what comes later": (
        lambda _, p: [OptimizerLine(p.made("u"), p.after("v"), "v")],
        ValueError,
        "reads nvW1, which is not there yet; there are rate, parameter.gradient",
    ),
    "uncounted updates": (
        lambda _, p: [OptimizerLine(p.made("u"), rate / t, "t")],
        ValueError,
        "has t; give the optimizer counts = True",
    ),
    "a product of matrices": (
        lambda _, p: [OptimizerLine(p.made("u"), p.gradient @ p.value, "product")],
        ValueError,
        "has matmul; it can have",
    ),
    "a total": (
        lambda _, p: [OptimizerLine(p.made("u"), total(p.gradient), "total")],
        ValueError,
        "has total; it is computed entry by entry",
    ),
    "text": (
        lambda _, p: [OptimizerLine(p.made("u"), "rate", "text")],
        TypeError,
        "is 'rate'; write it with",
    ),
    "no words": (
        lambda _, p: [OptimizerLine(p.made("u"), p.gradient, 3)],
        TypeError,
        "says of a line of the optimizer is 3; give a few words",
    ),
}


@pytest.mark.parametrize("what", WRONG_LINES)
def test_an_optimiser_that_cannot_be_computed_is_refused_by_the_rule(what) -> None:
    lines, error, message = WRONG_LINES[what]
    with pytest.raises(error, match=message):
        bp.Rule(optimizer=optimiser(lines, carries={"v": "velocity"}))


def test_an_optimiser_without_lines_or_with_a_list_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="Optimizer has no lines; define lines"):
        bp.Rule(optimizer=bp.Optimizer())
    own = optimiser(lambda _, p: [usual(p)])
    object.__setattr__(own, "betas", [0.9, 0.99])
    with pytest.raises(TypeError, match=r"betas of the optimizer is .*; give a number, or a tuple"):
        bp.Rule(optimizer=own)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: np.tanh(a), "np.tanh takes no formula"),
        (lambda: np.maximum(0, a), "np.maximum takes no formula"),
        (lambda: np.array([1.0, 2.0]) * a, "np.multiply takes no formula"),
        (lambda: math.exp(a), "a formula has no number"),
        (lambda: max(0, a), "a formula is neither greater nor less"),
    ],
)
def test_what_makes_numbers_of_numbers_says_that_it_takes_no_formula(write, message) -> None:
    with pytest.raises(TypeError, match=message):
        write()


def test_powers_of_a_number_absolute_values_and_numbers_of_numpy() -> None:
    logistic = bp.Activation("logistic", np.float64(1.0) / (1 + np.e**-a))
    distance = bp.Activation("distance", abs(a))
    at = np.array([-2.0, 0.5, 3.0])
    np.testing.assert_allclose(logistic.derivative(at), bp.sigmoid.derivative(at), rtol=1e-14)
    np.testing.assert_array_equal(distance(at), np.abs(at))
    np.testing.assert_array_equal(distance.derivative(at), np.sign(at))
    net = bp.Network.random([2, 3, 2, 2], [logistic, distance, "sigmoid"], seed=4)
    assert_one_meaning(net, bp.Rule(0.1))
    assert bp.gradient_check(net, X, Y).passed
