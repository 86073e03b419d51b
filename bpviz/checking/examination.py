"""Trying a function on all draws, and comparing what it returned with the right update."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bpviz.checking.calling import Failure, Function, call
from bpviz.checking.draws import Draw
from bpviz.checking.foreign import Taken, taken
from bpviz.checking.naming import Naming, known_names, namings
from bpviz.checking.reading import Answer, read
from bpviz.checking.surroundings import Shown, kept
from bpviz.core.arguments import Array
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace
from bpviz.explain.formula_code import ROW
from bpviz.explain.numpy_code import is_stored_transposed

ABSOLUTE, RELATIVE = 1e-8, 1e-5
"""Numbers agree within these: the second counts against the largest number of the register.

Rounding and numerical derivatives stay far below them, a wrong formula far above.
"""


MOST_NUMBERS_TAKEN = 10_000
"""So many numbers are taken over of anything, whatever the size of the network."""


@dataclass(frozen=True)
class Returned:
    """What a function returned for every draw, not read yet.

    Attributes
    ----------
    convention : str
        "column" or "row": how the weights were given.
    batch : bool
        Whether x and y had a sample axis.
    draws : tuple of Draw
        What the function was tried on.
    values : tuple of Taken
        What it returned for each, up to a failure.
    shown : tuple of Shown
        What each call printed.
    failure : Failure or None
        Why a call returned nothing.
    changed : str
        What it was given and changed; "" if it left everything as it was.
    """

    convention: str
    batch: bool
    draws: tuple[Draw, ...]
    values: tuple[Taken, ...] = ()
    shown: tuple[Shown, ...] = ()
    failure: Failure | None = None
    changed: str = ""


@dataclass(frozen=True)
class Case:
    """What a function returned for every draw, read in one way.

    Attributes
    ----------
    convention : str
        "column" or "row": how the weights were given.
    draws : tuple of Draw
        What the function was tried on.
    answers : tuple of Answer
        What it returned for each.
    failure : Failure or None
        Why it returned nothing that can be compared.
    changed : str
        What it was given and changed; "" if it left everything as it was.
    shown : tuple of Shown
        What each call printed, up to the one that failed.
    note : str
        What to say about how it was read, if anything.
    doubt : str
        How else it could be read, where the shapes do not tell.
    turned : bool
        Whether its matrices are taken to be transposed.
    mixed : tuple of str
        The matrices that came transposed while others did not.
    any_slope : bool
        Whether any derivative of ReLU from 0 to 1 counts as right where an aggregate is 0.
    mistaken : dict
        The mistaken updates of the first draw that have been made, to be made once only.
    """

    convention: str
    draws: tuple[Draw, ...]
    answers: tuple[Answer, ...]
    failure: Failure | None = None
    changed: str = ""
    shown: tuple[Shown, ...] = ()
    note: str = ""
    doubt: str = ""
    turned: bool = False
    mixed: tuple[str, ...] = ()
    any_slope: bool = False
    mistaken: dict[Rule, Trace] = field(default_factory=dict, compare=False, repr=False)

    @property
    def order(self) -> list[str]:
        """The registers that were returned, in the order in which an update computes them."""
        trace = self.draws[0].trace
        operations = algorithm(trace.network, trace.rule, self.draws[0].samples)
        written = [operation.writes for operation in operations]
        given = [name for name in trace.layout.registers if name not in written]
        first = self.answers[0]
        return [n for n in (*given, *written) if n in first.numbers or n in first.troubles]

    @property
    def wrong(self) -> list[str]:
        """The registers that are wrong in some draw, in order."""
        return [name for name in self.order if self.first_wrong_draw(name) is not None]

    @property
    def right(self) -> bool:
        """Whether everything that was returned is right."""
        return self.failure is None and not self.wrong

    def by(self, conventions: tuple[str, ...]) -> Case:
        """Return the case compared with what is right by other conventions."""
        rule = self.draws[0].trace.rule
        other = replace(rule, mistakes=(*rule.mistakes, *conventions))
        draws = tuple(replace(d, trace=d.variants.under(other)) for d in self.draws)
        return replace(self, draws=draws, mistaken={})

    @property
    def conventions(self) -> tuple[str, ...]:
        """The conventions by which it is compared, where they are not those of bpviz."""
        return self.draws[0].trace.rule.mistakes

    def first_wrong_draw(self, name: str) -> int | None:
        """Return the number of the first draw in which a register is wrong, or None."""
        for number, (draw, answer) in enumerate(zip(self.draws, self.answers, strict=True)):
            if name in answer.troubles or name not in answer.numbers:
                return number
            right = right_numbers(draw.trace, answer, name)
            other = right
            if self.any_slope:
                other = right_numbers(draw.with_slope_one, answer, name)
            if outside(answer.numbers[name], right, other).any():
                return number
        return None


def different(numbers: Array, right: Array) -> NDArray[np.bool_]:
    """Return for each entry whether two arrays differ by more than rounding."""
    return outside(numbers, right, right)


def outside(numbers: Array, one: Array, other: Array) -> NDArray[np.bool_]:
    """Return for each entry whether it lies by more than rounding outside two others."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    tolerance = ABSOLUTE + RELATIVE * float(np.abs((low, high)).max(initial=0.0))
    return ~((low - numbers <= tolerance) & (numbers - high <= tolerance))


def right_numbers(trace: Trace, answer: Answer, name: str) -> Array:
    """Return a register as it should be, in the shape of the tape."""
    right = trace.layout.view(trace.row, name)
    if name == "loss" and answer.mean_loss:
        return np.full(right.shape, right.mean())
    return right


def try_out(
    function: Function, draws: Sequence[Draw], convention: str, batch: bool, seconds: float
) -> Returned:
    """Call a function on every draw, and take over what it returns.

    Parameters
    ----------
    function : callable
        Called with weights, biases, x and y.
    draws : sequence of Draw
        Their numbers are copied for each call.
    convention : str
        How the weights are given.
    batch : bool
        Whether x and y have a sample axis.
    seconds : float
        How long a call may take.
    """
    returned = Returned(convention, batch, tuple(draws))
    for draw in draws:
        arguments = _arguments(draw, convention, batch)
        layout = draw.trace.layout
        most = max(MOST_NUMBERS_TAKEN, 4 * layout.size)
        take = partial(taken, known=known_names(layout), layers=layout.layers, most=most)
        with kept() as shown:
            value = call(function, arguments, seconds, take)
        changed = returned.changed or _changed(arguments, _arguments(draw, convention, batch))
        returned = replace(returned, shown=(*returned.shown, shown), changed=changed)
        if isinstance(value, Failure):
            return replace(returned, failure=value)
        returned = replace(returned, values=(*returned.values, value))
    return returned


def cases(returned: Returned) -> Iterator[Case]:
    """Yield the ways to read what a function returned."""
    case = Case(
        returned.convention, returned.draws, (), changed=returned.changed, shown=returned.shown
    )
    if returned.failure is not None:
        yield replace(case, failure=returned.failure)
        return
    found: list[dict[str, Naming]] = []
    for draw, value in zip(returned.draws, returned.values, strict=True):
        named = namings(value, draw.trace.layout)
        if isinstance(named, Failure):
            yield replace(case, failure=named, shown=returned.shown[: len(found) + 1])
            return
        found.append({naming.style: naming for naming in named})
    likely = list(found[0].values())
    for naming in likely:
        others = [o.style for o in likely if o.fit == naming.fit and o is not naming]
        yield from _readings(_read(case, returned, found, naming, others))


def _read(
    case: Case,
    returned: Returned,
    found: Sequence[dict[str, Naming]],
    naming: Naming,
    others: Sequence[str],
) -> Case:
    """Return the case in which everything is read in one way."""
    doubt = ""
    if others:
        doubt = (
            f"Read as {naming.style}. It can be read as {' or as '.join(others)} too; names make "
            'it certain, {"gW1": …, "gb1": …}.'
        )
    answers = []
    for number, (draw, ways) in enumerate(zip(returned.draws, found, strict=True), start=1):
        if naming.style not in ways:
            failure = Failure(
                f"Your function returned {naming.style}, and something else in draw {number} of "
                f"{len(returned.draws)}.",
                "Return the same structure whatever comes in.",
            )
            return replace(case, failure=failure, shown=returned.shown[:number])
        parts = ways[naming.style].parts
        answers.append(read(parts, draw.trace.layout, returned.convention, returned.batch))
    return replace(case, answers=tuple(answers), note=naming.note, doubt=doubt)


def _readings(case: Case) -> Iterator[Case]:
    """Yield the ways to read matrices: as they are, or with every square one transposed.

    Matrices that are not square tell whether they are transposed, and then the square ones
    are taken to be so as well. If some are and some are not, those that are count as wrong.
    """
    if case.failure is not None:
        yield case
        return
    turned = {name for answer in case.answers for name in answer.turned}
    straight = {name for answer in case.answers for name in answer.straight}
    if not turned:
        yield case
    mixed = _mixed(case, set(turned), set(straight))
    if mixed is not None:
        yield mixed
    elif not straight and (turned or _squares(case)):
        yield replace(_with_squares_turned(case), turned=True)


def _mixed(case: Case, turned: set[str], straight: set[str]) -> Case | None:
    """Return the case with those matrices in trouble that came transposed while others did not.

    Of a square matrix its numbers tell: whether they are right, or are right transposed.
    """
    other = _with_squares_turned(case)
    for name in _squares(case):
        as_it_is, turned_over = (way.first_wrong_draw(name) is None for way in (case, other))
        if as_it_is != turned_over:
            (straight if as_it_is else turned).add(name)
    if not (turned and straight):
        return None
    trouble = (
        f"It came transposed, and {min(straight)} did not; write all matrices in the same way, "
        "one row per unit or one column per unit."
    )
    answers = tuple(
        replace(
            answer,
            numbers={n: a for n, a in answer.numbers.items() if n not in turned},
            troubles={**answer.troubles, **dict.fromkeys(turned & {*answer.numbers}, trouble)},
        )
        for answer in case.answers
    )
    return replace(
        case, answers=answers, mixed=tuple(name for name in case.order if name in turned)
    )


def _arguments(draw: Draw, convention: str, batch: bool) -> tuple[object, ...]:
    """Return weights, biases, x and y, as copies that the function may do anything with."""
    layers = draw.network.layers
    weights = [
        np.array(layer.weights.T if convention == ROW else layer.weights, order="C")
        for layer in layers
    ]
    biases = [layer.bias.copy() for layer in layers]
    x, y = (draw.x.copy(), draw.y.copy()) if batch else (draw.x[0].copy(), draw.y[0].copy())
    return weights, biases, x, y


def _changed(after: tuple[object, ...], before: tuple[object, ...]) -> str:
    """Return what was changed in the arguments, or ""."""
    for name, now, then in zip(("weights", "biases"), after[:2], before[:2], strict=True):
        assert isinstance(now, list)
        assert isinstance(then, list)
        if len(now) != len(then):
            return name
        for number, (array, original) in enumerate(zip(now, then, strict=True)):
            if not _same(array, original):
                return f"{name}[{number}]"
    for name, now, then in zip(("x", "y"), after[2:], before[2:], strict=True):
        if not _same(now, then):
            return name
    return ""


def _same(now: object, then: object) -> bool:
    """Return whether something is an array as it was; it may be anything by now."""
    return type(now) is np.ndarray and np.array_equal(now, then)  # type: ignore[arg-type]


def _squares(case: Case) -> list[str]:
    return [
        name
        for name, numbers in case.answers[0].numbers.items()
        if is_stored_transposed(name)
        and numbers.ndim == 2
        and numbers.shape[0] == numbers.shape[1] > 1
    ]


def _with_squares_turned(case: Case) -> Case:
    squares = _squares(case)
    answers = tuple(
        replace(
            answer,
            numbers={n: a.T if n in squares else a for n, a in answer.numbers.items()},
        )
        for answer in case.answers
    )
    return replace(case, answers=answers)
