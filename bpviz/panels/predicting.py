"""Predictions in a panel: the questions of its frames, and what a learner has answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bpviz.classroom.learner_results import PANEL
from bpviz.classroom.progress_file import note_state
from bpviz.core.arguments import has_entries
from bpviz.core.mistakes import mistakes
from bpviz.core.update.tape import Trace, parse_ref
from bpviz.core.words import counted
from bpviz.explain.numbers import number_text
from bpviz.explain.other_rules import names_of, variants_json
from bpviz.explain.program import Program, mistake_words
from bpviz.explain.questions import (
    LARGER,
    NEXT,
    NUMBER,
    SIGN,
    Performing,
    Question,
    asked,
    is_fading,
    performed,
    posed,
)
from bpviz.explain.wrong_answers import is_close, number_at

OPEN, RIGHT, SHOWN = "open", "right", "shown"
STATES = (OPEN, RIGHT, SHOWN)
LONGEST_ANSWER = 200
MOST_TRIES = 50
MOST_HINTS = 2


@dataclass(frozen=True)
class Prediction:
    """A question of a panel and what was answered.

    Attributes
    ----------
    ref, kind : str
        What is asked.
    frame, sample, round : int
        Where: of a panel with several traces, of a batch, and of examples that fade.
    value : float
        The right number.
    answers : tuple of str
        The wrong answers and then the right one, as they were given; "○" stands for one that was
        shown and taken back.
    state : str
        "open", "right" or "shown".
    hints : int
        How many hints were shown, 0 to 2.
    mistakes : tuple of str
        The named mistake behind each wrong number, where one leads to it.
    """

    ref: str
    kind: str
    frame: int
    sample: int
    round: int
    value: float
    answers: tuple[str, ...] = ()
    state: str = OPEN
    hints: int = 0
    mistakes: tuple[str, ...] = ()

    @property
    def tries(self) -> int:
        """How often it was answered."""
        return len(self.answers)

    @property
    def words(self) -> str:
        """What has become of it, in a few words."""
        if self.state == RIGHT:
            return f"right at try {self.tries}"
        words = "shown" if self.state == SHOWN else "open"
        return f"{words}, {self.tries} wrong" if self.tries else words


@dataclass(frozen=True, repr=False)
class PredictingProgress:
    """How far a learner has come with the questions of a panel.

    Attributes
    ----------
    questions : tuple of Prediction
        All of them, in the order in which they come up.
    """

    questions: tuple[Prediction, ...] = ()

    @property
    def answered(self) -> int:
        """How many were answered right, at whichever try."""
        return self._count(RIGHT)

    @property
    def right_at_first(self) -> int:
        """How many were answered right at the first try."""
        return sum(one.state == RIGHT and one.tries == 1 for one in self.questions)

    @property
    def revealed(self) -> int:
        """How many answers were shown."""
        return self._count(SHOWN)

    @property
    def open(self) -> int:
        """How many are neither answered right nor shown."""
        return self._count(OPEN)

    def _count(self, state: str) -> int:
        return sum(one.state == state for one in self.questions)

    def __repr__(self) -> str:
        return (
            f"Progress({counted(len(self.questions), 'question')}: {self.answered} answered, "
            f"{self.right_at_first} of them at the first try, {self.revealed} shown, "
            f"{self.open} open)"
        )

    def __str__(self) -> str:
        """Return a line for the whole, and one for each question that was met."""
        lines = [repr(self)]
        several = len({(one.round, one.frame, one.sample) for one in self.questions}) > 1
        for one in self.questions:
            if one.state == OPEN and not one.tries:
                continue
            place = f"example {one.frame + 1}" + (f", sample {one.sample + 1}" * bool(one.sample))
            place += f", round {one.round + 1}" * bool(one.round)
            right = "" if one.state == OPEN else f" ({number_text(one.value)})"
            given = f": {', '.join(one.answers)}" if one.answers else ""
            where = f"{place}  " if several else ""
            lines.append(f"    {where}{one.ref}  {one.kind}  {one.words}{right}{given}")
        return "\n".join(lines)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(str(self))


def note_questions(title: str, progress: PredictingProgress) -> None:
    """Note how far a panel has come, once somebody has begun, where the learner wants that."""
    tries = sum(one.tries for one in progress.questions)
    if not tries and not progress.revealed:
        return
    is_whole = any(one.kind == NEXT for one in progress.questions)
    refs = ", ".join(dict.fromkeys(one.ref for one in progress.questions))
    what = "the backward pass" if is_whole else refs
    note_state(
        PANEL,
        f"{what} · {title}",
        not progress.open and not progress.revealed,
        tries,
        progress.right_at_first,
        len(progress.questions),
        Counter(name for one in progress.questions for name in one.mistakes),
    )


class Predictions:
    """The questions of a panel, one set for each frame and sample, and again for each round.

    Parameters
    ----------
    predict : Any
        As `StepPanel` takes it, or a whole pass to perform; None asks nothing.
    program : Program
        Of the first frames.
    """

    def __init__(self, predict: Any, program: Program) -> None:
        # It is gone through again whenever the numbers change; an iterator could not be.
        listed = has_entries(predict) and not isinstance(predict, Mapping)
        self.predict = list(predict) if listed else predict
        self.sets: tuple[tuple[Question, ...], ...] = ()
        self.version = 0
        self._program = program
        self._traces: tuple[Trace, ...] = ()
        self._values: dict[str, tuple[float, Question]] = {}
        self.check(program)

    def check(self, program: Program) -> None:
        """Raise an error if the numbers that are asked for are not in a program."""
        if isinstance(self.predict, Performing):
            performed(program)
        elif self.predict is not None and not is_fading(self.predict):
            asked(self.predict, program)

    def make(self, traces: Sequence[Trace], program: Program, answers: Any) -> dict[str, Any]:
        """Ask about these traces; return the answers given before that still hold."""
        self._program = program
        self._traces = tuple(
            trace.at_sample(sample) for trace in traces for sample in range(trace.layout.samples)
        )
        self.sets = posed(self.predict, self._traces, program)
        before, self._values = self._values, {}
        for name, number, question in self._named():
            self._values[name] = (number_at(self._traces[number], question.ref), question)
        kept = self.checked(answers)
        same = {name for name in kept["given"] if before.get(name) == self._values.get(name)}
        if isinstance(self.predict, Performing) and before != self._values:
            same = set()  # a pass is performed as a whole, or begun again
        self.version += 1
        return {
            **kept,
            "version": self.version,
            "given": {name: given for name, given in kept["given"].items() if name in same},
        }

    def _named(self) -> list[tuple[str, int, Question]]:
        """Return each question with its name and the place of its trace."""
        count = max(1, len(self._traces))
        return [
            (f"{number}/{question.name}", number % count, question)
            for number, each in enumerate(self.sets)
            for question in each
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the questions as plain data for the browser; {} if nothing is asked."""
        if self.predict is None:
            return {}
        questions = [question for each in self.sets for question in each]
        numbers = {
            parse_ref(question.ref)[0]
            for question in questions
            if question.kind in (NUMBER, SIGN, LARGER)
        }
        variants = variants_json(self._program, numbers)
        others = names_of(variants)
        named = {
            name for question in questions for wrong in question.wrong for name in wrong.mistakes
        }
        named |= {name for _, name in others}
        return {
            "version": self.version,
            "fading": is_fading(self.predict),
            "score": self.predict.score if isinstance(self.predict, Performing) else "",
            "sets": [[question.to_json(others) for question in each] for each in self.sets],
            "variants": variants,
            "mistakes": {name: mistake_words(name) for name in mistakes if name in named},
        }

    def start(self) -> dict[str, Any]:
        """Return the state in which nothing is answered, as a new one that nothing old fits."""
        self.version += 1
        return {"version": self.version, "serial": 0, "round": 0, "given": {}}

    def checked(self, value: Any) -> dict[str, Any]:
        """Return what is well said in a value for the answers; a learner's texts are kept short."""
        said = value if isinstance(value, Mapping) else {}
        given = said.get("given")
        rounds = max(1, len(self.sets) // max(1, len(self._traces)))
        number = said.get("round")
        serial = said.get("serial")
        return {
            "version": self.version,
            "serial": serial if isinstance(serial, int) else 0,
            "round": number if isinstance(number, int) and 0 <= number < rounds else 0,
            "given": {
                name: _checked(given[name])
                for name, _, _ in self._named()
                if isinstance(given, Mapping) and isinstance(given.get(name), Mapping)
            },
        }

    def is_of_now(self, value: Any) -> bool:
        """Return whether answers are to the present questions."""
        return isinstance(value, Mapping) and value.get("version") == self.version

    def progress(self, answers: Any) -> PredictingProgress:
        """Return how far the answers go."""
        given = self.checked(answers)["given"]
        count = max(1, len(self._traces))
        found = []
        for number, each in enumerate(self.sets):
            place = number % count
            samples = self._traces[place].layout.samples
            for question in each:
                name = f"{number}/{question.name}"
                one = given.get(name, {})
                found.append(
                    Prediction(
                        question.ref,
                        question.kind,
                        place // samples,
                        place % samples,
                        number // count,
                        self._values[name][0],
                        tuple(one.get("tries", ())),
                        one.get("state", OPEN),
                        one.get("hints", 0),
                        tuple(_mistakes_behind(question, self._values[name][0], one)),
                    )
                )
        return PredictingProgress(tuple(found))

    def open_refs(self, answers: Any, frame: int, sample: int) -> list[str]:
        """Return the refs of a frame that are still asked for."""
        if not self.sets:
            return []
        said = self.checked(answers)
        samples = self._traces[0].layout.samples
        number = said["round"] * len(self._traces) + frame * samples + sample
        return [
            question.ref
            for question in self.sets[number]
            if said["given"].get(f"{number}/{question.name}", {}).get("state", OPEN) == OPEN
            and question.kind != NEXT
        ]

    @property
    def refs(self) -> frozenset[str]:
        """Every ref that is asked for somewhere."""
        return frozenset(question.ref for each in self.sets for question in each)


def _mistakes_behind(question: Question, right: float, given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the first mistake that leads to each wrong number; the panel names the same."""
    for text in given.get("tries", ()) if question.kind == NUMBER else ():
        value = _number_in(text)
        if value is None or is_close(value, right):
            continue
        near = (one for one in question.wrong if one.mistakes and not one.slip)
        found = next((one for one in near if is_close(value, one.value)), None)
        if found is not None:
            yield found.mistakes[0]


def _number_in(text: str) -> float | None:
    above, _, below = text.replace("−", "-").replace(",", ".").partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return None


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    tries = given.get("tries")
    hints = given.get("hints")
    state = given.get("state")
    texts = [str(text)[:LONGEST_ANSWER] for text in tries] if isinstance(tries, list) else []
    return {
        "state": state if state in STATES else OPEN,
        "tries": texts[:MOST_TRIES],
        "hints": hints if isinstance(hints, int) and 0 <= hints <= MOST_HINTS else 0,
    }
