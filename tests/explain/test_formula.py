"""Formulas in every notation, made from the same expressions."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

import bpviz as bp
from bpviz.core.formula.expression import (
    Expression,
    Op,
    Ref,
    add,
    divide,
    matmul,
    multiply,
    subtract,
    written_out,
)
from bpviz.explain.latex import Latex
from bpviz.explain.mathml import MathML, math
from bpviz.explain.numbers import number_text
from bpviz.explain.plain import Plain
from bpviz.explain.program import Program
from bpviz.explain.typeset import Notation, formula
from tests.explain.networks import cases


def text_of(mathml: str) -> str:
    return "".join(ElementTree.fromstring(math(mathml)).itertext())


def elements(network: bp.Network, samples: int = 1) -> dict[str, Expression]:
    operations = Program(network, samples=samples).operations
    return {operation.writes: operation.entry for operation in operations}


@pytest.mark.parametrize(
    ("register", "plain", "latex", "mathml"),
    [
        (
            "a1",
            "Σ(j = 0…2) W1[i,j] · x[j] + b1[i]",
            r"\sum_{j=1}^{3} W_{1,i,j} \, x_{j} + b_{1,i}",
            "∑j=13W1,i,j\u2062xj+b1,i",
        ),
        ("h1", "1 / (1 + e^(−a1[i]))", r"\frac{1}{1 + e^{-a_{1,i}}}", "11+e−a1,i"),
        (
            "loss",
            "0.5 · Σ(k = 0…0) (h2[k] − y[k])²",
            r"0.5 \cdot \sum_{k=1}^{1} \left(h_{2,k} - y_{k}\right)^{2}",
            "0.5·∑k=11(h2,k−yk)2",
        ),
        ("s1", "h1[i] · (1 − h1[i])", r"h_{1,i} \, \left(1 - h_{1,i}\right)", "h1,i\u2062(1−h1,i)"),
        (
            "d1",
            "e1[i] · s1[i]",
            r"\frac{\partial L}{\partial h_{1,i}} \cdot f'(a_{1,i})",
            "∂L∂h1,i·f′(a1,i)",
        ),
        ("gW1", "d1[i] · x[j]", r"\delta_{1,i} \, x_{j}", "δ1,i\u2062xj"),
        (
            "uW1",
            "η · gW1[i,j]",
            r"\eta \cdot \frac{\partial L}{\partial W_{1,i,j}}",
            "η·∂L∂W1,i,j",
        ),
        ("nb1", "b1[i] − ub1[i]", r"b_{1,i} - \Delta b_{1,i}", "b1,i−Δb1,i"),
    ],
)
def test_the_formulas_of_the_first_lecture(register, plain, latex, mathml):
    element = elements(bp.presets.three_two_one().network)[register]
    assert formula(element, Plain()) == plain
    assert formula(element, Latex()) == latex
    assert text_of(formula(element, MathML())) == mathml


def test_the_formulas_of_softmax_and_of_a_batch():
    network = bp.Network.random([2, 3], ["softmax"], seed=0)
    parts = elements(network, samples=4)
    assert formula(parts["s1"], Plain()) == "h1[i] · ((1 if i = j, else 0) − h1[j])"
    assert formula(parts["gb1"], Plain()) == "(Σ(s = 0…3) d1[s,i]) / 4"
    assert formula(parts["gb1"], Latex()) == r"\frac{\sum_{s=1}^{4} \delta_{1,i}^{(s)}}{4}"
    assert r"\frac{\partial h_{1,k}}{\partial a_{1,i}}" in formula(parts["d1"], Latex())


def test_the_cross_entropy_is_written_with_the_aggregates_that_it_is_computed_from():
    network = bp.Network.random([2, 3], ["softmax"], seed=0, loss="cross_entropy")
    loss = elements(network)["loss"]
    assert formula(loss, Plain()) == "−Σ(k = 0…2) y[k] · (a1[k] − ln(Σ(j = 0…2) e^a1[j]))"
    shown = formula(written_out(loss), Latex(), lambda ref: "2" if ref.register == "y" else "3")
    term = r"2 \times \left(3 - \ln\left(e^{3} + e^{3} + e^{3}\right)\right)"
    assert shown == rf"-\left({term} + {term} + {term}\right)"
    array = Program(network).operations[2].formula
    assert formula(array, Plain()) == "−yᵀ · ln(softmax(a1))"
    assert formula(array, Latex()) == (
        r"-{y}^{\mathsf{T}} \, \ln\left(\mathrm{softmax}\left(a_{1}\right)\right)"
    )


NUMBERS = {"W1": "−2", "x": "3/4", "b1": "−1.2×10⁻⁵"}


@pytest.mark.parametrize(
    ("notation", "expected"),
    [
        (Plain(), "−2 × 3/4 + (−2) × 3/4 + (−1.2×10⁻⁵)"),
        (
            Latex(),
            r"-2 \times \tfrac{3}{4} + \left(-2\right) \times \tfrac{3}{4} + "
            r"\left(-1.2 \times 10^{-5}\right)",
        ),
    ],
)
def test_numbers_in_the_place_of_symbols_keep_their_signs_apart(notation, expected):
    product = multiply(Ref("W1", (0, 0)), Ref("x", (0,)))
    expression = add(product, product, Ref("b1", (0,)))
    assert formula(expression, notation, lambda ref: NUMBERS[ref.register]) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (multiply(subtract(1.0, 2.0), 3.0), "(1 − 2) · 3"),
        (subtract(1.0, subtract(2.0, 3.0)), "1 − (2 − 3)"),
        (subtract(1.0, Op("negate", (Ref("a1"),))), "1 − (−a1)"),
        (Op("power", (add(1.0, 2.0), 2.0)), "(1 + 2)²"),
        (Op("power", (Ref("a1"), 3.0)), "a1^3"),
        (divide(add(1.0, 2.0), 4.0), "(1 + 2) / 4"),
        (Op("transpose", (matmul(Ref("W1"), Ref("x")),)), "(W1 · x)ᵀ"),
        (Op("step_from_zero", (Ref("h1"),)), "(1 if h1 ≥ 0, else 0)"),
    ],
)
def test_parentheses_stand_where_they_are_needed(expression, expected):
    assert formula(expression, Plain()) == expected


@pytest.mark.parametrize("notation", [Plain(), Latex(), MathML()], ids=lambda n: type(n).__name__)
@given(case=cases())
@settings(max_examples=20, deadline=None)
def test_every_formula_of_every_network_is_well_formed(notation: Notation, case):
    network, x, y, rule = case
    program = Program(network, rule, samples=len(x))
    trace = bp.backprop(network, x, y, rule)
    for step in program.steps("unit"):
        for target, expression in step.equations:
            with_numbers = formula(
                expression,
                notation,
                lambda ref: number_text(trace.at_sample(ref.sample or 0)[str(ref)]),
            )
            line = notation.equation(
                notation.symbol(target), formula(expression, notation), with_numbers
            )
            assert line.count("(") == line.count(")")
            assert line.count("{") == line.count("}")
            assert not re.search(r"\bnan\b|None", line)
            if isinstance(notation, MathML):
                ElementTree.fromstring(math(line))


def test_a_matrix_in_every_notation():
    rows = [["1", "2"], ["3", "4"]]
    assert Plain().matrix(rows) == "[[1, 2], [3, 4]]"
    assert Latex().matrix(rows) == r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"
    cells = [[MathML().number(text) for text in row] for row in rows]
    assert text_of(MathML().matrix(cells)) == "[1234]"


@pytest.mark.parametrize(
    ("ref", "latex"),
    [
        (Ref("W1", (1, 0)), r"W_{1,2,1}"),
        (Ref("x", (0,), sample=2), r"x_{1}^{(3)}"),
        (Ref("d2", ("i",)), r"\delta_{2,i}"),
        (Ref("s2"), r"f'(a_{2})"),
        (Ref("s2", (0, 1)), r"\frac{\partial h_{2,1}}{\partial a_{2,2}}"),
        (Ref("gb1", (0,)), r"\frac{\partial L}{\partial b_{1,1}}"),
        (Ref("uW1"), r"\Delta W_{1}"),
        (Ref("nW1"), r"W_{1}^{\text{new}}"),
        (Ref("loss"), "L"),
        (Ref("learning_rate"), r"\eta"),
    ],
)
def test_each_quantity_has_the_symbol_of_the_table(ref, latex):
    assert Latex().symbol(ref) == latex


@pytest.mark.parametrize(
    ("base", "plain", "latex"),
    [
        (Op("power", (Ref("a"), 2.0)), "(a²)^3", r"\left(a^{2}\right)^{3}"),
        (Ref("a") / 2.0, "(a / 2)^3", r"\left(\frac{a}{2}\right)^{3}"),
        (Op("exp", (Ref("a"),)), "(e^a)^3", r"\left(e^{a}\right)^{3}"),
        (0.5 - (1.0 + Ref("a")), "(0.5 − (1 + a))^3", None),
        (-0.5, "(−0.5)^3", r"\left(-0.5\right)^{3}"),
    ],
)
def test_a_base_that_is_more_than_a_symbol_stands_in_parentheses(base, plain, latex):
    power = Op("power", (base, 3.0))
    assert formula(power, Plain()) == plain
    assert latex is None or formula(power, Latex()) == latex
