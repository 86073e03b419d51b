"""The registry of named mistakes: well-known errors of backpropagation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpviz.core.mistakes.derivatives import DERIVATIVES
from bpviz.core.mistakes.gradients import GRADIENTS
from bpviz.core.mistakes.mistake import REPORT, Mistake, Setting
from bpviz.core.mistakes.propagation import PROPAGATIONS
from bpviz.core.mistakes.updates import UPDATES

if TYPE_CHECKING:
    from bpviz.core.network import Network
    from bpviz.core.rule import Rule

__all__ = ["Mistake", "Setting", "check_together", "mistakes", "possible"]

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


def possible(network: Network, rule: Rule, samples: int = 1) -> tuple[str, ...]:
    """Return the names of the mistakes that can be made in an update besides those of the rule.

    Parameters
    ----------
    network : Network
        Its sizes and functions matter; its numbers do not.
    rule : Rule
        What it contradicts is left out.
    samples : int
        B, the number of samples in the update.
    """
    return tuple(
        name
        for name, mistake in mistakes.items()
        if mistake.acts_on != REPORT
        and name not in rule.mistakes
        and not any(
            other in mistake.excludes or name in mistakes[other].excludes for other in rule.mistakes
        )
        and mistake.applies(network, rule, samples) is None
    )
