"""An update as a NumPy script that runs by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from bpviz.core.arguments import one_of
from bpviz.core.formula.expression import Ref
from bpviz.core.operations.quantities import COUNT, RATE
from bpviz.core.update.tape import Trace
from bpviz.explain.definitions import definitions
from bpviz.explain.formula_code import COLUMN, ROW
from bpviz.explain.numpy_code import CONVENTIONS, NumpyWriter, is_stored_transposed
from bpviz.explain.program import Program

FIRST_LINES = ("import numpy as np", "")
_HEADINGS = {
    "forward": "forward pass",
    "loss": "loss",
    "backward": "backward pass",
    "update": "update",
}


class ScriptLine(NamedTuple):
    """A line of the script.

    Attributes
    ----------
    text : str
        The code; the line of a given register has `{}` where its numbers go.
    operation : int or None
        The operation of the program that the line carries out.
    register : str or None
        The register whose numbers the line needs.
    """

    text: str
    operation: int | None = None
    register: str | None = None


def listing(program: Program, convention: str = COLUMN) -> tuple[ScriptLine, ...]:
    """Return the script of a program, its numbers left open.

    Parameters
    ----------
    program : Program
        The steps.
    convention : str
        "column": W has one row per unit, a = W @ x + b. "row": W has one column per unit,
        a = x @ W + b.
    """
    one_of("convention", convention, CONVENTIONS)
    lines = [ScriptLine(text) for text in FIRST_LINES]
    for definition in definitions(operation.formula for operation in program.operations).values():
        lines += [ScriptLine(""), *map(ScriptLine, definition), ScriptLine("")]
    lines += _given(program, convention)
    writer = NumpyWriter(program.layout, convention)
    phase = ""
    for index, operation in enumerate(program.operations):
        if operation.phase != phase:
            phase = operation.phase
            lines += [ScriptLine(""), ScriptLine(f"# {_HEADINGS[phase]}")]
        text = writer.assignment(Ref(operation.writes), operation.formula)
        lines.append(ScriptLine(text, operation=index))
    return tuple(lines)


def _given(program: Program, convention: str) -> list[ScriptLine]:
    """Return the lines of what an update begins with."""
    many = program.layout.samples > 1
    lines = [ScriptLine(""), ScriptLine(f"# {'the samples, one a row' if many else 'the sample'}")]
    lines += [ScriptLine(f"{name} = np.array({{}})", register=name) for name in ("x", "y")]
    shape = "one row per input" if convention == ROW else "one row per unit"
    lines += [ScriptLine(""), ScriptLine(f"# the network; the weights have {shape}")]
    # Fortran order keeps the sums of products in the order of the column convention.
    order = ', order="F"' if convention == ROW else ""
    for number in range(1, program.layout.layers + 1):
        lines.append(ScriptLine(f"W{number} = np.array({{}}{order})", register=f"W{number}"))
        lines.append(ScriptLine(f"b{number} = np.array({{}})", register=f"b{number}"))
    lines += [
        ScriptLine(f"{name} = np.array({{}})", register=name)
        for name in program.layout.carried
        if program.layout.register(name).shape
    ]
    numbers = [RATE.register] + [COUNT] * (COUNT in program.layout.registers)
    return [*lines, *(ScriptLine(f"{name} = {{}}", register=name) for name in numbers)]


def openings(programs: Sequence[Program], all_of_them: Iterable[Program]) -> dict[str, Any]:
    """Return what scripts are put together from, beside their operations, as plain data.

    `definitions` are the functions of all programs, by their names, and `given` the lines of what
    any of those `programs` begins with; an operation's line is its code for a whole layer.
    """
    formulas = (each.formula for program in all_of_them for each in program.operations)
    return {
        "beginning": FIRST_LINES,
        "definitions": definitions(formulas),
        "given": {
            one: [list(line) for line in _given_to_any(programs, one)] for one in CONVENTIONS
        },
        "headings": _HEADINGS,
    }


def _given_to_any(programs: Sequence[Program], convention: str) -> list[ScriptLine]:
    """Return the lines of what any of some updates begins with, arrays before numbers."""
    lines = _given(programs[0], convention)
    known = {line.register for line in lines}
    for program in programs:
        for line in _given(program, convention):
            if line.register not in known:
                known.add(line.register)
                place = [each.register for each in lines].index(RATE.register)
                lines.insert(place if "array" in line.text else len(lines), line)
    return lines


def script(trace: Trace, convention: str = COLUMN) -> str:
    """Return the script of a trace, with its numbers: it gives every register bit for bit.

    In the row convention, weights, their gradients, changes and new values come out
    transposed.
    """
    program = Program(trace.network, trace.rule, trace.layout.samples)
    lines = []
    for line in listing(program, convention):
        if line.register is None:
            lines.append(line.text)
            continue
        numbers = np.asarray(trace[line.register])
        if convention == ROW and is_stored_transposed(line.register):
            numbers = numbers.T
        lines.append(line.text.replace("{}", str(numbers.tolist())))
    return "\n".join(lines) + "\n"


def listing_json(program: Program) -> dict[str, Any]:
    """Return the script in both conventions as plain data: text, operation and register.

    An operation's line is empty, for it is the operation's code for a whole layer.
    """
    return {
        convention: [
            [line.text if line.operation is None else "", line.operation, line.register]
            for line in listing(program, convention)
        ]
        for convention in CONVENTIONS
    }
