"""The registry of named mistakes: well-known errors of backpropagation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bpviz.core.mistakes.derivatives import DERIVATIVES
from bpviz.core.mistakes.gradients import GRADIENTS
from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.mistakes.propagation import PROPAGATIONS
from bpviz.core.mistakes.updates import UPDATES

__all__ = ["Mistake", "Setting", "check_together", "mistakes"]

_ALL = (*DERIVATIVES, *PROPAGATIONS, *GRADIENTS, *UPDATES)

mistakes: Mapping[str, Mistake] = MappingProxyType({m.name: m for m in _ALL})
"""Every mistake by name, in the order in which they are made when there are several."""


def check_together(names: Sequence[str]) -> None:
    """Raise ValueError if two of the mistakes contradict each other."""
    for name in names:
        for other in names:
            if other in mistakes[name].excludes:
                raise ValueError(
                    f"mistakes has {name!r} and {other!r}, which contradict each other: "
                    f"{mistakes[name].change}; but {mistakes[other].change}. Leave one out"
                )
