"""What stands on a worksheet: the given numbers, and the lines to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from bpviz.core.formula.expression import Expression, Op, Ref, subtract
from bpviz.core.model.architecture import Architecture
from bpviz.core.model.losses import cross_entropy, squared_error
from bpviz.core.operations.operation import BACKWARD, FORWARD, LOSS, UPDATE
from bpviz.core.operations.optimizers import Parameter
from bpviz.core.operations.quantities import COUNT, RATE, quantity_of
from bpviz.core.update.rule import DIRTY
from bpviz.explain.numbers import number_text
from bpviz.explain.steps import Step
from bpviz.explain.typeset import Notation, formula
from bpviz.worksheets.exact import has_rational_update
from bpviz.worksheets.friendly import DIGITS, Problem

CHANGES, NEW_VALUES = ("uW", "ub"), ("nW", "nb")

TITLES = {
    FORWARD: "Forward pass, layer {layer}",
    LOSS: "Loss",
    BACKWARD: "Backward pass, layer {layer}",
    UPDATE: "New weights and biases, layer {layer}",
}
TASKS = {
    FORWARD: "Each unit multiplies its inputs by its weights, adds them up, and adds its bias: "
    "this is the aggregate a. The activation is h = f(a).",
    LOSS: "How far is the output from the target? Half the squared distance; its derivative is "
    "output minus target.",
    BACKWARD: "First the delta of each unit: the error that arrives at its output, times f′(a). "
    "Then the gradients: delta times what went in; a bias has the input 1.",
    UPDATE: "Old value minus {change}.",
}
CROSS_ENTROPY_TASK = "How surprised is the network by the right class? The cross-entropy tells."
DIRTY_TASK = " The error that passes back then meets these new weights: this is the dirty update."
ROUNDED = (
    f"Write down {DIGITS} significant digits and go on with what you wrote. The key was computed "
    "without rounding, so your last digit may differ."
)

NO_FRACTION = "A square root is seldom a fraction, so that numbers are rounded. "
CARRIED = "This is not the first update: the {what} before it is given."


@dataclass(frozen=True)
class Line:
    """A line to fill in: a number, and the expression that it is computed from."""

    target: Ref
    expression: Expression

    @property
    def has_formula(self) -> bool:
        """Whether there is something to compute; what is always 1 has no formula."""
        return isinstance(self.expression, Ref | Op)

    @property
    def is_condition(self) -> bool:
        """Whether the formula is 1 or 0, depending on what a number is."""
        return isinstance(self.expression, Op) and self.expression.op == "step"

    @property
    def is_weighted_mean(self) -> bool:
        """Whether each term of a sum has a number before it, which takes much room."""
        if not (isinstance(self.expression, Op) and self.expression.op == "add"):
            return False
        terms = self.expression.of
        return all(isinstance(term, Op) and isinstance(term.of[0], float) for term in terms)

    @property
    def is_new(self) -> bool:
        """Whether it is a new weight or bias."""
        return quantity_of(self.target.register) in NEW_VALUES


@dataclass(frozen=True)
class Section:
    """The lines of one layer in one phase.

    Attributes
    ----------
    title, task : str
        What it is called, and what is to be done; "" where that has been said before.
    lines : tuple of Line
        Its lines.
    solved : bool
        Whether its numbers stand on the blank sheet too.
    """

    title: str
    task: str
    lines: tuple[Line, ...]
    solved: bool


@dataclass(frozen=True)
class Sheet:
    """The content of a worksheet, before it is written as HTML or Markdown.

    Attributes
    ----------
    name : str
        Whose sheet it is; "" leaves a line for the name.
    code : str
        What the numbers follow from.
    problem : Problem
        The numbers.
    sections : tuple of Section
        The lines, in the order of the algorithm.
    formulas : bool
        Whether the formula of each line is given.
    """

    name: str
    code: str
    problem: Problem
    sections: tuple[Section, ...]
    formulas: bool

    @property
    def title(self) -> str:
        """The heading."""
        sizes = "-".join(map(str, self.problem.trace.network.sizes))
        return f"Backpropagation by hand: a {sizes} network"

    @property
    def notices(self) -> tuple[str, ...]:
        """What has to be said before the first line."""
        trace = self.problem.trace
        said = []
        if self.problem.exact is None:
            root = "" if has_rational_update(self.problem.program) else NO_FRACTION
            said.append(root + ROUNDED)
        if not trace.rule.train_biases:
            said.append("The biases are not trained.")
        if self._asks_update and trace.rule.optimizer.carries:
            what = " and the ".join(trace.rule.optimizer.carries.values())
            said.append(CARRIED.format(what=what))
        return tuple(said)

    def functions(self, notation: Notation) -> list[tuple[str, list[str]]]:
        """Return for each layer, and for the loss, what it is called and its equations."""
        program = self.problem.program
        equations: dict[str, list[str]] = {}
        for operation in program.operations:
            if operation.phase != LOSS and operation.quantity not in ("h", "s"):
                continue
            function = program.network.layers[operation.layer - 1].activation
            heading = f"Layer {operation.layer}: {function.name}"
            if operation.phase == LOSS:
                heading = f"Loss: {program.network.loss.name.replace('_', ' ')}"
            dimensions = len(program.layout.register(operation.writes).entry_shape)
            target = Ref(operation.writes, ("i", "j")[:dimensions])
            right = formula(operation.entry, notation, literal=self.problem.literal)
            equations.setdefault(heading, []).append(
                notation.equation(notation.symbol(target), right)
            )
        return list(equations.items())

    def given(self, notation: Notation) -> list[str]:
        """Return an equation for everything that is given: x, y, W, b, η, what is carried."""
        equations = [self.array(notation, name) for name in ("x", "y")]
        for number in range(1, self.problem.trace.layout.layers + 1):
            equations += [self.array(notation, f"{letter}{number}") for letter in "Wb"]
        if self._asks_update:
            equations += [self.array(notation, name) for name in self._carried]
            rate = self.problem.literal(self.problem.trace.rule.learning_rate)
            equations.append(notation.equation(notation.symbol(RATE), notation.number(rate)))
        return equations

    @property
    def _asks_update(self) -> bool:
        return any(line.is_new for section in self.sections for line in section.lines)

    @property
    def _carried(self) -> list[str]:
        """The registers that an optimiser has made before; of their count the new one."""
        names = self.problem.trace.layout.carried
        return [f"n{COUNT}" if name == COUNT else name for name in names]

    def array(self, notation: Notation, register: str) -> str:
        """Return an equation for all numbers of a register."""
        shape = self.problem.trace.layout.register(register).entry_shape
        if not shape:
            number = notation.number(self.problem.text(register))
            return notation.equation(notation.symbol(Ref(register)), number)
        columns: list[tuple[int, ...]] = (
            [()] if len(shape) == 1 else [(j,) for j in range(shape[1])]
        )
        rows = [
            [notation.number(self.problem.text(str(Ref(register, (i, *at))))) for at in columns]
            for i in range(shape[0])
        ]
        return notation.equation(notation.symbol(Ref(register)), notation.matrix(rows))

    def symbols(self, notation: Notation, line: Line) -> str:
        """Return a line's formula in symbols."""
        return formula(line.expression, notation, literal=self.problem.literal)

    def numbers(self, notation: Notation, line: Line) -> str | None:
        """Return a line's formula with its numbers, or None if that is just the result."""
        if not isinstance(line.expression, Op):
            return None
        return formula(
            line.expression, notation, lambda ref: self.problem.text(str(ref)), self.problem.literal
        )

    @property
    def control_sum(self) -> str | None:
        """The sum of all new weights and biases, to check oneself by; None if none are asked."""
        new = [
            str(line.target)
            for section in self.sections
            for line in section.lines
            if line.is_new and not section.solved
        ]
        if not new:
            return None
        if self.problem.exact is None:
            return number_text(sum(float(self.problem.trace[ref]) for ref in new), DIGITS)
        return self.problem.style.text(sum((self.problem.exact[r] for r in new), Fraction(0)))


def sections(problem: Problem, questions: tuple[str, ...]) -> tuple[Section, ...]:
    """Return the sections of an update, up to the last one that is asked.

    Parameters
    ----------
    problem : Problem
        The update.
    questions : tuple of str
        The phases to leave blank; what stands before them is given solved.
    """
    steps = problem.program.steps("unit")
    found: list[tuple[str, Section]] = []
    for (phase, layer), group in groupby(steps, key=lambda step: (step.phase, step.layer)):
        lines = tuple(_lines(group))
        if lines:
            seen = any(phase == earlier for earlier, _ in found)
            task = "" if seen else _task(problem, phase)
            title = TITLES[phase].format(layer=layer)
            found.append((phase, Section(title, task, lines, phase not in questions)))
    while found[-1][0] not in questions:
        found.pop()
    return tuple(section for _, section in found)


def _task(problem: Problem, phase: str) -> str:
    trace = problem.trace
    if phase == LOSS:
        return _loss_task(trace.network.architecture)
    if phase != UPDATE:
        return TASKS[phase]
    optimizer = trace.rule.optimizer
    *before, change = optimizer.lines(Parameter("W1"))
    task = "".join(
        f"The {optimizer.noun(quantity_of(line.writes.register)[:-1])}: {line.says}. "
        for line in before
    )
    is_met = trace.rule.update == DIRTY and trace.layout.layers > 1
    return task + TASKS[UPDATE].format(change=change.says) + DIRTY_TASK * is_met


def _loss_task(net: Architecture) -> str:
    if net.loss.formula == squared_error.formula:
        return TASKS[LOSS]
    if net.pair is None:
        return f"{net.loss.says}. Then its derivative by each output."
    return CROSS_ENTROPY_TASK if net.loss is cross_entropy else f"{net.pair.loss_says}."


def _lines(steps: Iterable[Step]) -> Iterator[Line]:
    """Yield the lines of steps; a change and the new value made with it are one line.

    The number of the update is given.
    """
    changes: dict[str, Expression] = {}
    for step in steps:
        for target, expression in step.equations:
            quantity = quantity_of(target.register)
            if quantity in CHANGES:
                changes[str(target)] = expression
            elif quantity in NEW_VALUES:
                assert isinstance(expression, Op)
                parameter, change = expression.of[0], changes[str(expression.of[1])]
                if isinstance(change, Op):  # an untrained bias has the change 0
                    yield Line(target, subtract(parameter, change))
            elif quantity != f"n{COUNT}":
                yield Line(target, expression)
