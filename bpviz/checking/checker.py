"""Checking a learner's own backpropagation, and naming the mistake in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from numbers import Real
from typing import Any

import numpy as np

from bpviz import presets
from bpviz.checking.calling import Function, call, unusable
from bpviz.checking.diagnosis import Explanation, explain
from bpviz.checking.draws import Draw, make_draws
from bpviz.checking.examination import Case, cases, try_out
from bpviz.checking.hints import listed
from bpviz.checking.instead import Instead, instead_of_gradients
from bpviz.checking.report import FEEDBACK, HINTS, SILENT, Report, limited, note_report
from bpviz.checking.reporting import failed, report_on
from bpviz.classroom.learner_results import CHECK
from bpviz.core.arguments import one_of, shortened
from bpviz.core.model.network import Network
from bpviz.core.run.example import Example
from bpviz.core.update.rule import Rule
from bpviz.explain.numpy_code import CONVENTIONS


def check(
    function: Function,
    network: Network | None = None,
    batch: bool = False,
    *,
    convention: str | None = None,
    rule: Rule | None = None,
    seconds: float = 5.0,
    feedback: str = HINTS,
) -> Report:
    """Check a function that computes gradients, and say what is wrong with it.

    The function is called as `function(weights, biases, x, y)` on six draws of weights and
    data. `weights` and `biases` are lists with an array for each layer, `x` and `y` vectors,
    or with `batch=True` arrays with one sample a row. It returns `(weight_gradients,
    bias_gradients)`, two such lists, or a dict of any registers by name: "a1", "h1", "d2",
    "gW1", …, with gradients averaged over a batch. Read as well are a pair of gradients or a
    dict for each layer, all of them in one list, and an object with such attributes. Whatever
    it does, the answer is a report.

    What a call prints is shown once: that of the draw which the report tells of. What a call
    changes around it is put back: NumPy's settings and random numbers, the filters of
    warnings, Matplotlib's settings and figures.

    What is right by another convention passes, and the report names the convention: gradients
    summed over a batch, or 1 for the derivative of ReLU at 0.

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
    feedback : str
        How much the report tells. "hints": the first register that differs, and hints to open
        one by one. "full": the same with all hints open. "score": how many registers are
        right, and nothing else. "none": only whether the answer could be read, for exams.

    Returns
    -------
    Report
        `.passed`, `.first_difference` and `.mistakes`; it shows itself in a notebook and as
        text.

    Raises
    ------
    TypeError, ValueError
        If an argument other than `function` is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> def my_backprop(weights, biases, x, y):
    ...     delta = weights[0] @ x + biases[0] - y
    ...     return [np.outer(delta, x)], [delta]
    ...
    >>> network = bp.Network([bp.Layer([[0.5, 0.1]], activation="sigmoid")])
    >>> report = bp.check(my_backprop, network)
    >>> report.passed, report.first_difference
    (False, 'gW1')
    """
    own, example = _network(network)
    chosen = _rule(rule, example)
    conventions: Sequence[str] = CONVENTIONS
    if convention is not None:
        conventions = (one_of("convention", convention, CONVENTIONS),)
    if not isinstance(batch, (bool, np.bool_)):
        raise TypeError(f"batch is {shortened(batch)}; give True or False")
    one_of("feedback", feedback, FEEDBACK)
    batch, limit = bool(batch), _seconds(seconds)
    refused = call(unusable, (function,), limit)
    if refused is not None:
        return _told(failed(refused), feedback, function, own)
    draws = make_draws(own, chosen, batch, example)
    if not draws:
        raise ValueError("network overflows on every draw of data; give it smaller weights")
    case, found = _choose(list(_cases(function, draws, conventions, batch, limit)))
    if case.failure is None and not case.right and batch and found is None:
        found = _wrong_axis(function, case, example, limit)
    report, place = report_on(case, found, own, batch)
    if place < len(case.shown):
        case.shown[place].show()
    return _told(report, feedback, function, own)


def _told(report: Report, feedback: str, function: Any, network: Network) -> Report:
    """Return what a learner is told of a report, and note no more where that is wanted."""
    try:
        name = str(function.__name__)
    except Exception:  # whatever a learner's object does
        name = "a function"
    told = limited(report, feedback)
    score = (0, 0) if feedback == SILENT else (len(report.right), len(report.checked))
    note_report(CHECK, name, network.sizes, told, score)
    return told


def _network(network: Network | None) -> tuple[Network, Example | None]:
    if network is None:
        example = presets.three_two_one()
        return example.network, example
    if not isinstance(network, Network):
        raise TypeError(
            f"network is {shortened(network)}; give a bpviz.Network, or nothing for the 3-2-1 "
            "network of the first lecture"
        )
    return network, None


def _rule(rule: Rule | None, example: Example | None) -> Rule:
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
    number_given = isinstance(seconds, Real) and not isinstance(seconds, bool)
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
        returned = try_out(function, draws, convention, batch, seconds)
        for case in cases(returned):
            yield case
            if case.right:
                return
        if returned.failure is not None and not returned.failure.may_be_shapes:
            return


def _choose(tried: list[Case]) -> tuple[Case, Explanation | Instead | None]:
    """Return the case to report: a right one, else one that is explained, else the first."""
    if tried[-1].right:
        return tried[-1], None
    compared = [case for case in tried if case.failure is None]
    for case in compared:
        if case.wrong == list(case.mixed):
            return case, None
    for case in compared:
        instead = instead_of_gradients(case)
        if instead is not None:
            return case, instead
    found = []
    for case in compared:
        explanation = explain(case)
        if explanation is not None and explanation.whole:
            return case, explanation
        found.append((case, explanation))
    for case in compared:
        at_any_slope = replace(case, any_slope=True)
        if at_any_slope.right:
            return at_any_slope, None
    for case in compared:
        instead = instead_of_gradients(case, search=True)
        if instead is not None:
            return case, instead
    found.sort(key=lambda pair: (pair[1] is None, len(pair[0].wrong)))  # stable: the first wins
    return found[0] if found else (tried[0], None)


def _wrong_axis(
    function: Function, case: Case, example: Example | None, seconds: float
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
        for again in cases(try_out(function, draws, case.convention, True, seconds)):
            for answer in again.answers:
                answer.troubles.clear()  # the other layers have other sizes
            if again.failure is None and not again.right:
                explanation = explain(again)
                if explanation is not None and name in explanation.mistakes:
                    return explanation
    return None
