"""Making formulas shorter: numbers folded, and what is 0 or ±1 left out."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.core.formula.expression import Expression, Op, Ref, bind, is_op, rewritten


def simplified(expression: Expression) -> Expression:
    """Return an expression of the same value with its numbers folded, and signs pulled out.

    A Σ of one term becomes that term.
    """
    return rewritten(expression, folded)


def folded(part: Expression) -> Expression:
    """Return one operation simplified, whose parts are simplified already."""
    if not isinstance(part, Op):
        return part
    match part.op:
        case "sum" if part.count == 1:
            assert part.over is not None
            return rewritten(bind(part.of[0], {part.over: 0}), folded)
        case "multiply":
            return _product(part)
        case "add" | "subtract":
            return _sum(part)
        case "negate":
            (inside,) = part.of
            if isinstance(inside, Op) and inside.op == "negate":
                return inside.of[0]
            return part if isinstance(inside, (Op, Ref)) else -inside
    return part


def is_number(expression: Expression) -> bool:
    """Return whether an expression is a plain number."""
    return not isinstance(expression, (Op, Ref))


def _product(e: Op) -> Expression:
    factor, rest = 1.0, list[Expression]()
    for part in e.of:
        if isinstance(part, Op) and part.op == "negate":
            factor, part = -factor, part.of[0]
        if isinstance(part, Op) and part.op == "multiply" and is_number(part.of[-1]):
            factor *= float(part.of[-1])
            part = Op("multiply", part.of[:-1]) if len(part.of) > 2 else part.of[0]
        if isinstance(part, (Op, Ref)):
            rest.append(part)
        else:
            factor *= part
    if factor == 0.0 or not rest:
        return float(factor)
    if abs(factor) != 1.0:
        rest.append(float(factor))
    made = rest[0] if len(rest) == 1 else Op("multiply", tuple(rest))
    return Op("negate", (made,)) if factor == -1.0 else made


def _sum(e: Op) -> Expression:
    terms = list(_signed(e, 1))
    numbers = [sign * term for term, sign in terms if not isinstance(term, (Op, Ref))]
    number = float(sum(numbers))
    rest = [(term, sign) for term, sign in terms if not is_number(term)]
    positive = next((k for k, (_, sign) in enumerate(rest) if sign > 0), None)
    if positive:
        rest.insert(0, rest.pop(positive))
    if number or not rest:
        place = 0 if number > 0 and rest and rest[0][1] < 0 else len(rest)
        rest.insert(place, (abs(number), 1 if number >= 0 else -1))
    total, sign = rest[0]
    if sign < 0:
        total = Op("negate", (total,))
    for term, sign in rest[1:]:
        total = Op("add" if sign > 0 else "subtract", (total, term))
    return total


def _signed(e: Expression, sign: int) -> Iterator[tuple[Expression, int]]:
    """Yield the terms of nested sums and differences, each with its sign."""
    if isinstance(e, Op) and e.op == "add":
        for part in e.of:
            yield from _signed(part, sign)
    elif isinstance(e, Op) and e.op == "subtract":
        yield from _signed(e.of[0], sign)
        yield from _signed(e.of[1], -sign)
    elif is_op(e, "negate"):
        yield from _signed(e.of[0], -sign)
    else:
        yield e, sign
