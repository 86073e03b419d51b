"""Formulas as plain text, with the registers under the names that they have in code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from bpviz.core.formula.expression import Index, Ref
from bpviz.explain.typeset import Notation

LETTERS = {"learning_rate": "η"}


class Plain(Notation):
    """Formulas for a terminal: `d1[0] = e1[0] · s1[0]`."""

    invisible_times = "·"
    times = "×"
    dot = "·"
    hadamard = "∘"
    plus = "+"
    minus = "−"
    equals = "="
    nearly = "≈"

    def number(self, text: str) -> str:
        """Return the number as it is."""
        return text

    def symbol(self, ref: Ref) -> str:
        """Return the name in code, with the sample as the first index."""
        indices = [str(i) for i in (ref.sample, *(ref.at or ())) if i is not None]
        name = LETTERS.get(ref.register, ref.register)
        return f"{name}[{','.join(indices)}]" if indices else name

    def row(self, parts: Sequence[str]) -> str:
        """Join the pieces with spaces."""
        return " ".join(parts)

    def parentheses(self, content: str) -> str:
        """Put parentheses around a piece."""
        return f"({content})"

    def negative(self, content: str) -> str:
        """Put a minus sign before a piece."""
        return f"−{content}"

    def fraction(self, top: str, bottom: str) -> str:
        """Write a fraction with a slash."""
        return f"{_grouped(top)} / {_grouped(bottom)}"

    def power(self, base: str, exponent: str) -> str:
        """Write a power; a square as in print."""
        return f"{_grouped(base)}²" if exponent == "2" else f"{_grouped(base)}^{_grouped(exponent)}"

    def root(self, content: str) -> str:
        """Set a square root."""
        return f"√{_grouped(content)}"

    def exponential(self, exponent: str) -> str:
        """Write e to a power."""
        return f"e^{_grouped(exponent)}"

    def transposed(self, content: str) -> str:
        """Write a transpose."""
        return f"{_grouped(content)}ᵀ"

    def condition(self, content: str, sign: str) -> str:
        """Write "1 if content sign 0, else 0"."""
        return f"(1 if {content} {sign} 0, else 0)"

    def kronecker(self, i: Index, j: Index) -> str:
        """Write what is 1 where i = j and 0 elsewhere."""
        return f"(1 if {i} = {j}, else 0)"

    def total(self, variable: str, count: int, body: str) -> str:
        """Write a sum; indices count from 0, as in code."""
        return f"Σ({variable} = 0…{count - 1}) {body}"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Write a function applied to its arguments."""
        return f"{name}({', '.join(arguments)})"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """Write a matrix in brackets, row after row."""
        return "[" + ", ".join(f"[{', '.join(row)}]" for row in rows) + "]"


def _grouped(text: str) -> str:
    """Put parentheses around text of several pieces."""
    is_open = " " in text and not _is_in_parentheses(text)
    return f"({text})" if is_open or text.startswith("−") else text


def _is_in_parentheses(text: str) -> bool:
    depths = list(accumulate((piece == "(") - (piece == ")") for piece in text))
    return text.startswith("(") and 0 not in depths[:-1]
