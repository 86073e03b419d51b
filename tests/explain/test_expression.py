"""Expressions are evaluated as IEEE arithmetic would."""

from bpviz.explain.expression import Op, evaluate


def test_a_sigmoid_far_below_zero_is_zero_without_a_warning():
    power = Op("exp", (Op("negate", (-800.0,)),))
    assert evaluate(Op("divide", (1.0, Op("add", (1.0, power)))), None) == 0.0
