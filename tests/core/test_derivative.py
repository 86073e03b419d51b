"""Formulas of one's own: their derivative by the chain rule, and their stable form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpviz.core.formula.compute import compute
from bpviz.core.formula.derivative import derivative
from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import Op
from bpviz.core.formula.notation import a, exp, h, ln, maximum, minimum, softplus, step, tanh
from bpviz.core.formula.simplify import simplified

numbers = st.sampled_from([-2.0, -0.5, 0.25, 1.0, 3.0])
formulas = st.recursive(
    st.just(a) | numbers,
    lambda inner: (
        st.builds(lambda u, v: Op("add", (u, v)), inner, inner)
        | st.builds(lambda u, v: Op("subtract", (u, v)), inner, inner)
        | st.builds(lambda u, v: Op("multiply", (u, v)), inner, inner)
        | st.builds(lambda u, v: Op("divide", (u, Op("add", (exp(v), 1.0)))), inner, inner)
        | st.builds(lambda u: Op("power", (u, 2.0)), inner)
        | st.builds(tanh, inner)
        | st.builds(lambda u: exp(tanh(u)), inner)
    ),
    max_leaves=8,
)


def at(formula, value):
    with np.errstate(all="ignore"):
        return evaluate(formula, lambda _: value)


@given(formulas, st.floats(-2, 2))
def test_the_derivative_is_that_of_a_complex_step(formula, number) -> None:
    assume(np.isfinite(at(formula, number)))
    expected = np.imag(plain(formula, number + 1e-100j)) / 1e-100
    assume(np.isfinite(expected))
    assert at(derivative(formula, a), number) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def plain(e, value):
    """Return the value of a formula by Python's own arithmetic, complex numbers included."""
    if e == a:
        return value
    if not isinstance(e, Op):
        return e
    u, *rest = [plain(part, value) for part in e.of]
    match e.op:
        case "add":
            return u + rest[0]
        case "subtract":
            return u - rest[0]
        case "multiply":
            return u * rest[0]
        case "divide":
            return u / rest[0]
        case "power":
            return u**2
        case "exp":
            return np.exp(u)
        case "tanh":
            return np.tanh(u)
    raise AssertionError(e.op)


@given(formulas, st.floats(-2, 2))
def test_a_simplified_formula_has_the_same_value(formula, number) -> None:
    value = at(formula, number)
    assume(np.isfinite(value))
    assert at(simplified(formula), number) == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("formula", "below", "above"),
    [
        (maximum(0.0, a), 0.0, 1.0),
        (maximum(0.1 * a, a), 0.1, 1.0),
        (minimum(a, 0.0), 1.0, 0.0),
        (step(a) * a, 0.0, 1.0),
        (softplus(2 * a), 2 / (1 + np.exp(2.0)), 2 / (1 + np.exp(-2.0))),
        (ln(1 + a * a), -1.0, 1.0),
    ],
)
def test_the_derivative_at_minus_one_and_one(formula, below, above) -> None:
    slope = derivative(formula, a)
    assert at(slope, -1.0) == pytest.approx(below, rel=1e-15)
    assert at(slope, 1.0) == pytest.approx(above, rel=1e-15)


def test_what_has_no_rule_asks_for_the_derivative() -> None:
    with pytest.raises(ValueError, match="power has no derivative that bpviz knows; give deriv"):
        derivative(Op("power", (a, a)), a)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (a / (1 + exp(-a)), [0.0, 0.0, 1000.0]),
        (exp(a) / (1 + exp(a)), [0.0, 0.5, 1.0]),
        (ln(1 + exp(a)), [0.0, np.log(2.0), 1000.0]),
        ((exp(a) - exp(-a)) / (exp(a) + exp(-a)), [-1.0, 0.0, 1.0]),
        ((1 - a / (1 + exp(-a))) / (1 + exp(-a)), [0.0, 0.5, -999.0]),
    ],
)
def test_no_exponential_overflows(formula, expected) -> None:
    given_numbers = np.array([[-1000.0, 0.0, 1000.0]])
    with np.errstate(over="ignore"):
        values = compute(formula, {"a": given_numbers}, np.empty((1, 3)))
    np.testing.assert_allclose(values, [expected], rtol=1e-15, atol=1e-300)


def test_nothing_times_the_logarithm_of_nothing_is_nothing() -> None:
    given_numbers = {"a": np.array([[0.0, 0.5]]), "h": np.array([[0.0, 0.5]])}
    values = compute(a * ln(h), given_numbers, np.empty((1, 2)))
    np.testing.assert_array_equal(values, [[0.0, 0.5 * np.log(0.5)]])
