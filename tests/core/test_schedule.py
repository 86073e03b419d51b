"""Making the calls of an update few changes none of its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import bpviz as bp
from bpviz.core.formula.lowering import ONE, ZERO, constant
from bpviz.core.update import frame as frame_module
from bpviz.core.update.frame import Frame
from bpviz.core.update.schedule import in_place, ready, schedule
from tests.core.networks import cases, rules


def run(calls) -> None:
    for call in calls:
        call()


@settings(max_examples=200)
@given(cases(), rules())
def test_scheduled_calls_give_the_same_row_to_the_last_bit(case, rule) -> None:
    network, inputs, targets = case
    made = {}
    for name, arranged in (("plain", as_they_come), ("scheduled", schedule)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(frame_module, "schedule", arranged)
            frame_module._pattern.cache_clear()
            made[name] = Frame(network, rule, len(inputs))
    frame_module._pattern.cache_clear()
    plain, scheduled = made["plain"], made["scheduled"]
    for frame in (plain, scheduled):
        frame.pairs[:] = np.concatenate((inputs, targets), axis=None)
    for _ in range(3):
        with np.errstate(all="ignore"):  # some of these networks diverge
            run(plain.calls)
            run(scheduled.calls)
        np.testing.assert_array_equal(scheduled.row, plain.row)
        for frame in (plain, scheduled):
            frame.parameters[:] = frame.new_parameters


def as_they_come(calls, row, more, given):  # noqa: ARG001
    return ready(in_place(calls, [row, *more]), [row, *more])


def scheduled_on(row, calls, given):
    """Return the scheduled calls on a row of these numbers; the first of them are given."""
    made = schedule(calls, row, [], [slice(0, given)])
    numbers = [float(number) for number in range(1, given + 1)]
    memory = made.memory()
    memory[:given] = numbers
    return memory, made.bound(memory)


def test_the_changes_of_all_parameters_are_one_call() -> None:
    example = bp.presets.xor()
    frame = Frame(example.network, example.corrected, 1)
    rate = example.corrected.learning_rate
    changes = [
        call
        for call in frame.calls
        if call.func is np.multiply and call.args[0].ndim == 0 and call.args[0] == rate
    ]
    assert len(changes) == 1
    assert changes[0].args[2].size == len(frame.parameters)


def test_what_never_changes_is_computed_once() -> None:
    example = bp.presets.xor()
    frame = Frame(example.network, example.rule, 1)
    slope = frame.layout.view(frame.row, "s2")
    assert all(not np.shares_memory(call.args[-1], slope) for call in frame.calls)
    np.testing.assert_array_equal(slope, [[1.0]])  # of the identity


def test_a_call_that_needs_another_is_not_moved_before_it() -> None:
    row = np.empty(5)
    calls = [
        (np.add, (row[0:1], ONE, row[2:3])),
        (np.multiply, (row[2:3], ONE, row[4:5])),
        (np.add, (row[1:2], ONE, row[3:4])),
        (np.add, (row[4:5], ONE, row[2:3])),
    ]
    row, scheduled = scheduled_on(row, calls, given=2)
    run(scheduled)
    np.testing.assert_array_equal(row, [1.0, 2.0, 3.0, 3.0, 2.0])


def test_calls_with_different_constants_stay_apart() -> None:
    row = np.empty(4)
    calls = [
        (np.multiply, (row[0:1], constant(2.0), row[2:3])),
        (np.multiply, (row[1:2], constant(3.0), row[3:4])),
    ]
    row, scheduled = scheduled_on(row, calls, given=2)
    assert len(scheduled) == 2
    run(scheduled)
    np.testing.assert_array_equal(row, [1.0, 2.0, 2.0, 6.0])


def test_neighbours_are_joined_in_either_order() -> None:
    row = np.empty(4)
    calls = [
        (np.negative, (row[1:2], row[3:4])),
        (np.negative, (row[0:1], row[2:3])),
    ]
    row, scheduled = scheduled_on(row, calls, given=2)
    assert len(scheduled) == 1
    run(scheduled)
    np.testing.assert_array_equal(row, [1.0, 2.0, -1.0, -2.0])


def test_a_register_that_two_calls_write_is_not_constant() -> None:
    row = np.empty(2)
    calls = [(np.positive, (ZERO, row[1:2])), (np.positive, (row[0:1], row[1:2]))]
    row, scheduled = scheduled_on(row, calls, given=1)
    assert len(scheduled) == 2
    run(scheduled)
    np.testing.assert_array_equal(row, [1.0, 1.0])
