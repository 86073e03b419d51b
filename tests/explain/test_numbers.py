"""Numbers as text. The table is what the front end's tests compare their texts with."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpviz
from bpviz.explain.numbers import number_text, told_apart
from bpviz.explain.program import Program

TABLE = Path(bpviz.__file__).parent / "frontend" / "test" / "fixtures" / "numbers.json"
POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.15625, 4, "0.1563"),
        (-0.15625, 4, "−0.1563"),
        (2.5, 1, "3"),
        (-0.0, 4, "0"),
        (12345.0, 4, "12345"),
        (123456.7, 4, "123457"),
        (999999.5, 4, "1×10⁶"),
        (1234567.0, 4, "1.235×10⁶"),
        (0.00009999999, 4, "0.0001"),
        (5e-324, 4, "4.941×10⁻³²⁴"),
        (math.inf, 4, "∞"),
        (-math.inf, 4, "−∞"),
        (math.nan, 4, "not a number"),
    ],
)
def test_ties_go_away_from_zero_and_whole_numbers_stay_whole(
    value: float, digits: int, text: str
) -> None:
    assert number_text(value, digits) == text


def test_the_table_of_the_front_end_is_what_python_writes() -> None:
    table = json.loads(TABLE.read_text())
    assert len(table["numbers"]) > 400
    for value, digits, text in table["numbers"]:
        assert number_text(float(value), digits) == text
    for old, new, digits, texts in table["pairs"]:
        assert list(told_apart(float(old), float(new), digits)) == texts
    for count, text in table["counts"]:
        assert f"{count:,}".replace("-", "−") == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_a_text_is_the_nearest_decimal_with_its_digits(value: float, digits: int) -> None:
    if value == 0:
        return
    written, exact = _read(number_text(value, digits)), Fraction(value)
    first = math.floor(math.log10(abs(value)) + 1e-9)
    unit = Fraction(10) ** (first - digits + 1)
    assert abs(written - exact) <= unit / 2
    if abs(written - exact) == unit / 2:
        assert abs(written) > abs(exact)


def test_old_and_new_have_the_digits_in_which_they_differ() -> None:
    assert told_apart(0.1, 0.10004) == ("0.10000", "0.10004")
    assert told_apart(-0.6, -0.60051) == ("−0.6000", "−0.6005")
    assert told_apart(0.0238595, 0.1238595) == ("0.02386", "0.12386")  # all digits are its own
    assert told_apart(-0.93742547, 1.87485094) == ("−0.9374", "1.8749")
    assert told_apart(0.1, 0.1) == ("0.1", "0.1")
    assert told_apart(0.0, -0.009374) == ("0", "−0.009374")
    assert told_apart(np.float64(1), 1 + 2.0**-52) == ("1.0000000000000000", "1.0000000000000002")


def test_the_sentence_of_an_update_has_the_digits_in_which_new_and_old_differ() -> None:
    example = bpviz.presets.three_two_one()
    trace = bpviz.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    words = [step.words(trace) for step in Program(example.network, example.rule).steps("term")]
    assert trace["W1[0,1]"] == 0.1
    assert "The new value of the weight 2 of unit 1 of layer 1: old minus change, 0.10004." in words


def _read(text: str) -> Fraction:
    mantissa, _, power = text.replace("−", "-").partition("×10")
    return Fraction(mantissa) * Fraction(10) ** int(power.translate(POWERS) or 0)
