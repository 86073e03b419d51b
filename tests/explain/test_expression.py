"""Expressions are evaluated as IEEE arithmetic would."""

from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import Op, log_softmax, written_out


def test_a_sigmoid_far_below_zero_is_zero_without_a_warning():
    power = Op("exp", (Op("negate", (-800.0,)),))
    assert evaluate(Op("divide", (1.0, Op("add", (1.0, power)))), None) == 0.0


def test_the_logarithm_of_a_share_that_underflows_is_no_infinity():
    share = log_softmax(0.0, "j", 2, Op("multiply", (500.0, Op("kronecker", (), at=("j", 1)))))
    assert evaluate(share, None) == -500.0
    assert evaluate(written_out(share), None) == -500.0
