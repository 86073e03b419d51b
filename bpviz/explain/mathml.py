"""Formulas as MathML, which browsers draw and screen readers read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpviz.core.formula.expression import Index
from bpviz.explain.typeset import Typeset, from_one

_FROM_SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789")


class MathML(Typeset):
    """Formulas as elements inside `<math>`, with the symbols of the panels."""

    invisible_times = "<mo>\u2062</mo>"
    times = "<mo>×</mo>"
    dot = "<mo>·</mo>"
    hadamard = "<mo>∘</mo>"
    plus = "<mo>+</mo>"
    minus = "<mo>−</mo>"
    equals = "<mo>=</mo>"
    nearly = "<mo>≈</mo>"

    def number(self, text: str) -> str:
        """Set a number; a fraction upright, a power of ten as one."""
        if text.startswith("−"):
            return self.negative(self.number(text[1:]))
        if "/" in text:
            top, bottom = text.split("/")
            return self.fraction(f"<mn>{top}</mn>", f"<mn>{bottom}</mn>")
        power = re.fullmatch(r"(.*)×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
        if power:
            exponent = self.number(power[2].translate(_FROM_SUPERSCRIPT))
            ten = f"<msup><mn>10</mn>{exponent}</msup>"
            return self.row([f"<mn>{power[1]}</mn>", self.times, ten])
        return f"<mn>{text}</mn>"

    def scripts(self, letter: str, below: str = "", above: str = "") -> str:
        """Set a letter with its scripts."""
        base, lower = f"<mi>{letter}</mi>", f"<mn>{below}</mn>"
        if below and above:
            return f"<msubsup>{base}{lower}{above}</msubsup>"
        if below:
            return f"<msub>{base}{lower}</msub>"
        return f"<msup>{base}{above}</msup>" if above else base

    def mark(self, word: str) -> str:
        """Set a word above a letter."""
        return f"<mtext>{word}</mtext>"

    def sample(self, number: str) -> str:
        """Set the number of a sample above a letter."""
        return f"<mn>({number})</mn>"

    def partial(self, top: str, bottom: str) -> str:
        """Set a partial derivative."""
        return self.fraction(*(f"<mrow><mi>∂</mi>{part}</mrow>" for part in (top, bottom)))

    def change(self, of: str) -> str:
        """Set Δ before a symbol."""
        return self.row(['<mi mathvariant="normal">Δ</mi>', of])

    def slope(self, at: str) -> str:
        """Set f′ of a symbol."""
        prime = '<msup><mi>f</mi><mo lspace="0" rspace="0">′</mo></msup>'
        return self.row([prime, self.parentheses(at)])

    def row(self, parts: Sequence[str]) -> str:
        """Set pieces one after the other."""
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def parentheses(self, content: str) -> str:
        """Put parentheses around a piece."""
        # Scripts alone would make some pairs a little taller than others.
        stretchy = "true" if "<mfrac>" in content else "false"
        left = f'<mo form="prefix" stretchy="{stretchy}">(</mo>'
        return f'<mrow>{left}{content}<mo form="postfix" stretchy="{stretchy}">)</mo></mrow>'

    def negative(self, content: str) -> str:
        """Put a minus sign before a piece."""
        return f'<mrow><mo form="prefix">−</mo>{content}</mrow>'

    def fraction(self, top: str, bottom: str) -> str:
        """Set a fraction."""
        return f"<mfrac>{top}{bottom}</mfrac>"

    def power(self, base: str, exponent: str) -> str:
        """Set a power."""
        return f"<msup>{base}{exponent}</msup>"

    def root(self, content: str) -> str:
        """Set a square root."""
        return f"<msqrt>{content}</msqrt>"

    def exponential(self, exponent: str) -> str:
        """Set e to a power."""
        return f"<msup><mi>e</mi>{exponent}</msup>"

    def transposed(self, content: str) -> str:
        """Set a transpose."""
        return f'<msup>{content}<mi mathvariant="normal">T</mi></msup>'

    def condition(self, content: str, sign: str) -> str:
        """Set "1 if content sign 0, else 0"."""
        sign = {">": "&gt;"}.get(sign, sign)
        return (
            f"<mrow><mn>1</mn><mtext>\u00a0if\u00a0</mtext>{content}<mo>{sign}</mo><mn>0</mn>"
            "<mtext>, else\u00a0</mtext><mn>0</mn></mrow>"
        )

    def kronecker(self, i: Index, j: Index) -> str:
        """Set δ with two indices, or its number where both are known."""
        if isinstance(i, str) or isinstance(j, str):
            return self.scripts("δ", f"{from_one(i)}{from_one(j)}")
        return f"<mn>{int(i == j)}</mn>"

    def total(self, variable: str, count: int, body: str) -> str:
        """Set a sum."""
        below = f"<mrow><mi>{variable}</mi><mo>=</mo><mn>1</mn></mrow>"
        total = f'<munderover><mo form="prefix">∑</mo>{below}<mn>{count}</mn></munderover>'
        return self.row([total, body])

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Set a function applied to its arguments."""
        inside = "<mo>,</mo>".join(arguments)
        return self.row([f'<mi mathvariant="normal">{name}</mi>', self.parentheses(inside)])

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """Set a matrix in brackets."""
        body = "".join(
            "<mtr>" + "".join(f"<mtd>{entry}</mtd>" for entry in row) + "</mtr>" for row in rows
        )
        return (
            '<mrow><mo form="prefix" stretchy="true">[</mo>'
            f'<mtable>{body}</mtable><mo form="postfix" stretchy="true">]</mo></mrow>'
        )


def math(content: str, display: bool = False) -> str:
    """Return a formula as a whole `<math>` element, in a line or as a block of its own."""
    style = ' display="block"' if display else ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"{style}>{content}</math>'
