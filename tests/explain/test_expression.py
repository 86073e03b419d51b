"""Expressions are evaluated as IEEE arithmetic would."""

from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import Op, written_out


def test_a_sigmoid_far_below_zero_is_zero_without_a_warning():
    power = Op("exp", (Op("negate", (-800.0,)),))
    assert evaluate(Op("divide", (1.0, Op("add", (1.0, power)))), None) == 0.0


def test_the_logarithm_of_a_share_that_underflows_is_no_infinity():
    other = Op("multiply", (500.0, Op("kronecker", (), at=("j", 1))))
    share = Op("log_softmax", (0.0, other), over="j", count=2)
    assert evaluate(share, None) == -500.0
    assert evaluate(written_out(share), None) == -500.0
