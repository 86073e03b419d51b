"""The functions that a script defines before its first line, as NumPy code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bpviz.core.formula.expression import Expression, Op, Ref, rewritten
from bpviz.core.formula.stable import stable

_OWN = {
    "softmax_derivative": [
        "def softmax_derivative(h):",
        "    return h[..., :, None] * (np.eye(h.shape[-1]) - h[..., None, :])",
    ],
    "log_softmax": [
        "def log_softmax(a):",
        "    shifted = a - np.max(a, axis=-1, keepdims=True)",
        "    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))",
    ],
}
_CALLS = {
    "exp": "np.exp({})",
    "ln": "np.log({})",
    "tanh": "np.tanh({})",
    "sqrt": "np.sqrt({})",
    "softplus": "np.logaddexp(0.0, {})",
    "max": "np.maximum({}, {})",
    "step": "np.heaviside({}, 0.0)",
    "total": "np.sum({}, axis=-1, keepdims=True)",
    "largest": "np.max({}, axis=-1, keepdims=True)",
}
_SIGNS = {
    "add": (" + ", 1),
    "subtract": (" - ", 1),
    "multiply": (" * ", 2),
    "hadamard": (" * ", 2),
    "divide": (" / ", 2),
}


def definitions(formulas: Iterable[Expression]) -> dict[str, list[str]]:
    """Return the lines of each function that the formulas use, by its name."""
    found: dict[str, list[str]] = {}
    for part in (part for formula in formulas for part in _parts(formula)):
        if part.op == "apply":
            assert part.name is not None
            assert part.body is not None
            found.setdefault(part.name, _definition(part.name, part.body))
        elif part.op in _OWN:
            found.setdefault(part.op, _OWN[part.op])
    return found


def _parts(expression: Expression) -> Iterator[Op]:
    if isinstance(expression, Op):
        for part in expression.of:
            yield from _parts(part)
        yield expression


def _definition(name: str, body: Expression) -> list[str]:
    formula, lines = stable(body), [f"def {name}(a):"]
    again = _wanted_again(formula)
    if again is not None:
        lines.append(f"    e = {_code(again)[0]}")
        formula = rewritten(formula, lambda part: Ref("e") if part == again else part)
    return [*lines, f"    return {_code(formula)[0]}"]


def _wanted_again(formula: Expression) -> Op | None:
    """Return the largest part that stands in a formula more than once."""
    parts = list(_parts(formula))
    often = Counter(parts)
    several = [part for part in often if often[part] > 1]
    return max(several, key=lambda part: sum(1 for _ in _parts(part)), default=None)


def _code(expression: Expression) -> tuple[str, int]:
    """Return the code of an expression, and how tightly it binds."""
    if isinstance(expression, Ref):
        return expression.register, 4
    if not isinstance(expression, Op):
        return number_code(expression), 4
    if expression.op == "negate":
        return f"-{_inside(expression.of[0], 3)}", 2
    if expression.op == "power":
        return f"{_inside(expression.of[0], 4)} ** {_inside(expression.of[1], 4)}", 3
    if expression.op in _SIGNS:
        sign, binds = _SIGNS[expression.op]
        first, *others = expression.of
        rest = [_inside(part, binds + (expression.op != "add")) for part in others]
        return sign.join([_inside(first, binds), *rest]), binds
    return _CALLS[expression.op].format(*(_code(part)[0] for part in expression.of)), 4


def number_code(number: float) -> str:
    """Return a number as code, in no more digits than it needs."""
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number))


def _inside(expression: Expression, binds: int) -> str:
    text, own = _code(expression)
    return text if own >= binds else f"({text})"
