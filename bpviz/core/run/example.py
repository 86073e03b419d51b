"""An example: a network with its data, and the rule to train it by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import ArrayLike

from bpviz.core.arguments import Array, positive_count, text
from bpviz.core.model.network import Network
from bpviz.core.outside import DrawsItself
from bpviz.core.run.history import History
from bpviz.core.update.backprop import sample_pairs
from bpviz.core.update.rule import SIMULTANEOUS, Rule, rule_or_default
from bpviz.core.update.tape import Trace
from bpviz.core.words import counted


@dataclass(frozen=True, repr=False, eq=False)
class Example(DrawsItself):
    """A network with its data and the rules to train it by.

    Network, inputs and targets are enough; `bp.Example(network, X, Y)` has a default for all
    else.

    Attributes
    ----------
    network : Network
        The start.
    inputs : ndarray, shape (N, n_0)
    targets : ndarray, shape (N, n_L)
        Copies of what is given, read-only.
    rule : Rule
        By default `Rule()`. The course's examples have the lecture's own, so that its figures
        come out.
    corrected : Rule
        The right rule; by default `rule` without mistakes, with the simultaneous update and
        with the biases trained.
    epochs : int
        How many epochs a run of it has by default.
    name, title, source : str
        A short name, a title for the screen, and where it comes from. By default the title
        tells the sizes: "2-2-1 network".

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the samples do not fit the network.

    Examples
    --------
    >>> network = bp.Network.random([2, 3, 1], ["tanh", "sigmoid"], seed=0)
    >>> bp.Example(network, [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1], title="AND")
    Example(AND; 4 samples)
    """

    network: Network
    inputs: Array
    targets: Array
    rule: Rule = None  # type: ignore[assignment]  # never None once it is made
    corrected: Rule = None  # type: ignore[assignment]
    epochs: int = 500
    name: str = ""
    title: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        inputs, targets = sample_pairs("inputs", self.inputs, "targets", self.targets, self.network)
        inputs.flags.writeable = targets.flags.writeable = False
        rule = rule_or_default(self.rule)
        right = replace(rule, mistakes=(), update=SIMULTANEOUS, train_biases=True)
        checked = {
            "inputs": inputs,
            "targets": targets,
            "rule": rule,
            "corrected": rule_or_default(self.corrected, right, "corrected"),
            "epochs": positive_count("epochs", self.epochs),
            "name": text("name", self.name),
            "title": text("title", self.title) or title_of(self.network),
            "source": text("source", self.source),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        name = f"{self.name}: " if self.name else ""
        return f"Example({name}{self.title}; {counted(len(self.inputs), 'sample')})"


Source = Example | History | Trace | tuple[Network, ArrayLike, ArrayLike]
"""What a panel can be made from."""


def together(source: Any, X: object, Y: object) -> Any:
    """Return what a panel is made from, where a network may have its data beside it.

    Raises
    ------
    TypeError
        If one of X and Y is missing, or `source` has data of its own.
    """
    if X is None and Y is None:
        return source
    if not isinstance(source, Network):
        raise TypeError(
            f"source is {type(source).__name__}, with X and Y; they go with a Network, and all "
            "else is given alone"
        )
    if X is None or Y is None:
        missing = "X" if X is None else "Y"
        raise TypeError(f"{missing} is missing; give a network with X and Y, its data")
    return source, X, Y


def example_of(name: str, source: object) -> Example:
    """Return the network, data and rule of anything that has them.

    Parameters
    ----------
    name : str
        The argument's, for the message.
    source : Example, History, Trace, or (network, X, Y)
        Of a history its start and the rule that it was trained by; of a trace its batch and the
        network before the update.

    Raises
    ------
    TypeError, ValueError
        If it is none of these.
    """
    if isinstance(source, Example):
        return source
    if isinstance(source, History):
        epochs = max(1, source.epochs)
        return Example(source.start, source.inputs, source.targets, source.rule, epochs=epochs)
    if isinstance(source, Trace):
        return Example(source.network, source.x, source.y, source.rule)
    if isinstance(source, (tuple, list)) and len(source) == 3:
        try:
            return Example(*source)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name} is taken as (network, X, Y), but {error}") from None
    raise TypeError(
        f"{name} is {type(source).__name__}; give an Example such as bpviz.presets.xor(), a Trace, "
        "a History, or (network, X, Y)"
    )


def title_of(network: Network) -> str:
    """Return what a network without a name is called on the screen: "2-2-1 network"."""
    return f"{'-'.join(map(str, network.sizes))} network"
