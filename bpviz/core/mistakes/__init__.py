"""The registry of named mistakes: well-known errors of backpropagation, and conventions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bpviz.core.arguments import shortened
from bpviz.core.mistakes.derivatives import DERIVATIVES
from bpviz.core.mistakes.forward import FORWARD_PASS
from bpviz.core.mistakes.gradients import GRADIENTS
from bpviz.core.mistakes.initial import INITIAL
from bpviz.core.mistakes.mistake import REPORT, START, Mistake, Setting
from bpviz.core.mistakes.propagation import PROPAGATIONS
from bpviz.core.mistakes.updates import UPDATES
from bpviz.core.operations.quantities import Carried

__all__ = [
    "REPORT",
    "START",
    "Mistake",
    "Setting",
    "carried",
    "check_together",
    "made_by",
    "mistakes",
]


class Registry(Mapping[str, Mistake]):
    """Every mistake by name, in the order in which they are made when there are several."""

    def __init__(self, known: Sequence[Mistake]) -> None:
        self._first = {mistake.name: mistake for mistake in known}
        self._known = dict(self._first)

    def add(self, mistake: Mistake) -> None:
        """Make a mistake known by its name, so that everything that reads the registry has it.

        It takes the place of one of that name that was added before.

        Raises
        ------
        TypeError, ValueError
            If it is no mistake, or one of bpviz has its name.
        """
        if not isinstance(mistake, Mistake):
            raise TypeError(f"mistake is {shortened(mistake)}; give a bpviz.Mistake")
        if self._first.get(mistake.name, mistake) != mistake:
            raise ValueError(
                f"mistake has the name {mistake.name!r}, which one of bpviz has; choose another"
            )
        self._known[mistake.name] = mistake

    def remove(self, name: str) -> None:
        """Forget a mistake; KeyError if there is none of that name."""
        del self._known[self[name].name]

    def __getitem__(self, name: str) -> Mistake:
        """Return the mistake of that name; KeyError, with those that exist, if there is none."""
        try:
            return self._known[name]
        except (KeyError, TypeError):  # TypeError: not even a key
            known = ", ".join(self._known)
            raise KeyError(f"name is {shortened(name)}; known mistakes are {known}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"mistakes: {', '.join(self._known)}"


BUILT_IN = (*FORWARD_PASS, *DERIVATIVES, *PROPAGATIONS, *GRADIENTS, *UPDATES, *INITIAL)
"""The mistakes and conventions that the package has itself."""
mistakes = Registry(BUILT_IN)
"""The registry: every known mistake and convention by its name.

Examples
--------
>>> bp.mistakes["relu_derivative_from_activation"].title
"ReLU's derivative is read off the activation, with ≥ 0"
>>> list(bp.mistakes)[:3]
['input_weights_exchanged', 'derivative_at_activation', 'derivative_from_aggregate']
"""


def check_together(names: Sequence[str]) -> None:
    """Raise ValueError if two of the mistakes contradict each other."""
    for name in names:
        for other in names:
            if other in mistakes[name].excludes:
                raise ValueError(
                    f"mistakes has {name!r} and {other!r}, which contradict each other: "
                    f"{mistakes[name].change}; but {mistakes[other].change}. Leave one out"
                )


def made_by(names: Sequence[str]) -> tuple[Mistake, ...]:
    """Return the mistakes of these names, in the order in which they are made."""
    found = [mistakes[name] for name in names]
    return tuple(sorted(found, key=list(mistakes.values()).index)) if found else ()


LEFT_OVER = Carried(
    "p",
    "gradients of the {what} of layer {layer} left over from the update before",
    "gradient left over of the {what}",
    "g",
    legend="gradient left over",
)


def carried(names: Sequence[str]) -> tuple[Carried, ...]:
    """Return what an update with these mistakes needs of the update before."""
    return (LEFT_OVER,) if any(mistakes[name].keeps_gradients for name in names) else ()
