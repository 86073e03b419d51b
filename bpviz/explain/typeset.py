"""Expressions as formulas: one traversal, and a notation that says how each piece is set."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from enum import IntEnum
from itertools import pairwise

from bpviz.core.formula.expression import Expression, Index, Op, Ref, bind, in_full, is_op
from bpviz.core.operations.quantities import CHANGE, PARTIAL, SLOPE, quantity_of, symbol_of
from bpviz.explain.numbers import number_text

Values = Callable[[Ref], str]
"""From a ref to the number that stands for it, as text: `−0.5`, `3/4`, `1.2×10⁻⁵`."""


class Binding(IntEnum):
    """How tightly an expression holds together; looser ones get parentheses in tighter ones."""

    SUM = 0
    SIGN = 1
    PRODUCT = 2
    POWER = 3


class Notation(ABC):
    """How the pieces of a formula are set. Every piece is text of the notation."""

    invisible_times: str
    times: str
    dot: str
    hadamard: str
    plus: str
    minus: str
    equals: str
    nearly: str

    @abstractmethod
    def number(self, text: str) -> str:
        """Set a number given as text, such as `−0.5`, `3/4` or `1.2×10⁻⁵`."""

    @abstractmethod
    def symbol(self, ref: Ref) -> str:
        """Set a register or an entry of it."""

    @abstractmethod
    def row(self, parts: Sequence[str]) -> str:
        """Set pieces one after the other."""

    @abstractmethod
    def parentheses(self, content: str) -> str:
        """Put parentheses around a piece."""

    @abstractmethod
    def negative(self, content: str) -> str:
        """Put a minus sign before a piece."""

    @abstractmethod
    def fraction(self, top: str, bottom: str) -> str:
        """Set a fraction."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """Set a power."""

    @abstractmethod
    def root(self, content: str) -> str:
        """Set a square root."""

    @abstractmethod
    def exponential(self, exponent: str) -> str:
        """Set e to a power."""

    @abstractmethod
    def transposed(self, content: str) -> str:
        """Set a transpose."""

    @abstractmethod
    def condition(self, content: str, sign: str) -> str:
        """Set "1 if content sign 0, else 0"."""

    @abstractmethod
    def kronecker(self, i: Index, j: Index) -> str:
        """Set what is 1 where i = j and 0 elsewhere."""

    @abstractmethod
    def total(self, variable: str, count: int, body: str) -> str:
        """Set Σ of a piece, with a variable from 1 to count."""

    @abstractmethod
    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Set a function applied to its arguments."""

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """Set a matrix of pieces; a vector is a column."""

    def equation(self, *sides: str) -> str:
        """Set pieces that are equal."""
        parts = [sides[0]]
        for side in sides[1:]:
            parts += [self.equals, side]
        return self.row(parts)


class Typeset(Notation):
    """Formulas with the symbols of the panels, which count layers, units and inputs from 1."""

    @abstractmethod
    def scripts(self, letter: str, below: str = "", above: str = "") -> str:
        """Set a letter with what stands below it, a text, and above it, set already."""

    @abstractmethod
    def mark(self, word: str) -> str:
        """Set a word above a letter."""

    @abstractmethod
    def sample(self, number: str) -> str:
        """Set the number of a sample above a letter."""

    @abstractmethod
    def partial(self, top: str, bottom: str) -> str:
        """Set ∂top/∂bottom."""

    @abstractmethod
    def change(self, of: str) -> str:
        """Set Δ before a symbol."""

    @abstractmethod
    def slope(self, at: str) -> str:
        """Set f′ of a symbol."""

    def symbol(self, ref: Ref) -> str:
        """Set a register with its scripts: W with 1,2,1 for the ref W1[1,0]."""
        quantity = quantity_of(ref.register)
        letter, form, mark = symbol_of(quantity)
        layer, indices = ref.register[len(quantity) :], [from_one(at) for at in ref.at or ()]
        above = self.mark(mark) if mark else ""
        if ref.sample is not None:
            above = self.sample(from_one(ref.sample))
        if form == SLOPE and len(indices) == 2:
            i, j = (f"{layer},{index}" for index in indices)
            return self.partial(self.scripts("h", i, above), self.scripts(letter, j, above))
        below = ",".join(filter(None, (layer, *indices)))
        symbol = self.scripts(letter, below, above)
        if form == PARTIAL:
            return self.partial(self.scripts("L"), symbol)
        return {CHANGE: self.change, SLOPE: self.slope}.get(form, str)(symbol)


def formula(
    expression: Expression,
    notation: Notation,
    values: Values | None = None,
    literal: Callable[[float], str] = number_text,
) -> str:
    """Return an expression as a formula.

    Parameters
    ----------
    expression : Expression
        What to write.
    notation : Notation
        How.
    values : callable, optional
        With it, numbers stand in the place of the symbols.
    literal : callable, optional
        From a number of the expression itself to its text.
    """
    return _Writer(notation, values, literal).write(expression, Binding.SUM)


def from_one(index: Index) -> str:
    """Return an index as it is counted in formulas, from 1; a variable as it is."""
    return index if isinstance(index, str) else str(index + 1)


class _Writer:
    def __init__(
        self, notation: Notation, values: Values | None, literal: Callable[[float], str]
    ) -> None:
        self.notation = notation
        self.values = values
        self.literal = literal

    def write(self, expression: Expression, inside: Binding) -> str:
        if isinstance(expression, Ref):
            if self.values is None:
                symbol = self.notation.symbol(expression)
                is_open = inside == Binding.POWER and _is_fraction(expression)
                return self.notation.parentheses(symbol) if is_open else symbol
            return self._number(self.values(expression), inside)
        if not isinstance(expression, Op):
            return self._number(self.literal(expression), inside)
        own, text = self._operation(expression, inside)
        return self.notation.parentheses(text) if inside > own else text

    def _number(self, text: str, inside: Binding) -> str:
        set_number = self.notation.number(text)
        is_open = text.startswith("−") and inside > Binding.SUM
        is_open |= "/" in text and inside == Binding.POWER
        return self.notation.parentheses(set_number) if is_open else set_number

    def _operation(self, expression: Op, inside: Binding) -> tuple[Binding, str]:
        op, of, notation = expression.op, expression.of, self.notation
        if op == "add":
            terms = [
                self.write(part, Binding.SIGN if k else Binding.SUM) for k, part in enumerate(of)
            ]
            return Binding.SUM, notation.row(_between(terms, notation.plus))
        if op == "subtract":
            left, right = self.write(of[0], Binding.SUM), self.write(of[1], Binding.PRODUCT)
            return Binding.SUM, notation.row([left, notation.minus, right])
        if op == "negate":
            return Binding.SUM, notation.negative(self.write(of[0], Binding.PRODUCT))
        if op in ("multiply", "hadamard", "matmul"):
            return Binding.PRODUCT, self._product(expression, inside)
        if op == "log_softmax":
            return self._operation(in_full(expression), inside)
        if op == "sum":
            assert expression.over is not None
            assert expression.count is not None
            body = self.write(of[0], Binding.PRODUCT)
            return Binding.PRODUCT, notation.total(expression.over, expression.count, body)
        return Binding.POWER, self._closed(expression)

    def _closed(self, expression: Op) -> str:
        """Write an operation that never needs parentheses around it."""
        op, of, notation = expression.op, expression.of, self.notation
        if op == "divide":
            return notation.fraction(self.write(of[0], Binding.SUM), self.write(of[1], Binding.SUM))
        if op == "power":
            base, exponent = (self.write(of[0], Binding.POWER), self.write(of[1], Binding.SUM))
            is_open = is_op(of[0], "divide", "power", "exp")
            return notation.power(notation.parentheses(base) if is_open else base, exponent)
        if op == "sqrt":
            return notation.root(self.write(of[0], Binding.SUM))
        if op == "exp":
            return notation.exponential(self.write(of[0], Binding.SUM))
        if op == "transpose":
            return notation.transposed(self.write(of[0], Binding.POWER))
        if op in ("step", "step_from_zero"):
            sign = ">" if op == "step" else "≥"
            return notation.condition(self.write(of[0], Binding.SUM), sign)
        if op == "kronecker":
            assert expression.at is not None
            return notation.kronecker(*expression.at)
        if op == "exchanged" and expression.over is not None:
            assert expression.at is not None
            of = (bind(of[0], {expression.over: expression.at[0]}),)
        arguments = [self.write(part, Binding.SUM) for part in of]
        return notation.call(expression.name or op, arguments)

    def _product(self, expression: Op, inside: Binding) -> str:
        of = expression.of
        # A product may begin with a minus sign, unless it comes after a plus.
        first = Binding.PRODUCT if isinstance(of[0], Op) else min(inside, Binding.SIGN)
        parts = [self.write(of[0], first)]
        for left, right in pairwise(of):
            parts += [self._times(expression.op, left, right), self.write(right, Binding.PRODUCT)]
        return self.notation.row([part for part in parts if part])

    def _times(self, op: str, left: Expression, right: Expression) -> str:
        """Return what stands between two factors: between plain symbols nothing visible."""
        if op == "hadamard":
            return self.notation.hadamard
        if op == "matmul":
            return self.notation.invisible_times
        if self.values is not None:
            return self.notation.times
        plain = _stands_beside(left) and _stands_beside(right)
        return self.notation.invisible_times if plain else self.notation.dot


def _stands_beside(expression: Expression) -> bool:
    """Return whether a factor is read rightly with no sign next to it."""
    if isinstance(expression, Ref):
        return not _is_fraction(expression)
    return isinstance(expression, Op) and expression.op == "subtract"


def _is_fraction(ref: Ref) -> bool:
    return symbol_of(quantity_of(ref.register)).form == PARTIAL


def _between(parts: list[str], sign: str) -> list[str]:
    return [piece for k, part in enumerate(parts) for piece in ((sign, part) if k else (part,))]
