"""What a named mistake is: a small change to the operations of an update."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from bpviz.core.checks import positive_count, shortened
from bpviz.core.network import Network
from bpviz.core.operation import Operation

if TYPE_CHECKING:
    from bpviz.core.rule import Rule

UPDATE, REPORT = "update", "report"


class Setting(NamedTuple):
    """What decides whether a mistake can be made: the network, the rule, and B."""

    network: Network
    rule: Rule
    samples: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, the input first."""
        return self.network.sizes

    @property
    def last(self) -> int:
        """The number of the output layer."""
        return len(self.network.layers)

    def function(self, layer: int) -> str:
        """Return the name of a layer's activation function."""
        return self.network.layers[layer - 1].activation.name


def none_altered(_operation: Operation, _setting: Setting) -> Operation | None:
    """Return None: nothing is changed."""
    return None


def in_place(operations: list[Operation]) -> list[Operation]:
    """Return the operations in the order that they have."""
    return operations


@dataclass(frozen=True, repr=False)
class Mistake:
    """A well-known error, as a small change to the algorithm.

    Attributes
    ----------
    name : str
        As in `Rule(mistakes=(name,))`.
    title : str
        The mistake in a few words.
    change : str
        What it changes in the formula.
    notice : str
        How to notice it.
    source : str
        Where it is found, or where the right formula is.
    needs : str
        What a network, a rule and an update must have for it to show.
    alters : callable
        From an operation and the setting to the mistaken operation, or to None where the
        mistake cannot be made.
    reorders : callable
        From the altered operations to those in the order of the mistaken algorithm.
    unseen_because : str or None
        Why a gradient check cannot find it; None if it does.
    excludes : tuple of str
        The mistakes that contradict it.
    acts_on : str
        "update", or "report" for one that leaves every update right and spoils what a
        training run says about itself.
    keeps_gradients : bool
        Whether an update needs the gradients of the update before, in the registers `pW1`,
        `pb1`, …
    """

    name: str
    title: str
    change: str
    notice: str
    source: str
    needs: str
    alters: Callable[[Operation, Setting], Operation | None] = none_altered
    reorders: Callable[[list[Operation]], list[Operation]] = in_place
    unseen_because: str | None = None
    excludes: tuple[str, ...] = ()
    acts_on: str = UPDATE
    keeps_gradients: bool = False

    @property
    def seen_by_gradient_check(self) -> bool:
        """Whether `gradient_check` finds the mistake; if not, `unseen_because` says why."""
        return self.unseen_because is None

    def rewrite(self, operations: Iterable[Operation], setting: Setting) -> list[Operation]:
        """Return the operations with the mistake made wherever it can be."""
        before = list(operations)
        after = [self._altered(operation, setting) for operation in before]
        return before if after == before else self.reorders(after)

    def _altered(self, operation: Operation, setting: Setting) -> Operation:
        altered = self.alters(operation, setting)
        if altered is None:
            return operation
        return replace(altered, mistakes=(*operation.mistakes, self.name))

    def applies(self, network: Network, rule: Rule | None = None, samples: int = 1) -> str | None:
        """Return None, or the reason why the mistake cannot show.

        Parameters
        ----------
        network : Network
            Its sizes and functions matter; its numbers do not.
        rule : Rule
            By default `Rule()`. Whether it has the mistake makes no difference.
        samples : int
            B, the number of samples in the update.
        """
        from bpviz.core.algorithm import algorithm  # which is written in terms of mistakes
        from bpviz.core.rule import rule_or_default

        if not isinstance(network, Network):
            raise TypeError(f"network is {shortened(network)}; give a bpviz.Network")
        samples = positive_count("samples", samples)
        if self.acts_on == REPORT:
            return None
        chosen = rule_or_default(rule)
        others = tuple(name for name in chosen.mistakes if name != self.name)
        without = replace(chosen, mistakes=others)
        operations = list(algorithm(network, without, samples))
        if self.rewrite(operations, Setting(network, without, samples)) != operations:
            return None
        sizes = "-".join(map(str, network.sizes))
        functions = ", ".join(layer.activation.name for layer in network.layers)
        count = f"{samples} sample{'s' * (samples > 1)}"
        return (
            f"“{self.title}” needs {self.needs}; this is a {sizes} network ({functions}; "
            f"{network.loss.name}), with {count} in an update, under {without}"
        )

    def __repr__(self) -> str:
        return f"Mistake({self.name}: {self.title})"
