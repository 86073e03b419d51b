"""The script of an update runs by itself and gives every register bit for bit."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings

import bpviz as bp
from bpviz.explain.listing import listing, script
from bpviz.explain.program import Program
from tests.explain.networks import cases

TRANSPOSED = ("W", "gW", "uW", "nW")


@pytest.mark.parametrize("convention", ["column", "row"])
@given(case=cases(most_units=20))
@settings(max_examples=100, deadline=None)
def test_the_script_gives_every_register_bit_for_bit(convention, case):
    network, x, y, rule = case
    trace = bp.backprop(network, x, y, rule)
    names: dict = {}
    with np.errstate(over="ignore"):  # a sigmoid far below 0
        exec(compile(script(trace, convention), "script", "exec"), names)
    for name in trace.layout.registers:
        expected = np.asarray(trace[name])
        if convention == "row" and name.rstrip("0123456789") in TRANSPOSED:
            expected = expected.T
        assert np.array_equal(names[name], expected), name


@pytest.mark.parametrize(
    ("convention", "product"),
    [("column", "y @ log_softmax(a1)"), ("row", "log_softmax(a1) @ y")],
)
def test_the_script_of_an_output_that_underflows_to_0_has_its_loss(convention, product):
    layer = bp.Layer([[1000.0, 0.0], [0.0, 0.0]], None, "softmax")
    network = bp.Network([layer], "cross_entropy")
    text = script(bp.backprop(network, [1.0, 0.0], [0.0, 1.0]), convention)
    assert f"loss = -({product})\n" in text
    names: dict = {}
    exec(compile(text, "script", "exec"), names)
    assert names["loss"] == 1000.0
    batch = bp.backprop(network, [[1.0, 0.0], [-1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]])
    exec(compile(script(batch, convention), "script", "exec"), names)
    assert names["loss"].tolist() == [1000.0, 1000.0]


def test_the_script_of_the_first_lecture_as_a_student_reads_it():
    example = bp.presets.three_two_one()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    text = script(trace, "row")
    assert 'W1 = np.array([[0.5, -0.6], [0.1, -0.2], [0.1, 0.7]], order="F")\n' in text
    assert "a1 = x @ W1 + b1\n" in text
    assert "gW1 = np.outer(x, d1)\n" in text
    assert "e1 = d2 @ W2.T\n" in text
    text = script(trace, "column")
    assert "W1 = np.array([[0.5, 0.1, 0.1], [-0.6, -0.2, 0.7]])\n" in text
    assert "a1 = W1 @ x + b1\n" in text
    assert "gW1 = np.outer(d1, x)\n" in text
    assert "e1 = W2.T @ d2\n" in text


def test_the_script_runs_in_a_python_of_its_own(tmp_path):
    example = bp.presets.xor()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    path = tmp_path / "update.py"
    path.write_text(script(trace) + "print(a1, d2, d1, nW2)\n", encoding="utf-8")
    result = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    assert result.stdout == (
        "[4.98368353 1.29043732] [-0.93742547] [0.09809116 0.08542005] "
        "[[-0.10463889 -0.09112196]]\n"
    )


def test_every_operation_has_its_line_in_order():
    example = bp.presets.xor()
    program = Program(example.network, example.rule)
    lines = [line.operation for line in listing(program) if line.operation is not None]
    assert lines == list(range(len(program.operations)))


def test_an_unknown_convention_is_refused():
    example = bp.presets.xor()
    with pytest.raises(ValueError, match="convention is 'math'; choose one of 'column', 'row'"):
        listing(Program(example.network), "math")
