"""An update as other rules would make it is what those rules make."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.update.starting import started
from bpviz.core.update.variants import Variants
from tests.core.mistaken import X, Y, coupled, deep, mistaken_runs


@given(case=mistaken_runs(), rates=st.lists(st.sampled_from([0.0, 0.1, 1.0]), max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_variant_is_the_update_that_its_rule_makes(case, rates):
    network, x, y, samples, rule = case
    x, y = x[:samples], y[:samples]
    for start in (replace(rule, mistakes=()), rule):
        variants = Variants(bp.backprop(started(network, start), x, y, start))
        for other in (rule, *(replace(rule, learning_rate=rate) for rate in rates), start):
            made = bp.backprop(started(network, other), x, y, other)
            variant = variants.under(other)
            assert variant.layout.registers == made.layout.registers
            np.testing.assert_allclose(variant.row, made.row, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("optimizer", [bp.SGD(momentum=0.9), bp.Adam()], ids=repr)
@pytest.mark.parametrize("network", [deep(), coupled()], ids=repr)
def test_what_optimizers_carry_keeps_its_place(network, optimizer):
    right = bp.Rule(0.5, optimizer=optimizer)
    variants = Variants(bp.backprop(network, X, Y, right))
    for names in [*((name,) for name in bp.mistakes), ()]:
        rule = replace(right, mistakes=names)
        made = bp.backprop(started(network, rule), X, Y, rule)
        np.testing.assert_allclose(variants.under(rule).row, made.row, rtol=1e-12, atol=1e-14)


def test_only_some_registers_can_be_made():
    right = bp.backprop(deep(), X, Y, bp.Rule(0.5))
    rule = bp.Rule(0.5, mistakes=("error_sign_flipped",))
    made = Variants(right).under(rule, only={"d3"})
    assert np.array_equal(made["e3"], right["e3"])
    assert np.array_equal(made.row, right.row)
    made = Variants(right).under(rule, only={"e3", "d3"})
    assert np.array_equal(made["d3"], -right["d3"])
    assert np.array_equal(made["gW3"], right["gW3"])


def test_gradients_can_be_left_over():
    right = bp.backprop(deep(), X, Y, bp.Rule(0.5))
    rule = bp.Rule(0.5, mistakes=("gradients_accumulated",))
    made = Variants(right).under(rule, left_over={"pW2": np.ones((2, 2))})
    np.testing.assert_allclose(made["gW2"], right["gW2"] + 1, rtol=1e-15)
    assert np.array_equal(made["gW1"], right["gW1"])
    assert np.array_equal(made["pW2"], np.ones((2, 2)))
