"""What a notebook need not hold of a panel: the words of the mistakes, which bpviz has itself.

The front end's `extension/known.ts` does the same; it has the words from `mistakes.json` beside it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from bpviz.core.mistakes import BUILT_IN
from bpviz.core.mistakes.mistake import Mistake
from bpviz.explain.program import mistake_words
from bpviz.panels.kept import TraitValues

MISTAKE_CHOICES = "_mistake_choices"


def choice_words(mistake: Mistake) -> dict[str, Any]:
    """Return what a panel says of a mistake or convention that can be switched on, anywhere."""
    return {
        **mistake_words(mistake.name),
        "source": mistake.source,
        "unseen_because": mistake.unseen_because or "",
        "needs": mistake.needs,
        "excludes": list(mistake.excludes),
        "unseen_at": list(mistake.unseen_at),
    }


@cache
def known_words() -> dict[str, dict[str, Any]]:
    """Return the words of the package's own mistakes, by their names."""
    return {mistake.name: choice_words(mistake) for mistake in BUILT_IN}


def without_words(values: TraitValues) -> TraitValues:
    """Return the values of a panel without the words that `with_words` adds again."""
    if MISTAKE_CHOICES not in values:
        return values
    return {**values, MISTAKE_CHOICES: [_own(choice) for choice in values[MISTAKE_CHOICES]]}


def _own(choice: dict[str, Any]) -> dict[str, Any]:
    known = known_words().get(choice["name"], {})
    return {name: one for name, one in choice.items() if known.get(name) != one}


def with_words(values: TraitValues) -> TraitValues:
    """Return the values of a panel as it was before `without_words`, or one of earlier versions."""
    if MISTAKE_CHOICES not in values:
        return values
    known = known_words()
    return {
        **values,
        MISTAKE_CHOICES: [{**known.get(one["name"], {}), **one} for one in values[MISTAKE_CHOICES]],
    }
