"""Marks for a worksheet: two points a number, one where a known mistake was made.

Whoever errs once is not marked down for it in every number that follows: what follows from the
student's own earlier numbers is as good as right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bpviz.core.arguments import Array, one_number, shortened
from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import Ref
from bpviz.core.mistakes import mistakes
from bpviz.core.words import counted
from bpviz.explain.numbers import number_text
from bpviz.explain.wrong_answers import Wrong, WrongAnswers, is_close, number_at
from bpviz.worksheets.friendly import DIGITS
from bpviz.worksheets.sheet import Line, Sheet

FULL_POINTS, PARTIAL_POINTS = 2, 1
RIGHT_NUMBER = "right"
FOLLOWS = "follows from the numbers before it, though one of them is wrong"
NOT_KNOWN_WHY = "wrong"
LEFT_OUT = "left out"
NOTHING_BELOW = 1e-9
"""What is smaller counts as 0."""


@dataclass(frozen=True)
class MarkedLine:
    """The points for one number.

    Attributes
    ----------
    ref : str
        Which number.
    given, right : str
        The student's and the right one; given is "" where there is none.
    points, most : int
        What it gets, and what it can get.
    why : str
        The reason, in words.
    """

    ref: str
    given: str
    right: str
    points: int
    most: int
    why: str


@dataclass(frozen=True, repr=False)
class Marks:
    """The points for a worksheet.

    Attributes
    ----------
    name : str
        Whose sheet it is.
    lines : tuple of MarkedLine
        In the order of the sheet.
    """

    name: str
    lines: tuple[MarkedLine, ...]

    @property
    def points(self) -> int:
        """The sum of the points."""
        return sum(line.points for line in self.lines)

    @property
    def most(self) -> int:
        """What can be reached."""
        return sum(line.most for line in self.lines)

    def __repr__(self) -> str:
        whose = f"{self.name}: " if self.name else ""
        return f"{whose}{self.points} of {self.most} points"

    def __str__(self) -> str:
        """Return the sum, and each line that did not get all, or got all without being right."""
        told = [line for line in self.lines if line.why != RIGHT_NUMBER]
        width = max((len(line.ref) for line in self.lines), default=0) + 1
        return "\n".join(
            [
                repr(self),
                *(
                    f"  {line.ref:<{width}}{line.points} of {line.most}  "
                    f"{line.given or '–'}, right {line.right}: {line.why}"
                    for line in told
                ),
            ]
        )

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(str(self))


@dataclass(frozen=True)
class Partial:
    """A wrong number that gets a part of the points, and the mistake that leads to it."""

    text: str
    because: str


def asked_lines(sheet: Sheet) -> Iterator[Line]:
    """Yield the lines that a student fills in."""
    for section in sheet.sections:
        if not section.solved:
            yield from section.lines


def points_of(line: Line) -> int:
    """Return what a line can get: what is always 1 is worth less than what is computed."""
    return FULL_POINTS if line.has_formula else PARTIAL_POINTS


def partials(sheet: Sheet) -> dict[str, tuple[Partial, ...]]:
    """Return for each asked number the wrong ones that get a part of the points."""
    known = WrongAnswers(sheet.problem.trace)
    found = {}
    for line in asked_lines(sheet):
        ref = str(line.target)
        right = number_at(sheet.problem.trace, ref)
        titles: dict[str, str] = {}
        for wrong in _named(known, line):
            if not _is(wrong.value, right):
                titles.setdefault(number_text(wrong.value, DIGITS), _because(wrong))
        found[ref] = tuple(Partial(text, because) for text, because in titles.items())
    return found


def marked(sheet: Sheet, answers: Mapping[str, Any]) -> Marks:
    """Return the points for a student's numbers.

    Parameters
    ----------
    sheet : Sheet
        The student's.
    answers : mapping of str to number or str
        What stands in each line, by its ref; None, "" or nothing where it was left out.

    Raises
    ------
    TypeError, ValueError
        If it is no mapping, an answer is no number, or nobody is asked for it.
    """
    if not isinstance(answers, Mapping):
        raise TypeError(f'answers is {shortened(answers)}; give a mapping such as {{"a1[0]": 0.5}}')
    lines = list(asked_lines(sheet))
    asked = [str(line.target) for line in lines]
    for ref in answers:
        if ref not in asked:
            known_refs = ", ".join(asked)
            raise ValueError(
                f"answers has {shortened(ref)}, which is not asked for; asked are {known_refs}"
            )
    given = {ref: _number(ref, answers.get(ref)) for ref in asked}
    known = WrongAnswers(sheet.problem.trace)
    return Marks(sheet.name, tuple(_marked_line(sheet, line, given, known) for line in lines))


def _marked_line(
    sheet: Sheet, line: Line, given: Mapping[str, float | None], known: WrongAnswers
) -> MarkedLine:
    ref, most = str(line.target), points_of(line)
    right, number = number_at(sheet.problem.trace, ref), given[ref]

    def own(one: Ref) -> float | Array:
        value = given.get(str(one))
        return number_at(sheet.problem.trace, str(one)) if value is None else value

    def points(count: int, why: str) -> MarkedLine:
        text = "" if number is None else number_text(number, DIGITS)
        return MarkedLine(ref, text, sheet.problem.text(ref), count, most, why)

    if number is None:
        return points(0, LEFT_OUT)
    if _is(number, right):
        return points(most, RIGHT_NUMBER)
    if line.has_formula and _is(number, float(evaluate(line.expression, own))):
        return points(most, FOLLOWS)
    made = next((wrong for wrong in _named(known, line) if _is(number, wrong.value)), None)
    if made is not None:
        return points(PARTIAL_POINTS if most > PARTIAL_POINTS else 0, _because(made))
    return points(0, NOT_KNOWN_WHY)


def _named(known: WrongAnswers, line: Line) -> Iterator[Wrong]:
    for wrong in known.of(str(line.target)):
        if wrong.mistakes and not wrong.slip:
            yield wrong


def _because(wrong: Wrong) -> str:
    return ", or: ".join(mistakes[name].title for name in wrong.mistakes)


def _is(number: float, known: float) -> bool:
    return is_close(number, known) or max(abs(number), abs(known)) < NOTHING_BELOW


def _number(ref: str, answer: Any) -> float | None:
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return None
    if not isinstance(answer, str):
        return one_number(f"answers[{ref!r}]", answer)
    above, _, below = answer.replace("−", "-").replace(",", ".").partition("/")
    try:
        return one_number(f"answers[{ref!r}]", float(above) / float(below or 1))
    except (ValueError, ZeroDivisionError):
        raise ValueError(
            f"answers[{ref!r}] is {shortened(answer)}; give a number such as 0.5 or '1/2'"
        ) from None


def in_all(sheet: Sheet) -> str:
    """Return how many points there are, in words."""
    return counted(sum(map(points_of, asked_lines(sheet))), "point")
