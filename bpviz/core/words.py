"""Counts in words, and what others have written in one line."""

from __future__ import annotations

import unicodedata

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing around, for what follows too."""


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: "1 epoch", "2,000 epochs"; the plural only needs an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def one_line(text: str) -> str:
    """Return a text in one line, without characters that cannot be seen or turn others around."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    seen = "".join(
        c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNING
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())
