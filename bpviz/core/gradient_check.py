"""Numerical derivatives, and the check of a gradient against them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.arguments import Array, one_number, shortened
from bpviz.core.central_differences import CentralDifferences, Kink
from bpviz.core.formula.expression import Ref
from bpviz.core.model.network import Network
from bpviz.core.operations.quantities import quantity_of
from bpviz.core.progress import Progress
from bpviz.core.update.backprop import backprop
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace, parse_ref
from bpviz.core.words import counted

EPSILON = float(np.cbrt(np.finfo(np.float64).eps))
"""ε for a parameter of size 1: there rounding and curvature disturb a central difference alike."""
FINER = 1e-2, 1e-5
"""What ε is multiplied by, one after the other, where it disagrees: the loss may bend sharply
there, and with a large input a small change of a weight is a large one of the aggregate."""
TOLERANCE = 1e-6
ROWS_SHOWN = 40


@dataclass(frozen=True)
class GradientRow:
    """The gradient of one parameter, from the backward pass and from differences of the loss.

    Attributes
    ----------
    ref : str
        The weight or bias: `W1[0,1]`.
    analytic : float
        What the backward pass computed.
    numerical : float
        (L(w + ε) − L(w − ε)) / 2ε, with L the mean loss of the samples. Where it disagrees with
        an ε of about 6·10⁻⁶, a hundredth of that is tried too, and kept if it agrees.
    relative_error : float
        `|analytic − numerical| / max(|analytic|, |numerical|, 0.001 · max(1, L))`. The last
        term keeps two numbers that are both as good as 0 from looking different.
    note : str
        Why the two cannot be compared, if they can't: at a kink of ReLU there is no derivative,
        and beside a very large loss a small gradient is lost in its rounding.
    kink_of : str
        Of which function or loss that kink is: "ReLU"; empty if there is none.
    """

    ref: str
    analytic: float
    numerical: float
    relative_error: float
    note: str = ""
    kink_of: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class EpsilonSweep:
    """The error of the numerical derivative of one parameter against ε.

    With a large ε the curve bends away from its tangent; with a tiny one the digits of the
    loss run out. In between lies the best ε.

    Attributes
    ----------
    ref : str
        The weight or bias.
    analytic : float
        What the backward pass computed.
    epsilon, numerical, relative_error : ndarray, shape (49,)
        ε from 10⁻¹² to 1, four to a decade; the central difference; its relative error as
        in `GradientRow`.
    kink : float or None
        The smallest of these ε at which an aggregate or an output crosses a kink.
    note : str
        Which one that is.
    kink_of : str
        Of which function or loss the kink is: "ReLU".
    """

    ref: str
    analytic: float
    epsilon: Array
    numerical: Array
    relative_error: Array
    kink: float | None = None
    note: str = ""
    kink_of: str = ""

    def __repr__(self) -> str:
        best = float(self.epsilon[np.argmin(self.relative_error)])
        kink = (
            "" if self.kink is None else f", a kink of {self.kink_of} from ε = {self.kink:.1e} on"
        )
        return f"EpsilonSweep({self.ref}, best ε = {best:.1e}{kink})"


class GradientCheck:
    """Every gradient of an update beside its numerical derivative.

    Attributes
    ----------
    trace : Trace
        The update that was checked.
    rows : tuple of GradientRow
        One for every weight and bias, in the order of the tape.
    tolerance : float
        The relative error from which on a gradient counts as wrong.
    """

    def __init__(self, trace: Trace, tolerance: float = TOLERANCE) -> None:
        self.trace = trace
        self.tolerance = tolerance
        layout = trace.layout
        names = [f"{kind}{la}" for la in range(1, layout.layers + 1) for kind in "Wb"]
        total = sum(prod(layout.register(name).shape) for name in names)
        self.rows: tuple[GradientRow, ...] = ()
        with Progress(total, "checking", "gradients") as progress:
            for name in names:
                self.rows += tuple(_rows(trace, name, show=self._shown_in(progress)))

    def _shown_in(self, progress: Progress) -> Callable[[int], None]:
        before = len(self.rows)
        return lambda done: progress.show(before + done)

    @cached_property
    def failures(self) -> tuple[GradientRow, ...]:
        """The rows with a relative error above the tolerance, of those that can be compared."""
        return tuple(row for row in self._comparable if not row.relative_error <= self.tolerance)

    @property
    def max_relative_error(self) -> float:
        """The largest relative error of the rows that can be compared; NaN if none can."""
        return max((row.relative_error for row in self._comparable), default=np.nan)

    @property
    def passed(self) -> bool:
        """Whether there are gradients that can be compared, and all of them agree."""
        return bool(self._comparable) and not self.failures

    def sweep(self, ref: str) -> EpsilonSweep:
        """Return the error of one parameter's numerical derivative against ε."""
        return parameter_check(self.trace, ref)[1]

    @property
    def _comparable(self) -> list[GradientRow]:
        return [row for row in self.rows if not row.note]

    def _error_text(self, error: float) -> str:
        return f"below {self.tolerance:g}" if error <= self.tolerance else f"{error:.3g}"

    def __repr__(self) -> str:
        count = len(self.rows)
        left_out = count - len(self._comparable)
        if left_out == count:
            parts = [f"nothing to compare: {counted(count, 'gradient')}"]
        else:
            parts = [
                f"passed: {counted(count, 'gradient')}"
                if self.passed
                else f"failed: {len(self.failures):,} of {counted(count, 'gradient')} differ",
                f"largest relative error {self._error_text(self.max_relative_error)}",
            ]
        kinks = [row.kink_of for row in self.rows if row.kink_of]
        if kinks:
            parts.append(f"{len(kinks):,} at a kink of {' or '.join(dict.fromkeys(kinks))}")
        if left_out > len(kinks):
            parts.append(f"{left_out - len(kinks):,} lost in the rounding of the loss")
        return f"GradientCheck({', '.join(parts)})"

    def __str__(self) -> str:
        """Return the rows as an aligned table; of many, those with the largest errors."""
        rows: Sequence[GradientRow] = self.rows
        if len(rows) > ROWS_SHOWN:
            rows = sorted(rows, key=lambda row: -row.relative_error)[:ROWS_SHOWN]
        lines = [("", "analytic", "numerical", "relative error", "")]
        lines += [
            (
                row.ref,
                _eight_places(row.analytic),
                _eight_places(row.numerical),
                "" if row.note else self._error_text(row.relative_error),
                row.note,
            )
            for row in rows
        ]
        widths = [max(len(line[k]) for line in lines) for k in range(4)]
        table = [
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:4], widths[1:]), line[4]])
            for line in lines
        ]
        more = len(self.rows) - len(rows)
        table += [f"… and {more} with smaller errors"] if more else []
        return "\n".join([repr(self), *(line.rstrip() for line in table)])

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show the table in IPython."""
        printer.text(str(self))


def gradient_check(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    rule: Rule | None = None,
    tolerance: float = TOLERANCE,
) -> GradientCheck:
    """Compare every gradient with a central difference of the loss.

    The gradients are those of the rule's own update, so that its mistakes show. So does its
    dirty update: what it computes for the hidden layers is not the gradient.

    Parameters
    ----------
    network : Network
        Where the gradients are taken.
    x : array_like, shape (n_0,) or (B, n_0)
        One input, or a batch.
    y : array_like, shape (n_L,) or (B, n_L)
        The target of each input. The loss of a batch is the mean over its samples.
    rule : Rule
        By default `Rule()`.
    tolerance : float
        The relative error from which on a gradient counts as wrong. Above 0.

    Raises
    ------
    TypeError, ValueError
        If `x` or `y` does not fit the network or each other, or another argument is not as
        described.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> x, y = example.inputs[3], example.targets[3]
    >>> bp.gradient_check(example.network, x, y, example.corrected)
    GradientCheck(passed: 9 gradients, largest relative error below 1e-06)
    >>> bp.gradient_check(example.network, x, y, example.rule).passed
    False
    """
    limit = one_number("tolerance", tolerance, above=0)
    return GradientCheck(backprop(network, x, y, rule), limit)


def parameter_check(trace: Trace, ref: str) -> tuple[GradientRow, EpsilonSweep]:
    """Return the check of one weight or bias of a trace, and its error against ε.

    Raises
    ------
    KeyError
        If `ref` is not a single weight or bias, such as `W1[0,1]` or `b2[0]`.
    """
    name, indices = parse_ref(ref)
    if quantity_of(name) not in ("W", "b") or not indices:
        raise KeyError(
            f"ref is {shortened(ref)}, not a weight or a bias; write 'W1[0,1]' or 'b2[0]'"
        )
    register = trace.layout.register(name)
    place = trace.layout.slot(ref) - register.start
    row = next(iter(_rows(trace, name, [place])))
    epsilon = np.logspace(-12, 0, 49)
    differences = CentralDifferences(trace)
    numerical, kinks = differences.central(name, np.full(len(epsilon), place), epsilon)
    first, kink = next(
        ((e, k) for e, k in zip(epsilon.tolist(), kinks, strict=True) if k.note), (None, Kink())
    )
    error = differences.relative_error(np.full(len(epsilon), row.analytic), numerical)
    return row, EpsilonSweep(
        row.ref, row.analytic, epsilon, numerical, error, first, kink.note, kink.of
    )


def _rows(
    trace: Trace,
    name: str,
    places: Sequence[int] | None = None,
    show: Callable[[int], None] | None = None,
) -> Iterator[GradientRow]:
    """Yield the rows of the parameters of one register, all of them or those at `places`.

    Meanwhile `show` is told how many are done.
    """
    register, differences = trace.layout.register(name), CentralDifferences(trace)
    parameters, gradients = np.ravel(trace[name]), np.ravel(trace[f"g{name}"])
    chosen = np.arange(parameters.size) if places is None else np.asarray(places)
    analytic = gradients[chosen]
    epsilon = EPSILON * np.maximum(1.0, np.abs(parameters[chosen]))
    numerical, kinks = differences.central(name, chosen, epsilon, show)
    errors = differences.relative_error(analytic, numerical)
    for finer in FINER:
        again = np.flatnonzero(errors > TOLERANCE)
        if not again.size:
            break
        found, _ = differences.central(name, chosen[again], finer * epsilon[again])
        found_errors = differences.relative_error(analytic[again], found)
        agrees = found_errors <= TOLERANCE
        numerical[again[agrees]] = found[agrees]
        errors[again[agrees]] = found_errors[agrees]
    lost = differences.lost(analytic, numerical)
    entries = np.column_stack(np.unravel_index(chosen, register.shape)).tolist()
    columns = (entries, analytic.tolist(), numerical.tolist(), errors.tolist(), lost, kinks)
    for at, gradient, number, error, is_lost, kink in zip(*columns, strict=True):
        note = kink.note or (differences.lost_words if is_lost else "")
        yield GradientRow(str(Ref(name, at)), gradient, number, error, note, kink.of)


def _eight_places(number: float) -> str:
    return f"{number:.8f}" if abs(number) < 1e6 else f"{number:.8e}"
