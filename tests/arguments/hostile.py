"""What a caller may pass by mistake, or to see what happens; made anew for every call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st


class Unspeakable:
    """Cannot be shown, compared, counted or converted."""

    def __repr__(self) -> str:
        raise RuntimeError("this object has no words")

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("this object cannot be compared")

    def __len__(self) -> int:
        raise RuntimeError("this object cannot be counted")

    def __bool__(self) -> bool:
        raise RuntimeError("this object is neither true nor false")

    __hash__ = object.__hash__


def recursive() -> list[Any]:
    """Return a list that holds itself."""
    endless: list[Any] = []
    endless.append(endless)
    return endless


HOSTILE: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "empty text": lambda: "",
    "text": lambda: "x",
    "no": lambda: "no",
    "a number as text": lambda: "5",
    "text with a NUL": lambda: "a\0b",
    "lone surrogate": lambda: "\ud800",
    "bytes": lambda: b"x",
    "0": lambda: 0,
    "1": lambda: 1,
    "5": lambda: 5,
    "−1": lambda: -1,
    "10¹⁸": lambda: 10**18,
    "10⁴⁰⁰": lambda: 10**400,
    "1.5": lambda: 1.5,
    "−0.5": lambda: -0.5,
    "1e308": lambda: 1e308,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "−inf": lambda: -float("inf"),
    "complex": lambda: 1 + 2j,
    "True": lambda: True,
    "NumPy's False": lambda: np.False_,
    "NumPy's nan": lambda: np.float64("nan"),
    "NumPy's integer": lambda: np.int64(2),
    "Ellipsis": lambda: ...,
    "a type": lambda: int,
    "a function": lambda: len,
    "an object": object,
    "an object that raises": Unspeakable,
    "a date": lambda: date(2024, 2, 29),
    "a slice": lambda: slice(1, 2),
    "an empty list": list,
    "a list in a list": lambda: [[]],
    "a list that holds itself": recursive,
    "a list of None": lambda: [None],
    "a list of text": lambda: ["x"],
    "a list of numbers": lambda: [0.1, 0.2],
    "a list of 10¹⁸": lambda: [10**18, 10**18],
    "rows of different lengths": lambda: [[1, 2], [3]],
    "a list of what raises": lambda: [Unspeakable()],
    "an empty tuple": tuple,
    "a pair of lists": lambda: ([], []),
    "a dict": dict,
    "a dict of text": lambda: {"x": "y"},
    "a dict of lists": lambda: {1: []},
    "a set": lambda: {1, 2},
    "a generator": lambda: (number for number in (1, 2)),
    "a generator of text": lambda: (text for text in "xy"),
    "a range": lambda: range(3),
    "a folder": lambda: Path(),
    "an array without axes": lambda: np.array(2.0),
    "an empty array": lambda: np.empty(0),
    "an array of shape (3,)": lambda: np.ones(3),
    "an array of shape (2, 2)": lambda: np.ones((2, 2)),
    "an array of shape (1, 1, 1, 1)": lambda: np.ones((1, 1, 1, 1)),
    "an array with nan": lambda: np.array([np.nan, 1.0]),
    "an array of objects": lambda: np.array([None, "x"], dtype=object),
    "an object as an array": lambda: np.array(object()),
    "an array of text": lambda: np.array(["a", "b"]),
    "an array of times": lambda: np.array(["2024-02-29"], dtype="datetime64[D]"),
    "an array of complex numbers": lambda: np.array([1j]),
    "an array of bools": lambda: np.array([True, False]),
    "an array of records": lambda: np.zeros(2, dtype=[("a", "f8")]),
    "a masked array": lambda: np.ma.masked_equal([1.0, 2.0], 2.0),
}

_SINGLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=4)
    | st.binary(max_size=4)
    | st.sampled_from([10**18, -(10**18), "W1[0,0]", "relu", "d1", "W1", "layer"])
)
_KEYS = st.text(max_size=4) | st.integers(-3, 3) | st.sampled_from(["W1[0,0]", "vectors", "d1"])

junk = st.recursive(
    _SINGLE,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(_KEYS, inner, max_size=2)
    ),
    max_leaves=5,
)
"""Anything that can be written down in a few characters."""
