"""Formulas as LaTeX, for Markdown and for print."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpviz.core.formula.expression import Index, Ref
from bpviz.explain.typeset import Notation, split, subscript

_PLAIN_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_GREEK = {"d": r"\delta", "loss": "L", "learning_rate": r"\eta"}
_COMMANDS = {"max": r"\max", "tanh": r"\tanh", "ln": r"\ln"}


class Latex(Notation):
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

    def symbol(self, ref: Ref) -> str:
        r"""Set a register with its scripts: `W_{1,2,1}`, `\delta_{1,2}`."""
        quantity, layer = split(ref.register)
        below = subscript(ref, quantity, layer)
        sample = "" if ref.sample is None else f"({_from_one(ref.sample)})"
        if quantity == "s":
            return self._derivative(ref, layer, below, sample)
        if quantity == "e":
            return self._partial("L", _scripts("h", below, sample))
        if quantity in ("gW", "gb"):
            return self._partial("L", _scripts(quantity[1], below))
        if quantity in ("uW", "ub"):
            return rf"\Delta {_scripts(quantity[1], below)}"
        if quantity in ("nW", "nb"):
            return _scripts(quantity[1], below, r"\text{new}")
        if quantity in ("pW", "pb"):
            return self._partial("L", _scripts(quantity[1], below, r"\text{old}"))
        return _scripts(_GREEK.get(quantity, quantity), below, sample)

    def _derivative(self, ref: Ref, layer: str, below: str, sample: str) -> str:
        if ref.at is not None and len(ref.at) == 2:
            i, j = (f"{layer},{_from_one(index)}" for index in ref.at)
            return self._partial(_scripts("h", i, sample), _scripts("a", j, sample))
        return f"f'({_scripts('a', below, sample)})"

    def _partial(self, top: str, bottom: str) -> str:
        return self.fraction(rf"\partial {top}", rf"\partial {bottom}")

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
            return rf"\delta_{{{_from_one(i)}{_from_one(j)}}}"
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


def _scripts(letter: str, below: str, above: str = "") -> str:
    return letter + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


def _from_one(index: Index) -> str:
    return index if isinstance(index, str) else str(index + 1)
