"""Counts in words."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: "1 epoch", "2 epochs"; the plural only needs an s."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
