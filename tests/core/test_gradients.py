"""The gradient check: right gradients pass, and every row says what it compares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import bpviz as bp
from bpviz.core.gradient_check import parameter_check
from bpviz.formula import a, h, maximum, minimum, step, y
from tests.core.networks import cases

XOR = bp.presets.xor()
LECTURE = bp.presets.three_two_one()


@given(case=cases())
@settings(max_examples=200, deadline=None)
def test_right_gradients_pass_on_any_network(case):
    network, x, y = case
    check = bp.gradient_check(network, x, y)
    assert check.passed, str(check)
    assert len(check.rows) == sum(la.weights.size + la.bias.size for la in network.layers)


def test_every_weight_and_bias_has_its_row_in_order():
    check = bp.gradient_check(XOR.network, XOR.inputs, XOR.targets)
    refs = [row.ref for row in check.rows]
    assert refs == "W1[0,0] W1[0,1] W1[1,0] W1[1,1] b1[0] b1[1] W2[0,0] W2[0,1] b2[0]".split()  # noqa: SIM905
    for row in check.rows:
        assert row.analytic == check.trace[f"g{row.ref}"]


def test_the_numerical_derivative_of_a_unit_by_hand():
    # L = ½ (σ(w x) − y)², so dL/dw = (h − y) h (1 − h) x.
    network = bp.Network([bp.Layer([[0.7]], [0.0], "sigmoid")])
    h = 1 / (1 + np.exp(-0.7 * 2.0))
    row = bp.gradient_check(network, [2.0], [0.1]).rows[0]
    assert row.numerical == pytest.approx((h - 0.1) * h * (1 - h) * 2.0, rel=1e-9)


def test_a_batch_has_the_mean_loss():
    rows = bp.gradient_check(XOR.network, XOR.inputs, XOR.targets).rows
    single = [bp.gradient_check(XOR.network, XOR.inputs[k], XOR.targets[k]).rows for k in range(4)]
    for number, row in enumerate(rows):
        mean = np.mean([one[number].numerical for one in single])
        assert row.numerical == pytest.approx(mean, abs=1e-9)


def test_a_large_network_is_checked_in_parts():
    network = bp.Network.random([40, 50, 30], ["tanh", "relu"], seed=1)
    x = np.random.default_rng(0).normal(size=(3, 40))
    check = bp.gradient_check(network, x, np.zeros((3, 30)))
    assert check.passed
    assert len(check.rows) == 50 * 40 + 50 + 30 * 50 + 30
    assert str(check).count("\n") == 42
    assert str(check).endswith("… and 3540 with smaller errors")


class TestRelativeError:
    def test_is_against_the_larger_of_both(self):
        rule = bp.Rule(mistakes=("error_sign_flipped",))
        check = bp.gradient_check(LECTURE.network, LECTURE.inputs, LECTURE.targets, rule)
        row = next(row for row in check.rows if row.ref == "W2[0,0]")
        assert row.analytic == pytest.approx(0.01608094, abs=1e-8)  # 0.00804047 / 0.5, turned
        assert row.relative_error == pytest.approx(2.0, abs=1e-9)

    def test_two_numbers_that_are_as_good_as_zero_agree(self):
        # The unit is saturated: its gradient is far below what differences can show.
        network = bp.Network([bp.Layer([[30.0]], [0.0], "sigmoid")])
        check = bp.gradient_check(network, [1.0], [0.0])
        assert 0 < check.rows[0].analytic < 1e-12
        assert check.rows[0].relative_error < 1e-6

    def test_a_wrong_gradient_near_zero_is_still_found(self):
        network = bp.Network([bp.Layer([[9.0]], [0.0], "sigmoid")])
        rule = bp.Rule(mistakes=("error_sign_flipped",))
        check = bp.gradient_check(network, [1.0], [0.0], rule)
        assert abs(check.rows[0].analytic) < 2e-4
        assert not check.passed

    def test_what_is_not_finite_is_wrong(self):
        network = bp.Network([bp.Layer([[1e200]], [0.0], "identity")])
        check = bp.gradient_check(network, [1e200], [0.0])
        assert check.rows[0].relative_error == np.inf
        assert not check.passed

    def test_tolerance_can_be_chosen(self):
        rule = bp.Rule(0.01, update="dirty")
        arguments = (XOR.network, XOR.inputs[0], XOR.targets[0], rule)
        assert not bp.gradient_check(*arguments).passed
        assert bp.gradient_check(*arguments, tolerance=0.5).passed


class TestRounding:
    network = bp.Network.random([2, 2, 1], ["sigmoid", "identity"], 1)
    turned = bp.Rule(mistakes=("error_sign_flipped",))

    @pytest.mark.parametrize("rule", [bp.Rule(), turned], ids=["right", "wrong"])
    def test_beside_a_huge_loss_nothing_is_said_of_any_gradient(self, rule):
        check = bp.gradient_check(self.network, [1.0, 2.0], [1e10], rule)
        assert not check.passed
        assert not check.failures
        assert repr(check) == (
            "GradientCheck(nothing to compare: 9 gradients, 9 lost in the rounding of the loss)"
        )
        assert check.rows[0].note == (
            "lost in rounding: the loss is 5e+19, beside which this gradient is too small to show"
        )
        assert "1.01200202e+09" in str(check)

    @pytest.mark.parametrize("target", 10.0 ** np.arange(11))
    def test_no_wrong_sign_passes_beside_any_loss(self, target):
        wrong = bp.gradient_check(self.network, [1.0, 2.0], [target], self.turned)
        right = bp.gradient_check(self.network, [1.0, 2.0], [target])
        assert not right.failures
        assert len(wrong.failures) == sum(not row.note for row in right.rows)


@pytest.mark.parametrize("size", [1e2, 1e4, 1e6])
@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus", "silu"])
def test_a_small_weight_of_a_large_input_is_moved_by_little(name, size) -> None:
    first, second = bp.Network.random([3, 4, 2], [name, "sigmoid"], seed=1).layers
    small = bp.Layer(first.weights / size, first.bias, name)
    network, inputs = bp.Network([small, second]), size * np.array([0.7, -0.3, 0.4])
    assert bp.gradient_check(network, inputs, [0.2, 0.9]).passed
    wrong = bp.Rule(mistakes=("error_sign_flipped",))
    assert not bp.gradient_check(network, inputs, [0.2, 0.9], wrong).passed


class TestBend:
    """Where the derivative is continuous and its own jumps, as Huber's at an error of 1."""

    @pytest.mark.parametrize("target", [-1.0, 1.0])
    def test_the_gradient_of_huber_passes_at_its_bend(self, target):
        network = bp.Network([bp.Layer([[0.0, 0.0]], [0.0])], "huber")
        for x in ([3.0, -2.0], [1.0, 0.5]):
            check = bp.gradient_check(network, x, [target])
            assert check.passed, str(check)
            wrong = bp.Rule(mistakes=("error_sign_flipped",))
            assert len(bp.gradient_check(network, x, [target], wrong).failures) == 3


class TestKink:
    network = bp.Network(
        [bp.Layer([[0.0, 0.0], [0.5, -0.2]], [0.0, 0.1], "relu"), bp.Layer([[1.0, 2.0]], [0.3])]
    )

    def test_is_found_and_explained(self):
        check = bp.gradient_check(self.network, [1.0, 2.0], [0.0])
        notes = {row.ref: row.note for row in check.rows if row.note}
        assert list(notes) == ["W1[0,0]", "W1[0,1]", "b1[0]"]
        assert set(notes.values()) == {
            "at a kink of ReLU: a1[0] is 0, and ε carries it across 0, where the derivative jumps"
        }

    def test_is_left_out_of_the_verdict(self):
        for rule in (bp.Rule(), bp.Rule(mistakes=("relu_derivative_one_at_zero",))):
            check = bp.gradient_check(self.network, [1.0, 2.0], [0.0], rule)
            assert check.passed
            assert check.max_relative_error < 1e-6

    def test_there_the_difference_is_the_mean_of_both_slopes(self):
        one = bp.Rule(mistakes=("relu_derivative_one_at_zero",))
        left = bp.gradient_check(self.network, [1.0, 2.0], [0.0]).rows[0]
        right = bp.gradient_check(self.network, [1.0, 2.0], [0.0], one).rows[0]
        assert left.analytic == 0
        assert left.numerical == pytest.approx(right.analytic / 2, rel=1e-5)

    def test_a_batch_names_the_sample(self):
        check = bp.gradient_check(self.network, [[1.0, 2.0], [0.4, 1.5]], [[0.0], [1.0]])
        assert "a1[1] of sample 0 is 0.2" not in str(check)
        assert "a1[0] of sample 0 is 0" in check.rows[0].note

    def test_near_it_is_found_too(self):
        network = bp.Network([bp.Layer([[1e-9]], [0.0], "relu")])
        row = bp.gradient_check(network, [1.0], [1.0]).rows[0]
        assert row.note.startswith("at a kink of ReLU: a1[0] is 1e-09")

    def test_an_aggregate_of_zero_that_does_not_move_is_no_kink(self):
        network = bp.Network([bp.Layer([[0.5]], [0.0], "relu")])
        check = bp.gradient_check(network, [0.0], [1.0])
        assert [bool(row.note) for row in check.rows] == [False, True]

    def test_where_every_row_is_at_one_nothing_can_be_said(self):
        network = bp.Network([bp.Layer([[0.0]], [0.0], "relu")])
        check = bp.gradient_check(network, [1.0], [1.0])
        assert np.isnan(check.max_relative_error)
        assert not check.passed
        assert repr(check) == "GradientCheck(nothing to compare: 2 gradients, 2 at a kink of ReLU)"


class TestKinkAwayFromZero:
    relu6 = bp.Activation("relu6", minimum(6, maximum(0, a)))
    absolute = bp.Loss("absolute", maximum(h - y, y - h), title="absolute error")

    def test_of_a_function_of_ones_own_is_named_with_it(self):
        layers = [bp.Layer([[3.0], [1.0]], activation=self.relu6), bp.Layer([[1.0, 0.5]])]
        check = bp.gradient_check(bp.Network(layers), [2.0], [1.0])
        assert check.passed
        assert {row.ref: row.note for row in check.rows if row.note} == dict.fromkeys(
            ["W1[0,0]", "b1[0]"],
            "at a kink of relu6: a1[0] is 6, and ε carries it to where the derivative jumps",
        )
        assert repr(check).endswith("2 at a kink of relu6)")

    def test_of_a_loss_is_named_by_the_output(self):
        network = bp.Network([bp.Layer([[0.5]], activation="identity")], self.absolute)
        check = bp.gradient_check(network, [[2.0], [1.0]], [[0.0], [0.5]])
        assert not check.failures
        assert [row.note for row in check.rows] == [
            "at a kink of absolute error: h1[0] of sample 1 is 0.5, and ε carries it to where the "
            "derivative jumps"
        ] * 2
        assert bp.gradient_check(network, [[2.0], [1.0]], [[0.0], [0.6]]).rows[0].note == ""

    def test_of_several_names_them_all(self):
        layers = [
            bp.Layer([[3.0], [0.0]], activation=self.relu6),
            bp.Layer([[1.0, 0.5]], [0], "relu"),
        ]
        check = bp.gradient_check(bp.Network(layers, self.absolute), [2.0], [6.0])
        assert repr(check).endswith("at a kink of relu6 or absolute error)")

    def test_a_function_that_jumps_itself_is_watched(self):
        threshold = bp.Activation("threshold", a + step(a))
        network = bp.Network([bp.Layer([[0.0]], activation=threshold)])
        assert all(row.kink_of == "threshold" for row in bp.gradient_check(network, [1], [1]).rows)

    def test_shows_from_which_epsilon_on(self):
        network = bp.Network([bp.Layer([[1.0]], [4.0], self.relu6)])
        sweep = bp.gradient_check(network, [1.0], [0.0]).sweep("b1[0]")
        assert sweep.kink == pytest.approx(1.0)
        assert repr(sweep).endswith("a kink of relu6 from ε = 1.0e+00 on)")


class TestSweep:
    def test_covers_twelve_decades(self):
        sweep = bp.gradient_check(LECTURE.network, LECTURE.inputs, LECTURE.targets).sweep("W1[0,1]")
        assert len(sweep.epsilon) == len(sweep.numerical) == len(sweep.relative_error) == 49
        assert sweep.epsilon[0] == pytest.approx(1e-12)
        assert sweep.epsilon[-1] == 1.0

    def test_the_error_falls_with_epsilon_squared_and_then_rises_with_rounding(self):
        network = bp.Network([bp.Layer([[0.7]], [0.2], "tanh")])
        sweep = bp.gradient_check(network, [1.3], [0.4]).sweep("W1[0,0]")
        error = sweep.relative_error
        # A hundredth of ε is a ten-thousandth of the error.
        assert error[44] / error[36] == pytest.approx(1e4, rel=0.02)
        best = sweep.epsilon[np.argmin(error)]
        assert 1e-7 < best < 1e-4
        assert error[0] > 1e3 * error.min()
        assert sweep.kink is None

    def test_shows_where_the_kink_begins(self):
        # Sample 0 has the aggregate 0.01: from ε = 0.01 on the difference crosses 0.
        network = bp.Network([bp.Layer([[0.01]], [0.0], "relu")])
        check = bp.gradient_check(network, [1.0], [1.0])
        sweep = check.sweep("W1[0,0]")
        assert sweep.kink == pytest.approx(0.01)
        assert sweep.note.startswith("at a kink of ReLU: a1[0] is 0.01")
        before = (sweep.epsilon < 0.009) & (sweep.epsilon > 1e-8)
        assert (sweep.relative_error[before] < 1e-6).all()
        assert (sweep.relative_error[sweep.epsilon > 0.02] > 0.1).all()
        assert repr(sweep).endswith("a kink of ReLU from ε = 1.0e-02 on)")

    def test_belongs_to_the_same_row_as_the_table(self):
        check = bp.gradient_check(XOR.network, XOR.inputs, XOR.targets, XOR.rule)
        for row in check.rows:
            one, sweep = parameter_check(check.trace, row.ref)
            assert one == row
            assert sweep.analytic == row.analytic

    @pytest.mark.parametrize("ref", ["W1", "a1[0]", "W1[9,9]", "nonsense!", "gW1[0,0]"])
    def test_what_is_not_a_parameter_is_refused(self, ref):
        check = bp.gradient_check(XOR.network, XOR.inputs, XOR.targets)
        with pytest.raises(KeyError):
            check.sweep(ref)


def test_the_lecture_on_xor_fails_the_check():
    check = bp.gradient_check(XOR.network, XOR.inputs, XOR.targets, XOR.rule)
    assert repr(check) == (
        "GradientCheck(failed: 6 of 9 gradients differ, largest relative error 1.11)"
    )
    assert [row.ref[:2] for row in check.failures] == ["W1", "W1", "W1", "W1", "b1", "b1"]


def test_the_table_is_aligned():
    check = bp.gradient_check(XOR.network, XOR.inputs, XOR.targets)
    assert str(check) == (
        "GradientCheck(passed: 9 gradients, largest relative error below 1e-06)\n"
        "            analytic    numerical  relative error\n"
        "W1[0,0]   0.03368823   0.03368823     below 1e-06\n"
        "W1[0,1]   0.03725482   0.03725482     below 1e-06\n"
        "W1[1,0]   0.01027666   0.01027666     below 1e-06\n"
        "W1[1,1]   0.03810333   0.03810333     below 1e-06\n"
        "b1[0]    -0.00354943  -0.00354943     below 1e-06\n"
        "b1[1]     0.01027666   0.01027666     below 1e-06\n"
        "W2[0,0]  -0.72804354  -0.72804354     below 1e-06\n"
        "W2[0,1]   0.13498519   0.13498519     below 1e-06\n"
        "b2[0]     0.01097281   0.01097281     below 1e-06"
    )


def test_a_long_check_shows_how_far_it_is(monkeypatch, capsys) -> None:
    monkeypatch.setattr("bpviz.core.progress.SECONDS_WITHOUT_BAR", 0.0)
    monkeypatch.setattr("bpviz.core.central_differences.NUMBERS_A_PASS", 8)
    network = bp.Network.random([3, 4, 2], ["relu", "tanh"], seed=1)
    assert bp.gradient_check(network, [1.0, 2.0, 3.0], [0.0, 1.0]).passed
    shown = capsys.readouterr().err
    assert "checking" in shown
    assert "/26 " in shown


def test_a_check_costs_no_copy_of_the_weights_for_each_of_them(monkeypatch) -> None:
    asked = []
    repeat = np.repeat
    monkeypatch.setattr(
        np, "repeat", lambda *a, **k: asked.append(np.size(a[0])) or repeat(*a, **k)
    )
    network = bp.Network.random([100, 5, 2], ["tanh", "identity"], seed=1)
    check = bp.gradient_check(network, np.linspace(-1.0, 1.0, 100), [0.0, 1.0])
    assert check.passed
    assert max(asked) == 5  # a layer's aggregates, not its 500 weights
