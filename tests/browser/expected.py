"""What a panel has to show at each step, worked out in Python from a trace."""

from collections.abc import Iterator
from itertools import product

from bpviz.core.update.tape import Trace
from bpviz.explain.numbers import number_text, told_apart
from bpviz.explain.program import Program
from bpviz.explain.steps import Step
from tests.browser.panels import UNKNOWN

# What stands in front of a number in the diagram.
MARKS = {"gW": "∂ ", "gb": "∂ ", "uW": "Δ ", "ub": "Δ ", "nW": "→ ", "nb": "→ "}

GIVEN = ("x", "y", "W", "b")

MOST_OF_BIAS = 9
"""Old and new biases stand beside each other; longer ones are cut."""


class Screen:
    """The numbers of a diagram while the steps of a trace are done one after the other."""

    def __init__(self, program: Program, trace: Trace) -> None:
        self.program = program
        self.trace = trace
        self.known = {ref for ref in self._all_refs() if quantity(ref) in GIVEN}
        self.partial: dict[str, str] = {}

    def do(self, step: Step) -> list[str]:
        """Do a step; return what it writes, one ref for each number."""
        self.partial.clear()
        written = [entry for ref in step.writes for entry in self._entries(ref.partition("~")[0])]
        if "~" in step.writes[-1]:
            self.partial[written[0]] = number_text(step.value(self.trace))
        else:
            self.known.update(written)
        return written

    def numbers(self) -> dict[str, str]:
        """Return the text at each ref of the diagram.

        Beside a weight or a bias stands what it has become so far: its gradient, its change, or
        its new value.
        """
        return {ref: self._text(ref) for ref in self._all_refs() if self._is_newest(ref)}

    def _is_newest(self, ref: str) -> bool:
        """Return whether nothing newer stands in the place of a number."""
        if quantity(ref) not in MARKS:
            return True
        became = [kind + ref[1:] for kind in "nug"]
        return ref == next((one for one in became if one in self.known), became[-1])

    def value(self, ref: str) -> str:
        """Return the number of a ref as text, or of the sum so far; old and new told apart."""
        if ref in self.partial:
            return self.partial[ref]
        short = text = number_text(self.trace[ref])
        if quantity(ref) in ("nW", "nb"):
            text = told_apart(self.trace[ref[1:]], self.trace[ref])[1]
        elif f"n{ref}" in self.known:
            text = told_apart(self.trace[ref], self.trace[f"n{ref}"])[0]
        is_cut = quantity(ref) in ("b", "nb") and len(text) > MOST_OF_BIAS and text != short
        return f"{short}…" if is_cut else text

    def _text(self, ref: str) -> str:
        if ref not in self.known and ref not in self.partial:
            return UNKNOWN
        return MARKS.get(quantity(ref), "") + self.value(ref)

    def _all_refs(self) -> Iterator[str]:
        for name in self.program.layout.registers:
            # The learning rate stands at the head of the panel.
            if name != "learning_rate":
                yield from self._entries(name)

    def _entries(self, ref: str) -> list[str]:
        if "[" in ref:
            return [ref]
        shape = self.program.layout.register(ref).entry_shape
        indices = product(*(range(length) for length in shape))
        return [f"{ref}[{','.join(map(str, index))}]" if index else ref for index in indices]


def quantity(ref: str) -> str:
    """Return the kind of a ref: `gW` for `gW1[0,1]`."""
    return ref.partition("[")[0].rstrip("0123456789")
