"""What makes a sweep cheap, pass by pass."""

from __future__ import annotations

import numpy as np

import bpviz as bp
from bpviz.core.formula.expression import Op, Ref
from bpviz.core.sweep.lowered import TARGETS, RunsView, joined
from bpviz.core.sweep.passes import (
    Assignment,
    inlined,
    live,
    positive_part_by_step,
    rate_first,
    shared_places,
    with_numbers,
    with_sample,
)
from bpviz.core.sweep.plan import Plan

I = ("i",)  # noqa: E741
a, b, c, d = (Ref(name, I) for name in ("a1", "b1", "h1", "d1"))


def assign(register: str, formula) -> Assignment:
    return Assignment(register, I, formula)


def test_what_nothing_needs_is_left_out() -> None:
    both = [assign("a1", b), assign("h1", a), assign("s1", a)]
    assert live(both, {"h1"}) == both[:2]


def test_the_rate_becomes_a_number() -> None:
    change = assign("ub1", Ref("learning_rate") * Ref("gb1", I))
    made = with_numbers([change], {"learning_rate": 0.5})
    assert made == [assign("ub1", 0.5 * Ref("gb1", I))]


def test_the_rate_is_multiplied_in_where_the_error_is_made() -> None:
    made = rate_first(
        [assign("d1", c - Ref("y", I)), assign("gb1", d), assign("ub1", 0.5 * Ref("gb1", I))]
    )
    assert made == [
        assign("d1", Op("multiply", (c - Ref("y", I), 0.5))),
        assign("gb1", d),
        assign("ub1", Op("multiply", (Ref("gb1", I),))),
    ]


def test_what_is_wanted_with_the_rate_and_without_stays_as_it_is() -> None:
    both = [assign("d1", c), assign("nb1", b - 0.5 * d), assign("pb1", d)]
    assert rate_first(both) == both


def test_what_is_needed_once_is_put_where_it_is_needed() -> None:
    made = inlined([assign("a1", c * 2.0), assign("nb1", b - a)], {"nb1"}, {"b1"})
    assert made == [assign("nb1", b - c * 2.0)]


def test_relu_is_the_aggregate_times_its_step() -> None:
    step = assign("s1", Op("step", (a,)))
    larger = assign("h1", Op("max", (0.0, a)))
    assert positive_part_by_step([larger, step]) == [step, assign("h1", a * Ref("s1", I))]


def test_inputs_that_are_known_leave_nothing_to_multiply() -> None:
    total = Op("sum", (Ref("W1", ("i", "j")) * Ref("x", ("j",)),), over="j", count=3)
    (made,) = with_sample([assign("a1", b + total)], {"x": (0.0, -1.0, None), "y": ()})
    weight = Ref("W1", ("i", 2)) * Ref("x", (2,))
    assert made.formula == (b - Ref("W1", ("i", 1))) + weight


def test_what_is_not_read_again_gives_its_place_away() -> None:
    made = [assign("a1", b), assign("h1", a * 2.0), assign("nb1", b - c)]
    shapes = dict.fromkeys(("a1", "b1", "h1", "nb1"), (2,))
    places = shared_places(made, {"nb1": "b1", "b1": "b1"}, {"b1"}, shapes)
    assert places["a1"] == places["h1"] == "h1"


def test_an_update_of_xor_is_made_in_so_many_assignments() -> None:
    example = bp.presets.xor()
    todo, _ = Plan(example.network, example.corrected).of_sample((1.0, 1.0), (0.0,))
    assert [one.register for one in todo] == [
        *("a1", "s1", "h1", "a2", "r", "d2", "d1"),
        *("nW1", "nW1", "nb1", "nW2", "nb2"),
    ]


def view(start: int, count: int = 2, buffer: int = 0) -> RunsView:
    return RunsView(buffer, start * 8, (count,), (8,))


def test_calls_on_neighbours_are_joined() -> None:
    first = np.subtract, (view(0), view(10), view(0))
    second = np.subtract, (view(2, 1), view(12, 1), view(2, 1))
    assert joined([first, second]) == [(np.subtract, (view(0, 3), view(10, 3), view(0, 3)))]


def test_calls_stay_apart_that_differ_or_need_each_other() -> None:
    first = np.subtract, (view(0), view(10), view(0))
    for second in (
        (np.add, (view(2), view(12), view(2))),
        (np.subtract, (view(2), view(13), view(2))),
        (np.subtract, (view(2, buffer=1), view(12), view(2))),
    ):
        assert joined([first, second]) == [first, second]
    chain = [(np.positive, (view(0), view(2))), (np.positive, (view(2), view(4)))]
    assert joined(chain) == chain
    targets = [
        (np.subtract, (view(k), RunsView(TARGETS, 8 * k, (1,), (8,)), view(k + 20))) for k in (0, 2)
    ]
    assert joined(targets) == targets
