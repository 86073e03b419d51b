"""Formulas as NumPy code, operation by operation."""

from __future__ import annotations

from typing import NamedTuple

from bpviz.core.formula.expression import Expression, Op, Ref

SCALAR, COLUMN, ROW, MATRIX = "scalar", "column", "row", "matrix"
"""What a piece of code evaluates to; column and row are the two ways to write vectors, too."""

SUM, PRODUCT, UNARY, ATOM = 1, 2, 3, 4
_FUNCTIONS = {
    "exp": "np.exp({})",
    "ln": "np.log({})",
    "tanh": "np.tanh({})",
    "sqrt": "np.sqrt({})",
    "max": "np.maximum({}, {})",
    "step": "np.heaviside({}, 0.0)",
    "step_from_zero": "np.heaviside({}, 1.0)",
    "softmax_derivative": "softmax_derivative({})",
    "log_softmax": "log_softmax({})",
    "softplus": "np.logaddexp(0.0, {})",
    "total": "np.sum({}, axis=-1, keepdims=True)",
    "largest": "np.max({}, axis=-1, keepdims=True)",
}
_JOINED = {
    "add": (" + ", SUM),
    "subtract": (" - ", SUM),
    "multiply": (" * ", PRODUCT),
    "hadamard": (" * ", PRODUCT),
    "divide": (" / ", PRODUCT),
}


class Code(NamedTuple):
    """A piece of code, how tightly it binds, and what it evaluates to."""

    text: str
    binds: int = ATOM
    kind: str = SCALAR

    def within(self, binds: int) -> str:
        """Return it as a part of code that binds so tightly."""
        return self.text if self.binds >= binds else f"({self.text})"


class FormulaWriter:
    """Writes formulas on names, whose numbers may be arrays, as NumPy code."""

    def ref(self, ref: Ref) -> Code:
        """Write a name."""
        return Code(ref.register)

    def write(self, expression: Expression) -> Code:
        """Write a formula."""
        if isinstance(expression, Ref):
            return self.ref(expression)
        if not isinstance(expression, Op):
            return Code(number_code(expression), ATOM if expression >= 0 else UNARY)
        op, parts = expression.op, [self.write(part) for part in expression.of]
        kind = next((part.kind for part in parts if part.kind != SCALAR), SCALAR)
        if op == "negate":
            return Code(f"-{parts[0].within(UNARY)}", PRODUCT, kind)
        if op == "power" and isinstance(expression.of[1], (Ref, Op)):
            return Code(f"np.power({parts[0].text}, {parts[1].text})", kind=kind)
        if op == "power":
            return Code(f"{parts[0].within(ATOM)} ** {parts[1].within(UNARY)}", UNARY, kind)
        if op == "apply":
            return Code(f"{expression.name}({parts[0].text})", kind=kind)
        if op in _JOINED:
            sign, binds = _JOINED[op]
            first = parts[0].within(binds)
            others = [part.within(binds + 1) for part in parts[1:]]
            return Code(sign.join([first, *others]), binds, kind)
        return Code(_FUNCTIONS[op].format(*(part.text for part in parts)), kind=kind)


def number_code(number: float) -> str:
    """Return a number as code, in no more digits than it needs."""
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number))
