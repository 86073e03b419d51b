"""The derivative of an expression, by the chain rule."""

from __future__ import annotations

from dataclasses import replace
from math import log

from bpviz.core.formula.expression import Expression, Op, Ref, is_op


def derivative(expression: Expression, by: Ref) -> Expression:
    """Return ∂ expression / ∂ by, entry by entry, with what is 0 or 1 left out.

    At the kink of a maximum the left part counts, as long as it is not the smaller one: so
    that of maximum(0, a) at a = 0 is 0.

    Raises
    ------
    ValueError
        If an operation in the expression has no rule.
    """
    if not isinstance(expression, Op):
        return 1.0 if expression == by else 0.0
    if expression.op == "step":
        return 0.0
    parts, slopes = expression.of, [derivative(part, by) for part in expression.of]
    if not any(slope != 0.0 for slope in slopes):
        return 0.0
    u, du = parts[0], slopes[0]
    match expression.op:
        case "add":
            return _sum(slopes)
        case "subtract":
            return _difference(*slopes)
        case "negate":
            return _product([-1.0, du])
        case "multiply":
            return _sum(
                [
                    _product([*parts[:k], slope, *parts[k + 1 :]])
                    for k, slope in enumerate(slopes)
                    if slope != 0.0
                ]
            )
        case "divide":  # u′/v − f · v′/v, in which no v is squared
            v, dv = parts[1], slopes[1]
            return _difference(_quotient(du, v), _product([expression, _quotient(dv, v)]))
        case "power" if not isinstance(parts[1], (Ref, Op)):
            exponent = float(parts[1])
            return _product([exponent, _power(u, exponent - 1.0), du])
        case "power" if not isinstance(u, (Ref, Op)) and u > 0.0:
            return _product([log(u), expression, slopes[1]])
        case "exp":
            return _product([expression, du])
        case "ln":
            return _quotient(du, u)
        case "tanh":
            return _product([Op("subtract", (1.0, Op("power", (expression, 2.0)))), du])
        case "sqrt":
            return _quotient(du, _product([2.0, expression]))
        case "softplus":
            e = Op("exp", (Op("negate", (u,)),))
            return _product([Op("divide", (1.0, Op("add", (1.0, e)))), du])
        case "max":
            above: Expression = Op("step", (_difference(parts[1], u),))
            if du == 0.0:
                return _product([above, slopes[1]])
            return _sum([du, _product([above, _difference(slopes[1], du)])])
    raise ValueError(f"{expression.op} has no derivative that bpviz knows; give derivative=")


def in_terms_of(expression: Expression, part: Expression, name: Ref) -> Expression:
    """Return the expression with a name wherever a part of it stands."""
    if expression == part:
        return name
    if not isinstance(expression, Op):
        return expression
    return replace(expression, of=tuple(in_terms_of(e, part, name) for e in expression.of))


def _product(factors: list[Expression]) -> Expression:
    number, rest = 1.0, list[Expression]()
    for factor in factors:
        for one in factor.of if isinstance(factor, Op) and factor.op == "multiply" else (factor,):
            if isinstance(one, Op | Ref):
                rest.append(one)
            else:
                number *= one
    if number == 0.0 or not rest:
        return number
    if number == -1.0:
        return Op("negate", (_product(rest),))
    parts = rest if number == 1.0 else [number, *rest]
    return parts[0] if len(parts) == 1 else Op("multiply", tuple(parts))


def _sum(terms: list[Expression]) -> Expression:
    number = float(sum(term for term in terms if not isinstance(term, Op | Ref)))
    rest = [term for term in terms if isinstance(term, Op | Ref)] + [number] * (number != 0.0)
    if not rest:
        return 0.0
    total: Expression = rest[0]
    for term in rest[1:]:
        if is_op(term, "negate"):
            total = _difference(total, term.of[0])
        else:
            total = Op("add", (total, term))
    return total


def _difference(left: Expression, right: Expression) -> Expression:
    if right == 0.0:
        return left
    if left == 0.0:
        return _product([-1.0, right])
    if not isinstance(left, Op | Ref) and not isinstance(right, Op | Ref):
        return left - right
    return Op("subtract", (left, right))


def _quotient(top: Expression, bottom: Expression) -> Expression:
    return 0.0 if top == 0.0 else Op("divide", (top, bottom))


def _power(base: Expression, exponent: float) -> Expression:
    if exponent == 0.0:
        return 1.0
    return base if exponent == 1.0 else Op("power", (base, exponent))
