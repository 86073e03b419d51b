"""Which mistakes explain a learner's numbers: the mistaken update is run and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, permutations

from bpviz.checking.draws import Draw
from bpviz.checking.examination import Case, different, right_numbers
from bpviz.checking.reading import Answer
from bpviz.core.arguments import Array
from bpviz.core.mistakes import START, mistakes
from bpviz.core.update.backprop import backprop
from bpviz.core.update.possible import possible, reason_against
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace

RATES = (1.0, 0.5, 0.1, 0.05, 0.01, 0.001)
"""Learning rates that a function may have in it, besides that of the rule."""

Names = tuple[str, ...]
Gradients = dict[str, Array]


@dataclass(frozen=True)
class Explanation:
    """Mistakes that lead to a learner's numbers.

    Attributes
    ----------
    mistakes : tuple of str
        One name, or the two names of a pair.
    others : tuple of tuple of str
        What would give the same numbers in every draw.
    whole : bool
        Whether they explain everything that was returned, or only what comes first.
    rate : float or None
        The learning rate that must be in the function, where it is not the rule's.
    """

    mistakes: Names
    others: tuple[Names, ...] = ()
    whole: bool = True
    rate: float | None = None


def by_convention(case: Case, explanation: Explanation) -> tuple[Case, Explanation | None]:
    """Return the case by the conventions in its explanation, and which mistakes are left."""
    names = tuple(name for name in explanation.mistakes if mistakes[name].is_convention)
    if not names:
        return case, explanation
    other = case.by(names)
    if len(names) == len(explanation.mistakes):
        return other, None if other.right else explain(other)

    def rest(found: Names) -> Names:
        return tuple(name for name in found if name not in names)

    others = tuple(map(rest, explanation.others))
    return other, replace(explanation, mistakes=rest(explanation.mistakes), others=others)


def explain(case: Case) -> Explanation | None:
    """Return the simplest mistakes that explain a case on every draw, or None.

    A single mistake goes before a pair, a convention before a mistake with the same numbers, and
    one that explains everything before one that explains only the first register that is wrong
    and what comes before it.
    """
    order, first_wrong = case.order, case.wrong[0]
    first = order[: order.index(first_wrong) + 1]
    if not all(_numbers(answer, first_wrong) is not None for answer in case.answers):
        return None
    own = case.draws[0].trace.rule.learning_rate
    single, pairs = _candidates(case)
    for registers in (order, first) if first != order else (order,):
        whole, at_a_rate = registers is order, None
        for candidates in (single, pairs):
            found = [names for names in candidates if _leads_to(case, names, registers, own)]
            if found:
                found.sort(key=_has_mistakes)  # stable
                return Explanation(found[0], tuple(found[1:]), whole)
            if at_a_rate is None:
                at_a_rate = {one for (one,) in single if _depends_on_rate(case, (one,), registers)}
            at_rates = [names for names in candidates if not at_a_rate.isdisjoint(names)]
            for rate in RATES:
                found = [names for names in at_rates if _leads_to(case, names, registers, rate)]
                if found:
                    return Explanation(found[0], tuple(found[1:]), whole, rate)
        if _pairs_shuffled(case, registers):
            return Explanation(("targets_not_shuffled",), whole=whole)
    return None


def _has_mistakes(names: Names) -> bool:
    return not all(mistakes[name].is_convention for name in names)


def _under(case: Case, names: Names, rate: float | None = None) -> Rule:
    """Return the rule of the case with mistakes, and perhaps another learning rate."""
    rule = case.draws[0].trace.rule
    rate = rule.learning_rate if rate is None else rate
    return replace(rule, mistakes=(*rule.mistakes, *names), learning_rate=rate)


def _candidates(case: Case) -> tuple[list[Names], list[Names]]:
    """Return the mistakes that can show, and the pairs of them that can be made together."""
    draw = case.draws[0]
    names = [*possible(draw.network, draw.trace.rule, draw.samples), *_in_the_start(draw)]
    pairs: list[Names] = [
        (one, other)
        for one, other in combinations(names, 2)
        if other not in mistakes[one].excludes and one not in mistakes[other].excludes
    ]
    return [(name,) for name in names], pairs


def _in_the_start(draw: Draw) -> Iterator[str]:
    """Yield the mistakes in the start that can show: a function may begin with weights its own."""
    for name, mistake in mistakes.items():
        if mistake.acts_on == START and reason_against(name, draw.network) is None:
            yield name


def _leads_to(case: Case, names: Names, registers: list[str], rate: float) -> bool:
    """Return whether the mistaken update gives the same numbers in every draw."""
    rule = _under(case, names, rate)
    ways: list[Callable[[Trace, str], Array]] = [_as_written, _as_applied]
    if not _agrees(case, rule, registers, ways, None):
        keeps = any(mistakes[name].keeps_gradients for name in names)
        before = _gradients_before(case, rule) if keeps else None
        return before is not None and _agrees(case, rule, registers, ways, before)
    return True


def _depends_on_rate(case: Case, names: Names, registers: list[str]) -> bool:
    """Return whether the learning rate makes a difference to the registers, in the first draw."""
    one, other = (next(_mistaken(case, _under(case, names, rate), None)) for rate in (0.5, 0.25))
    return any(
        different(way(one, name), way(other, name)).any()
        for name in registers
        for way in ((_as_written, _as_applied) if name[0] == "g" else (_as_written,))
    )


def _agrees(
    case: Case,
    rule: Rule,
    registers: list[str],
    ways: list[Callable[[Trace, str], Array]],
    before: Gradients | None,
) -> bool:
    left = list(ways)
    traces = _mistaken(case, rule, before)
    for answer, trace in zip(case.answers, traces, strict=True):
        left = [way for way in left if _same(answer, trace, registers, way)]
        if not left:
            return False
    return True


def _same(
    answer: Answer, trace: Trace, registers: list[str], way: Callable[[Trace, str], Array]
) -> bool:
    for name in registers:
        numbers = _numbers(answer, name)
        if numbers is None:
            continue
        expected = right_numbers(trace, answer, name)
        if name[0] == "g":
            expected = way(trace, name)
        if different(numbers, expected).any():
            return False
    return True


def _numbers(answer: Answer, name: str) -> Array | None:
    """Return the numbers of a register, stretched to its shape if need be, or None."""
    return answer.numbers.get(name, answer.stretched.get(name))


def _as_written(trace: Trace, name: str) -> Array:
    """Return a gradient as the mistaken update computes it."""
    return trace.layout.view(trace.row, name)


def _as_applied(trace: Trace, name: str) -> Array:
    """Return a gradient as the mistaken update uses it: change / learning rate.

    A function that returns gradients cannot make a mistake of the update itself; one that
    has the learning rate in its gradients, or no gradient for its biases, makes it here.
    """
    old, new = (trace.layout.view(trace.row, prefix + name[1:]) for prefix in ("", "n"))
    rate = trace.rule.learning_rate
    return (old - new) / rate if rate else _as_written(trace, name)


def _mistaken(case: Case, rule: Rule, before: Gradients | None) -> Iterator[Trace]:
    """Yield the mistaken update of each draw, one after the other, as the function made them."""
    gradients = before or {}
    keeps = any(mistakes[name].keeps_gradients for name in rule.mistakes)
    for number, draw in enumerate(case.draws):
        known = case.mistaken if number == 0 and before is None else {}
        if rule not in known:
            left = {f"p{name[1:]}": numbers for name, numbers in gradients.items() if keeps}
            known[rule] = draw.variants.under(rule, left_over=left)
        trace = known[rule]
        yield trace
        gradients = {n: _as_written(trace, n) for n in trace.layout.registers if n[0] == "g"}


def _gradients_before(case: Case, rule: Rule) -> Gradients | None:
    """Return what a function must have kept from earlier calls, if its gradients tell."""
    answer = case.answers[0]
    first = next(_mistaken(case, rule, None))
    names = [name for name in first.layout.registers if name.startswith("g")]
    if any(name not in answer.numbers for name in names):
        return None
    return {name: answer.numbers[name] - _as_written(first, name) for name in names}


def _pairs_shuffled(case: Case, registers: list[str]) -> bool:
    """Return whether predictions are paired with the targets of other samples."""
    return case.draws[0].samples > 1 and all(
        _is_shuffled(answer, draw, registers)
        for draw, answer in zip(case.draws, case.answers, strict=True)
    )


def _is_shuffled(answer: Answer, draw: Draw, registers: list[str]) -> bool:
    """Return whether some order of the samples explains the loss, or everything."""
    rest = [name for name in registers if name != "loss"]
    only_loss = "loss" in registers and _same(answer, draw.trace, rest, _as_written)
    for order in permutations(range(draw.samples)):
        shuffled = backprop(draw.network, draw.x[list(order)], draw.y, draw.trace.rule)
        compared = ["loss"] if only_loss else registers
        if _same(answer, shuffled, compared, _as_written):
            return True
    return False
