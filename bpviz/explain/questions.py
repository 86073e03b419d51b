"""Questions about the numbers of an update: which, of what kind, and what is known of answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpviz.core.arguments import has_entries, shortened
from bpviz.core.formula.expression import Ref, bind, written_out
from bpviz.core.operations.operation import BACKWARD, Operation
from bpviz.core.operations.quantities import quantity_of
from bpviz.core.update.tape import Trace, parse_ref
from bpviz.explain.program import Program
from bpviz.explain.wrong_answers import Wrong, WrongAnswers, number_at, reads_of

NUMBER, SIGN, LARGER, INPUTS = "number", "sign", "larger", "inputs"
KINDS = (NUMBER, SIGN, LARGER, INPUTS)
NEXT = "next"
"""Which number comes next? Asked between the numbers of a pass that somebody performs."""

FADING = "fading"

PARTNERS = {"nW": "W", "nb": "b", "h": "a", "d": "e"}
"""What a number of a quantity is compared with, where it is asked whether it is larger."""

STAGES = ("a", "h", "loss", "d", "gW", "nW")
"""The quantities whose computation fading leaves out."""

MOST_QUESTIONS = 64
MOST_PERFORMED = 40
MOST_OPTIONS = 12

Asked = tuple[tuple[str, str], ...]
"""Refs of single numbers with the kinds of question about them, in order."""


@dataclass(frozen=True)
class Question:
    """A question about one number of an update.

    Attributes
    ----------
    ref : str
        Which number.
    kind : str
        "number": what is it? "sign": negative, zero or positive? "larger": smaller than, the
        same as or larger than its partner? "inputs": which numbers is it made from? "next":
        which number can be computed now?
    wrong : tuple of Wrong
        Wrong numbers that can be explained.
    partner : str
        What it is compared with.
    options : tuple of str
        The numbers to choose inputs from, in the order of the tape.
    inputs : tuple of tuple of str
        The right choices; the first is that of the formula.
    """

    ref: str
    kind: str
    wrong: tuple[Wrong, ...]
    partner: str = ""
    options: tuple[str, ...] = ()
    inputs: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        """What tells it from the other questions about an update."""
        return f"{NEXT} {self.ref}" if self.kind == NEXT else self.ref

    def to_json(self, others: Set[tuple[str, str]] = frozenset()) -> dict[str, Any]:
        """Return the question as plain data, for the panels.

        Numbers that follow from other rules are left out: of those a panel has the formulas.
        """
        data: dict[str, Any] = {"ref": self.ref, "kind": self.kind}
        if self.kind == INPUTS:
            data |= {"options": list(self.options), "inputs": [list(one) for one in self.inputs]}
        is_made = [self.kind != INPUTS and one.is_among(others) for one in self.wrong]
        data["wrong"] = [
            one.to_json() for one, follows in zip(self.wrong, is_made, strict=True) if not follows
        ]
        if self.partner:
            data["partner"] = self.partner
        return data


@dataclass(frozen=True)
class Performing:
    """The whole backward pass, number by number, in an order that the learner chooses.

    Attributes
    ----------
    score : str
        When it is shown: "now" or "end".
    """

    score: str


SCORES = ("now", "end")


def performed(program: Program) -> Asked:
    """Return what is asked of somebody who performs the backward pass.

    Before each of its numbers stands the question which one can be computed now.

    Raises
    ------
    ValueError
        If there are too many.
    """
    backward = [one for one in program.operations if one.phase == BACKWARD]
    refs = [ref for one in backward for ref in program.layout.register(one.writes).refs]
    if len(refs) > MOST_PERFORMED:
        raise ValueError(
            f"perform is True, but the backward pass of this network has {len(refs)} numbers; "
            f"take a smaller network, with at most {MOST_PERFORMED}"
        )
    return tuple((ref, kind) for ref in refs for kind in (NEXT, NUMBER))


def is_fading(predict: object) -> bool:
    """Return whether a value of `predict` asks for examples that fade."""
    return isinstance(predict, str) and predict == FADING


def asked(predict: Any, program: Program) -> Asked:
    """Return what a value of `predict` asks for, other than "fading".

    Parameters
    ----------
    predict : str, iterable of str, or mapping from str to str
        Refs or registers, with kinds.
    program : Program
        Of the update that is asked about.

    Raises
    ------
    TypeError, ValueError
        If it is none of these, or asks for what cannot be asked for.
    """
    if isinstance(predict, Mapping):
        wanted: list[tuple[Any, Any]] = list(predict.items())
    elif isinstance(predict, str):
        wanted = [(predict, NUMBER)]
    elif has_entries(predict):
        wanted = [(name, NUMBER) for name in predict]
    else:
        raise TypeError(f"predict is {shortened(predict)}; {_possible(program)}")
    if not wanted:
        raise ValueError(f"predict is {shortened(predict)}, which asks for nothing; leave it out")
    kinds: dict[str, str] = {}
    # A single entry may be asked otherwise than the register that it is in.
    for name, kind in sorted(wanted, key=lambda item: isinstance(item[0], str) and "[" in item[0]):
        if not isinstance(kind, str) or kind not in KINDS:
            raise ValueError(
                f"predict asks for {shortened(name)} with {shortened(kind)}; kinds are "
                f"{', '.join(KINDS)}"
            )
        for ref in _entries(name, program):
            kinds[ref] = kind
            _check_kind(ref, kind, program)
    if len(kinds) > MOST_QUESTIONS:
        raise ValueError(
            f"predict asks for {len(kinds)} numbers of an update; ask for at most "
            f"{MOST_QUESTIONS}, by single entries such as 'W1[0,1]'"
        )
    order = {register: place for place, register in enumerate(_computed(program))}

    def place(item: tuple[str, str]) -> tuple[int, tuple[int, ...]]:
        register, at = parse_ref(item[0])
        return order[register], at

    return tuple(sorted(kinds.items(), key=place))


def faded(program: Program, trace: Trace, level: int) -> Asked:
    """Return what is asked where the last `level` stages of an update are left out.

    A stage is one operation that is worth asking; one entry of it is asked for, another one
    at each level, and not one that is 0 if there is another.
    """
    stages = [operation for operation in program.operations if _is_stage(operation)]
    found = []
    for operation in stages[len(stages) - min(level, len(stages)) :]:
        entries = list(program.layout.register(operation.writes).refs)
        turned = [entries[(level + k) % len(entries)] for k in range(len(entries))]
        found.append(next((ref for ref in turned if number_at(trace, ref)), turned[0]))
    return tuple((ref, NUMBER) for ref in found)


def stage_count(program: Program) -> int:
    """Return how many stages fading can leave out."""
    return sum(map(_is_stage, program.operations))


def posed(
    predict: Any, traces: Sequence[Trace], program: Program
) -> tuple[tuple[Question, ...], ...]:
    """Return the questions about each trace; if they fade, round after round over the traces.

    Parameters
    ----------
    predict : Any
        As for `asked`, or "fading": then nothing is asked about the first trace, and of each
        further one another stage is left out.
    traces : sequence of Trace
        Updates of one program.
    program : Program
        Its steps.
    """
    answers: list[WrongAnswers] = []
    for trace in traces:
        is_of_same_batch = answers and np.may_share_memory(answers[-1].trace.row, trace.row)
        answers.append(
            answers[-1].at_sample(trace.sample) if is_of_same_batch else WrongAnswers(trace)
        )
    if not is_fading(predict):
        is_whole = isinstance(predict, Performing)
        wanted = performed(program) if is_whole else asked(predict, program)
        return tuple(questions(wanted, one, program) for one in answers)
    count = len(traces)
    levels = -(-(stage_count(program) + 1) // count) * count
    return tuple(
        questions(faded(program, traces[level % count], level), answers[level % count], program)
        for level in range(levels)
    )


def questions(wanted: Asked, answers: WrongAnswers, program: Program) -> tuple[Question, ...]:
    """Return the questions about an update, in the order in which it computes the numbers.

    A number that is not finite, as after a learning rate that is far too large, is not asked for.

    Parameters
    ----------
    wanted : Asked
        What is asked for.
    answers : WrongAnswers
        Those of the update.
    program : Program
        Its steps.
    """
    trace = answers.trace
    return tuple(
        _question(ref, kind, answers, program)
        for ref, kind in wanted
        if np.isfinite(number_at(trace, ref))
    )


def _question(ref: str, kind: str, answers: WrongAnswers, program: Program) -> Question:
    if kind == NEXT:
        return Question(ref, kind, ())
    wrong = answers.of(ref)
    if kind == LARGER:
        return Question(ref, kind, wrong, partner=partner_of(ref))
    if kind != INPUTS:
        return Question(ref, kind, wrong)
    right = _inputs(ref, program)
    inputs = [right]
    register, at = parse_ref(ref)
    if quantity_of(register) == "s" and len(at) == len(right) == 1:
        # The derivative of one aggregate can be had from a as well as from h.
        inputs.append(({"a": "h", "h": "a"}[right[0][0]] + right[0][1:],))
    if register == "loss" and program.network.architecture.pair is not None:
        # So can the cross-entropy: by its definition it is made from the outputs.
        inputs.append(tuple("h" + one[1:] if one[0] == "a" else one for one in right))
    order = {name: place for place, name in enumerate(_computed(program))}
    written = order[register]

    def is_known(one: str) -> bool:
        return order.get(parse_ref(one)[0], -1) < written

    wrong = tuple(
        one
        for one in (*wrong, *_too_early(right, program))
        if one.reads and set(one.reads) not in map(set, inputs)
    )
    believable = [one for choice in inputs for one in choice]
    believable += [one for each in wrong for one in each.reads]
    believable += [one for one in answers.neighbours(ref) if is_known(one)]
    room = max(MOST_OPTIONS, len(right))
    chosen = list(dict.fromkeys((*right, *filter(is_known, believable))))[:room]
    return Question(
        ref, kind, wrong, options=_sorted(chosen, program), inputs=tuple(dict.fromkeys(inputs))
    )


def _too_early(right: tuple[str, ...], program: Program) -> Iterator[Wrong]:
    """Yield choices that go back one step too far for one of the inputs."""
    for one in right:
        if parse_ref(one)[0] in _computed(program):
            others = tuple(other for other in right if other != one)
            reads = (*others, *_inputs(one, program))
            yield Wrong(math.nan, slip="early", refs=(one,), reads=reads)


def partner_of(ref: str) -> str:
    """Return what a number is compared with, or ""."""
    quantity = quantity_of(parse_ref(ref)[0])
    if quantity not in PARTNERS:
        return ""
    return PARTNERS[quantity] + ref[len(quantity) :]


def _inputs(ref: str, program: Program) -> tuple[str, ...]:
    register, at = parse_ref(ref)
    values = dict(zip(("i", "j"), at, strict=False))
    place = [operation.writes for operation in program.operations].index(register)
    return reads_of(written_out(bind(program.operations[place].entry, values)))


def _check_kind(ref: str, kind: str, program: Program) -> None:
    if kind == LARGER:
        partner = partner_of(ref)
        if not partner or parse_ref(partner)[0] not in program.layout.registers:
            raise ValueError(
                f"predict asks whether {ref} is larger, but it has nothing to be compared with; "
                "'larger' can be asked of new weights and biases (nW1, nb1) against the old, of "
                "activations (h1) against the aggregates, and of deltas (d1) against the errors "
                "that arrive"
            )
    if kind == INPUTS:
        count = len(_inputs(ref, program))
        if not 0 < count <= MOST_OPTIONS:
            raise ValueError(
                f"predict asks for the inputs of {ref}, which is made from {count} numbers; "
                f"'inputs' can be asked of what is made from 1 to {MOST_OPTIONS}"
            )


def _entries(name: Any, program: Program) -> list[str]:
    """Return the refs of the single numbers that a ref or a register means."""
    try:
        register, at = parse_ref(name)
        program.layout.register(register)
        if at:
            program.layout.slot(name)
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"predict has {shortened(name)}: {_said(error)}; {_possible(program)}"
        ) from None
    if register not in _computed(program):
        raise ValueError(
            f"predict has {name!r}, which is given from the start and so cannot be asked for; "
            f"{_possible(program)}"
        )
    if at:
        return [str(Ref(register, at))]
    return list(program.layout.register(register).refs)


def _said(error: Exception) -> str:
    return str(error.args[0] if error.args else error).partition(";")[0]


def _possible(program: Program) -> str:
    return (
        f"give a ref such as 'd1[0]', a register ({', '.join(_computed(program))}), a list of "
        f"these, a mapping from these to kinds ({', '.join(KINDS)}), or {FADING!r}"
    )


def _computed(program: Program) -> list[str]:
    return [operation.writes for operation in program.operations]


def _sorted(refs: list[str], program: Program) -> tuple[str, ...]:
    registers = list(program.layout.registers)

    def place(ref: str) -> tuple[int, tuple[int, ...]]:
        register, at = parse_ref(ref)
        return registers.index(register), at

    return tuple(sorted(refs, key=place))


def _is_stage(operation: Operation) -> bool:
    # The identity computes nothing that could be asked for.
    is_plain = operation.quantity == "h" and isinstance(operation.formula, Ref)
    return quantity_of(operation.writes) in STAGES and not is_plain
