"""Layouts, traces and refs: where each number lies, and how it is shown."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.update.tape import Layout, parse_ref
from tests.core.networks import cases, rules

TABLE = """\
learning_rate 0.5
x     [ 0.5  0.1 -0.2]
y     [0.6]
W1    [[ 0.5  0.1  0.1]
       [-0.6 -0.2  0.7]]
b1    [0. 0.]
W2    [[ 0.1 -0.3]]
b2    [0.]
a1    [ 0.24 -0.46]
h1    [0.55971365 0.38698582]
s1    [0.24643428 0.2372278 ]
e1    [-0.00287307  0.0086192 ]
d1    [-0.00070802  0.00204471]
a2    [-0.06012438]
h2    [0.48497343]
s2    [0.2497742]
e2    [-0.11502657]
d2    [-0.02873067]
loss  0.00661556
gW1   [[-3.54011093e-04 -7.08022187e-05  1.41604437e-04]
       [ 1.02235701e-03  2.04471402e-04 -4.08942805e-04]]
gb1   [-0.00070802  0.00204471]
gW2   [[-0.01608095 -0.01111836]]
gb2   [-0.02873067]
uW1   [[-1.77005547e-04 -3.54011093e-05  7.08022187e-05]
       [ 5.11178506e-04  1.02235701e-04 -2.04471402e-04]]
ub1   [0. 0.]
uW2   [[-0.00804047 -0.00555918]]
ub2   [0.]
nW1   [[ 0.50017701  0.1000354   0.0999292 ]
       [-0.60051118 -0.20010224  0.70020447]]
nb1   [0. 0.]
nW2   [[ 0.10804047 -0.29444082]]
nb2   [0.]"""


@pytest.fixture
def trace() -> bp.Trace:
    example = bp.presets.three_two_one()
    return bp.backprop(example.network, example.inputs, example.targets, example.rule)


def test_a_trace_prints_as_an_aligned_table(trace) -> None:
    assert str(trace) == TABLE


def test_the_table_does_not_follow_the_print_options_of_the_caller(trace) -> None:
    with np.printoptions(precision=2, suppress=True, threshold=1, floatmode="fixed"):
        assert str(trace) == TABLE


def test_ipython_shows_the_table(trace) -> None:
    pretty = pytest.importorskip("IPython.lib.pretty")
    assert pretty.pretty(trace) == TABLE


def test_reprs_are_short_and_without_addresses(trace) -> None:
    assert repr(trace) == "Trace(3-2-1, loss 0.00661556)"
    assert repr(trace.layers[1]) == "LayerTrace(layer 2 of Trace(3-2-1, loss 0.00661556))"
    assert repr(trace.layout) == "Layout(30 registers, 65 numbers, B = 1)"
    batch = bp.backprop(trace.network, np.ones((4, 3)), np.ones((4, 1)))
    assert repr(batch) == "Trace(3-2-1, 4 samples, loss 0.134635)"


def test_a_wide_table_stays_within_a_hundred_columns() -> None:
    network = bp.Network.random([30, 40, 1], ["tanh", "identity"], seed=0)
    lines = str(bp.backprop(network, np.ones(30), 1.0)).split("\n")
    assert max(map(len, lines)) <= 100
    assert any("..." in line for line in lines)


@given(cases(), rules())
def test_attributes_registers_and_refs_are_the_same_numbers(case, rule) -> None:
    network, inputs, targets = case
    trace = bp.backprop(network, inputs, targets, rule)
    attributes = {
        "W": "weights",
        "b": "bias",
        "a": "aggregate",
        "h": "activation",
        "s": "derivative",
        "e": "error",
        "d": "delta",
        "gW": "weight_gradient",
        "gb": "bias_gradient",
        "uW": "weight_change",
        "ub": "bias_change",
        "nW": "new_weights",
        "nb": "new_bias",
    }
    for name in trace.layout.registers:
        prefix = name.rstrip("0123456789")
        if prefix in attributes:
            layer = trace.layers[int(name[len(prefix) :]) - 1]
            assert getattr(layer, attributes[prefix]) is not None
            np.testing.assert_array_equal(getattr(layer, attributes[prefix]), trace[name])
    np.testing.assert_array_equal(trace.x, trace["x"])
    np.testing.assert_array_equal(trace.y, trace["y"])
    np.testing.assert_array_equal(trace.output, trace[f"h{len(network.layers)}"])
    np.testing.assert_array_equal(trace.loss, trace["loss"])


@given(cases(), st.data())
def test_the_registers_tile_the_row(case, data) -> None:
    network, inputs, _ = case
    layout = Layout(network, len(inputs))
    row = np.arange(layout.size, dtype=float)
    parts = [layout.view(row, name) for name in layout.registers]
    np.testing.assert_array_equal(np.concatenate([part.ravel() for part in parts]), row)
    for name, part in zip(layout.registers, parts, strict=True):
        assert np.shares_memory(part, row)
        register = layout.register(name)
        sample = data.draw(st.integers(0, len(inputs) - 1))
        of_sample = part[sample] if register.per_sample else part
        for index in np.ndindex(of_sample.shape):
            ref = f"{name}[{', '.join(map(str, index))}]" if index else name
            assert layout.slot(ref, sample) == of_sample[index]


@given(cases())
def test_a_view_of_several_rows_is_that_of_each(case) -> None:
    network, inputs, _ = case
    layout = Layout(network, len(inputs))
    rows = np.random.default_rng(0).normal(size=(3, layout.size))
    for name in layout.registers:
        several = layout.view(rows, name)
        assert np.shares_memory(several, rows)
        for k, row in enumerate(rows):
            np.testing.assert_array_equal(several[k], layout.view(row, name))


@given(cases())
def test_a_trace_gives_back_the_network_and_the_samples(case) -> None:
    network, inputs, targets = case
    trace = bp.backprop(network, inputs, targets)
    assert trace.network == network
    np.testing.assert_array_equal(trace.x.reshape(inputs.shape), inputs)
    np.testing.assert_array_equal(trace.y.reshape(targets.shape), targets)


def test_a_number_of_a_batch_is_that_of_the_chosen_sample() -> None:
    example = bp.presets.xor()
    batch = bp.backprop(example.network, example.inputs, example.targets, example.rule)
    for k, (x, y) in enumerate(zip(example.inputs, example.targets, strict=True)):
        single = bp.backprop(example.network, x, y, example.rule)
        assert batch.at_sample(k)["h1[1]"] == single["h1[1]"]
        assert batch.at_sample(k)["W1[0,1]"] == single["W1[0,1]"]
    assert batch["h1"].shape == (4, 2)
    assert batch.loss.shape == (4,)


def test_a_trace_cannot_be_changed(trace) -> None:
    for array in (trace.row, trace["W1"], trace.output, trace.layers[0].delta):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    with pytest.raises(ValueError, match="WRITEABLE"):
        trace.row.flags.writeable = True


def test_no_recorded_number_is_minus_zero() -> None:
    network = bp.Network(
        [bp.Layer([[-1.0], [1.0]], activation="relu"), bp.Layer([[1.0, -1.0]], None, "identity")]
    )
    for inputs in ([-2.0], [0.0], [3.0]):
        row = bp.backprop(network, inputs, [5.0]).row
        assert not np.signbit(row[row == 0.0]).any()
    rows = bp.train(network, [[-2.0], [0.0], [3.0]], [[5.0]] * 3, epochs=2).rows
    assert not np.signbit(rows[rows == 0.0]).any()


@pytest.mark.parametrize(
    ("ref", "parts"),
    [
        ("W1[0,1]", ("W1", (0, 1))),
        (" a2[ 0 ] ".replace("[ 0 ]", "[0]"), ("a2", (0,))),
        ("loss", ("loss", ())),
    ],
)
def test_a_ref_is_a_register_with_indices(ref, parts) -> None:
    assert parse_ref(ref) == parts


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("W9", "there is no register 'W9'; there are learning_rate, x, y, W1, b1"),
        ("W1[5,0]", "'W1[5,0]' does not exist; W1 has shape (2, 3)"),
        ("W1[0]", "'W1[0]' is not one number; W1 has shape (2, 3)"),
        ("W1[0,", "'W1[0,' is not a ref; write a register with indices, such as 'W1[0,1]'"),
        ("", "'' is not a ref"),
        (3, "3 is not a ref"),
    ],
)
def test_a_wrong_ref_is_answered_with_what_there_is(trace, ref, message) -> None:
    with pytest.raises(KeyError, match=re.escape(message)):
        trace[ref]


def test_with_cross_entropy_the_last_layer_has_no_derivative_of_its_own() -> None:
    network = bp.Network.random([2, 3], ["softmax"], seed=0, loss="cross_entropy")
    trace = bp.backprop(network, [1.0, 2.0], [0.0, 1.0, 0.0])
    np.testing.assert_array_equal(trace.layers[0].delta, trace.output - trace.y)
    with pytest.raises(KeyError, match="there is no register 's1'"):
        _ = trace.layers[0].derivative
    with pytest.raises(KeyError, match="there is no register 'e1'"):
        _ = trace.layers[0].error


@pytest.mark.parametrize("sample", [-5, 4, 7])
def test_a_sample_that_is_not_there(sample) -> None:
    example = bp.presets.xor()
    trace = bp.backprop(example.network, example.inputs, example.targets)
    with pytest.raises(IndexError, match=f"sample {sample} does not exist; give 0 to 3"):
        trace.at_sample(sample)
