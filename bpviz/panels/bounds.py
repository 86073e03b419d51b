"""What a file may hold of a panel, which may come from anybody: no more than a page can make.

The front end's `extension/bounds.ts` says the same where a notebook is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, prod
from typing import Any

from bpviz.panels.kept import LIMITS, TraitValues

MOST_CHARACTERS: int = 2 * LIMITS["characters"]
"""Compressed text of so many is at most 43 MB; earlier versions wrote somewhat more."""
MOST = {
    "_updates_per_epoch": LIMITS["things"],
    **dict.fromkeys(("size", "samples", "sizes", "shape", "start", "count"), LIMITS["numbers"]),
}
"""How much may be counted under these names, wherever they stand."""
BYTES = (
    *("_frames", "_losses", "_right_frames", "_right_losses", "_pinned_losses"),
    *("_start_row", "_inputs", "_targets", "_orders"),
)
"""What else would be read as a number of bytes."""

Json = Mapping[str, Any]


def is_within_bounds(values: TraitValues) -> bool:
    """Return whether everything in a panel's values is as large as it may be.

    Raises
    ------
    ArithmeticError, AttributeError, KeyError, TypeError, ValueError
        If they are of another kind than a panel's.
    """
    others = [values.get("_last_program"), values.get("_right_program")]
    programs = [values["_program"], *(one for one in others if one and one.get("operations"))]
    return (
        all(isinstance(values.get(name, b""), bytes) for name in BYTES)
        and _has_small_counts(values)
        and all(map(_is_program, programs))
        and _is_soon_made(values, programs)
    )


def _has_small_counts(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= LIMITS["things"] and all(map(_has_small_counts, value))
    if not isinstance(value, Mapping):
        return True
    if "op" in value and not _cost_of(value) <= LIMITS["numbers"]:
        return False
    return all(
        (name not in MOST or _are_counts(one, MOST[name])) and _has_small_counts(one)
        for name, one in value.items()
    )


def _are_counts(value: Any, most: int) -> bool:
    if isinstance(value, list):
        return all(_are_counts(one, most) for one in value)
    if value is None or isinstance(value, Mapping):
        return True
    return isinstance(value, int | float) and 0 <= value <= most and value == int(value)


def _is_program(program: Json) -> bool:
    size, sizes = program["size"], program["network"]["sizes"]
    return (
        size > 0
        and all(units > 0 for units in sizes)
        and sum(sizes) <= size
        and all(one["start"] + prod(one["shape"]) <= size for one in program["registers"].values())
    )


def _is_soon_made(values: TraitValues, programs: list[Json]) -> bool:
    """Return whether a page comes to an end with what it makes: at once, and one by one."""
    program = programs[0]
    size = min(one["size"] for one in programs)
    held = (len(values.get("_frames", b"")) + len(values.get("_right_frames", b""))) / 8 / size
    of_sample = program["network"]["sizes"][0] * program["samples"]
    at_once = max(1, held, len(values.get("_inputs", b"")) / 8 / of_sample)
    # A lab checks each number, too.
    of_lab = values["_epochs"] * at_once + size if "_epochs" in values else 0
    terms = sum(map(_terms_of, programs))
    return bool(
        at_once * terms <= LIMITS["terms_at_once"]
        and (values.get("_total_frames", 0) + of_lab) * terms <= LIMITS["terms_made"]
    )


def _terms_of(program: Json) -> float:
    """Return of how many numbers an update is made."""
    registers = program["registers"]
    return sum(
        prod(registers[formula["writes"]]["shape"])
        * sum(_cost_of(formula[way]) for way in ("element", "stable", "right") if way in formula)
        if formula["writes"] in registers
        else inf
        for formula in (*program["operations"], *program.get("start", ()))
    )


def _cost_of(expression: Any) -> float:
    """Return of how many numbers an entry is made."""
    if not isinstance(expression, Mapping) or "op" not in expression:
        return 1
    return expression.get("count", 1) * sum(map(_cost_of, expression.get("of", ()))) or 1
