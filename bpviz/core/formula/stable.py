"""Rewriting formulas so that exponentials neither overflow nor leave 0 / 0.

The value stays the same; what is shown to a reader is the formula as it was written.
"""

from __future__ import annotations

from dataclasses import replace

from bpviz.core.formula.expression import Expression, Op, bind, is_op, rewritten, subtract

_TOTALS = ("sum", "total")


def stable(expression: Expression) -> Expression:
    """Return an expression of the same value that is computed without overflow.

    In a quotient of exponentials, the greatest exponent below is taken from all of them:
    e^u / Σ e^v is e^(u − m) / Σ e^(v − m), with m the greatest v. And ln Σ e^v is
    m + ln Σ e^(v − m); ln(1 + e^u) is the softplus of u. And u · ln v is 0 where u is 0, even
    where v has underflowed to 0.
    """
    return rewritten(expression, _stable)


def _stable(part: Expression) -> Expression:
    if not isinstance(part, Op):
        return part
    if part.op == "divide" and all(map(_has_exponential, part.of)):
        greatest = _greatest_exponent(part.of[1])
        if greatest is not None:
            return replace(part, of=tuple(_times_exponential(e, greatest) for e in part.of))
    if part.op in ("multiply", "hadamard") and len(part.of) == 2 and is_op(part.of[1], "ln"):
        return Op("times_ln", (part.of[0], part.of[1].of[0]))
    if part.op == "log_softmax" and part.over is not None:
        chosen, among = part.of
        largest = _greatest(among, part.over, part.count)
        powers = Op("exp", (subtract(among, largest),))
        total = Op("sum", (powers,), over=part.over, count=part.count)
        return subtract(subtract(chosen, largest), Op("ln", (total,)))
    inside = part.of[0] if part.of else 0.0
    if part.op == "ln" and isinstance(inside, Op):
        if inside.op == "add" and len(inside.of) == 2 and 1.0 in inside.of:
            other = inside.of[inside.of[0] == 1.0]
            if isinstance(other, Op) and other.op == "exp":
                return Op("softplus", other.of)
        if inside.op in _TOTALS and is_op(inside.of[0], "exp"):
            greatest = _greatest_exponent(inside)
            assert greatest is not None
            shifted = _times_exponential(inside, greatest)
            return Op("add", (greatest, Op("ln", (shifted,))))
    return part


def _greatest(body: Expression, over: str, count: int | None) -> Op:
    """Return the greatest of a Σ's terms, over a variable of its own: it may stand in that Σ."""
    own = f"{over}°"
    return Op("greatest", (bind(body, {over: own}),), over=own, count=count)


def _has_exponential(expression: Expression) -> bool:
    """Return whether an exponential may overflow, outside a quotient that takes care of it."""
    if not isinstance(expression, Op) or expression.op in ("ln", "max", "step", "softplus"):
        return False
    if expression.op == "divide" and _has_exponential(expression.of[1]):
        return False
    return expression.op == "exp" or any(map(_has_exponential, expression.of))


def _greatest_exponent(below: Expression) -> Expression | None:
    """Return the greatest exponent of a denominator whose terms are exponentials or numbers."""
    if isinstance(below, Op) and below.op in _TOTALS:
        (term,) = below.of
        if not is_op(term, "exp"):
            return None
        if below.over is None:
            return Op("largest", term.of)
        return _greatest(term.of[0], below.over, below.count)
    terms = below.of if isinstance(below, Op) and below.op == "add" else (below,)
    greatest: Expression | None = None
    for term in terms:
        base = term.of[0] if isinstance(term, Op) and term.op == "power" else term
        if _has_exponential(base) and not is_op(base, "exp"):
            return None
        exponent: Expression = base.of[0] if isinstance(base, Op) and base.op == "exp" else 0.0
        greatest = exponent if greatest is None else Op("max", (greatest, exponent))
    return greatest


def _times_exponential(expression: Expression, greatest: Expression) -> Expression:
    """Return the expression times e^(−greatest), inside its exponentials."""
    if isinstance(expression, Op) and expression.op in ("add", "subtract", "negate", *_TOTALS):
        parts = tuple(_times_exponential(part, greatest) for part in expression.of)
        return replace(expression, of=parts)
    if isinstance(expression, Op) and expression.op == "divide":
        above, below = expression.of
        return replace(expression, of=(_times_exponential(above, greatest), below))
    if isinstance(expression, Op) and expression.op in ("multiply", "hadamard"):
        place = next((k for k, p in enumerate(expression.of) if _has_exponential(p)), 0)
        of = list(expression.of)
        of[place] = _times_exponential(of[place], greatest)
        return replace(expression, of=tuple(of))
    if isinstance(expression, Op) and expression.op == "exp":
        return Op("exp", (Op("subtract", (expression.of[0], greatest)),))
    shrunk = Op("exp", (Op("negate", (greatest,)),))
    return shrunk if expression == 1.0 else Op("multiply", (expression, shrunk))
