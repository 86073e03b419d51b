"""Whatever comes back from a function, however hostile, the answer is a report."""

# Every function under check has the same four parameters, whether it uses them or not.
# ruff: noqa: ARG001, ARG005

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpviz.checking import checker, draws, instead
from bpviz.checking.checker import check
from bpviz.checking.report import Report
from tests.checking import learners
from tests.checking.zoo import MAKERS, HostileError, errors, hostile


def assert_report(function, **options) -> Report:
    report = check(function, **options)
    assert isinstance(report.passed, bool)
    for text in (repr(report), str(report), report._repr_html_()):
        assert "Traceback" not in text
        text.encode()  # it can be written to a file
    assert report.passed or report.hints
    return report


@pytest.fixture
def quick(monkeypatch):
    """Fewer draws, and no search for mistakes: they are not what hostile objects meet."""
    monkeypatch.setattr(draws, "DRAWS", 2)
    monkeypatch.setattr(checker, "explain", lambda case: None)
    monkeypatch.setattr(instead, "explain", lambda case: None)


WAYS = {
    "alone": lambda value, gW, gb: value,
    "weights": lambda value, gW, gb: (value, gb),
    "one bias": lambda value, gW, gb: [(gW[0], gb[0]), (gW[1], value)],
    "by name": lambda value, gW, gb: {"gW1": value, "gb": gb},
    "layers": lambda value, gW, gb: ({"gW": gW[0]}, {"gW": value}),
    "number": lambda value, gW, gb: ([[[value] * 3] * 2, gW[1]], gb),
}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.usefixtures("quick")
def test_each_creature_of_the_zoo_alone_and_in_every_place_gives_a_report(kind):
    for way in WAYS.values():

        def function(weights, biases, x, y, way=way):
            gW, gb = learners.vectorised(weights, biases, x, y)
            return way(MAKERS[kind](), gW, gb)

        assert not assert_report(function, convention="column").passed


@dataclass(frozen=True)
class Creature:
    """The name of one of the zoo; hypothesis had better not meet it itself."""

    kind: str


def brought_in(value: object) -> object:
    """Return a structure with the creatures in the place of their names."""
    if isinstance(value, Creature):
        return MAKERS[value.kind]()
    if isinstance(value, dict):
        return {key: brought_in(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(brought_in, value))
    return value


LEAVES = st.one_of(
    st.sampled_from(sorted(MAKERS)).map(Creature),
    st.floats(),
    st.integers(),
    st.text(max_size=5),
    st.sampled_from([np.zeros((2, 3)), np.zeros(2), np.zeros((1, 2)), np.zeros(1)]),
)
NAMES = st.sampled_from(["gW1", "gW2", "gb1", "gb2", "gW", "gb", "W1", "b1", "h1", "d", "weights"])
STRUCTURES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(NAMES | st.integers(0, 3), inner, max_size=4),
    ),
    max_leaves=8,
)


@pytest.mark.usefixtures("quick")
@given(value=STRUCTURES)
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_structure_of_them_gives_a_report(value):
    assert_report(lambda weights, biases, x, y: brought_in(value), convention="column")


@pytest.mark.parametrize("error", errors(), ids=lambda error: type(error).__name__)
def test_any_exception_gives_a_report(error):
    def function(weights, biases, x, y):
        raise error

    report = assert_report(function)
    assert not report.passed
    assert report.summary.startswith("Your function ")
    assert len(report.summary) < 1000


def test_an_exception_that_cannot_be_written_is_told_by_its_type():
    def function(weights, biases, x, y):
        raise HostileError

    line = function.__code__.co_firstlineno + 1
    assert check(function).summary == (
        f"Your function stopped in line {line} of test_hostile_returns.py, raise HostileError. "
        "HostileError"
    )


@pytest.mark.parametrize("method", ["__repr__", "__array__", "__iter__", "__len__"])
def test_looking_at_what_came_takes_no_longer_than_a_call_may(method):
    def never(*_arguments: object) -> None:
        while True:
            pass

    endless = type("Endless", (), {method: never, "__getitem__": never})

    began = time.monotonic()
    report = assert_report(lambda weights, biases, x, y: (endless(), [1, 2]), seconds=0.2)
    assert time.monotonic() - began < 10
    assert not report.passed


def test_an_interruption_where_an_object_is_deleted_is_repeated_and_not_written(capfd, monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    deletions = []

    class SlowToGo:
        def __del__(self):
            deletions.append("begun")
            while True:
                pass

    def function(weights, biases, x, y):
        SlowToGo()
        deletions.append("interrupted")
        while True:
            pass

    report = assert_report(function, seconds=0.2)
    assert not report.passed
    assert deletions[:2] == ["begun", "interrupted"]
    assert capfd.readouterr().err == ""
    assert sys.unraisablehook is sys.__unraisablehook__


def test_what_else_goes_wrong_where_an_object_is_deleted_is_written(capfd, monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)

    class Broken:
        def __del__(self):
            raise ValueError("of the learner's own")

    def function(weights, biases, x, y):
        Broken()
        return learners.vectorised(weights, biases, x, y)

    assert assert_report(function).passed
    assert "ValueError: of the learner's own" in capfd.readouterr().err


def test_what_is_no_function_may_be_hostile_too():
    report = assert_report(hostile("__repr__", "__getattr__", "__eq__"))
    assert report.summary == "This is no function, but an object of type Hostile."
    unsigned = type(
        "Unsigned",
        (),
        {
            "__signature__": property(lambda _self: 1 / 0),
            "__call__": lambda _self, *arguments: learners.vectorised(*arguments),
        },
    )()
    assert check(unsigned).passed


@pytest.mark.parametrize(
    "wrap",
    [
        lambda array: torch.tensor(array, requires_grad=True),
        lambda array: torch.tensor(array),
        lambda array: array[()],
        lambda array: array.tolist(),
        lambda array: [list(row) for row in array] if array.ndim == 2 else tuple(array),
        lambda array: array.astype(object),
        lambda array: memoryview(np.ascontiguousarray(array)),
        lambda array: np.ma.array(array),
        lambda array: type("Array", (), {"__array__": lambda _self, *_a, **_o: array})(),
    ],
    ids=["grad", "tensor", "view", "lists", "rows", "objects", "memory", "masked", "protocol"],
)
def test_right_numbers_pass_in_whatever_they_come(wrap):
    def function(weights, biases, x, y):
        gW, gb = learners.vectorised(weights, biases, x, y)
        return [wrap(g) for g in gW], [wrap(g) for g in gb]

    assert check(function).passed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda w, x: w.__setitem__(0, hostile("__eq__", "__array__", "__len__")), "weights[0]"),
        (lambda w, x: w.__setitem__(slice(None), [None, None]), "weights[0]"),
        (lambda w, x: w.clear(), "weights"),
        (lambda w, x: setattr(x, "shape", (3, 1)), "x"),
    ],
)
def test_whatever_is_put_into_the_arguments_is_a_change(change, words):
    def function(weights, biases, x, y):
        result = learners.vectorised(weights, biases, x, y)
        change(weights, x)
        return result

    assert check(function).summary == (
        f"The numbers are right, but your function changed what it was given: {words}."
    )
