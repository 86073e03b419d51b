"""Traits that refuse what they cannot be in the words that a function has for its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import traitlets

from bpviz.core.arguments import one_of, text, true_or_false, whole_number


class WrongTraitError(traitlets.TraitError, ValueError):
    """A trait was set to what is of the right type, but cannot be."""


class WrongTypeError(traitlets.TraitError, TypeError):
    """A trait was set to what is of another type."""


def refusal(error: Exception) -> traitlets.TraitError:
    """Return an error about an argument as one about a trait; values that change with it stay."""
    wrong = WrongTypeError if isinstance(error, TypeError) else WrongTraitError
    return wrong(str(error.args[0]))


T = TypeVar("T")


class Checked(traitlets.TraitType[T, Any]):
    """A trait that keeps what a check of arguments returns.

    Parameters
    ----------
    default_value : object
        What it is at first.
    check : callable
        Called with the trait's name and a value.
    """

    def __init__(self, default_value: Any, check: Callable[[str, Any], T]) -> None:
        super().__init__(default_value)
        self._check = check

    def validate(self, _panel: Any, value: Any) -> T:
        """Return the value as it is kept."""
        try:
            return self._check(str(self.name), value)
        except (TypeError, ValueError) as error:
            raise refusal(error) from None


def choice(choices: Sequence[str], default: str) -> Checked[str]:
    """Return a trait that is one of several texts."""
    return Checked(default, lambda name, value: one_of(name, value, choices))


def whole() -> Checked[int]:
    """Return a trait that is a whole number, NumPy's too, and 0 at first."""
    return Checked(0, whole_number)


def words() -> Checked[str]:
    """Return a trait that is a text, and empty at first."""
    return Checked("", text)


def unchecked() -> Checked[Any]:
    """Return a trait for which the panel itself has a default and a check."""
    return Checked(traitlets.Undefined, lambda _name, value: value)


def switch() -> Checked[bool]:
    """Return a trait that is True or False, and False at first."""
    return Checked(False, true_or_false)
