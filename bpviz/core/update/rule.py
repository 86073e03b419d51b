"""The rule by which a network is trained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from bpviz.core.arguments import finite_array, has_entries, one_of, shortened, true_or_false
from bpviz.core.mistakes import carried, check_together, mistakes
from bpviz.core.operations.checked_lines import checked_lines
from bpviz.core.operations.optimizers import SGD, Optimizer, OptimizerLine
from bpviz.core.operations.quantities import Carried

SIMULTANEOUS, DIRTY = "simultaneous", "dirty"


@dataclass(frozen=True)
class Rule:
    """How an update changes a network.

    Attributes
    ----------
    learning_rate : float
        The change of a parameter is learning_rate × gradient. Finite, 0 or more.
    update : str
        "simultaneous": every delta is computed from the old weights. "dirty": each layer is
        updated before the error passes back through it, so the error meets new weights.
    train_biases : bool
        False leaves every bias as it is.
    mistakes : tuple of str
        Names from `bpviz.mistakes`: well-known errors to make on purpose.
    optimizer : Optimizer
        How a gradient becomes a change: by itself (`SGD()`), with momentum, by `Adam()`, or by
        an optimiser of one's own.

    Examples
    --------
    >>> bp.Rule(0.1, optimizer=bp.SGD(momentum=0.9))
    Rule(learning_rate=0.1, update='simultaneous', optimizer=SGD(momentum=0.9))
    >>> bp.Rule(0.01, update="dirty", mistakes=("relu_derivative_from_activation",))
    Rule(learning_rate=0.01, update='dirty', mistakes=('relu_derivative_from_activation',))
    """

    learning_rate: float = 0.01
    update: str = SIMULTANEOUS
    train_biases: bool = True
    mistakes: tuple[str, ...] = ()
    optimizer: Optimizer = SGD()  # noqa: RUF009  # it is frozen
    _lines: tuple[OptimizerLine, ...] = field(init=False, repr=False, hash=False)
    # Two optimisers that are equal may yet compute with another number that stands elsewhere.

    def __post_init__(self) -> None:
        rate = finite_array("learning_rate", self.learning_rate)
        if rate.ndim or rate < 0:
            raise ValueError(
                f"learning_rate is {shortened(self.learning_rate)}; give one number, 0 or greater"
            )
        object.__setattr__(self, "learning_rate", float(rate))
        one_of("update", self.update, (SIMULTANEOUS, DIRTY))
        trained = true_or_false("train_biases", self.train_biases)
        object.__setattr__(self, "train_biases", trained)
        object.__setattr__(self, "mistakes", _known_mistakes(self.mistakes))
        if not isinstance(self.optimizer, Optimizer):
            raise TypeError(
                f"optimizer is {shortened(self.optimizer)}; give one, such as bpviz.SGD(0.9)"
            )
        object.__setattr__(self, "_lines", checked_lines(self.optimizer))

    @cached_property
    def form(self) -> Rule:
        """What an update does, whatever the learning rate: the rule with the rate 1."""
        return self if self.learning_rate == 1.0 else replace(self, learning_rate=1.0)

    @property
    def carried(self) -> tuple[Carried, ...]:
        """What an update has besides the usual quantities, and what goes over to the next."""
        return carried(self.mistakes) + self.optimizer.registers("Wb"[: 1 + self.train_biases])

    def __repr__(self) -> str:
        parts = [f"learning_rate={self.learning_rate:g}", f"update={self.update!r}"]
        if not self.train_biases:
            parts.append("train_biases=False")
        if self.mistakes:
            parts.append(f"mistakes={self.mistakes!r}")
        if self.optimizer != SGD():
            parts.append(f"optimizer={self.optimizer!r}")
        return f"Rule({', '.join(parts)})"


def rule_or_default(rule: object, default: Rule | None = None, name: str = "rule") -> Rule:
    """Return the rule, or another one for None, by default `Rule()`; `name` is the argument's."""
    if rule is None:
        return Rule() if default is None else default
    if not isinstance(rule, Rule):
        raise TypeError(
            f"{name} is {shortened(rule)}; give a bpviz.Rule, such as Rule(learning_rate=0.01)"
        )
    return rule


def _known_mistakes(names: Iterable[object]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise TypeError(f"mistakes is {names!r}; give a tuple of names, ({names!r},)")
    if not has_entries(names):
        raise TypeError(f"mistakes is {shortened(names)}; give a tuple of names, or ()")
    checked = []
    for name in names:
        if not isinstance(name, str) or name not in mistakes:
            known = ", ".join(mistakes)
            raise ValueError(f"mistakes has {shortened(name)}; known mistakes are {known}")
        checked.append(name)
    if len(set(checked)) < len(checked):
        raise ValueError(f"mistakes is {tuple(checked)!r}; name each mistake once")
    check_together(checked)
    return tuple(checked)
