"""The steps of a mistaken update say exactly what it computes, and that it is a mistake."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import assume, given, settings

import bpviz as bp
from bpviz.core.formula.evaluate import evaluate
from bpviz.explain.latex import Latex
from bpviz.explain.listing import script
from bpviz.explain.mathml import MathML, math
from bpviz.explain.numpy_code import is_stored_transposed
from bpviz.explain.plain import Plain
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from bpviz.explain.typeset import formula
from tests.core.mistaken import X, Y, classifier, coupled, deep, mistaken_runs
from tests.explain.test_program import Memory

DEEP, SOFTMAX = deep(), classifier()


def second_update(case) -> tuple[bp.Trace, Program]:
    """The trace of a second update, which has gradients left over, and its program."""
    network, x, y, samples, rule = case
    run = bp.Run(network, x, y, rule, batch_size=samples)
    run.advance(2)
    assume(run.stopped is None)  # a diverged run may have no second update
    return run.history().trace(0, 1), Program(network, rule, samples)


@pytest.mark.parametrize("depth", DEPTHS)
@given(case=mistaken_runs())
@settings(max_examples=50, deadline=None)
def test_evaluating_the_steps_in_order_reproduces_every_register(depth, case):
    trace, program = second_update(case)
    memory = Memory(program, trace)
    for step in program.steps(depth):
        for target, expression in step.equations:
            for sample in range(trace.layout.samples):
                memory.write(target, sample, evaluate(expression, memory.lookup(sample)))
    memory.assert_holds(trace, rel=1e-10)


@pytest.mark.parametrize("convention", ["column", "row"])
@given(case=mistaken_runs())
@settings(max_examples=50, deadline=None)
def test_the_script_gives_every_register_bit_for_bit(convention, case):
    trace, _ = second_update(case)
    names: dict = {}
    with np.errstate(over="ignore"):  # e⁻ᵃ of a large negative a, which 1 is then divided by
        exec(compile(script(trace, convention), "script", "exec"), names)
    for name in trace.layout.registers:
        expected = np.asarray(trace[name])
        if convention == "row" and is_stored_transposed(name):
            expected = expected.T
        assert np.array_equal(names[name], expected), name


@pytest.mark.parametrize("depth", DEPTHS)
@given(case=mistaken_runs())
@settings(max_examples=40, deadline=None)
def test_exactly_the_mistaken_steps_say_that_they_are_mistakes(depth, case):
    _, program = second_update(case)
    made = {operation.writes: operation.mistakes for operation in program.operations}
    for step in program.steps(depth):
        words, names = step.words(), made[step.writes[0].partition("[")[0]]
        conventional = all(bp.mistakes[name].is_convention for name in names)
        assert words.startswith("Mistake: ") is (bool(names) and not conventional), words
        assert words.startswith("Another convention: ") is (bool(names) and conventional), words
        assert words.endswith("."), words
        assert "  " not in words, words
        assert " ." not in words, words
        assert step.code, words
        assert not set("{}") & set(words + step.code), words


def test_the_line_of_code_of_each_mistake():
    lines = {
        "input_weights_exchanged": "a1 = W1 @ np.take(x, [1, 0]) + b1",
        "derivative_at_activation": "s3 = sigmoid(h3) * (1 - sigmoid(h3))",
        "derivative_from_aggregate": "s3 = a3 * (1 - a3)",
        "sigmoid_derivative_for_tanh": "s1 = h1 * (1 - h1)",
        "relu_derivative_from_activation": "s2 = np.heaviside(h2, 1.0)",
        "relu_derivative_one_at_zero": "s2 = np.heaviside(a2, 1.0)",
        "output_derivative_missing": "d3 = e3.copy()",
        "hidden_derivative_missing": "d2 = e2.copy()",
        "error_sign_flipped": "e3 = y - h3",
        "factor_two_kept": "e3 = 2 * (h3 - y)",
        "updated_weights_used": "e2 = nW3.T @ d3",
        "weights_not_transposed": "e2 = W3 @ d3",
        "output_delta_everywhere": "e1 = W2.T @ d3",
        "one_path_only": "e2 = W3[:1].T @ d3[:1]",
        "elementwise_product": "gW3 = np.outer(d3 * h2, np.ones(2))",
        "aggregate_used_as_input": "gW3 = np.outer(d3, a2)",
        "own_activation_used_as_input": "gW3 = np.outer(d3, h3)",
        "network_input_everywhere": "gW3 = np.outer(d3, x)",
        "bias_gradient_wrong_axis": "gb3 = np.full(2, np.sum(d3))",
        "gradients_accumulated": "gW3 = pW3 + np.outer(d3, h2)",
        "biases_not_trained": "ub1 = np.zeros(2)",
        "hidden_layers_not_trained": "uW1 = np.zeros((2, 2))",
        "gradient_added": "nW1 = W1 + uW1",
        "learning_rate_twice": "uW1 = learning_rate * (learning_rate * gW1)",
    }
    for name, line in lines.items():
        assert first_mistaken_line(DEEP, 1, name) == line
    assert first_mistaken_line(SOFTMAX, 1, "softmax_derivative_twice") == (
        "d2 = (h2 - y) * h2 * (1 - h2)"
    )
    assert first_mistaken_line(coupled(), 1, "softmax_diagonal_only") == "d1 = e1 * h1 * (1 - h1)"
    of_a_batch = {
        "input_weights_exchanged": "a1 = np.take(x, [1, 0], axis=1) @ W1.T + b1",
        "one_target_for_all": "loss = 0.5 * np.sum((h3 - y[0]) * (h3 - y[0]), axis=1)",
        "network_input_everywhere": "gW3 = d3.T @ x / 2",
        "one_path_only": "e2 = d3[:, :1] @ W3[:1]",
        "bias_gradient_wrong_axis": "gb3 = np.sum(d3, axis=1) / 2",
        "batch_summed": "gW3 = d3.T @ h2",
        "batch_averaged_twice": "gW3 = d3.T @ h2 / 2 / 2",
    }
    for name, line in of_a_batch.items():
        assert first_mistaken_line(DEEP, 2, name) == line
    apart = {"softmax_derivative_twice", "softmax_diagonal_only"}
    right_updates = {name for name, one in bp.mistakes.items() if one.acts_on != "update"}
    assert {*lines, *of_a_batch, *apart} == set(bp.mistakes) - right_updates


def first_mistaken_line(network: bp.Network, samples: int, name: str) -> str:
    program = Program(network, bp.Rule(mistakes=(name,)), samples)
    return next(
        code.layer
        for operation, code in zip(program.operations, program.code, strict=True)
        if operation.mistakes
    )


def test_mistaken_operations_can_be_written_as_formulas():
    rule = bp.Rule(mistakes=("gradients_accumulated", "one_path_only"))
    program = Program(DEEP, rule)
    operations = {operation.writes: operation for operation in program.operations}
    assert formula(operations["gb1"].formula, Plain()) == "d1 + pb1"
    assert formula(operations["gb1"].formula, Latex()) == (
        r"\delta_{1} + \frac{\partial L}{\partial b_{1}^{\text{old}}}"
    )
    assert formula(operations["e1"].entry, Plain()) == "W2[0,i] · d2[0]"
    exchanged = Program(DEEP, bp.Rule(mistakes=("input_weights_exchanged",))).operations[0]
    assert formula(exchanged.formula, Plain()) == "W1 · exchanged(x) + b1"
    assert formula(exchanged.entry, Plain()) == "Σ(j = 0…1) W1[i,j] · exchanged(x[j]) + b1[i]"
    for name in bp.mistakes:
        for network, samples in ((DEEP, 1), (DEEP, 2), (SOFTMAX, 2), (coupled(), 2)):
            for operation in Program(network, bp.Rule(mistakes=(name,)), samples).operations:
                for expression in (operation.entry, operation.formula):
                    ElementTree.fromstring(math(formula(expression, MathML())))
                    assert formula(expression, Latex())


def test_one_path_is_followed_in_words():
    rule = bp.Rule(mistakes=("one_path_only", "updated_weights_used"))
    trace = bp.backprop(DEEP, X[0], Y[0], rule)
    step = next(s for s in Program(DEEP, rule).steps("unit") if s.writes == ("e2[0]",))
    assert step.reads == ("nW3[0,0]", "d3[0]")
    value = float(trace["nW3[0,0]"] * trace["d3[0]"])
    assert step.words(trace) == (
        "Mistake: the error that arrives at unit 1 of layer 2 is made with already updated "
        "weights and one path only: the first delta of layer 3 times the already updated weight "
        f"that leads there, {value:.4g}.".replace("-", "−")
    )


def test_the_gradient_left_over_is_given_like_the_weights():
    rule = bp.Rule(mistakes=("gradients_accumulated",))
    program = Program(DEEP, rule)
    data = json.loads(json.dumps(program.to_json(), allow_nan=False))
    assert data["quantities"][data["registers"]["pW2"]["quantity"]]["words"] == (
        "gradients of the weights of layer {layer} left over from the update before"
    )
    assert not any(operation["writes"].startswith("p") for operation in data["operations"])
    reads = {operation.writes: operation.reads for operation in program.operations}
    assert reads["gW2"] == ("pW2", "d2", "h1")
    assert reads["gb2"] == ("d2", "pb2")
