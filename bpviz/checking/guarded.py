"""Dealing with objects that may do anything when they are looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

LONGEST_TEXT = 60
"""So many characters of how a value is written are shown."""

LONGEST_MESSAGE = 300
"""So many characters of the message of an exception are shown."""


class TimeIsUp(BaseException):
    """Raised inside a function that took too long; no `except Exception` catches it."""


def attempt(function: Callable[..., Any], *arguments: Any, otherwise: Any = None) -> Any:
    """Return what a call returns, or `otherwise` if it raises anything at all.

    Only the end of the time and an interruption by the user go through.
    """
    try:
        return function(*arguments)
    except (TimeIsUp, KeyboardInterrupt):
        raise
    except BaseException:
        return otherwise


def type_name(value: object) -> str:
    """Return the name of a value's type; a metaclass may hide it."""
    name = attempt(lambda: type(value).__name__)
    return plain_text(name) if isinstance(name, str) and name else "object"


def described(value: object) -> str:
    """Return a value as it would be written, cut short; its type if it cannot be written."""
    text = attempt(repr, value)
    if not isinstance(text, str):
        return f"an object of type {type_name(value)}"
    return cut(plain_text(text), LONGEST_TEXT)


def exception_text(error: BaseException) -> str:
    """Return the type of an exception and its message, if it has one that can be read."""
    text = attempt(str, error)
    name = type_name(error)
    if not isinstance(text, str) or not text:
        return name
    return f"{name}: {cut(plain_text(text), LONGEST_MESSAGE)}"


def plain_text(text: str) -> str:
    """Return a string without methods of its own, and with nothing that cannot be printed."""
    return str.__str__(text).encode("utf-8", "replace").decode()


def cut(text: str, length: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= length else text[: length - 3] + "..."
