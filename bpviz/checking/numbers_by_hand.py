"""A number that a learner has computed by hand, compared with that of an update."""

from __future__ import annotations

import numpy as np

from bpviz.checking.report import Report, note_report, number
from bpviz.classroom.learner_results import NUMBER_BY_HAND
from bpviz.core.arguments import one_number, shortened
from bpviz.core.mistakes import mistakes
from bpviz.core.update.tape import Trace
from bpviz.explain.numbers import number_text
from bpviz.explain.wrong_answers import Wrong, WrongAnswers, is_close

NOT_KNOWN = "step through the update until this number comes up"


def check_number(trace: Trace, ref: str, mine: object) -> Report:
    """Compare a number with that of an update, to three significant digits.

    Parameters
    ----------
    trace : Trace
        The update.
    ref : str
        Which number of it, such as "h1[1]".
    mine : number or None
        What the learner has computed; None where it is still to be done.

    Returns
    -------
    Report
        Right, not yet, or "your turn". Of a wrong number it says what leads to it, where that is
        known.

    Raises
    ------
    TypeError, KeyError, ValueError
        If there is no such number.
    """
    if not isinstance(trace, Trace):
        raise TypeError(f"trace is {shortened(trace)}; give a Trace, as bpviz.backprop returns it")
    if not isinstance(ref, str):
        raise TypeError(f'ref is {shortened(ref)}; give a text such as "h1[1]"')
    report = _compared(trace, ref, mine)
    note_report(NUMBER_BY_HAND, ref, trace.network.sizes, report, (int(bool(report.passed)), 1))
    return report


def _compared(trace: Trace, ref: str, mine: object) -> Report:
    whole = trace[ref]
    if np.ndim(whole):
        raise ValueError(f'ref is "{ref}", several numbers; give one of them, such as "{ref}[0]"')
    right = float(whole)
    if mine is None:
        return Report(
            False,
            f"Your turn: put {ref} in the place of None.",
            untouched=True,
        )
    try:
        value = one_number("mine", mine)
    except (TypeError, ValueError):
        what = f"{ref} is {shortened(mine)}, not a number"
        return Report(False, f"Not yet: {what}; write it with a point, such as 0.5.")
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
        because, names = _because(found[0]), found[0].mistakes
    return Report(
        False,
        f"Not yet: {ref} is not {number(value)}; {because}.",
        first_difference=ref,
        mistakes=names,
        checked=(ref,),
    )


def _because(wrong: Wrong) -> str:
    if wrong.mistakes:
        titles = [mistakes[name].title for name in wrong.mistakes[:2]]
        return f"it comes out if {', or if '.join(t[0].lower() + t[1:] for t in titles)}"
    if wrong.slip == "other" and wrong.refs:
        return f"that is {wrong.refs[0]}"
    if wrong.slip == "without" and wrong.refs:
        return f"a term is missing, {' · '.join(wrong.refs)}"
    return "mind the factor ½" if wrong.slip == "half" else NOT_KNOWN
