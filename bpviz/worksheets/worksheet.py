"""Worksheets: backpropagation by hand, a network of one's own for every student."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from bpviz.core.arguments import (
    list_of,
    one_of,
    positive_count,
    seed_number,
    shortened,
    true_or_false,
    usable_path,
)
from bpviz.core.model.functions import (
    Activation,
    activation_named,
    identity,
    sigmoid,
    softmax,
)
from bpviz.core.model.losses import Loss, cross_entropy, loss_named, squared_error
from bpviz.core.model.network import Network
from bpviz.core.operations.operation import PHASES
from bpviz.core.update.rule import Rule
from bpviz.core.words import one_line
from bpviz.explain.program import Program
from bpviz.worksheets.exact import STYLES, is_rational
from bpviz.worksheets.friendly import Dice, friendly_problem
from bpviz.worksheets.handout import ClassSet, Worksheet
from bpviz.worksheets.sheet import Sheet, sections
from bpviz.worksheets.sheet_html import PAPERS

MOST_UNITS, MOST_PARAMETERS = 6, 45


def worksheet(
    name: str = "",
    *,
    names: Iterable[str] | None = None,
    seed: int | None = 0,
    path: str | os.PathLike[str] | None = None,
    sizes: Sequence[int] = (2, 2, 1),
    activations: Sequence[Any] | None = None,
    loss: Loss | str | None = None,
    questions: Iterable[str] = PHASES,
    rule: Rule | None = None,
    numbers: str = "decimals",
    formulas: bool = True,
    paper: str = "A4",
) -> Worksheet | ClassSet:
    """Make a worksheet with its answer key, or one for everybody in a class.

    With ReLU and the identity all numbers stay short from the input to the new weights, and
    the key is exact. So they do with others that make fractions of fractions, if such numbers
    are found. Otherwise numbers are rounded to four
    significant digits, and the sheet says so. The same seed, name and options give the same
    sheet. The key is what `bpviz.backprop` computes.

    Parameters
    ----------
    name : str
        Whose sheet it is; without one there is a line to write it on.
    names : iterable of str
        Makes a class set, a sheet for each name.
    seed : int or None
        Another seed gives other numbers; for None one is drawn. The sheet says which.
    path : path
        A folder to write all files into; made if it is not there.
    sizes : sequence of int
        Units of each layer, the input first.
    activations : sequence of Activation or str
        One for each layer but the input; by default ReLU, and at the end the identity, or what
        the loss needs: softmax for the cross-entropy, sigmoid for the binary one.
    loss : Loss or str
        By default the cross-entropy with softmax at the end, otherwise the squared error.
    questions : iterable of str
        What to ask: "forward", "loss", "backward", "update". What comes before the last of
        them and is not asked is given solved; what comes after it is left out.
    rule : Rule
        What an update does: the learning rate, "dirty" or not, biases trained or not, the
        optimiser. By default `Rule(learning_rate=0.1)`; for fractions and rounded numbers 0.5.
        What an optimiser carries from update to update, such as the velocity, is given as after
        an earlier update. Roots, as in Adam, are no fractions: then numbers are rounded.
    numbers : str
        "decimals" or "fractions".
    formulas : bool
        False leaves out the formula of each line.
    paper : str
        "A4" or "Letter".

    Returns
    -------
    Worksheet or ClassSet
        A class set if `names` was given.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or no short numbers are found for it.
    OSError
        If `path` cannot be written to.

    Examples
    --------
    >>> sheet = bp.worksheet(seed=1)
    >>> sheet
    Worksheet(2-2-1, bpviz worksheet, seed 1)
    >>> sheet.trace
    Trace(2-2-1, loss 0.125)
    """
    network = shape(sizes, activations, loss)
    style = STYLES[one_of("numbers", numbers, tuple(STYLES))]
    asked = _asked(questions)
    one_of("paper", paper, tuple(PAPERS))
    checked_seed = seed_number("seed", seed)
    chosen = right_rule(rule, network, numbers)
    students, shows_formulas = _names(name, names), true_or_false("formulas", formulas)
    folder = None if path is None else usable_path("path", path, "worksheets")
    program = Program(network, chosen)

    def made(student: str, occurrence: int) -> Worksheet:
        dice = Dice(checked_seed, student, occurrence)
        problem = friendly_problem(program, style, dice)
        shown = student if occurrence == 1 else f"{student} ({occurrence})"
        code = f"bpviz worksheet, seed {checked_seed}"
        sheet = Sheet(shown, code, problem, sections(problem, asked), shows_formulas)
        return Worksheet(sheet, paper)

    result: Worksheet | ClassSet
    if names is None:
        result = made(students[0], 1)
    else:
        seen: Counter[str] = Counter()
        worksheets = []
        for student in students:
            seen[student] += 1
            worksheets.append(made(student, seen[student]))
        result = ClassSet(worksheets)
    if folder is not None:
        result.save(folder)
    return result


def shape(sizes: Any, activations: Any, loss: Any) -> Network:
    """Return a network of the sizes, functions and loss asked for; its numbers do not matter."""
    given = list_of("sizes", sizes, "[2, 2, 1]")
    counts = [positive_count(f"sizes[{k}]", size) for k, size in enumerate(given)]
    if len(counts) < 2:
        raise ValueError(f"sizes is {counts}; give the inputs and at least one layer")
    parameters = sum((before + 1) * units for before, units in pairwise(counts))
    if max(counts) > MOST_UNITS or parameters > MOST_PARAMETERS:
        raise ValueError(
            f"sizes is {counts}, with {parameters} weights and biases; a sheet has room for "
            f"{MOST_UNITS} units in a layer and {MOST_PARAMETERS} weights and biases"
        )
    known = squared_error if loss is None else loss_named(loss)
    default = ["relu"] * (len(counts) - 2) + [_last_for(known).name]
    wanted = default if activations is None else list_of("activations", activations, f"{default}")
    functions = [activation_named("activations", function) for function in wanted]
    if loss is None and functions and functions[-1] is softmax:
        known = cross_entropy
    return Network.random(counts, functions, seed=0, loss=known)


def _last_for(loss: Loss) -> Activation:
    """Return the function of the last layer where none is asked for."""
    if loss.needs_activation is not None:
        return loss.needs_activation
    return sigmoid if loss.targets else identity


def _asked(questions: Iterable[str]) -> tuple[str, ...]:
    given = list_of("questions", questions, f"{list(PHASES)}")
    asked = tuple(one_of("questions", question, PHASES) for question in given)
    if not asked:
        raise ValueError(f"questions is empty; ask at least one of {', '.join(PHASES)}")
    return asked


def right_rule(rule: Rule | None, network: Network, numbers: str) -> Rule:
    """Return the rule of an answer key, which has no mistakes, or a rule for short numbers."""
    if rule is None:
        exact = is_rational(Program(network))
        return Rule(learning_rate=0.1 if exact and numbers == "decimals" else 0.5)
    if not isinstance(rule, Rule):
        raise TypeError(f"rule is {type(rule).__name__}; give a bpviz.Rule")
    if rule.mistakes:
        raise ValueError(
            f"rule has the mistakes {', '.join(rule.mistakes)}; an answer key must be right, so "
            "leave them out"
        )
    return rule


def _names(name: str, names: Iterable[str] | None) -> tuple[str, ...]:
    student = _student("name", name)
    if names is None:
        return (student,)
    if student:
        raise ValueError(f"name is {name!r} and names is given too; give one of them")
    given = list_of("names", names, "['Ada', 'Alan']")
    students = tuple(_student(f"names[{k}]", student) for k, student in enumerate(given))
    if not students:
        raise ValueError("names is empty; give at least one name")
    return students


def _student(argument: str, name: Any) -> str:
    """Return a name in one line, without characters that cannot be seen."""
    if not isinstance(name, str):
        raise TypeError(f"{argument} is {shortened(name)}; give a name as a string")
    return one_line(name)
