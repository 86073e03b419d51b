"""Numbers as text."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number_text(value: ArrayLike, digits: int = 4) -> str:
    """Return a number with `digits` significant digits, as it stands on the screen.

    A true minus sign, no −0, and a power of ten only below 10⁻⁴ and from 10⁶ on.
    """
    number = float(np.asarray(value))
    if not math.isfinite(number):
        return {math.inf: "∞", -math.inf: "−∞"}.get(number, "not a number")
    if number == 0:
        return "0"
    mantissa, exponent_text = f"{number:.{digits - 1}e}".split("e")
    exponent = int(exponent_text)
    if -4 <= exponent < 6:
        text = _without_trailing_zeros(
            f"{float(f'{number:.{digits - 1}e}'):.{max(0, digits - 1 - exponent)}f}"
        )
    else:
        power = str(exponent).translate(_SUPERSCRIPTS)
        text = f"{_without_trailing_zeros(mantissa)}×10{power}"
    return text.replace("-", "−")


def _without_trailing_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
