"""Checking a learner's own backpropagation, and naming the mistake in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bpviz import presets
from bpviz.core.checks import one_of, shortened
from bpviz.core.network import Network
from bpviz.core.rule import Rule
from bpviz.core.tape import Trace
from bpviz.explain.numpy_code import COLUMN, CONVENTIONS, ROW
from bpviz.teach.calling import Failure, Function, unusable
from bpviz.teach.diagnosis import Explanation, explain
from bpviz.teach.draws import Draw, make_draws
from bpviz.teach.examination import Case, different, examine, readings, right_numbers
from bpviz.teach.hints import hints, in_words, listed
from bpviz.teach.report import Difference, Report, number

MOST_NUMBERS = 6
"""So many numbers of a sample are shown."""


def check(
    function: Function,
    network: Network | None = None,
    batch: bool = False,
    *,
    convention: str | None = None,
    rule: Rule | None = None,
    seconds: float = 5.0,
) -> Report:
    """Check a function that computes gradients, and say what is wrong with it.

    The function is called as `function(weights, biases, x, y)` on six draws of weights and
    data. `weights` and `biases` are lists with an array for each layer, `x` and `y` vectors,
    or with `batch=True` arrays with one sample a row. It returns `(weight_gradients,
    bias_gradients)`, two such lists, or a dict of any registers by name: "a1", "h1", "d2",
    "gW1", …, with gradients averaged over a batch. Whatever it does, the answer is a report.

    Parameters
    ----------
    function : callable
        What to check. It gets copies, and must not change them.
    network : Network or None
        The network; by default the 3-2-1 network of the first lecture.
    batch : bool
        Whether to give it several samples at once.
    convention : str or None
        "column": the weights have one row per unit, W @ x + b. "row": one column per unit,
        x @ W + b. By default the column convention is tried, and then the row convention.
        Gradients may come in either shape.
    rule : Rule or None
        For the registers of the update, `uW1`, `nW1`, …: the learning rate, dirty or not.
        By default that of the lecture, `Rule(learning_rate=0.5)`, for its network, and
        `Rule()` for another.
    seconds : float
        How long a call may take. In the main thread of a notebook or a script a timer signal
        ends a function that takes longer; in another thread, and on Windows, the function
        runs in a thread of its own, which may go on behind. A single call into C that never
        returns cannot be ended by either.

    Returns
    -------
    Report
        `.passed`, `.first_difference` and `.mistakes`; it shows itself in a notebook and as
        text.

    Raises
    ------
    TypeError, ValueError
        If an argument other than `function` is wrong.
    """
    own, example = _network(network)
    chosen = _rule(rule, example)
    conventions: Sequence[str] = CONVENTIONS
    if convention is not None:
        conventions = (one_of("convention", convention, CONVENTIONS),)
    if not isinstance(batch, bool):
        raise TypeError(f"batch is {shortened(batch)}; give True or False")
    limit = _seconds(seconds)
    refused = unusable(function)
    if refused is not None:
        return _failed(refused)
    draws = make_draws(own, chosen, batch, example)
    if not draws:
        raise ValueError("network overflows on every draw of data; give it smaller weights")
    tried = list(_cases(function, draws, conventions, batch, limit))
    case, explanation = _choose(tried)
    if case.failure is not None:
        return _failed(case.failure, _notes(case, batch))
    if case.right:
        return _right(case, own, batch)
    if explanation is None and batch:
        explanation = _wrong_axis(function, case, example, limit)
    return _wrong(case, explanation, batch)


def _network(network: Network | None) -> tuple[Network, presets.Example | None]:
    if network is None:
        example = presets.three_two_one()
        return example.network, example
    if not isinstance(network, Network):
        raise TypeError(
            f"network is {shortened(network)}; give a bpviz.Network, or nothing for the 3-2-1 "
            "network of the first lecture"
        )
    return network, None


def _rule(rule: Rule | None, example: presets.Example | None) -> Rule:
    if rule is None:
        return Rule() if example is None else example.corrected
    if not isinstance(rule, Rule):
        raise TypeError(f"rule is {shortened(rule)}; give a bpviz.Rule")
    if rule.mistakes:
        raise ValueError(
            f"rule has the mistakes {listed(rule.mistakes)}; what a function is compared with must "
            "be right, so leave them out"
        )
    return rule


def _seconds(seconds: Any) -> float:
    number_given = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    if not number_given or not 0 < seconds < 1e6:
        raise ValueError(f"seconds is {shortened(seconds)}; give a number above 0, such as 5")
    return float(seconds)


def _cases(
    function: Function,
    draws: tuple[Draw, ...],
    conventions: Sequence[str],
    batch: bool,
    seconds: float,
) -> Iterator[Case]:
    """Yield the ways to give the weights and to read the answer, until one is right."""
    for convention in conventions:
        examined = examine(function, draws, convention, batch, seconds)
        for case in readings(examined):
            yield case
            if case.right:
                return
        if examined.failure is not None and not examined.failure.may_be_shapes:
            return


def _choose(cases: list[Case]) -> tuple[Case, Explanation | None]:
    """Return the case to report: a right one, else one that is explained, else the first."""
    if cases[-1].right:
        return cases[-1], None
    compared = [case for case in cases if case.failure is None]
    found = []
    for case in compared:
        explanation = explain(case)
        if explanation is not None and explanation.whole:
            return case, explanation
        found.append((case, explanation))
    found.sort(key=lambda pair: (pair[1] is None, len(pair[0].wrong)))  # stable: the first wins
    return found[0] if found else (cases[0], None)


def _wrong_axis(
    function: Function, case: Case, example: presets.Example | None, seconds: float
) -> Explanation | None:
    """Return the explanation of a bias gradient with one number for each sample.

    It can be compared where there are as many samples as the layer has units.
    """
    name = "bias_gradient_wrong_axis"
    draw, troubled = case.draws[0], case.answers[0].troubles
    for layer, units in enumerate(draw.network.sizes[1:], start=1):
        if f"gb{layer}" not in troubled or units < 2:
            continue
        draws = make_draws(draw.network, draw.trace.rule, True, example, samples=units)
        again = examine(function, draws, case.convention, True, seconds)
        for answer in again.answers:
            answer.troubles.clear()  # the other layers have other sizes, and cannot be compared
        if again.failure is None and not again.right:
            explanation = explain(again)
            if explanation is not None and name in explanation.mistakes:
                return explanation
    return None


def _failed(failure: Failure, notes: tuple[str, ...] = ()) -> Report:
    return Report(False, failure.what, notes=notes, hints=(failure.advice,))


def _right(case: Case, network: Network, batch: bool) -> Report:
    sizes = "-".join(map(str, network.sizes))
    names = listed(case.order)
    agree = "agrees" if len(case.order) == 1 else "agree"
    summary = f"Right: {names} {agree} on {len(case.draws)} draws of the {sizes} network."
    draw, answer = case.draws[0], case.answers[0]
    if not case.changed:
        return Report(
            True,
            summary,
            right=tuple(case.order),
            notes=_notes(case, batch),
            trace=draw.trace,
            returned=answer.numbers,
        )
    return Report(
        False,
        f"The numbers are right, but your function changed what it was given: {case.changed}.",
        right=tuple(case.order),
        notes=_notes(case, batch),
        hints=(
            "Whoever calls it still needs the old values. Write W = W - change, which makes a new "
            "array, not W -= change; or work on a copy, W = weights[0].copy().",
        ),
        trace=draw.trace,
        returned=answer.numbers,
    )


def _wrong(case: Case, explanation: Explanation | None, batch: bool) -> Report:
    name = case.wrong[0]
    place = case.first_wrong_draw(name)
    assert place is not None
    draw, answer = case.draws[place], case.answers[place]
    notes = list(_notes(case, batch))
    if case.changed:
        notes.append(f"Your function changed what it was given: {case.changed}.")
    trouble = answer.troubles.get(name)
    if trouble is not None:
        notes.insert(0, trouble)
    return Report(
        False,
        f"Not yet: the first to differ is {name}, {in_words(case, name)}.",
        first_difference=name,
        mistakes=() if explanation is None else explanation.mistakes,
        difference=_difference(case, place, name),
        right=tuple(register for register in case.order if register not in case.wrong),
        notes=tuple(notes),
        hints=hints(case, explanation),
        trace=draw.trace,
        returned=answer.numbers,
    )


def _notes(case: Case, batch: bool) -> tuple[str, ...]:
    """Return what was recognised about the way the function writes vectors."""
    notes = []
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
    ref = f"{name}[{','.join(map(str, shown))}]" if shown else name
    return Difference(ref, number(yours[index]), number(right[index]), where)


def _sample(trace: Trace, sample: int) -> str:
    def vector(name: str) -> str:
        numbers = trace.layout.view(trace.row, name)[sample]
        dots = ", …" if len(numbers) > MOST_NUMBERS else ""
        return f"({', '.join(number(value) for value in numbers[:MOST_NUMBERS])}{dots})"

    which = f"sample {sample}: " if trace.layout.samples > 1 else ""
    return f"{which}x = {vector('x')}, y = {vector('y')}"
