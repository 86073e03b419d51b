"""How a panel shows everything: one set of conventions for all its views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bpviz.core.arguments import shortened

VIEWS = ("diagram", "formula", "matrices", "code")

RUN_VIEWS = ("loss", "surface", "predictions", "weights", "landscape", "table")
"""What a training panel shows of a run, beside the steps of an update."""
LAB_VIEWS = ("difference", "loss", "registers", "table", "check")
"""What a bug lab shows beside its list of mistakes, and the steps of an update."""

DEFAULT_STYLE: dict[str, Any] = {
    "vectors": "column",
    "symbols": "a/h",
    "digits": 4,
    "decimal": ".",
    "fractions": False,
    "skip_unchanged": False,
    "projector": False,
    "views": list(VIEWS),
}
"""Column vectors (W x), the letters a and h, four significant digits, a decimal point."""

CHOICES: dict[str, tuple[Any, ...]] = {
    "vectors": ("column", "row"),
    "symbols": ("a/h", "z/a"),
    "digits": tuple(range(2, 9)),
    "decimal": (".", ","),
    "fractions": (False, True),
    "skip_unchanged": (False, True),
    "projector": (False, True),
}


def checked_style(changes: Any, present: Mapping[str, Any]) -> dict[str, Any]:
    """Return a style with some of its settings changed.

    Parameters
    ----------
    changes : mapping
        The settings that change: "vectors" ("column": a = W x, or "row": a = x W), "symbols"
        of aggregate and activation ("a/h" or "z/a"), significant "digits" (2 to 8), "decimal"
        ("." or ","), "fractions" (True writes 1/3 where that is short), "skip_unchanged"
        (True leaves out steps that change nothing), "projector" (True for everything larger),
        "views" (those that are shown).
    present : mapping
        The style so far.

    Raises
    ------
    TypeError, ValueError
        If there is no such setting, or it cannot have that value.
    """
    if not isinstance(changes, Mapping):
        raise TypeError(
            f'appearance is {type(changes).__name__}; give a dict such as {{"vectors": "row"}}'
        )
    # NumPy's numbers and bools are as good as Python's, but cannot be sent to the browser.
    changes = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in changes.items()
    }
    for name, value in changes.items():
        if name not in DEFAULT_STYLE:
            raise ValueError(
                f"appearance has no setting {shortened(name)}; it has {_list(DEFAULT_STYLE)}"
            )
        if name == "views":
            _check_views(value)
        elif not any(type(value) is type(one) and value == one for one in CHOICES[name]):
            raise ValueError(
                f"appearance's {name} is {shortened(value)}; give {_list(CHOICES[name], 'or')}"
            )
    style = {**DEFAULT_STYLE, **present, **changes}
    style["views"] = [view for view in VIEWS if view in style["views"]]
    return style


def chosen_views(views: Any, *parts: Sequence[str]) -> list[list[str]]:
    """Return the views that each part of a panel shows.

    Parameters
    ----------
    views : list of str, or None
        The views that are shown; None for all. A part of which none is named shows all of its own.
    parts : sequence of str
        The views that a part of the panel has.

    Raises
    ------
    TypeError, ValueError
        If there is no such view, or none is named.
    """
    if views is None:
        return [list(part) for part in parts]
    known = tuple(dict.fromkeys(view for part in parts for view in part))
    _check_views(views, known, "views")
    if not views:
        raise ValueError(f"views is empty; name one or more of {_list(known)}, or give None")
    named = [[view for view in part if view in views] for part in parts]
    return [one or list(part) for one, part in zip(named, parts, strict=True)]


def _check_views(
    value: Any, known: Sequence[str] = VIEWS, what: str = "appearance's views"
) -> None:
    if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        raise TypeError(
            f'{what} is {shortened(value)}; give a list such as ["{known[0]}", "{known[-1]}"]'
        )
    unknown = [view for view in value if not isinstance(view, str) or view not in known]
    if unknown:
        raise ValueError(f"{what} has {shortened(unknown[0])}; there are {_list(known)}")


def _list(names: Any, word: str = "and") -> str:
    texts = [repr(name) for name in names]
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"
