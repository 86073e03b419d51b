"""Numbers as text, equal to the character with what the front end's `numbers.ts` writes."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np
from numpy.typing import ArrayLike

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LEAST_EXPONENT, _LARGEST_EXPONENT = -4, 5
ALL_DIGITS = 17
"""So many significant digits tell every float from its neighbours."""


def number_text(value: ArrayLike, digits: int = 4) -> str:
    """Return a number with `digits` significant digits, as it stands on the screen.

    A true minus sign, no −0, no zeros at the end, and a power of ten only below 10⁻⁴ and from
    10⁶ on. A tie goes away from zero, as is taught: 0.15625 is 0.1563. Digits before the point
    are never rounded away: 12345.67 is 12346.
    """
    number = float(np.asarray(value))
    if not math.isfinite(number):
        return {math.inf: "∞", -math.inf: "−∞"}.get(number, "not a number")
    if number == 0:
        return "0"
    sign, size = "−" if number < 0 else "", Decimal(abs(number))
    rounded = _rounded(size, digits)
    whole = size.to_integral_value(ROUND_HALF_UP)
    if 10**digits <= whole < 10 ** (_LARGEST_EXPONENT + 1):
        return f"{sign}{whole}"
    exponent = rounded.adjusted()
    if _LEAST_EXPONENT <= exponent <= _LARGEST_EXPONENT:
        return sign + _without_trailing_zeros(f"{rounded:f}")
    mantissa = _without_trailing_zeros(f"{rounded.scaleb(-exponent):f}")
    return f"{sign}{mantissa}×10{str(exponent).translate(_SUPERSCRIPTS)}"


def told_apart(old: ArrayLike, new: ArrayLike, digits: int = 4) -> tuple[str, str]:
    """Return two numbers as text with as few digits as tell them apart, but `digits` or more.

    Both have the same number of decimals: 0.1 and 0.09993 are 0.10000 and 0.09993; 0 is 0.
    Equal numbers are written as `number_text` writes them.
    """
    one, other = float(np.asarray(old)), float(np.asarray(new))
    for count in range(digits, ALL_DIGITS + 1):
        texts = number_text(one, count), number_text(other, count)
        if texts[0] != texts[1]:
            decimals = max(map(_decimals, texts)) if all(map(_is_plain, texts)) else 0
            return _fixed(one, texts[0], decimals), _fixed(other, texts[1], decimals)
    return number_text(one, digits), number_text(other, digits)


def _rounded(size: Decimal, digits: int) -> Decimal:
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(size)


def _without_trailing_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_plain(text: str) -> bool:
    return all(character in "−.0123456789" for character in text)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _fixed(number: float, text: str, decimals: int) -> str:
    """Return a number with so many decimals, its own digits all; a whole one or 0 as it is."""
    if not decimals or text == "0":
        return text
    place, exactly = Decimal(1).scaleb(-decimals), Context(prec=60)
    rounded = Decimal(abs(number)).quantize(place, ROUND_HALF_UP, exactly)
    return f"{'−' * (number < 0)}{rounded:f}"
