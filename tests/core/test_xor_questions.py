"""What the lecture's departures do to learning XOR, counted on a thousand starts.

`python -m benchmarks.xor_questions` gives the figures for ten thousand.
"""

from __future__ import annotations

import numpy as np
import pytest

import bpviz as bp
from benchmarks.xor_questions import EXAMPLE, departures, first_solved, sweep

RULES = departures()
RUNS = 1000


@pytest.fixture(scope="module")
def sweeps() -> dict[str, bp.Sweep]:
    return {name: sweep(rule, 2000, RUNS) for name, rule in RULES.items()}


def test_the_last_departure_is_the_lectures_own_rule():
    assert list(RULES) == [
        "none",
        "biases not trained",
        "mask",
        "mask + biases not trained",
        "dirty",
        "dirty + biases not trained",
        "dirty + mask",
        "dirty + mask + biases not trained",
    ]
    assert RULES["none"] == EXAMPLE.corrected
    assert RULES["dirty + mask + biases not trained"] == EXAMPLE.rule
    assert sweep(EXAMPLE.rule, 1, 1).networks(0)[0] == EXAMPLE.network


class TestTheDirtyUpdate:
    def test_makes_no_difference_with_the_lectures_learning_rate(self, sweeps):
        assert sweeps["none"].compare(sweeps["dirty"]).better is None
        for others in ("", " + mask", " + biases not trained", " + mask + biases not trained"):
            right = sweeps[others.removeprefix(" + ") or "none"]
            paired = right.compare(sweeps[f"dirty{others}"])
            assert paired.only_first + paired.only_second < 0.02 * RUNS

    def test_is_worse_with_a_greater_one(self):
        right, dirty = (
            sweep(bp.Rule(0.1, update), 1000, RUNS) for update in ("simultaneous", "dirty")
        )
        assert right.compare(dirty).better == "first"
        assert np.isfinite(right.rmse).all()
        assert np.mean(~np.isfinite(dirty.rmse)) > 0.2


class TestFromManyStarts:
    @pytest.mark.parametrize(
        ("departure", "share"),
        [
            ("none", 0.370),
            ("biases not trained", 0.218),
            ("mask", 0.233),
            ("mask + biases not trained", 0.108),
            ("dirty", 0.369),
            ("dirty + biases not trained", 0.219),
            ("dirty + mask", 0.232),
            ("dirty + mask + biases not trained", 0.110),
        ],
    )
    def test_the_share_solved_is_that_of_ten_thousand(self, sweeps, departure, share):
        solved = sweeps[departure].solved()
        assert solved.low < share < solved.high

    def test_untrained_biases_and_the_mask_each_cost_runs_and_both_cost_more(self, sweeps):
        for worse, better in [
            ("biases not trained", "none"),
            ("mask", "none"),
            ("mask + biases not trained", "mask"),
            ("mask + biases not trained", "biases not trained"),
        ]:
            assert sweeps[better].compare(sweeps[worse]).better == "first"


class TestFromTheLecturesStart:
    def test_500_epochs_are_too_few_whatever_the_rule(self, sweeps):
        for made in sweeps.values():
            assert made.curves[499, 0] > 0.4

    @pytest.mark.parametrize(
        ("departure", "epoch"),
        [
            ("none", 4663),
            ("dirty", 3520),
            ("biases not trained", None),
            ("mask", None),
            ("dirty + mask + biases not trained", 7942),
        ],
    )
    def test_when_it_is_solved(self, departure, epoch):
        assert first_solved(sweep(RULES[departure], 9000, 1)) == epoch


def test_with_the_right_rule_runs_stall_at_three_losses():
    made = sweep(EXAMPLE.corrected, 5000, RUNS)
    plateaus = made.plateaus()
    assert len(plateaus) == 3
    one_right, two_right, none_right = plateaus
    # The best that three, two or four samples can do if they must share an answer, which
    # single updates in turn miss by a little: 1/√6, 1/√8, 1/2.
    assert one_right.loss == pytest.approx(1 / np.sqrt(6), abs=0.003)
    assert two_right.loss == pytest.approx(1 / np.sqrt(8), abs=0.003)
    assert none_right.loss == pytest.approx(1 / 2, abs=0.01)
    # Rounding, which differs from processor to processor, decides a run or two.
    counts = [plateau.share.count for plateau in plateaus]
    assert counts == pytest.approx([294, 243, 96], abs=3)
    assert one_right.dead_units == pytest.approx((25, 269), abs=3)
    assert two_right.dead_units == (two_right.share.count,)
    assert none_right.dead_units == pytest.approx((9, 48, 39), abs=3)
    assert made.solved().count + made.stalled().sum() >= 0.99 * RUNS
