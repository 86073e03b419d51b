"""What functions and losses have in common: they are what their parts are."""

from __future__ import annotations

from functools import partial
from typing import Any


class Definition:
    """A formula with a name and words, equal to another of its kind with the same parts.

    Attributes
    ----------
    name : str
        What it is called in code; a built-in one is a constant of that name in its module.
    title : str
        What it is called on the screen.
    """

    name: str
    title: str

    @property
    def _parts(self) -> dict[str, Any]:
        """The arguments that make it again."""
        raise NotImplementedError

    @property
    def _is_built_in(self) -> bool:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> str | tuple[object, ...]:
        if self._is_built_in:
            return self.name  # copies and pickles refer to the one of that name
        return partial(type(self), **self._parts), ()

    def __repr__(self) -> str:
        return self.name
