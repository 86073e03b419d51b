"""Marks that set the direction of the text after them: closed, so that they end with their text."""

from __future__ import annotations

_POP, _POP_ISOLATE = "\u202c", "\u2069"
_CLOSED_BY = dict.fromkeys("\u202a\u202b\u202d\u202e", _POP) | dict.fromkeys(
    "\u2066\u2067\u2068", _POP_ISOLATE
)


def closed(text: str) -> str:
    """Return a text whose direction marks do nothing to what is written after it.

    Names and titles stand within sentences and beside labels; an override that a name does not end
    would turn those round (Unicode Standard Annex #9, X1 to X8).
    """
    open_ones: list[str] = []
    for character in text:
        if character in _CLOSED_BY:
            open_ones.append(_CLOSED_BY[character])
        elif character == _POP and open_ones[-1:] == [_POP]:
            open_ones.pop()
        elif character == _POP_ISOLATE and _POP_ISOLATE in open_ones:
            # What was begun within an isolate ends with it.
            while open_ones.pop() != _POP_ISOLATE:
                pass
    return text + "".join(reversed(open_ones))
