"""Recognising the parameters where gradients are asked for: the new ones, or the old."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bpviz.checking.diagnosis import RATES, Explanation, explain
from bpviz.checking.examination import Case, right_numbers
from bpviz.checking.hints import ratio_of
from bpviz.core.arguments import Array
from bpviz.explain.numbers import number_text

UNCHANGED = 0.0
"""The learning rate with which the new parameters are the old ones."""


@dataclass(frozen=True)
class Instead:
    """What was returned in the place of gradients.

    Attributes
    ----------
    what : str
        "weights", "biases" or "weights and biases".
    rate : float
        The learning rate that leads to them; 0 for the old ones.
    case : Case
        The case, with the gradients in the place of the parameters.
    explanation : Explanation or None
        Which mistake is in those gradients.
    """

    what: str
    rate: float
    case: Case
    explanation: Explanation | None = None

    @property
    def summary(self) -> str:
        """What was returned, in a sentence."""
        if self.rate == UNCHANGED:
            return f"Not yet: your function returned the {self.what} as it was given them."
        return f"Not yet: your function returned the new {self.what} in the place of gradients."

    @property
    def note(self) -> str:
        """What can be said of the gradients behind them."""
        if self.rate == UNCHANGED:
            return ""
        rate = number_text(self.rate)
        if self.explanation is None:
            return f"As new {self.what} they are right, with the learning rate {rate}."
        return f"The learning rate in them is {rate}. The gradients behind them are wrong too:"

    @property
    def advice(self) -> str:
        """What to do about it."""
        named = ", ".join(f'"n{letter}1": …' for letter in "Wb" if _called(letter) in self.what)
        return (
            "Return the gradients themselves, what the learning rate is multiplied by in "
            f"W − learning rate · gradient. Or name them, {{{named}}}, and they are checked as "
            f"new {self.what}, with the learning rate of rule=bp.Rule(…)."
        )


def instead_of_gradients(case: Case, search: bool = False) -> Instead | None:
    """Return what was returned in the place of gradients, or None if these are no parameters.

    Parameters
    ----------
    case : Case
        With a wrong register.
    search : bool
        Whether the gradients behind them may be mistaken; this takes a while.
    """
    names = [name for name in case.wrong if name[0] == "g"]
    comparable = all(name in answer.numbers for name in names for answer in case.answers)
    if not names or names != case.wrong or not comparable:
        return None
    letters = [letter for letter in "Wb" if any(name[1] == letter for name in names)]
    what = " and ".join(_called(letter) for letter in letters)
    changes, right = _changes(case, names), _right(case, names)
    if not any(change.any() for change in changes):
        return Instead(what, UNCHANGED, case)
    rate = ratio_of(list(zip(changes, right, strict=True)))
    if rate is not None and rate > 0:
        return Instead(what, rate, case)
    if not search or not _near_parameters(case, names, changes):
        return None
    for rate in dict.fromkeys((case.draws[0].trace.rule.learning_rate, *RATES)):
        behind = _behind(case, names, rate) if rate else case
        explanation = explain(behind) if behind.wrong else None
        if explanation is not None and explanation.whole and explanation.rate is None:
            return Instead(what, rate, behind, explanation)
    return None


def _called(letter: str) -> str:
    return "weights" if letter == "W" else "biases"


def _changes(case: Case, names: list[str]) -> list[Array]:
    """Return W − numbers for each register of each draw."""
    return [
        draw.trace.layout.view(draw.trace.row, name[1:]) - answer.numbers[name]
        for draw, answer in zip(case.draws, case.answers, strict=True)
        for name in names
    ]


def _right(case: Case, names: list[str]) -> list[Array]:
    return [
        right_numbers(draw.trace, answer, name)
        for draw, answer in zip(case.draws, case.answers, strict=True)
        for name in names
    ]


def _near_parameters(case: Case, names: list[str], changes: list[Array]) -> bool:
    """Return whether the numbers are nearer to the parameters than to the gradients."""
    given = [answer.numbers[name] for answer in case.answers for name in names]
    away = [number - right for number, right in zip(given, _right(case, names), strict=True)]
    return _size(changes) < _size(away) and _size(changes) < _size(given)


def _size(arrays: list[Array]) -> float:
    return sum(float(np.sum(array * array)) for array in arrays)


def _behind(case: Case, names: list[str], rate: float) -> Case:
    """Return the case with the gradients that lead to the numbers with a learning rate."""
    changes = iter(_changes(case, names))
    answers = tuple(
        replace(
            answer, numbers={**answer.numbers, **{name: next(changes) / rate for name in names}}
        )
        for answer in case.answers
    )
    return replace(case, answers=answers)
