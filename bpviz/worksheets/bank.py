"""Questions with four answers: the right number, and three that named mistakes lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bpviz.core.formula.expression import Ref
from bpviz.core.mistakes import mistakes
from bpviz.core.mistakes.forward import FORWARD_PASS
from bpviz.core.operations.operation import BACKWARD, FORWARD, LOSS, UPDATE
from bpviz.core.operations.quantities import quantity_of
from bpviz.core.update.tape import parse_ref
from bpviz.explain.numbers import number_text
from bpviz.explain.program import Program
from bpviz.explain.registers import register_words
from bpviz.explain.typeset import Notation
from bpviz.explain.wrong_answers import Wrong, WrongAnswers, is_close, number_at
from bpviz.worksheets.exact import DECIMALS
from bpviz.worksheets.friendly import DIGITS, Dice, Problem, friendly_problem
from bpviz.worksheets.sheet import Sheet, sections

ASKED = ("d", "gW", "nW", "e", "gb", "nb")
"""The quantities that are asked for; the forward pass is given, and its mistakes are left out."""

WRONG_ANSWERS = 3
ANSWER_LETTERS = "ABCD"
MOST_PROBLEMS = 40
"""So many networks are tried for one question."""


@dataclass(frozen=True)
class BankAnswer:
    """An answer to choose.

    Attributes
    ----------
    text : str
        The number, with four significant digits at most.
    mistakes : tuple of str
        The names of the mistakes, each of which leads to it; none where it is right.
    """

    text: str
    mistakes: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether it is the right one."""
        return not self.mistakes

    @property
    def because(self) -> str:
        """What leads to it, in words."""
        if self.is_right:
            return "Right."
        titles = [mistakes[name].title for name in self.mistakes]
        return f"{', or: '.join(titles)}."


@dataclass(frozen=True)
class BankQuestion:
    """A question about one number of an update, with its four answers in order.

    Attributes
    ----------
    number : int
        From 1.
    ref : str
        Which number is asked for.
    answers : tuple of BankAnswer
        Four of them, one of which is right; no two can be taken for each other.
    problem : Problem
        The update.
    """

    number: int
    ref: str
    answers: tuple[BankAnswer, ...]
    problem: Problem

    @property
    def right(self) -> str:
        """The letter of the right answer."""
        return ANSWER_LETTERS[[answer.is_right for answer in self.answers].index(True)]

    @property
    def title(self) -> str:
        """What tells it from the others."""
        return f"Backpropagation {self.number}: {self.ref}"

    @property
    def network_in_words(self) -> str:
        """Its sizes, and what is computed in each layer."""
        network = self.problem.trace.network
        functions = [
            f"{layer.activation.name} in layer {k}" for k, layer in enumerate(network.layers, 1)
        ]
        sizes = "-".join(map(str, network.sizes))
        return f"A {sizes} network with {' and '.join(functions)}."

    def asks(self, symbol: str) -> str:
        """Return the question, with the number's symbol as it is written there."""
        register, _ = parse_ref(self.ref)
        words = register_words(register, self.problem.trace.layout)
        return f"What is {symbol}, one of the {words}?"

    def symbol(self, notation: Notation) -> str:
        """Return the symbol of the number that is asked for."""
        register, at = parse_ref(self.ref)
        return notation.symbol(Ref(register, at))

    def given(self, notation: Notation) -> list[str]:
        """Return an equation for everything that is given, the forward pass included."""
        is_new = quantity_of(parse_ref(self.ref)[0])[0] == "n"
        asked = (FORWARD, LOSS, BACKWARD, *((UPDATE,) if is_new else ()))
        sheet = Sheet("", "", self.problem, sections(self.problem, asked), formulas=True)
        layers = range(1, self.problem.trace.layout.layers + 1)
        passed = [sheet.array(notation, f"{letter}{k}") for k in layers for letter in "ah"]
        functions = sheet.functions(notation)
        loss = [each[0] for heading, each in functions if heading.startswith("Loss")]
        return [*sheet.given(notation), *passed, *loss]


def bank_questions(program: Program, count: int, seed: int) -> Iterator[BankQuestion]:
    """Yield questions, each about another network; what is asked and the mistakes take turns.

    Raises
    ------
    ValueError
        If no three mistakes can be told apart in such a network.
    """
    asked, made = Counter[str](), Counter[str]()
    for number in range(1, count + 1):
        dice = Dice(seed, "bank", number)
        for _ in range(MOST_PROBLEMS):
            question = _question(
                number, friendly_problem(program, DECIMALS, dice), dice, asked, made
            )
            if question is not None:
                break
        else:
            sizes = "-".join(map(str, program.network.sizes))
            raise ValueError(
                f"sizes and activations give a {sizes} network in which no three mistakes can be "
                "told apart; give others, such as sizes=(2, 2, 1), activations=['sigmoid', "
                "'sigmoid']"
            )
        asked[quantity_of(parse_ref(question.ref)[0])] += 1
        made.update(name for answer in question.answers for name in answer.mistakes[:1])
        yield question


def _question(
    number: int, problem: Problem, dice: Dice, asked: Counter[str], made: Counter[str]
) -> BankQuestion | None:
    known = WrongAnswers(problem.trace)
    refs = dice.shuffled(list(_refs(problem)))
    for ref in sorted(refs, key=lambda ref: asked[quantity_of(parse_ref(ref)[0])]):
        right = number_at(problem.trace, ref)
        chosen: list[Wrong] = []
        offered = dice.shuffled([one for one in known.of(ref) if _is_named(one)])
        for wrong in sorted(offered, key=lambda one: made[one.mistakes[0]]):
            others = [right, *(one.value for one in chosen)]
            names = {name for one in chosen for name in one.mistakes}
            if not names & set(wrong.mistakes) and _is_apart(wrong.value, others):
                chosen.append(wrong)
            if len(chosen) == WRONG_ANSWERS:
                answers = [BankAnswer(_text(one.value), one.mistakes) for one in chosen]
                mixed = dice.shuffled([BankAnswer(_text(right)), *answers])
                return BankQuestion(number, ref, tuple(mixed), problem)
    return None


def _refs(problem: Problem) -> Iterator[str]:
    """Yield what can be asked for: numbers after the forward pass that are not 0."""
    for name, register in problem.trace.layout.registers.items():
        if quantity_of(name) in ASKED and problem.trace.layout.layers >= int(name[-1]):
            yield from (ref for ref in register.refs if number_at(problem.trace, ref))


def _is_named(wrong: Wrong) -> bool:
    in_forward_pass = {mistake.name for mistake in FORWARD_PASS}
    return bool(wrong.mistakes) and not wrong.slip and not in_forward_pass & set(wrong.mistakes)


def _is_apart(value: float, others: list[float]) -> bool:
    """Return whether a number cannot be taken for another, whoever rounds on the way."""
    return all(
        not is_close(value, other) and not is_close(other, value) and _text(value) != _text(other)
        for other in others
    )


def _text(value: float) -> str:
    return number_text(value, DIGITS)
