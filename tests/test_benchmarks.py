"""The benchmarks compare like with like, and say in words what is over its budget."""

from __future__ import annotations

import sys

import pytest

from benchmarks import __main__ as command
from benchmarks import footprint, measuring, training
from benchmarks.measuring import Result, ratios, spread, table


def test_all_training_loops_do_the_same() -> None:
    training.check_that_all_do_the_same()


# What asks judges answers without Python, in the 5 kB that it may have more.
@pytest.mark.parametrize(("module", "most"), [("step.js", 70), ("asks.js", 75), ("runs.js", 100)])
def test_script_and_style_of_a_panel_are_within_their_budget(module, most) -> None:
    assert footprint.BUNDLES[module] == most
    [size] = [one for one in footprint.bundle() if one.what.endswith(f"{module}, gzipped")]
    assert (size.at_most, size.unit) == (most, "kB")
    assert most / 2 < size.amount <= most


def test_a_ratio_is_our_time_by_theirs(monkeypatch) -> None:
    now = 0.0

    def lasting(seconds):
        def work():
            nonlocal now
            now += seconds

        return work

    monkeypatch.setattr(measuring, "perf_counter", lambda: now)
    measured = ratios(lasting(0.25), {"slow": lasting(2.0), "fast": lasting(0.125)}, turns=5)
    assert measured == {"slow": 0.125, "fast": 2.0}


def test_times_are_told_by_their_median_and_95th_percentile() -> None:
    median, late = spread("a step", [float(time) for time in range(101)], 50.0)
    assert (median.what, median.amount, median.within_budget) == ("a step, p50", 50.0, True)
    assert (late.what, late.amount, late.within_budget) == ("a step, p95", 95.0, False)


def test_the_table_says_what_is_over_its_budget() -> None:
    results = [
        Result("an update", "a loop", 0.5, 1.0),
        Result("a run", "C", 1.5, 1.2),
        Result("memory", "bytes", 2.0),
        Result("a step", "", 20.0, 16.7, "ms"),
        Result("the page", "", 1234.5, None, "kB"),
        Result("of a step", "", 0.0, 0, "messages"),
        Result("of a play", "", 2.0, 0, "messages"),
    ]
    assert table(results) == (
        "what       compared with  takes       the inverse  verdict\n"
        "─────────  ─────────────  ──────────  ───────────  ──────────────────────────────────\n"
        "an update  a loop         0.5 ×       2 ×          within its budget of 1 ×\n"
        "a run      C              1.5 ×       0.667 ×      OVER ITS BUDGET of 1.2 ×, by 25%\n"
        "memory     bytes          2 ×         0.5 ×        no budget\n"
        "a step                    20 ms                    OVER ITS BUDGET of 16.7 ms, by 20%\n"
        "the page                  1,234 kB                 no budget\n"
        "of a step                 0 messages               within its budget of 0 messages\n"
        "of a play                 2 messages               OVER ITS BUDGET of 0 messages"
    )


@pytest.mark.parametrize(("ratio", "status"), [(0.9, 0), (1.1, 1)])
def test_the_command_fails_if_a_budget_does_not_hold(capsys, monkeypatch, ratio, status) -> None:
    results = [Result("an update", "a loop", ratio, 1.0)]
    monkeypatch.setitem(command.BENCHMARKS, "training", lambda: iter(results))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "training"])
    assert command.main() == status
    assert capsys.readouterr().out == table(results) + "\n"


def test_an_unknown_benchmark_is_answered_with_those_there_are(capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmarks", "flight"])
    with pytest.raises(SystemExit):
        command.main()
    assert "no benchmark is called flight; there are training" in capsys.readouterr().err
