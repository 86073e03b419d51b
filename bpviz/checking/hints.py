"""What to say of a wrong register: from a nudge over the formula to the mistake by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bpviz.checking.diagnosis import Explanation
from bpviz.checking.examination import Case, different, right_numbers
from bpviz.core.arguments import Array
from bpviz.core.mistakes import mistakes
from bpviz.core.model.losses import squared_error
from bpviz.core.operations.operation import Operation
from bpviz.core.operations.quantities import quantity_of
from bpviz.core.update.algorithm import algorithm
from bpviz.explain.numbers import number_text
from bpviz.explain.plain import Plain
from bpviz.explain.program import Program
from bpviz.explain.registers import register_words
from bpviz.explain.typeset import formula

NUDGES = {
    "a": "Look at how inputs, weights and biases are put together.",
    "h": "The aggregates are right, if you returned them; look at the activation function.",
    "loss": "Look at which output is compared with which target, and at every factor.",
    "e": "Look at the error: of the loss at the output, or what passes back from the layer above.",
    "s": "Look at the derivative of the activation function: which one, and of what number?",
    "d": "Look at how the error that arrives becomes a delta.",
    "gW": "Look at which two arrays are multiplied, and how.",
    "gb": "Look at what the bias of each unit is multiplied by in the forward pass.",
    "u": "Look at what happens between the gradient and the weights.",
    "n": "Look at what happens between the gradient and the weights.",
}
GIVEN = "Your function was given it; return it as it came."
NO_KNOWN_MISTAKE = (
    "No mistake, and no pair of mistakes, that bpviz knows leads to your numbers in every draw. "
    "bp.StepPanel(report.trace) shows how the right ones come about, step by step."
)
NOT_COMPARED = (
    "There are no numbers of yours here to compare with those that known mistakes lead to; mend "
    "this first, and check again."
)


def hints(case: Case, explanation: Explanation | None) -> tuple[str, str, str]:
    """Return three hints: where to look, which formula, and which mistake it is.

    Parameters
    ----------
    case : Case
        With a wrong register.
    explanation : Explanation or None
        What explains it.
    """
    suspects = _suspects(case)
    altered = suspects if explanation is None else _altered(case, explanation) or suspects
    return _nudge(case, suspects), _formulas(case, altered), _mistake(case, explanation)


def in_words(case: Case, name: str) -> str:
    """Return what a register is: "the deltas of layer 1, ∂L/∂a"."""
    words = register_words(name, case.draws[0].trace.layout)
    return f"the {words}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Return names as an enumeration: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def _operations(case: Case) -> tuple[Operation, ...]:
    draw = case.draws[0]
    return algorithm(draw.network, draw.trace.rule, draw.samples)


def _suspects(case: Case) -> list[str]:
    """Return the registers that may be the first wrong one, in order; the last is known to be.

    What was returned and is right cannot be it, nor what it was computed from.
    """
    operations = {operation.writes: operation for operation in _operations(case)}
    wrong = case.wrong

    def needed(names: list[str], stop: set[str]) -> set[str]:
        found: set[str] = set()
        left = [name for name in names if name in operations]
        while left:
            name = left.pop()
            if name not in found and name not in stop:
                found.add(name)
                left += [read for read in operations[name].reads if read in operations]
        return found

    fine = needed([name for name in case.order if name not in wrong], set())
    suspected = needed([wrong[0]], fine)
    return [name for name in operations if name in suspected]


def _altered(case: Case, explanation: Explanation) -> list[str]:
    """Return the registers whose formula the mistakes change."""
    draw = case.draws[0]
    made = (*draw.trace.rule.mistakes, *explanation.mistakes)
    rule = replace(draw.trace.rule, mistakes=made)
    mistaken = algorithm(draw.network, rule, draw.samples)
    return [op.writes for op in mistaken if not set(explanation.mistakes).isdisjoint(op.mistakes)]


def _nudge(case: Case, suspects: list[str]) -> str:
    name = case.wrong[0]
    if any(name in answer.troubles for answer in case.answers):
        return f"Print {name} and its shape before the return, and what goes into it."
    said = [nudge(name)] if len(suspects) < 2 else []
    if len(suspects) > 1:
        before = suspects[:-1]
        example = ", ".join(f'"{register}": …' for register in (before[-1], name))
        said.append(
            f"What leads to {name} and was not returned is {listed(before)}. Return a dict with "
            f"more of them, such as {{{example}}}, to see which is the first to differ."
        )
    factor = _factor(case, name)
    return " ".join([*said, factor] if factor else said)


def nudge(name: str) -> str:
    """Return where to look if a register is wrong."""
    return NUDGES.get(name[0] if name[0] in "un" else quantity_of(name), GIVEN)


def _factor(case: Case, name: str) -> str:
    """Return in words by which factor a register is wrong, if it is the same everywhere."""
    pairs = []
    for draw, answer in zip(case.draws, case.answers, strict=True):
        if name not in answer.numbers:
            return ""
        pairs.append((answer.numbers[name], right_numbers(draw.trace, answer, name), draw.samples))
    if all(not numbers.any() for numbers, _, _ in pairs):
        return "All your numbers there are 0."
    for what, weight in (("", 0), (" times the number of samples", 1), (" divided by it", -1)):
        scaled = [(numbers, right * float(samples) ** weight) for numbers, right, samples in pairs]
        ratio = ratio_of(scaled)
        if ratio is not None:
            return _factor_words(case, ratio, what)
    return ""


def ratio_of(pairs: list[tuple[Array, Array]]) -> float | None:
    """Return c if numbers = c · right everywhere, to within rounding."""
    size = sum(float(np.sum(right * right)) for _, right in pairs)
    if not size:
        return None
    ratio = sum(float(np.sum(numbers * right)) for numbers, right in pairs) / size
    if not ratio or any(different(numbers / ratio, right).any() for numbers, right in pairs):
        return None
    return ratio


def _factor_words(case: Case, ratio: float, what: str) -> str:
    trace = case.draws[0].trace
    rate, loss = trace.rule.learning_rate, trace.network.loss
    if what == " times the number of samples" and abs(ratio - 1) < 1e-4:
        return "Each of your numbers is the right one times the number of samples."
    if what == " divided by it" and abs(ratio - 1) < 1e-4:
        return "Each of your numbers is the right one divided by the number of samples."
    if what:
        return ""
    text = f"Each of your numbers is {number_text(ratio)} times the right one."
    if abs(ratio - 2) < 1e-4 and loss.formula == squared_error.formula:
        text += " The loss here is ½ Σ (h − y)², so that its derivative is h − y, without a 2."
    elif abs(ratio - rate) < 1e-4 * rate:
        text += " That is the learning rate; a gradient is what comes before it."
    return text


def _formulas(case: Case, suspects: list[str]) -> str:
    draw = case.draws[0]
    program = Program(draw.network, draw.trace.rule, draw.samples)
    lines = []
    for operation in program.operations:
        if operation.writes in suspects:
            right = formula(operation.formula, Plain())
            words = operation.words.layer.replace(": {value}", "")
            lines.append(f"{operation.writes} = {right}\n    {words}")
    return "\n".join(lines) or GIVEN


def _mistake(case: Case, explanation: Explanation | None) -> str:
    if explanation is None:
        troubled = any(case.wrong[0] in answer.troubles for answer in case.answers)
        return NOT_COMPARED if troubled else NO_KNOWN_MISTAKE
    lines = []
    if not explanation.whole:
        lines.append(
            f"This leads to your {case.wrong[0]} in every draw, but something that comes after it "
            "is wrong for another reason:"
        )
    if len(explanation.mistakes) > 1:
        lines.append("Two mistakes together:")
    for name in explanation.mistakes:
        mistake = mistakes[name]
        lines.append(f"{mistake.title} ({name}): {mistake.change}.")
        lines.append(f"    How to notice it: {mistake.notice}")
    if explanation.rate is not None:
        rate = number_text(explanation.rate)
        lines.append(f"It fits with the learning rate {rate} in your function.")
    return "\n".join((*lines, *not_told_apart(explanation.others)))


def not_told_apart(others: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what is said where other mistakes lead to the same numbers, if any do."""
    names = [" with ".join(other) for other in others]
    if not names:
        return ()
    give = "give" if len(names) > 1 else "gives"
    said = f"Your numbers do not tell it from {listed(names, 'or')}, which {give} the same here."
    return (said,)
