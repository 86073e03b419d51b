"""The functions that a script defines before its first line, as NumPy code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bpviz.core.formula.expression import Expression, Op, Ref, operations_in, rewritten
from bpviz.core.formula.stable import stable
from bpviz.explain.formula_code import FormulaWriter

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


def definitions(formulas: Iterable[Expression]) -> dict[str, list[str]]:
    """Return the lines of each function that the formulas use, by its name."""
    found: dict[str, list[str]] = {}
    for part in (part for formula in formulas for part in operations_in(formula)):
        if part.op == "apply":
            assert part.name is not None
            assert part.body is not None
            found.setdefault(part.name, _definition(part.name, part.body))
        elif part.op in _OWN:
            found.setdefault(part.op, _OWN[part.op])
    return found


def _definition(name: str, body: Expression) -> list[str]:
    formula, lines = stable(body), [f"def {name}(a):"]
    again = _wanted_again(formula)
    if again is not None:
        lines.append(f"    e = {_code(again)}")
        formula = rewritten(formula, lambda part: Ref("e") if part == again else part)
    return [*lines, f"    return {_code(formula)}"]


def _wanted_again(formula: Expression) -> Op | None:
    """Return the largest part that stands in a formula more than once."""
    parts = list(operations_in(formula))
    often = Counter(parts)
    several = [part for part in often if often[part] > 1]
    return max(several, key=lambda part: sum(1 for _ in operations_in(part)), default=None)


def _code(formula: Expression) -> str:
    return FormulaWriter().write(formula).text
