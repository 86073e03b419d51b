"""Reading what an optimiser computes, and refusing what could not be computed."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from typing import cast

from bpviz.core.arguments import shortened
from bpviz.core.formula.expression import Expression, Op, Ref, is_op, operations_in, registers
from bpviz.core.formula.given import checked_formula
from bpviz.core.operations.optimizers import UPDATE_NUMBER, Optimizer, OptimizerLine, Parameter
from bpviz.core.operations.quantities import RATE

LETTERS_OF_ITS_OWN = re.compile(r"(?![gpu]$)[a-mo-z][a-z]{0,2}")
"""What the registers of an optimiser may begin with."""
EXAMPLE_LINE = (
    "OptimizerLine(parameter.made('u'), rate * parameter.gradient, 'rate times gradient')"
)
TRIED = (Parameter("W1"), Parameter("b1"))
"""For these an optimiser is asked what it computes."""


def checked_lines(optimizer: Optimizer) -> tuple[OptimizerLine, ...]:
    """Return what an optimiser computes for the weights and the biases of the first layer.

    Raises
    ------
    TypeError, ValueError
        If its letters, its lines, or what they read and write are not as they must be.
    """
    for name in ("carries", "makes"):
        _check_letters(name, getattr(optimizer, name))
    both = set(optimizer.carries) & set(optimizer.makes)
    if both:
        raise ValueError(
            f"carries and makes of the optimizer both have {min(both)!r}; name it once"
        )
    for name, value in vars(optimizer).items():
        if isinstance(value, list | dict | set) or not isinstance(value, Hashable):
            raise TypeError(
                f"{name} of the optimizer is {shortened(value)}, which can change; give a number, "
                "or a tuple of numbers"
            )
    return tuple(line for parameter in TRIED for line in _lines(optimizer, parameter))


def _check_letters(name: str, letters: object) -> None:
    if not isinstance(letters, Mapping):
        raise TypeError(
            f"{name} of the optimizer is {shortened(letters)}; give a mapping from letters to "
            "words, such as {'v': 'velocity'}"
        )
    for one in letters:
        if not isinstance(one, str) or not LETTERS_OF_ITS_OWN.fullmatch(one):
            raise ValueError(
                f"{name} of the optimizer has {shortened(one)}; give one to three small "
                "letters that do not begin with n, other than g, p and u"
            )


def _lines(optimizer: Optimizer, parameter: Parameter) -> list[OptimizerLine]:
    given: object = optimizer.lines(parameter)
    if isinstance(given, OptimizerLine) or not isinstance(given, Iterable):
        raise TypeError(f"lines of the optimizer gives {shortened(given)}; yield {EXAMPLE_LINE}")
    missing = {parameter.after(one).register: f"after({one!r})" for one in optimizer.carries}
    missing |= {parameter.made(one).register: f"made({one!r})" for one in (*optimizer.makes, "u")}
    there = {
        RATE.register: "rate",
        parameter.gradient.register: "parameter.gradient",
        parameter.name: "parameter.value",
        **{parameter.before(c).register: f"parameter.before({c!r})" for c in optimizer.carries},
        **({UPDATE_NUMBER.register: "t"} if optimizer.counts else {}),
    }
    lines: list[OptimizerLine] = []
    for line in given:
        if not isinstance(line, OptimizerLine):
            raise TypeError(f"lines of the optimizer gives {shortened(line)}; yield {EXAMPLE_LINE}")
        if parameter.made("u").register not in missing:
            raise ValueError(
                "lines of the optimizer goes on after parameter.made('u'); yield the change last"
            )
        writes, formula, says = cast("tuple[object, object, object]", line)
        written = writes.register if isinstance(writes, Ref) else ""
        if written not in missing:
            possible = ", ".join(f"parameter.{one}" for one in missing.values())
            raise ValueError(
                f"lines of the optimizer writes {written or shortened(writes)}; what is left "
                f"to write is {possible}"
            )
        if not isinstance(says, str):
            raise TypeError(
                f"says of a line of the optimizer is {shortened(says)}; give a few words"
            )
        lines.append(line._replace(formula=_formula(formula, there)))
        there[written] = f"parameter.{missing.pop(written)}"
    if missing:
        raise ValueError(
            f"lines of the optimizer never writes parameter.{min(missing.values())}; yield an "
            "OptimizerLine for it"
        )
    return lines


def _formula(formula: object, there: Mapping[str, str]) -> Expression:
    argument = "formula of a line of the optimizer"
    if isinstance(formula, Ref | Op):
        for name in registers(formula):
            if name == UPDATE_NUMBER.register and name not in there:
                raise ValueError(f"{argument} has t; give the optimizer counts = True")
            if name not in there:
                raise ValueError(
                    f"{argument} reads {name}, which is not there yet; there are "
                    f"{', '.join(there.values())}"
                )
    checked = checked_formula(argument, formula, tuple(there))
    for one in operations_in(checked):
        if is_op(one, "total", "softmax_derivative"):
            raise ValueError(f"{argument} has {one.op}; it is computed entry by entry")
    return checked
