"""Expressions as NumPy code, for both ways of writing vectors and for batches.

In the column convention W has one row per unit and a = W @ x + b; in the row convention it
is stored transposed and a = x @ W + b. The row form of an expression is its transpose.
"""

from __future__ import annotations

from dataclasses import replace

from bpviz.core.formula.expression import (
    Expression,
    Op,
    Ref,
    bind,
    is_op,
    registers,
    rewritten,
    transpose,
)
from bpviz.core.formula.stable import stable
from bpviz.core.operations.operation import Templates
from bpviz.core.operations.quantities import quantity_of
from bpviz.core.update.tape import Layout
from bpviz.explain.formula_code import (
    ATOM,
    COLUMN,
    MATRIX,
    PRODUCT,
    ROW,
    SCALAR,
    UNARY,
    Code,
    FormulaWriter,
)

CONVENTIONS = (COLUMN, ROW)


def is_stored_transposed(register: str) -> bool:
    """Return whether a register has a column per unit in the row convention: W and its like."""
    return quantity_of(register).endswith("W")


class NumpyWriter(FormulaWriter):
    """Writes expressions as NumPy code.

    Parameters
    ----------
    layout : Layout
        The shapes of the registers, and the number of samples.
    convention : str
        "column" or "row".
    """

    def __init__(self, layout: Layout, convention: str = COLUMN) -> None:
        self.layout = layout
        self.convention = convention

    def assignment(self, target: Ref, expression: Expression) -> str:
        """Return the line that assigns the value of an expression to a register or entry.

        For an entry the sign is left open, as {assign}.
        """
        if target.at is None:
            return f"{target.register} = {self.array(target.register, expression)}"
        return f"{self._entry(target)} {{assign}} {self.write(expression).text}"

    def templates(self, register: str, element: Expression, array: Expression) -> Templates:
        """Return the lines of NumPy of an operation at each depth.

        In the field {i} stands the unit, in {j} the column or the number of the summand,
        and in {assign} the sign = or, after the first summand, +=.
        """
        shape = self.layout.register(register).entry_shape
        layer = self.assignment(Ref(register), array)
        if not shape:
            return Templates(layer, layer)
        if len(shape) == 2:
            return Templates(
                layer,
                *(
                    self.assignment(Ref(register, at), bind(element, {"i": at[0], "j": at[1]}))
                    for at in (("{i}", ":"), ("{i}", "{j}"))
                ),
            )
        target = Ref(register, ("{i}",))
        unit = bind(element, {"i": "{i}"})
        parts = unit.of if isinstance(unit, Op) and unit.op == "add" else (unit,)
        lines = [self.assignment(target, unit)]
        total = parts[0]
        if isinstance(total, Op) and total.op == "sum" and total.over is not None:
            total = bind(total.of[0], {total.over: "{j}"})
        elif len(parts) == 1:
            return Templates(layer, *lines)
        lines += [self.assignment(target, part) for part in (total, *parts[1:])]
        return Templates(layer, *lines)

    def array(self, register: str, expression: Expression) -> str:
        """Return the code for a whole register."""
        shape = self.layout.register(register).entry_shape
        if not registers(expression):
            full = self.layout.register(register).shape if self._batch else shape
            full = full[::-1] if self._is_transposed(register) else full
            size = str(full[0]) if len(full) == 1 else str(full)
            if expression in (0.0, 1.0):
                return f"np.{'ones' if expression else 'zeros'}({size})"
            return f"np.full({size}, {self.write(expression).text})"
        if isinstance(expression, Ref):
            return f"{expression.register}.copy()"
        expression = rewritten(stable(expression), _with_logarithm)
        vector = len(shape) < 2
        rows = (self._batch or self.convention == ROW) if vector else self._is_transposed(register)
        text = self.write(transposed(expression) if rows else expression).text
        # New weights keep the order of the old ones in memory, and so the order of sums.
        new_weights = register.startswith("nW") and self.convention == ROW
        return f"np.asfortranarray({text})" if new_weights else text

    @property
    def _batch(self) -> bool:
        return self.layout.samples > 1

    def _is_transposed(self, register: str) -> bool:
        return self.convention == ROW and is_stored_transposed(register)

    def write(self, expression: Expression) -> Code:
        """Write an expression on registers, or on entries of them."""
        if isinstance(expression, Op):
            own = {
                "transpose": lambda one: self._transpose(one.of[0]),
                "sum": self._sum,
                "matmul": self._matmul,
                "kronecker": self._kronecker,
                "exchanged": self._exchanged,
                **dict.fromkeys(("first", "total", "largest", "stretch", "each"), self._part),
            }
            if expression.op in own:
                return own[expression.op](expression)
        return super().write(expression)

    def _part(self, expression: Op) -> Code:
        """Write what mistakes take of an array, or make of a part of it."""
        op, count = expression.op, expression.count
        if op == "each":
            return Code(f"np.sum({_base(expression)}, axis=1)", kind=ROW)
        of = self.write(expression.of[0])
        if op == "first":
            samples = ":, " if self._batch and of.kind != MATRIX else ""
            return of._replace(text=f"{of.within(ATOM)}[{samples}:1]", binds=ATOM)
        if op in ("total", "largest"):
            name = {"total": "np.sum", "largest": "np.max"}[op]
            return Code(f"{name}({of.text}{', axis=1' * self._batch})")
        if of.kind == SCALAR:
            return Code(f"np.full({count}, {of.text})", kind=COLUMN)
        ones = f"np.ones({count})"
        parts = (of.text, ones) if of.kind == COLUMN else (ones, of.text)
        return Code(f"np.outer({', '.join(parts)})", kind=MATRIX)

    def _exchanged(self, expression: Op) -> Code:
        count = expression.count or 0
        order = "[1, 0]" if count == 2 else f"[1, 0, *range(2, {count})]"
        if expression.over is not None:
            assert expression.at is not None
            place = f"{order}[{expression.at[0]}]"
            return self.write(bind(expression.of[0], {expression.over: place}))
        of = self.write(expression.of[0])
        return of._replace(text=f"np.take({of.text}, {order}{', axis=1' * self._batch})")

    def _kronecker(self, expression: Op) -> Code:
        assert expression.at is not None
        row, column = expression.at
        if column == ":":
            return Code(f"np.eye({expression.count})[{row}]")
        return Code(f"({row} == {column})")

    def ref(self, ref: Ref) -> Code:
        """Write a register, or an entry of it."""
        if ref.at is not None:
            return Code(self._entry(ref))
        dimensions = len(self.layout.register(ref.register).entry_shape)
        if isinstance(ref.sample, int) and self._batch:
            return Code(f"{ref.register}[{ref.sample}]", kind=ROW)
        if dimensions < 2:
            return Code(ref.register, kind=COLUMN if dimensions else SCALAR)
        text = f"{ref.register}.T" if self._is_transposed(ref.register) else ref.register
        return Code(text, kind=MATRIX)

    def _entry(self, ref: Ref) -> str:
        assert ref.at is not None
        at = ref.at[::-1] if self._is_transposed(ref.register) else ref.at
        indices = [str(index) for index in at]
        if self._batch and self.layout.register(ref.register).per_sample:
            indices.insert(0, ":" if ref.sample is None else str(ref.sample))
        return f"{ref.register}[{', '.join(indices)}]" if indices else ref.register

    def _transpose(self, of: Expression) -> Code:
        if isinstance(of, Ref) and self._is_transposed(of.register):
            return Code(of.register, kind=MATRIX)
        code = self.write(of)
        if code.kind == MATRIX:
            return Code(f"{code.within(ATOM)}.T", kind=MATRIX)
        return code._replace(kind={COLUMN: ROW, ROW: COLUMN}.get(code.kind, code.kind))

    def _matmul(self, expression: Op) -> Code:
        left, right = (self.write(part) for part in expression.of)
        kinds = (left.kind, right.kind)
        if kinds == (COLUMN, ROW):
            return Code(f"np.outer({left.text}, {right.text})", kind=MATRIX)
        if kinds == (ROW, COLUMN) and self._batch:
            factors = f"{left.within(PRODUCT)} * {right.within(UNARY)}"
            return Code(f"np.sum({factors}, axis=1)")
        if kinds == (ROW, MATRIX) and self._batch and self._per_sample_matrix(expression.of[1]):
            return Code(f"np.matmul({left.text}[:, None, :], {right.text})[:, 0, :]", kind=ROW)
        kind = {(MATRIX, COLUMN): COLUMN, (ROW, MATRIX): ROW, (ROW, COLUMN): SCALAR}.get(
            kinds, MATRIX
        )
        return Code(f"{left.within(PRODUCT)} @ {right.within(UNARY)}", PRODUCT, kind)

    def _per_sample_matrix(self, expression: Expression) -> bool:
        return isinstance(expression, Ref) and self.layout.register(expression.register).per_sample

    def _sum(self, expression: Op) -> Code:
        body = expression.of[0]
        if expression.over == "s" and _on_arrays(body):
            return self._sum_over_samples(body)
        return Code(
            f"sum({self.write(body).text} for {expression.over} in range({expression.count}))"
        )

    def _sum_over_samples(self, body: Expression) -> Code:
        """Write Σ over the batch on whole arrays, whose samples are rows."""
        if isinstance(body, Op) and body.op == "matmul":
            left, right = (_base(part) for part in body.of)
            return Code(f"{left}.T @ {right}", PRODUCT, MATRIX)
        return Code(f"np.sum({_base(body)}, axis=0)", kind=ROW)


def _with_logarithm(part: Expression) -> Expression:
    """Write u · ln v for what is also right where both are 0."""
    if is_op(part, "times_ln"):
        return Op("hadamard", (part.of[0], Op("ln", part.of[1:])))
    return part


def _base(expression: Expression) -> str:
    while isinstance(expression, Op):
        (expression,) = expression.of
    assert isinstance(expression, Ref)
    return expression.register


def _on_arrays(expression: Expression) -> bool:
    if isinstance(expression, Ref):
        return expression.at is None
    return isinstance(expression, Op) and any(_on_arrays(part) for part in expression.of)


def transposed(expression: Expression) -> Expression:
    """Return the transpose of an expression on arrays, pushed down to its registers."""
    if isinstance(expression, Ref):
        return transpose(expression)
    if not isinstance(expression, Op):
        return expression
    if expression.op == "transpose":
        return expression.of[0]
    parts = tuple(transposed(part) for part in expression.of)
    if expression.op == "matmul":
        parts = parts[::-1]
    return replace(expression, of=parts)
