"""Turning what a caller passes into arrays, with errors that say what to do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from numbers import Complex, Number, Real
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bpviz.core.directions import closed

Array = NDArray[np.float64]


def finite_array(name: str, value: ArrayLike) -> Array:
    """Return `value` as a new float64 array, or say why it is not one.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers in equal rows.
    ValueError
        If it holds NaN or an infinity.
    """
    try:
        array = np.asarray(value)
    except Exception as error:  # what the objects in it raise is endless
        if "inhomogeneous" not in str(error):
            raise TypeError(f"{name} must hold real numbers; {shortened(value)} does not") from None
        raise TypeError(
            f"{name} has rows of different lengths; give every row the same number of entries"
        ) from None
    if np.ma.is_masked(value):
        raise ValueError(f"{name} has masked entries; fill them in or leave them out")
    if array.dtype.kind not in "biuf" and not _holds_real_numbers(array):
        raise TypeError(f"{name} must hold real numbers; {shortened(value)} does not")
    try:
        with np.errstate(all="ignore"):
            array = np.array(array, dtype=np.float64, order="C")
    except OverflowError:
        raise ValueError(
            f"{name} holds a number beyond ±{np.finfo(np.float64).max:.2g}, the largest that "
            "fits; scale it down"
        ) from None
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        place = f" at index {where[0] if len(where) == 1 else where}" if where else ""
        raise ValueError(f"{name} is {array[where]}{place}; every entry must be a finite number")
    return array


def _holds_real_numbers(array: NDArray[Any]) -> bool:
    """Return whether an array of Python objects holds numbers, such as fractions."""
    objects = array.dtype.kind == "O" and array.size > 0
    return objects and all(is_real(entry) for entry in array.flat)


def is_real(value: object) -> bool:
    """Return whether it is a real number; a Decimal is one that Python does not count as such."""
    return isinstance(value, Real) or (isinstance(value, Number) and not isinstance(value, Complex))


def is_one_sample(value: ArrayLike, units: int) -> bool:
    """Return whether `value` is a single sample: a vector, or a column as in a formula."""
    shape = np.shape(value)
    return shape in ((), (units,)) or (units > 1 and shape == (units, 1))


def samples_array(name: str, value: ArrayLike, units: int, what: str) -> Array:
    """Return `value` as samples, shape (B, units), one sample a row.

    A vector or a column of `units` numbers is one sample. Where a sample is a single
    number, a vector is as many samples as it has entries.
    """
    array = finite_array(name, value)
    if is_one_sample(array, units) and array.size == units:
        return array.reshape(1, units)
    if units == 1 and array.ndim == 1 and array.size:
        return array.reshape(-1, 1)
    if array.ndim != 2 or array.shape[1] != units or not len(array):
        raise ValueError(
            f"{name} has shape {array.shape}; {what}, so give shape ({units},) for one "
            f"sample or (samples, {units}) for several"
        )
    return array


def one_number(name: str, value: Any, above: float | None = None, finite: bool = True) -> float:
    """Return `value` as a float that is not NaN: finite, and above a bound if there is one."""
    wanted = "one number" if above is None else f"a number above {above:g}"
    given = value.item() if isinstance(value, np.ndarray) and value.size == 1 else value
    if isinstance(given, bool) or not is_real(given):
        raise TypeError(f"{name} is {shortened(value)}; give {wanted}")
    try:
        number = float(given)
    except (OverflowError, ValueError):  # an int or a Decimal that no float can be
        number = np.nan
    if np.isnan(number) or (finite and np.isinf(number)) or (above is not None and number <= above):
        raise ValueError(f"{name} is {shortened(value)}; give {wanted}")
    return number


def whole_number(
    name: str, value: Any, wanted: str = "a whole number", least: int | None = None
) -> int:
    """Return `value` as an int; True and False are none."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be {wanted}; {shortened(value)} is not")
    if least is not None and value < least:
        raise ValueError(f"{name} is {shortened(value)}; give {least} or a greater number")
    return int(value)


def positive_count(name: str, value: Any) -> int:
    """Return `value` as an int of at least 1."""
    count = whole_number(name, value, "a whole number of at least 1")
    if count < 1:
        raise ValueError(f"{name} must be at least 1; {shortened(value)} came")
    return count


def index_in(name: str, value: Any, length: int) -> int:
    """Return `value` as an index into `length` items; negative ones count from the end."""
    index = whole_number(name, value)
    if not -length <= index < length:
        known = f"give 0 to {length - 1}" if length else "there is none yet"
        raise IndexError(f"{name} {shortened(value)} does not exist; {known}")
    return index % length


def true_or_false(name: str, value: Any) -> bool:
    """Return `value` as a bool; what merely counts as true is refused, "no" among it."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} is {shortened(value)}; give True or False")
    return bool(value)


def refuse_beyond_memory(name: str, value: Any, numbers: int) -> None:
    """Raise MemoryError if so many float64 numbers, which `value` asks for, do not fit."""
    try:
        np.empty(numbers)  # only asked for: memory is taken when it is written to
    except (MemoryError, ValueError, OverflowError):
        raise MemoryError(
            f"{name} is {shortened(value)}; that needs {shortened(8 * numbers // 10**9)} GB, more "
            "than there is; give a smaller number"
        ) from None


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return `value` if it is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        known = ", ".join(map(repr, choices))
        raise ValueError(f"{name} is {shortened(value)}; choose one of {known}")
    return value


def text(name: str, value: Any) -> str:
    """Return `value` if it is a text, its direction marks closed: it is shown among others."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {shortened(value)}; give a text")
    return closed(value)


def has_entries(value: Any) -> bool:
    """Return whether a value can be gone through, and is no text."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))


def list_of(name: str, value: Any, example: str) -> list[Any]:
    """Return the entries of a list, or of anything else that has entries and is no text."""
    if not has_entries(value):
        raise TypeError(f"{name} is {shortened(value)}; give a list such as {example}")
    return list(value)


def usable_path(name: str, value: Any, example: str) -> Path:
    """Return `value` as a path that the operating system can have."""
    given = os.fspath(value) if isinstance(value, (str, os.PathLike)) else None
    if not isinstance(given, str):
        raise TypeError(f"{name} is {shortened(value)}; give a path such as {example!r}")
    try:
        possible = bool(given) and b"\0" not in os.fsencode(given)
    except UnicodeEncodeError:
        possible = False
    if not possible:
        raise ValueError(f"{name} is {shortened(given)}; give a path such as {example!r}")
    try:
        Path(given).stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise ValueError(
            f"{name} is {shortened(given)}: {error.strerror}; give a path such as {example!r}"
        ) from None
    return Path(given)


def file_path(name: str, value: Any, example: str) -> Path:
    """Return `value` as the path of a file, there already or to be made."""
    path = usable_path(name, value, example)
    if not path.name or path.is_dir():
        raise ValueError(
            f"{name} is {shortened(str(path))}, a folder; give a file such as {example!r}"
        )
    return path


def refuse_missing_folder(name: str, path: Path) -> None:
    """Raise FileNotFoundError, which names the argument, if a file cannot be made at a path."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{name} is {str(path)!r}; its folder does not exist")


def refuse_missing_file(name: str, path: Path) -> None:
    """Raise FileNotFoundError, which names the argument, if there is no file at a path."""
    if not path.exists():
        raise FileNotFoundError(f"{name} is {str(path)!r}; there is no such file")


def seed_number(name: str, value: Any) -> int:
    """Return `value` as a seed; for None a new one, drawn by the operating system."""
    if value is None:
        return int.from_bytes(os.urandom(4))
    return whole_number(name, value, "a whole number or None", least=0)


def lecture_seed(name: str, value: Any) -> int:
    """Return `value` as a seed of `RandomState`, by which the lecture draws."""
    seed = seed_number(name, value)
    if seed >= 2**32:
        raise ValueError(f"{name} is {shortened(value)}; give 0 to {2**32 - 1}")
    return seed


def shortened(value: Any) -> str:
    """Return a value as it would be written, cut short for a message."""
    try:
        written = repr(value)
    except Exception:  # the object's own, or that of an int with thousands of digits
        written = f"<{type(value).__name__}>"
    return written if len(written) <= 60 else written[:57] + "..."
