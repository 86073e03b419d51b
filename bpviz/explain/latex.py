"""Formulas as LaTeX, for Markdown and for print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpviz.core.formula.expression import Index
from bpviz.core.operations.quantities import HAT
from bpviz.explain.typeset import Typeset, from_one

_PLAIN_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_LETTERS = {"δ": r"\delta", "η": r"\eta"}
_COMMANDS = {"max": r"\max", "tanh": r"\tanh", "ln": r"\ln"}


class Latex(Typeset):
    """Formulas for `$…$`, with the symbols of the panels: layer, unit, input from 1."""

    invisible_times = r"\,"
    times = r"\times"
    dot = r"\cdot"
    hadamard = r"\circ"
    plus = "+"
    minus = "-"
    equals = "="
    nearly = r"\approx"

    def number(self, text: str) -> str:
        """Set a number; a fraction upright, a power of ten as one."""
        sign = "-" if text.startswith("−") else ""
        size = text.removeprefix("−")
        if "/" in size:
            top, bottom = size.split("/")
            return rf"{sign}\tfrac{{{top}}}{{{bottom}}}"
        power = re.fullmatch(r"(.*)×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", size)
        if power:
            return rf"{sign}{power[1]} \times 10^{{{power[2].translate(_PLAIN_DIGITS)}}}"
        return sign + {"∞": r"\infty", "not a number": r"\text{not a number}"}.get(size, size)

    def scripts(self, letter: str, below: str = "", above: str = "") -> str:
        r"""Set a letter with its scripts: `W_{1,2,1}`, `\delta_{1,2}`."""
        scripts = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
        set_letter = (
            rf"\hat{{{letter[0]}}}" if letter.endswith(HAT) else _LETTERS.get(letter, letter)
        )
        return set_letter + scripts

    def mark(self, word: str) -> str:
        """Set a word above a letter."""
        return rf"\text{{{word}}}"

    def sample(self, number: str) -> str:
        """Set the number of a sample above a letter."""
        return f"({number})"

    def partial(self, top: str, bottom: str) -> str:
        """Set a partial derivative."""
        return self.fraction(rf"\partial {top}", rf"\partial {bottom}")

    def change(self, of: str) -> str:
        """Set Δ before a symbol."""
        return rf"\Delta {of}"

    def slope(self, at: str) -> str:
        """Set f′ of a symbol."""
        return f"f'({at})"

    def row(self, parts: Sequence[str]) -> str:
        """Join the pieces with spaces, which LaTeX does not show."""
        return " ".join(parts)

    def parentheses(self, content: str) -> str:
        """Put parentheses of the right height around a piece."""
        return rf"\left({content}\right)"

    def negative(self, content: str) -> str:
        """Put a minus sign before a piece."""
        return f"-{content}"

    def fraction(self, top: str, bottom: str) -> str:
        """Set a fraction."""
        return rf"\frac{{{top}}}{{{bottom}}}"

    def power(self, base: str, exponent: str) -> str:
        """Set a power."""
        return f"{base}^{{{exponent}}}"

    def root(self, content: str) -> str:
        """Set a square root."""
        return rf"\sqrt{{{content}}}"

    def exponential(self, exponent: str) -> str:
        """Set e to a power."""
        return f"e^{{{exponent}}}"

    def transposed(self, content: str) -> str:
        """Set a transpose."""
        return rf"{{{content}}}^{{\mathsf{{T}}}}"

    def condition(self, content: str, sign: str) -> str:
        """Set "1 if content sign 0, else 0"."""
        relation = sign.replace("≥", r"\ge")
        return rf"1 \text{{ if }} {content} {relation} 0 \text{{, else }} 0"

    def kronecker(self, i: Index, j: Index) -> str:
        """Set δ with two indices, or its number where both are known."""
        if isinstance(i, str) or isinstance(j, str):
            return rf"\delta_{{{from_one(i)}{from_one(j)}}}"
        return str(int(i == j))

    def total(self, variable: str, count: int, body: str) -> str:
        """Set a sum."""
        return rf"\sum_{{{variable}=1}}^{{{count}}} {body}"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Set a function applied to its arguments."""
        function = _COMMANDS.get(name, rf"\mathrm{{{name}}}")
        return rf"{function}\left({', '.join(arguments)}\right)"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """Set a matrix in brackets."""
        body = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"
