"""What is reported of a case: what is right, what differs first, and what is known about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bpviz.checking.calling import Failure
from bpviz.checking.diagnosis import Explanation, by_convention
from bpviz.checking.draws import ONE_AT_ZERO
from bpviz.checking.examination import Case, different, right_numbers
from bpviz.checking.foreign import UNTOUCHED
from bpviz.checking.hints import hints, in_words, listed, not_told_apart, nudge
from bpviz.checking.instead import Instead
from bpviz.checking.report import Difference, Report, number
from bpviz.core.formula.expression import Ref
from bpviz.core.mistakes import mistakes
from bpviz.core.model.network import Network
from bpviz.core.update.tape import Trace
from bpviz.explain.formula_code import COLUMN, ROW

MOST_NUMBERS_SHOWN = 6
"""So many numbers of a sample are shown."""


def report_on(
    case: Case, found: Explanation | Instead | None, network: Network, batch: bool
) -> tuple[Report, int]:
    """Return the report on a case, and the number of the draw that it tells of."""
    if case.failure is not None:
        return failed(case.failure, _notes(case, batch)), len(case.shown) - 1
    if isinstance(found, Instead):
        return _instead(found, batch)
    others: tuple[tuple[str, ...], ...] = ()
    if found is not None:
        others = found.others
        case, found = by_convention(case, found)
    if case.right:
        return _right(case, network, batch, others), 0
    return _wrong(case, found, batch)


def failed(failure: Failure, notes: tuple[str, ...] = ()) -> Report:
    """Return the report on a call that gave nothing to compare."""
    return Report(
        False,
        failure.what,
        notes=notes,
        hints=(failure.advice,),
        untouched=failure.untouched,
    )


def _right(
    case: Case, network: Network, batch: bool, others: tuple[tuple[str, ...], ...]
) -> Report:
    sizes = "-".join(map(str, network.sizes))
    names = listed(case.order)
    agree = "agrees" if len(case.order) == 1 else "agree"
    how = ", by another convention" if case.conventions or case.any_slope else ""
    report = Report(
        True,
        f"Right{how}: {names} {agree} on {len(case.draws)} draws of the {sizes} network.",
        conventions=case.conventions,
        checked=tuple(case.order),
        right=tuple(case.order),
        notes=(*_notes(case, batch), *not_told_apart(others)),
        trace=case.draws[0].trace,
        returned=case.answers[0].numbers,
    )
    if not case.changed:
        return report
    return replace(
        report,
        passed=False,
        summary="The numbers are right, but your function changed what it was given: "
        f"{case.changed}.",
        hints=(
            "Whoever calls it still needs the old values. Write W = W - change, which makes a new "
            "array, not W -= change; or work on a copy, W = weights[0].copy().",
        ),
    )


def _instead(found: Instead, batch: bool) -> tuple[Report, int]:
    case, explanation = found.case, found.explanation
    conventions: tuple[str, ...] = ()
    if explanation is not None:
        case, explanation = by_convention(case, explanation)
        conventions = _convention_notes(case)
    if case.right:
        found, case = replace(found, explanation=None), found.case
    report, place = _wrong(case, explanation, batch)
    advised = [found.advice]
    if found.explanation is not None:
        advised = [f"{found.advice} {report.hints[0]}", *report.hints[1:]]
    notes = tuple(dict.fromkeys(filter(None, (found.note, *conventions, *report.notes))))
    return replace(report, summary=found.summary, notes=notes, hints=tuple(advised)), place


def _wrong(case: Case, explanation: Explanation | None, batch: bool) -> tuple[Report, int]:
    name = case.wrong[0]
    place = case.first_wrong_draw(name)
    assert place is not None
    draw, answer = case.draws[place], case.answers[place]
    notes = [*_notes(case, batch), *([case.doubt] if case.doubt else [])]
    if case.changed:
        notes.append(f"Your function changed what it was given: {case.changed}.")
    trouble = answer.troubles.get(name)
    untouched = trouble == UNTOUCHED
    if trouble is not None and not untouched:
        notes.insert(0, trouble)
    if untouched:
        summary = f"Your turn: {name}, {in_words(case, name)}, is still None."
    else:
        summary = f"Not yet: the first to differ is {name}, {in_words(case, name)}."
    report = Report(
        False,
        summary,
        first_difference=name,
        mistakes=() if explanation is None else explanation.mistakes,
        conventions=case.conventions,
        difference=_difference(case, place, name),
        checked=tuple(case.order),
        right=tuple(register for register in case.order if register not in case.wrong),
        notes=tuple(notes),
        hints=_hints(case, explanation, name, untouched),
        trace=draw.trace,
        returned=answer.numbers,
        untouched=untouched,
    )
    return report, place


def _hints(
    case: Case, explanation: Explanation | None, name: str, untouched: bool
) -> tuple[str, ...]:
    first, *others = hints(case, explanation)
    if untouched:
        first = f"Put what you compute in the place of None. {nudge(name)}"
    return first, *others


def _notes(case: Case, batch: bool) -> tuple[str, ...]:
    """Return what was recognised about how the function computes, and writes vectors."""
    notes = [case.note] if case.note else []
    notes += _convention_notes(case)
    if case.any_slope:
        notes.append(
            "Another convention: where an aggregate is exactly 0 you take another derivative of "
            "ReLU than 0, as central differences and torch.maximum do, which have ½. "
            f"{mistakes[ONE_AT_ZERO].right_because}"
        )
    if case.convention == ROW:
        notes.append("Read in the row convention: the weights have one column per unit, x @ W + b.")
    if case.turned:
        shape = "(inputs, units)" if case.convention == COLUMN else "(units, inputs)"
        notes.append(
            f"Your weight gradients came transposed, {shape}, and were taken so; transpose them "
            "before you subtract them from weights."
        )
    if batch and any(answer.samples_last for answer in case.answers):
        notes.append("Your samples stand in columns, and were taken so.")
    return tuple(notes)


def _convention_notes(case: Case) -> tuple[str, ...]:
    """Return what is said of the conventions by which a case is compared."""
    return tuple(
        f"Another convention ({name}): {mistakes[name].title}. {mistakes[name].right_because}"
        for name in case.conventions
    )


def _difference(case: Case, place: int, name: str) -> Difference | None:
    draw, answer = case.draws[place], case.answers[place]
    where = f"in draw {place + 1} of {len(case.draws)}, {_sample(draw.trace, 0)}"
    if name not in answer.numbers:
        return None
    yours, right = answer.numbers[name], right_numbers(draw.trace, answer, name)
    index = tuple(int(i) for i in np.argwhere(different(yours, right))[0])
    shown = index[1:] if draw.trace.layout.register(name).per_sample else index
    if shown != index:
        where = f"in draw {place + 1} of {len(case.draws)}, {_sample(draw.trace, index[0])}"
    ref = str(Ref(name, shown))
    return Difference(ref, number(yours[index]), number(right[index]), where)


def _sample(trace: Trace, sample: int) -> str:
    def vector(name: str) -> str:
        numbers = trace.layout.view(trace.row, name)[sample]
        dots = ", …" if len(numbers) > MOST_NUMBERS_SHOWN else ""
        return f"({', '.join(number(value) for value in numbers[:MOST_NUMBERS_SHOWN])}{dots})"

    which = f"sample {sample}: " if trace.layout.samples > 1 else ""
    return f"{which}x = {vector('x')}, y = {vector('y')}"
