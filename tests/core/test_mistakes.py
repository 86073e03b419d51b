"""Each named mistake changes the registers that it should, and no other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

import bpviz as bp
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.possible import reason_against
from tests.core.mistaken import X, Y, classifier, compatible, coupled, deep, mistaken_runs
from tests.core.networks import cases

DEEP, SOFTMAX, ZERO, COUPLED = deep(), classifier(), deep(second_unit=0.0), coupled()
ALL_CHANGES = "uW1 ub1 uW2 ub2 uW3 ub3 nW1 nb1 nW2 nb2 nW3 nb3"
HIDDEN_CHANGES = "uW1 ub1 uW2 ub2 nW1 nb1 nW2 nb2"

CHANGED = {
    "input_weights_exchanged": (
        DEEP,
        1,
        "a1 h1 a2 h2 a3 h3 loss e3 s3 d3 gW3 gb3 e2 d2 gW2 gb2 e1 s1 d1 gW1 gb1 " + ALL_CHANGES,
    ),
    "derivative_at_activation": (
        DEEP,
        1,
        f"s3 d3 gW3 gb3 e2 d2 gW2 gb2 e1 s1 d1 gW1 gb1 {ALL_CHANGES}",
    ),
    "derivative_from_aggregate": (
        DEEP,
        1,
        f"s3 d3 gW3 gb3 e2 d2 gW2 gb2 e1 s1 d1 gW1 gb1 {ALL_CHANGES}",
    ),
    "sigmoid_derivative_for_tanh": (DEEP, 1, "s1 d1 gW1 gb1 uW1 ub1 nW1 nb1"),
    "relu_derivative_from_activation": (
        DEEP,
        1,
        f"s2 d2 gW2 gb2 e1 d1 gW1 gb1 {HIDDEN_CHANGES}",
    ),
    "relu_derivative_one_at_zero": (ZERO, 1, "s2 d2 gW2 gb2 uW2 ub2 nW2 nb2"),
    "output_derivative_missing": (
        DEEP,
        1,
        f"d3 gW3 gb3 e2 d2 gW2 gb2 e1 d1 gW1 gb1 {ALL_CHANGES}",
    ),
    "hidden_derivative_missing": (DEEP, 1, f"d2 gW2 gb2 e1 d1 gW1 gb1 {HIDDEN_CHANGES}"),
    "softmax_derivative_twice": (
        SOFTMAX,
        1,
        f"d2 gW2 gb2 e1 d1 gW1 gb1 {HIDDEN_CHANGES}",
    ),
    "softmax_diagonal_only": (COUPLED, 1, "d1 gW1 gb1 uW1 ub1 nW1 nb1"),
    "error_sign_flipped": (
        DEEP,
        1,
        f"e3 d3 gW3 gb3 e2 d2 gW2 gb2 e1 d1 gW1 gb1 {ALL_CHANGES}",
    ),
    "factor_two_kept": (
        DEEP,
        1,
        f"e3 d3 gW3 gb3 e2 d2 gW2 gb2 e1 d1 gW1 gb1 {ALL_CHANGES}",
    ),
    "one_target_for_all": (
        DEEP,
        2,
        f"loss e3 d3 gW3 gb3 e2 d2 gW2 gb2 e1 d1 gW1 gb1 {ALL_CHANGES}",
    ),
    "updated_weights_used": (DEEP, 1, f"e2 d2 gW2 gb2 e1 d1 gW1 gb1 {HIDDEN_CHANGES}"),
    "weights_not_transposed": (DEEP, 1, f"e2 d2 gW2 gb2 e1 d1 gW1 gb1 {HIDDEN_CHANGES}"),
    "output_delta_everywhere": (DEEP, 1, "e1 d1 gW1 gb1 uW1 ub1 nW1 nb1"),
    "one_path_only": (DEEP, 1, f"e2 d2 gW2 gb2 e1 d1 gW1 gb1 {HIDDEN_CHANGES}"),
    "elementwise_product": (DEEP, 1, "gW1 gW2 gW3 uW1 uW2 uW3 nW1 nW2 nW3"),
    "aggregate_used_as_input": (DEEP, 1, "gW2 gW3 uW2 uW3 nW2 nW3"),
    "own_activation_used_as_input": (DEEP, 1, "gW1 gW2 gW3 uW1 uW2 uW3 nW1 nW2 nW3"),
    "network_input_everywhere": (DEEP, 1, "gW2 gW3 uW2 uW3 nW2 nW3"),
    "bias_gradient_wrong_axis": (DEEP, 2, "gb1 gb2 gb3 ub1 ub2 ub3 nb1 nb2 nb3"),
    "batch_summed": (DEEP, 2, f"gW1 gb1 gW2 gb2 gW3 gb3 {ALL_CHANGES}"),
    "batch_averaged_twice": (DEEP, 2, f"gW1 gb1 gW2 gb2 gW3 gb3 {ALL_CHANGES}"),
    "gradients_accumulated": (DEEP, 1, ""),
    "biases_not_trained": (DEEP, 1, "ub1 ub2 ub3 nb1 nb2 nb3"),
    "hidden_layers_not_trained": (DEEP, 1, HIDDEN_CHANGES),
    "gradient_added": (DEEP, 1, "nW1 nb1 nW2 nb2 nW3 nb3"),
    "learning_rate_twice": (DEEP, 1, ALL_CHANGES),
    "targets_not_shuffled": (DEEP, 1, ""),
    "weights_started_equal": (DEEP, 1, ""),
}


def trace_of(network: bp.Network, samples: int, *mistakes: str) -> bp.Trace:
    targets = np.eye(2) if network is SOFTMAX else Y
    rule = bp.Rule(learning_rate=0.5, mistakes=mistakes)
    return bp.backprop(network, X[:samples], targets[:samples], rule)


def changed(right: bp.Trace, wrong: bp.Trace) -> set[str]:
    """The registers of the right trace that are different in the wrong one."""
    return {name for name in right.layout.registers if not np.array_equal(right[name], wrong[name])}


def test_every_mistake_has_its_case():
    assert list(CHANGED) == list(bp.mistakes)


@pytest.mark.parametrize("name", CHANGED)
def test_a_mistake_changes_exactly_the_registers_that_it_should(name):
    network, samples, expected = CHANGED[name]
    assert reason_against(name, network, bp.Rule(learning_rate=0.5), samples) is None
    right, wrong = trace_of(network, samples), trace_of(network, samples, name)
    assert changed(right, wrong) == set(expected.split())


@pytest.mark.parametrize("name", CHANGED)
def test_the_gradient_check_finds_it_or_the_registry_says_why_not(name):
    network, samples, _ = CHANGED[name]
    targets = np.eye(2) if network is SOFTMAX else Y
    rule = bp.Rule(learning_rate=0.5, mistakes=(name,))
    assert bp.gradient_check(network, X[:samples], targets[:samples]).passed
    check = bp.gradient_check(network, X[:samples], targets[:samples], rule)
    mistake = bp.mistakes[name]
    assert check.passed is (mistake.unseen_because is not None)


def test_the_registry_says_what_the_gradient_check_cannot_see():
    unseen = [name for name, mistake in bp.mistakes.items() if mistake.unseen_because]
    assert unseen == [
        "relu_derivative_one_at_zero",
        "gradients_accumulated",
        "biases_not_trained",
        "hidden_layers_not_trained",
        "gradient_added",
        "learning_rate_twice",
        "targets_not_shuffled",
        "weights_started_equal",
    ]


@pytest.mark.parametrize("name", bp.mistakes)
def test_a_mistake_is_described_in_whole_words(name):
    mistake = bp.mistakes[name]
    for text in (mistake.title, mistake.change, mistake.notice, mistake.source, mistake.needs):
        assert len(text) > 10
        assert "<" not in text
    assert repr(mistake) == f"Mistake({name}: {mistake.title})"


class TestNumbers:
    """What each mistake computes, in literal numbers or by another way."""

    def test_derivative_at_the_activation(self):
        trace = trace_of(DEEP, 1, "derivative_at_activation")
        h1, h3 = np.ravel(trace["h1"]), np.ravel(trace["h3"])
        again = 1 / (1 + np.exp(-h3))
        np.testing.assert_allclose(trace["s1"], 1 - np.tanh(h1) ** 2, rtol=1e-15)
        np.testing.assert_allclose(trace["s3"], again * (1 - again), rtol=1e-15)

    def test_relu_masks(self):
        assert trace_of(DEEP, 1)["s2"].tolist() == [1, 0]
        assert trace_of(DEEP, 1, "relu_derivative_from_activation")["s2"].tolist() == [1, 1]
        assert trace_of(ZERO, 1)["s2"].tolist() == [1, 0]
        assert trace_of(ZERO, 1, "relu_derivative_one_at_zero")["s2"].tolist() == [1, 1]

    def test_softmax_multiplied_by_the_derivative_again(self):
        h = trace_of(SOFTMAX, 1)["h2"]
        wrong = trace_of(SOFTMAX, 1, "softmax_derivative_twice")
        np.testing.assert_allclose(wrong["d2"], (h - [1, 0]) * h * (1 - h), rtol=1e-15)

    def test_paths(self):
        right = trace_of(DEEP, 1)
        W, d = right["W3"], right["d3"]
        np.testing.assert_allclose(
            trace_of(DEEP, 1, "weights_not_transposed")["e2"], W @ d, rtol=1e-15
        )
        np.testing.assert_allclose(trace_of(DEEP, 1, "one_path_only")["e2"], W[0] * d[0])
        everywhere = trace_of(DEEP, 1, "output_delta_everywhere")
        np.testing.assert_allclose(everywhere["e1"], right["W2"].T @ d, rtol=1e-15)

    def test_elementwise_product(self):
        trace = trace_of(DEEP, 1, "elementwise_product")
        column = (trace["d1"] * trace["x"])[:, None]
        assert np.array_equal(trace["gW1"], column @ [[1, 1]])

    def test_bias_gradient_over_the_wrong_axis(self):
        one, two = (trace_of(DEEP, count, "bias_gradient_wrong_axis") for count in (1, 2))
        np.testing.assert_allclose(one["gb2"], [one["d2"].sum()] * 2, rtol=1e-15)
        np.testing.assert_allclose(two["gb2"], two["d2"].sum(axis=1) / 2, rtol=1e-15)

    def test_sums_and_averages_of_a_batch(self):
        right = trace_of(DEEP, 2)
        for parameter in ("W1", "b3"):
            gradient = right[f"g{parameter}"]
            summed = trace_of(DEEP, 2, "batch_summed")[f"g{parameter}"]
            twice = trace_of(DEEP, 2, "batch_averaged_twice")[f"g{parameter}"]
            np.testing.assert_allclose(summed, 2 * gradient, rtol=1e-15)
            np.testing.assert_allclose(twice, gradient / 2, rtol=1e-15)

    def test_a_flipped_sign_turns_every_gradient_round(self):
        right, wrong = trace_of(DEEP, 1), trace_of(DEEP, 1, "error_sign_flipped")
        for name in ("gW1", "gb1", "gW2", "gb2", "gW3", "gb3"):
            np.testing.assert_allclose(wrong[name], -right[name], rtol=1e-15)

    def test_the_learning_rate_twice(self):
        right, wrong = trace_of(DEEP, 1), trace_of(DEEP, 1, "learning_rate_twice")
        np.testing.assert_allclose(wrong["uW2"], 0.5 * right["uW2"], rtol=1e-15)


@given(case=cases())
@settings(max_examples=40, deadline=None)
def test_updated_weights_are_what_the_dirty_update_uses(case):
    network, x, y = case
    dirty = bp.backprop(network, x, y, bp.Rule(0.5, update="dirty"))
    mistaken = bp.backprop(network, x, y, bp.Rule(0.5, mistakes=("updated_weights_used",)))
    assert changed(dirty, mistaken) == set()
    order = [operation.writes for operation in algorithm(network, mistaken.rule, len(x))]
    assert order == [operation.writes for operation in algorithm(network, dirty.rule, len(x))]


@given(case=cases())
@settings(max_examples=40, deadline=None)
def test_biases_not_trained_is_what_the_rule_can_do_on_purpose(case):
    network, x, y = case
    on_purpose = bp.backprop(network, x, y, bp.Rule(0.5, train_biases=False))
    mistaken = bp.backprop(network, x, y, bp.Rule(0.5, mistakes=("biases_not_trained",)))
    assert changed(on_purpose, mistaken) == set()


@given(case=cases())
@settings(max_examples=40, deadline=None)
def test_a_mistake_that_does_not_apply_changes_nothing(case):
    network, x, y = case
    right = bp.backprop(network, x, y)
    for name, mistake in bp.mistakes.items():
        if reason_against(mistake.name, network, samples=len(x)) is not None:
            wrong = bp.backprop(network, x, y, bp.Rule(mistakes=(name,)))
            assert changed(right, wrong) == set(), name


def test_why_a_mistake_does_not_apply():
    xor = bp.presets.xor()
    reason = reason_against("weights_not_transposed", xor.network, bp.Rule())
    assert reason == (
        "“W is taken for Wᵀ” needs a hidden layer followed by a layer with as many units, at "
        "least two; this is a 2-2-1 network (relu, identity; squared_error), with 1 sample in "
        "an update, under Rule(learning_rate=0.01, update='simultaneous')"
    )
    updated, dirty = "updated_weights_used", bp.Rule(update="dirty")
    assert "the simultaneous update" in reason_against(updated, xor.network, dirty)
    assert reason_against(updated, xor.network, bp.Rule(mistakes=(updated,))) is None
    assert reason_against("biases_not_trained", xor.network, xor.rule) is not None
    assert reason_against("learning_rate_twice", xor.network, bp.Rule(1.0)) is not None
    assert reason_against("batch_summed", xor.network) is not None
    assert reason_against("batch_summed", xor.network, samples=4) is None


class TestTogether:
    def test_the_order_in_the_rule_makes_no_difference(self):
        for pair in filter(compatible, combinations(CHANGED, 2)):
            one, other = (bp.Rule(mistakes=names) for names in (pair, pair[::-1]))
            assert algorithm(DEEP, one, 2) == algorithm(DEEP, other, 2)

    @pytest.mark.parametrize("pair", [p for p in combinations(CHANGED, 2) if not compatible(p)])
    def test_what_contradicts_itself_is_refused(self, pair):
        for names in (pair, pair[::-1]):
            with pytest.raises(ValueError, match=r"which contradict each other: .* Leave one out"):
                bp.Rule(mistakes=names)

    def test_contradictions_are_mutual(self):
        for name, mistake in bp.mistakes.items():
            assert all(name in bp.mistakes[other].excludes for other in mistake.excludes)

    def test_these_contradict_each_other(self):
        assert [pair for pair in combinations(CHANGED, 2) if not compatible(pair)] == [
            ("derivative_at_activation", "derivative_from_aggregate"),
            ("relu_derivative_from_activation", "relu_derivative_one_at_zero"),
            ("weights_not_transposed", "one_path_only"),
            ("aggregate_used_as_input", "own_activation_used_as_input"),
            ("aggregate_used_as_input", "network_input_everywhere"),
            ("own_activation_used_as_input", "network_input_everywhere"),
            ("batch_summed", "batch_averaged_twice"),
        ]

    def test_mistakes_add_up(self):
        names = ("error_sign_flipped", "batch_summed", "learning_rate_twice")
        right, wrong = trace_of(DEEP, 2), trace_of(DEEP, 2, *names)
        np.testing.assert_allclose(wrong["uW1"], -2 * 0.5 * right["uW1"], rtol=1e-14)

    def test_softmax_twice_with_the_wrong_sign(self):
        once = trace_of(SOFTMAX, 1, "softmax_derivative_twice")
        both = trace_of(SOFTMAX, 1, "softmax_derivative_twice", "error_sign_flipped")
        np.testing.assert_allclose(both["d2"], -once["d2"], rtol=1e-15)

    @given(case=mistaken_runs())
    @settings(max_examples=40, deadline=None)
    def test_every_operation_of_a_mistaken_update_says_which_mistakes_it_has(self, case):
        network, _, _, samples, rule = case
        right = algorithm(network, replace(rule, mistakes=()), samples)
        wrong = {operation.writes: operation for operation in algorithm(network, rule, samples)}
        assert {operation.writes for operation in right} == set(wrong)
        for operation in right:
            mistaken = wrong[operation.writes]
            assert bool(mistaken.mistakes) is (mistaken != operation)
            assert set(mistaken.mistakes) <= set(rule.mistakes)


class TestAcrossUpdates:
    def test_accumulated_gradients_are_the_sums_of_all_so_far(self):
        # With learning rate 0 every update sees the same weights.
        x, y = np.array([[0.4, -0.7], [0.9, 0.3], [-0.2, 0.6]]), np.zeros((3, 2))
        rule = bp.Rule(0.0, mistakes=("gradients_accumulated",))
        for batch in (1, 2):
            right = bp.train(DEEP, x, y, bp.Rule(0.0), epochs=2, batch_size=batch)
            wrong = bp.train(DEEP, x, y, rule, epochs=2, batch_size=batch)
            total = dict.fromkeys(("W1", "b1", "W3", "b3"), 0.0)
            for epoch in range(2):
                for update in range(right.updates_per_epoch):
                    for name in total:
                        before = total[name]
                        total[name] = before + right.trace(epoch, update)[f"g{name}"]
                        trace = wrong.trace(epoch, update)
                        np.testing.assert_allclose(trace[f"g{name}"], total[name], rtol=1e-13)
                        np.testing.assert_allclose(trace[f"p{name}"], before, rtol=1e-13)

    def test_from_the_second_update_on_gradients_and_changes_are_wrong(self):
        rule = bp.Rule(0.5, mistakes=("gradients_accumulated",))
        right, wrong = (bp.train(DEEP, X, Y, r, epochs=1) for r in (bp.Rule(0.5), rule))
        assert changed(right.trace(0, 0), wrong.trace(0, 0)) == set()
        assert changed(right.trace(0, 1), wrong.trace(0, 1)) == set(
            f"gW1 gb1 gW2 gb2 gW3 gb3 {ALL_CHANGES}".split()
        )

    def test_a_run_that_records_every_tenth_update_makes_the_others_again(self):
        rule = bp.Rule(0.1, mistakes=("gradients_accumulated",))
        whole = bp.train(DEEP, X, Y, rule, epochs=20)
        sparse = bp.train(DEEP, X, Y, rule, epochs=20, record=10)
        for epoch in range(20):
            assert np.array_equal(whole.trace(epoch, 1).row, sparse.trace(epoch, 1).row)

    def test_a_run_with_kept_gradients_survives_a_file(self, tmp_path):
        rule = bp.Rule(0.1, mistakes=("gradients_accumulated",))
        history = bp.train(DEEP, X, Y, rule, epochs=3)
        loaded = bp.History.load(history.save(tmp_path / "run.npz"))
        assert np.array_equal(loaded.trace(2, 1)["pW1"], history.trace(2, 1)["pW1"])

    def test_other_rules_keep_no_gradients(self):
        assert "pW1" not in trace_of(DEEP, 1).layout.registers


class TestTargetsNotShuffled:
    rule = bp.Rule(0.01, mistakes=("targets_not_shuffled",))

    def test_only_the_reported_loss_is_wrong(self):
        xor = bp.presets.xor()
        arguments = {"epochs": 50, "shuffle": True, "seed": 3}
        right = bp.train(xor.network, xor.inputs, xor.targets, bp.Rule(0.01), **arguments)
        wrong = bp.train(xor.network, xor.inputs, xor.targets, self.rule, **arguments)
        assert np.array_equal(right.rows, wrong.rows)
        assert np.array_equal(right.rmse_after, wrong.rmse_after)
        expected = [
            np.sqrt(np.mean((right.predictions[epoch] - xor.targets) ** 2)) for epoch in range(50)
        ]
        np.testing.assert_allclose(wrong.rmse, expected, rtol=1e-14)
        assert not np.allclose(wrong.rmse, right.rmse)

    def test_without_shuffling_nothing_is_wrong(self):
        xor = bp.presets.xor()
        right = bp.train(xor.network, xor.inputs, xor.targets, bp.Rule(0.01), epochs=5)
        wrong = bp.train(xor.network, xor.inputs, xor.targets, self.rule, epochs=5)
        assert np.array_equal(right.rmse, wrong.rmse)


@given(case=mistaken_runs())
@settings(max_examples=40, deadline=None)
def test_a_mistaken_run_is_the_same_update_by_update(case):
    """The calls of a run are made few; that must not change a mistaken number either."""
    network, x, y, samples, rule = case
    run = bp.Run(network, x, y, rule, batch_size=samples)
    run.advance(2)
    trace = bp.backprop(run.start, x[:samples], y[:samples], rule)
    assert np.array_equal(run.history().trace(0, 0).row, trace.row)
