"""Trying a function on all draws, and comparing what it returned with the right update."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bpviz.core.algorithm import algorithm
from bpviz.core.checks import Array
from bpviz.core.rule import Rule
from bpviz.core.tape import Trace
from bpviz.explain.numpy_code import ROW, STORED_TRANSPOSED
from bpviz.teach.calling import Failure, Function, call
from bpviz.teach.draws import Draw
from bpviz.teach.reading import Answer, read

ABSOLUTE, RELATIVE = 1e-8, 1e-5
"""Numbers agree within these: the second counts against the largest number of the register.

Rounding and numerical derivatives stay far below them, a wrong formula far above.
"""


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
    turned : bool
        Whether its matrices are taken to be transposed.
    mistaken : dict
        The mistaken updates of the first draw that have been made, to be made once only.
    """

    convention: str
    draws: tuple[Draw, ...]
    answers: tuple[Answer, ...]
    failure: Failure | None = None
    changed: str = ""
    turned: bool = False
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

    def first_wrong_draw(self, name: str) -> int | None:
        """Return the number of the first draw in which a register is wrong, or None."""
        for number, (draw, answer) in enumerate(zip(self.draws, self.answers, strict=True)):
            if name in answer.troubles or name not in answer.numbers:
                return number
            if different(answer.numbers[name], right_numbers(draw.trace, answer, name)).any():
                return number
        return None


def different(numbers: Array, right: Array) -> NDArray[np.bool_]:
    """Return for each entry whether two arrays differ by more than rounding."""
    tolerance = ABSOLUTE + RELATIVE * float(np.abs(right).max(initial=0.0))
    return ~(np.abs(numbers - right) <= tolerance)


def right_numbers(trace: Trace, answer: Answer, name: str) -> Array:
    """Return a register as it should be, in the shape of the tape."""
    right = trace.layout.view(trace.row, name)
    if name == "loss" and answer.mean_loss:
        return np.full(right.shape, right.mean())
    return right


def examine(
    function: Function, draws: Sequence[Draw], convention: str, batch: bool, seconds: float
) -> Case:
    """Call a function on every draw, and read what it returns.

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
    case = Case(convention, tuple(draws), ())
    for draw in draws:
        arguments = _arguments(draw, convention, batch)
        returned = call(function, arguments, seconds)
        changed = case.changed or _changed(arguments, _arguments(draw, convention, batch))
        if not isinstance(returned, Failure):
            returned = read(returned, draw.trace.layout, convention, batch)
        if isinstance(returned, Failure):
            return replace(case, failure=returned, changed=changed)
        case = replace(case, answers=(*case.answers, returned), changed=changed)
    return case


def readings(case: Case) -> Iterator[Case]:
    """Yield the ways to read a case: as it is, or with every square matrix transposed.

    Matrices that are not square tell whether they are transposed, and then the square ones
    are taken to be so as well. If some are and some are not, those that are count as wrong.
    """
    if case.failure is not None:
        yield case
        return
    turned = {name for answer in case.answers for name in answer.turned}
    straight = {name for answer in case.answers for name in answer.straight}
    if turned and straight:
        for answer in case.answers:
            for name in sorted(turned):
                answer.numbers.pop(name, None)
                answer.troubles[name] = f"It came transposed, and {min(straight)} did not."
        yield case
    elif turned:
        yield replace(_with_squares_turned(case), turned=True)
    else:
        yield case
        if not straight and _squares(case):
            yield replace(_with_squares_turned(case), turned=True)


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
            if not np.array_equal(array, original):
                return f"{name}[{number}]"
    for name, now, then in zip(("x", "y"), after[2:], before[2:], strict=True):
        if not np.array_equal(now, then):  # type: ignore[arg-type]
            return name
    return ""


def _squares(case: Case) -> list[str]:
    return [
        name
        for name, numbers in case.answers[0].numbers.items()
        if name.rstrip("0123456789") in STORED_TRANSPOSED
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
