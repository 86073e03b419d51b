"""A number that a learner has computed by hand, compared with that of an update."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from bpviz.checking.report import (
    FEEDBACK,
    FULL,
    HINTS,
    SCORE,
    SILENT,
    Report,
    note_report,
    number,
)
from bpviz.classroom.learner_results import NUMBER_BY_HAND
from bpviz.core.arguments import one_number, one_of, shortened
from bpviz.core.mistakes import mistakes
from bpviz.core.update.tape import Trace, parse_ref
from bpviz.explain.numbers import number_text
from bpviz.explain.plain import Plain
from bpviz.explain.program import Program
from bpviz.explain.registers import register_words
from bpviz.explain.steps import Steps
from bpviz.explain.typeset import formula
from bpviz.explain.wrong_answers import Wrong, WrongAnswers, is_close

NOT_KNOWN = "compute it once more, step by step"


def check_number(trace: Trace, ref: str, mine: object, *, feedback: str = HINTS) -> Report:
    """Compare a number with that of an update, to three significant digits.

    Parameters
    ----------
    trace : Trace
        The update.
    ref : str
        Which number of it, such as "h1[1]".
    mine : number or None
        What the learner has computed; None where it is still to be done.
    feedback : str
        How much the report tells. "hints": whether the number is right, and of a wrong one what
        leads to it, where that is known. "full": of a wrong one the right one and its formula as
        well. "score": whether it is right, and nothing else. "none": only that it was read, for
        exams.

    Returns
    -------
    Report
        Right, not yet, or "your turn". That it is the learner's turn, or that no number was given,
        it tells always.

    Raises
    ------
    TypeError, KeyError, ValueError
        If there is no such number, if it is given and not computed, or if `feedback` is none of
        the four.

    Examples
    --------
    >>> example = bp.presets.three_two_one()
    >>> trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    >>> bp.check_number(trace, "a1[0]", 0.24)
    ✓ Right: a1[0] is 0.24.
    """
    if not isinstance(trace, Trace):
        raise TypeError(f"trace is {shortened(trace)}; give a Trace, as bpviz.backprop returns it")
    if not isinstance(ref, str):
        raise TypeError(f'ref is {shortened(ref)}; give a text such as "h1[1]"')
    one_of("feedback", feedback, FEEDBACK)
    report = _told(_compared(trace, ref, mine), feedback, trace, ref)
    score = (0, 0) if feedback == SILENT else (int(bool(report.passed)), 1)
    note_report(NUMBER_BY_HAND, ref, trace.network.sizes, report, score)
    return report


def _told(report: Report, feedback: str, trace: Trace, ref: str) -> Report:
    """Return what a learner is told of a report."""
    if not report.checked or feedback == HINTS:
        return report  # where no number was read, that gives nothing away
    if feedback == FULL:
        hints = () if report.passed else (_derivation(trace, ref),)
        return replace(report, hints=hints, feedback=FULL)
    if feedback == SCORE:
        return Report(
            report.passed, f"{ref} is {'' if report.passed else 'not '}right.", feedback=SCORE
        )
    return Report(None, f"Your number was read: {ref}. It is not marked here.", feedback=SILENT)


def _steps(trace: Trace) -> Steps:
    return Program(trace.network, trace.rule, trace.layout.samples).steps("unit")


def _derivation(trace: Trace, ref: str) -> str:
    """Return how a number comes about, as a formula."""
    steps = _steps(trace)
    step = steps[steps.done(ref) - 1]
    written = next(
        expression
        for target, expression in step.equations
        if parse_ref(str(target)) == parse_ref(ref)
    )
    return f"{ref} = {formula(written, Plain())} = {number_text(float(trace[ref]))}"


def _compared(trace: Trace, ref: str, mine: object) -> Report:
    whole = trace[ref]
    if np.ndim(whole):
        first = ",".join("0" * np.ndim(whole))
        raise ValueError(
            f'ref is "{ref}", several numbers; give one of them, such as "{ref}[{first}]"'
        )
    if not _steps(trace).done(ref):
        raise ValueError(
            f'ref is "{ref}", which is given, not computed; give a number that the update '
            'computes, such as "h1[0]"'
        )
    right = float(whole)
    if mine is None:
        return Report(
            False,
            f"Your turn: put your number for {ref} in the place of None.",
            untouched=True,
        )
    try:
        value = one_number("mine", mine)
    except (TypeError, ValueError):
        what = f"{ref} is {shortened(mine)}, not a number"
        how = "without quotation marks" if _is_number_in_text(mine) else "with a point"
        return Report(False, f"Not yet: {what}; write it {how}, such as 0.5.")
    if is_close(value, right):
        return Report(True, f"Right: {ref} is {number_text(right)}.", checked=(ref,), right=(ref,))
    found = [
        wrong
        for wrong in WrongAnswers(trace).of(ref)
        if is_close(value, wrong.value) and not is_close(wrong.value, right)
    ]
    because, names = NOT_KNOWN, tuple[str, ...]()
    if is_close(value, -right):
        because = "the size is right, the sign is not"
    elif ref.startswith("h") and is_close(1 - value, right):
        because = "it is 1 minus the right one: mind the minus in the exponent"
    elif found:
        because, names = _because(found[0], trace), found[0].mistakes
    return Report(
        False,
        f"Not yet: {ref} is not {number(value)}; {because}.",
        first_difference=ref,
        mistakes=names,
        checked=(ref,),
    )


def _because(wrong: Wrong, trace: Trace) -> str:
    if wrong.mistakes:
        titles = [mistakes[name].title for name in wrong.mistakes[:2]]
        return f"it comes out if {', or if '.join(t[0].lower() + t[1:] for t in titles)}"
    if wrong.slip == "other" and wrong.refs:
        words = register_words(parse_ref(wrong.refs[0])[0], trace.layout)
        return f"that is {wrong.refs[0]} ({words})"
    if wrong.slip == "without" and wrong.refs:
        return f"a term is missing, {' · '.join(wrong.refs)}"
    return "mind the factor ½" if wrong.slip == "half" else NOT_KNOWN


def _is_number_in_text(mine: object) -> bool:
    try:
        return isinstance(mine, str) and math.isfinite(float(mine))
    except ValueError:
        return False
