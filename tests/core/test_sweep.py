"""A sweep computes what `train` computes, run by run, and counts rightly."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.sweep import all_runs, curves
from bpviz.core.sweep.results import Share
from bpviz.core.update.possible import reason_against
from bpviz.formula import a, maximum, minimum
from tests.core import lecture
from tests.core.mistaken import compatible
from tests.core.networks import ACTIVATIONS, LOSSES, OPTIMIZERS

XOR = bp.presets.xor()
X, Y = XOR.inputs, XOR.targets
FUNCTIONS = ["relu", "identity"]
OF_BATCHES = ("batch_summed", "batch_averaged_twice", "one_target_for_all")
IN_A_SWEEP = [name for name in bp.mistakes if name not in OF_BATCHES]


def xor_sweep(rule: bp.Rule | None = None, epochs: int = 50, runs: int = 20, **options):
    options = {"seed": 0, "starts": "lecture"} | options
    return bp.sweep(XOR.network, X, Y, rule, epochs, runs, **options)


def assert_same_as_train(sweep: bp.Sweep, runs=None, tolerance: float = 1e-12) -> None:
    for run in range(sweep.runs) if runs is None else runs:
        start, end = sweep.networks(run)
        history = bp.train(start, sweep.inputs, sweep.targets, sweep.rule, sweep.epochs)
        np.testing.assert_allclose(
            sweep.curves[:, run], history.rmse, rtol=tolerance, atol=tolerance
        )
        assert sweep.rmse[run] == sweep.curves[-1, run]
        trained = history.network(-1)
        for ours, theirs in zip(end.layers, trained.layers, strict=True):
            np.testing.assert_allclose(ours.weights, theirs.weights, rtol=tolerance, atol=tolerance)
            np.testing.assert_allclose(ours.bias, theirs.bias, rtol=tolerance, atol=tolerance)


@st.composite
def sweeps(draw):
    """A small sweep of any network under any rule, right or mistaken."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    activations = [draw(st.sampled_from(ACTIVATIONS)) for _ in sizes[1:]]
    loss = draw(st.sampled_from(LOSSES))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    samples = draw(st.integers(1, 11))
    inputs = generator.choice([0.0, 1.0, -1.0, 0.3, -1.7], size=(samples, sizes[0]))
    targets = generator.choice([0.0, 1.0, 0.4], size=(samples, sizes[-1]))
    if loss == "cross_entropy":
        activations[-1] = "softmax"
        targets = np.eye(sizes[-1])[generator.integers(sizes[-1], size=samples)]
    if loss == "binary_cross_entropy":
        activations[-1] = "sigmoid"
    network = bp.Network.random(sizes, activations, seed=0, loss=loss)
    rule = bp.Rule(0.02, draw(st.sampled_from(["simultaneous", "dirty"])), draw(st.booleans()))
    names = draw(st.lists(st.sampled_from(IN_A_SWEEP), max_size=3, unique=True))
    shown = tuple(
        name
        for name in names
        if reason_against(name, network, rule) is None and name != "targets_not_shuffled"
    )
    assume(compatible(shown))
    assume("updated_weights_used" not in shown or rule.update == "simultaneous")
    rule = replace(rule, mistakes=shown, optimizer=draw(st.sampled_from(OPTIMIZERS)))
    for name in shown:
        assume(reason_against(name, network, rule) is None)
    starts = draw(st.sampled_from(["random", "lecture"]))
    return bp.sweep(network, inputs, targets, rule, 4, 3, 7, starts)


class TestNumbers:
    @given(sweep=sweeps())
    @settings(max_examples=200, deadline=None)
    def test_are_those_of_train_for_any_network_and_rule(self, sweep):
        assume(np.isfinite(sweep.curves).all() and np.isfinite(sweep.ends).all())
        try:
            # Mistaken derivatives, and Adam where a gradient is all but 0, make rounding larger.
            assert_same_as_train(sweep, tolerance=1e-8)
        except bp.TrainingWarning:  # a loss may be infinite where the RMSE is not
            reject()

    @pytest.mark.parametrize("update", ["simultaneous", "dirty"])
    @pytest.mark.parametrize("train_biases", [True, False])
    def test_are_those_of_train_on_xor(self, update, train_biases):
        rule = bp.Rule(0.01, update, train_biases)
        assert_same_as_train(xor_sweep(rule, epochs=100, runs=30))

    def test_are_those_of_the_lecture(self):
        losses, weights_1, weights_2 = lecture.train(500)[:3]
        sweep = xor_sweep(XOR.rule, epochs=500, runs=1)
        np.testing.assert_allclose(sweep.curves[:, 0], losses, rtol=1e-12)
        end = sweep.networks(0)[1]
        np.testing.assert_allclose(end.layers[0].weights, weights_1, rtol=1e-12)
        np.testing.assert_allclose(end.layers[1].weights, weights_2, rtol=1e-12)

    def test_every_mistake_that_can_show_has_its_own(self):
        """Each with a network on which it shows, so that none is tested by luck alone."""
        for name in IN_A_SWEEP:
            if name == "targets_not_shuffled":
                continue
            kinds = (
                (["tanh", "relu", "sigmoid"], "squared_error"),
                (["tanh", "relu", "softmax"], "cross_entropy"),
                (["softmax", "tanh", "sigmoid"], "squared_error"),
            )
            made = (bp.Network.random([2, 2, 2, 2], kind, loss=loss) for kind, loss in kinds)
            network = next(one for one in made if reason_against(name, one, bp.Rule(0.3)) is None)
            arguments = (network, X, np.eye(2)[[0, 1, 1, 0]])
            right = bp.sweep(*arguments, bp.Rule(0.3), 3, 5, seed=2)
            wrong = bp.sweep(*arguments, bp.Rule(0.3, mistakes=(name,)), 3, 5, seed=2)
            assert_same_as_train(wrong)
            at_a_kink_only = name == "relu_derivative_one_at_zero"
            assert np.array_equal(right.ends, wrong.ends) is at_a_kink_only, name

    def test_relu_at_zero_shows_where_an_aggregate_is_zero(self):
        # With the input 0 and Network.random's zero biases every aggregate is 0.
        rule = bp.Rule(0.1, mistakes=("relu_derivative_one_at_zero",))
        arguments = (bp.Network.random([1, 3, 1], FUNCTIONS), [[0.0], [1.0]], [[1.0], [0.0]])
        wrong = bp.sweep(*arguments, rule, 5, 4, seed=1)
        assert_same_as_train(wrong)
        assert not np.array_equal(wrong.ends, bp.sweep(*arguments, bp.Rule(0.1), 5, 4, 1).ends)

    def test_do_not_depend_on_the_blocks(self, monkeypatch):
        whole = xor_sweep(runs=100)
        monkeypatch.setattr(all_runs, "NUMBERS_IN_CACHE", 1)
        split = xor_sweep(runs=100)
        for name in ("curves", "starts", "ends"):
            assert np.array_equal(getattr(whole, name), getattr(split, name))

    def test_do_not_depend_on_how_many_losses_are_kept(self, monkeypatch):
        rule = bp.Rule(0.001, mistakes=("gradients_accumulated",))
        whole = xor_sweep(rule, epochs=10, runs=30)
        monkeypatch.setattr(curves, "NUMBERS_KEPT", 100)
        small = xor_sweep(rule, epochs=10, runs=30)
        assert small.curves is None
        for name in ("rmse", "rmse_before", "ends", "percentiles"):
            assert np.array_equal(getattr(whole, name), getattr(small, name)), name


class TestStarts:
    def test_the_lectures_own_start_is_the_first(self):
        assert xor_sweep(runs=5).networks(0)[0] == XOR.network

    def test_network_randoms_start_is_the_first(self):
        one, other = (bp.Network.random([3, 4, 2], ["tanh", "relu"], seed) for seed in (9, 1))
        sweep = bp.sweep(other, [[1, 2, 3]], [[0, 1]], None, 1, 5, seed=9)
        assert sweep.networks(0)[0] == one

    @pytest.mark.parametrize("starts", ["random", "lecture"])
    def test_are_the_same_under_every_rule_and_for_any_number_of_runs(self, starts):
        one = xor_sweep(bp.Rule(0.01), runs=10, starts=starts)
        other = xor_sweep(bp.Rule(0.5, "dirty"), runs=25, starts=starts)
        assert np.array_equal(one.starts, other.starts[:10])
        assert len(np.unique(other.starts[:, 0])) == 25

    def test_a_seed_that_is_drawn_can_be_used_again(self):
        one = xor_sweep(seed=None)
        assert np.array_equal(one.ends, xor_sweep(seed=one.seed).ends)
        assert one.seed != xor_sweep(seed=None).seed


class TestShares:
    @pytest.mark.parametrize(
        ("count", "total", "low", "high"),
        [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_wilsons_interval(self, count, total, low, high):
        # R. G. Newcombe, “Two-sided confidence intervals for the single proportion: comparison
        # of seven methods”, Statistics in Medicine 17 (1998), table I, method 3.
        share = Share(count, total)
        assert share.fraction == count / total
        assert (round(share.low, 4), round(share.high, 4)) == (low, high)

    def test_a_share_of_nothing_says_nothing(self):
        assert (Share(0, 0).low, Share(0, 0).high) == (0.0, 1.0)
        assert np.isnan(Share(0, 0).fraction)

    def test_a_share_in_words(self):
        assert str(Share(24, 100)) == "24 of 100, 24.0 % (95 % interval 16.7 to 33.2 %)"

    def test_solved_runs_are_counted_by_their_final_loss(self):
        sweep = xor_sweep(epochs=500, runs=200)
        assert sweep.solved(0.1) == Share(int(np.sum(sweep.rmse <= 0.1)), 200)
        assert sweep.solved(0.0).count == 0
        assert sweep.solved(10.0).count == 200

    def test_two_rules_are_compared_start_by_start(self):
        one = xor_sweep(bp.Rule(0.05), epochs=500, runs=300)
        other = xor_sweep(bp.Rule(0.05, train_biases=False), epochs=500, runs=300)
        paired = one.compare(other)
        first, second = one.rmse <= 0.1, other.rmse <= 0.1
        assert paired.both == np.sum(first & second)
        assert paired.only_first == np.sum(first & ~second)
        assert paired.only_second == np.sum(~first & second)
        assert paired.neither == np.sum(~first & ~second)
        assert paired.better == "first"
        assert other.compare(one).better == "second"
        assert one.compare(one).better is None
        assert str(paired).endswith("; the first is better")
        assert str(one.compare(one)).endswith("; no difference is shown")

    def test_other_starts_cannot_be_compared(self):
        with pytest.raises(ValueError, match="other has other starts"):
            xor_sweep().compare(xor_sweep(seed=1))
        with pytest.raises(TypeError, match="other is str; give a sweep"):
            xor_sweep().compare("dirty")

    def test_percentiles(self):
        sweep = xor_sweep(epochs=20, runs=101)
        assert sweep.percentiles.shape == (7, 20)
        ordered = np.sort(sweep.curves, axis=1)
        np.testing.assert_array_equal(sweep.percentiles, ordered[:, [0, 5, 25, 50, 75, 95, 100]].T)


class TestPlateaus:
    sweep = xor_sweep(bp.Rule(0.05), epochs=2000, runs=400)

    def test_runs_that_stand_still_are_told_from_solved_and_falling_ones(self):
        stalled = self.sweep.stalled()
        assert not (stalled & (self.sweep.rmse <= 0.1)).any()
        fallen = 1 - self.sweep.rmse / self.sweep.curves[1799]
        assert np.array_equal(self.sweep.rmse_before, self.sweep.curves[1799])
        assert (fallen[stalled] < 0.01).all()
        assert (fallen[~stalled & (self.sweep.rmse > 0.1)] >= 0.01).all()

    def test_gather_at_few_losses(self):
        plateaus = self.sweep.plateaus()
        assert sum(p.share.count for p in plateaus) == self.sweep.stalled().sum()
        assert [p.share.count for p in plateaus] == sorted(
            (p.share.count for p in plateaus), reverse=True
        )
        for plateau in plateaus:
            assert plateau.lowest <= plateau.loss <= plateau.highest
            assert sum(plateau.dead_units) == plateau.share.count
        ranges = sorted((p.lowest, p.highest) for p in plateaus)
        assert all(b[0] - a[1] > 0.005 for a, b in pairwise(ranges))

    def test_dead_units_are_off_for_every_sample(self):
        for run in range(50):
            hidden = self.sweep.networks(run)[1].layers[0]
            off = (X @ hidden.weights.T + hidden.bias <= 0).all(axis=0)
            assert self.sweep.dead_units[run] == off.sum()

    def test_dead_units_of_several_layers_add_up_and_only_relu_dies(self):
        network = bp.Network.random([2, 5, 4, 1], ["relu", "relu", "identity"])
        sweep = bp.sweep(network, X, Y, bp.Rule(0.5), 20, 30, seed=3)
        finite = np.isfinite(sweep.ends).all(axis=1)
        run = int(np.flatnonzero(finite)[np.argmax(sweep.dead_units[finite])])
        network = sweep.networks(run)[1]
        hidden = bp.backprop(network, X, Y)
        count = sum((hidden[name] <= 0).all(axis=0).sum() for name in ("a1", "a2"))
        assert sweep.dead_units[run] == count > 0
        network = bp.Network.random([2, 3, 1], ["tanh", "identity"])
        smooth = bp.sweep(network, X, Y, None, 5, 30, seed=3)
        assert not smooth.dead_units.any()

    def test_units_of_a_function_of_ones_own_die_as_those_of_relu(self):
        mine = bp.Activation("mine", maximum(0, a), gain=2)
        relu6 = bp.Activation("relu6", minimum(6, maximum(0, a)))
        relu, own, bounded = (
            bp.sweep(
                bp.Network.random([2, 3, 1], [f, "identity"]), X, Y, bp.Rule(0.5), 9, 40, seed=3
            )
            for f in ("relu", mine, relu6)
        )
        assert relu.dead_units.sum() > 0
        assert own.dead_units.tolist() == relu.dead_units.tolist()
        hidden = bounded.networks(7)[1].layers[0]
        aggregate = X @ hidden.weights.T + hidden.bias
        flat = (aggregate <= 0) | (aggregate >= 6)
        assert bounded.dead_units[7] == flat.all(axis=0).sum()


class TestDivergence:
    sweep = xor_sweep(bp.Rule(1.5), epochs=40, runs=60)

    def test_is_counted_and_hides_nothing(self):
        diverged = ~np.isfinite(self.sweep.rmse)
        assert 0 < diverged.sum() < 60
        assert f"{diverged.sum()} diverged" in repr(self.sweep)
        assert not self.sweep.stalled()[diverged].any()
        assert self.sweep.solved(1e9).count == np.sum(~diverged)
        assert np.isinf(self.sweep.percentiles[-1, -1])
        assert not np.isnan(self.sweep.percentiles).any()

    def test_leaves_no_network(self):
        run = int(np.flatnonzero(~np.isfinite(self.sweep.rmse))[0])
        with pytest.raises(ValueError, match=f"run {run} diverged; its start is"):
            self.sweep.networks(run)


class TestArguments:
    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("batch_summed", "needs two samples or more in an update"),
            ("output_derivative_missing", "other than the identity"),
            ("targets_not_shuffled", "a sweep takes the samples in order"),
        ],
    )
    def test_a_mistake_that_cannot_show_is_refused_by_name(self, name, why):
        with pytest.raises(ValueError, match=f"rule has the mistake '{name}', which cannot") as e:
            xor_sweep(bp.Rule(mistakes=(name,)))
        assert why in str(e.value)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"runs": 0}, "runs must be at least 1"),
            ({"epochs": 0}, "epochs must be at least 1"),
            ({"seed": -1}, "seed is -1"),
            ({"starts": "zero"}, "starts is 'zero'; choose one of 'random', 'lecture'"),
        ],
    )
    def test_wrong_ones_are_named(self, options, message):
        with pytest.raises(ValueError, match=message):
            xor_sweep(**options)

    def test_samples_must_fit(self):
        with pytest.raises(ValueError, match="X has shape"):
            bp.sweep(bp.Network.random([3, 2, 1], FUNCTIONS), X, Y)

    def test_results_cannot_be_changed_by_accident(self):
        sweep = xor_sweep()
        for array in (sweep.rmse, sweep.curves, sweep.starts, sweep.ends, sweep.dead_units):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0

    def test_repr_is_short(self):
        assert repr(xor_sweep()).startswith("Sweep(2-2-1, 20 runs × 50 epochs, seed 0, RMSE ")
        assert len(xor_sweep()) == 20


class TestRightSides:
    def test_are_counted_as_by_hand(self):
        sweep = xor_sweep(bp.Rule(0.05), epochs=300, runs=60)
        sides = 0
        for run in range(60):
            answers = sweep.networks(run)[1].predict(X)
            sides += bool(((answers > 0.5) == (Y > 0.5)).all())
        assert 0 < sides < 60
        assert sweep.right_sides().count == sides
        assert sweep.right_sides().total == 60
        assert sweep.right_sides(1e9).count == 60  # every target and every answer is below

    def test_an_answer_at_the_boundary_is_on_neither_side(self):
        network = bp.Network([bp.Layer([[0.0, 0.0]], [0.5], "identity")])
        sweep = bp.sweep(network, X, Y, bp.Rule(0.0), 1, 1, 0, starts="lecture")
        at_the_start = sweep.networks(0)[1].predict(X)
        assert sweep.right_sides(float(at_the_start[0, 0])).count == 0

    def test_a_run_that_diverged_is_on_no_side(self):
        sweep = xor_sweep(bp.Rule(5.0), epochs=50, runs=10)
        assert not np.isfinite(sweep.rmse).all()
        assert sweep.right_sides().count <= np.isfinite(sweep.ends).all(axis=1).sum()
