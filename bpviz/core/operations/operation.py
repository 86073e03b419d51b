"""A single operation of the algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bpviz.core.formula.expression import Expression, registers
from bpviz.core.operations.quantities import quantity_of

FORWARD, LOSS, BACKWARD, UPDATE = "forward", "loss", "backward", "update"
PHASES = (FORWARD, LOSS, BACKWARD, UPDATE)


class Templates(NamedTuple):
    """A text for each depth, with fields in braces that a step fills in.

    `term` is for an entry of a matrix or a summand of an entry; without it, summands are no steps.
    `last` is for a summand that comes after a Σ, such as the bias. Fields: {unit} and {from}
    count from 1, {i} and {j} from 0;
    {value} is the number that is written.
    """

    layer: str
    unit: str
    term: str = ""
    last: str = ""


@dataclass(frozen=True)
class Operation:
    """One assignment to a register.

    Attributes
    ----------
    phase : str
        "forward", "loss", "backward" or "update".
    layer : int
        The layer that it belongs to, from 1.
    writes : str
        The register that is written.
    formula : Expression
        What is written, on whole registers.
    words : Templates
        A sentence for each depth.
    entry : Expression
        One entry of the formula, in the variables i (and j).
    mistakes : tuple of str
        The names of the mistakes that are made in it.
    is_conventional : bool
        Whether those are all conventions, which are right as well.
    """

    phase: str
    layer: int
    writes: str
    formula: Expression
    words: Templates
    entry: Expression = 0.0
    mistakes: tuple[str, ...] = ()
    is_conventional: bool = False

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The registers that are read, each once, in the order of the formula."""
        return registers(self.formula)

    @cached_property
    def quantity(self) -> str:
        """What is written, without the layer: "a", "gW", …."""
        return quantity_of(self.writes)
