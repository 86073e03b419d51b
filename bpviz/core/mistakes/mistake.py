"""What a named mistake is: a small change to the formulas of an update."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from bpviz.core.arguments import has_entries, one_number, one_of, shortened, text, true_or_false
from bpviz.core.formula.expression import Expression, Op, Ref
from bpviz.core.formula.given import checked_name
from bpviz.core.model.architecture import Architecture
from bpviz.core.model.functions import Activation
from bpviz.core.operations.operation import UPDATE, Operation, Templates

START, REPORT = "start", "report"
MISTAKE, CONVENTION = "Mistake", "Another convention"


class Setting(NamedTuple):
    """What decides whether a mistake can be made.

    Attributes
    ----------
    net : Architecture
        Sizes, functions and loss.
    samples : int
        B, the samples of an update.
    """

    net: Architecture
    samples: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, the input first."""
        return self.net.sizes

    @property
    def last(self) -> int:
        """The number of the output layer."""
        return self.net.last

    def function(self, layer: int) -> Activation:
        """Return a layer's activation function."""
        return self.net.activations[layer - 1]


def none_altered(_operation: Operation, _setting: Setting) -> Expression | None:
    """Return None: nothing is changed."""
    return None


def in_place(operations: list[Operation]) -> list[Operation]:
    """Return the operations in the order that they have."""
    return operations


@dataclass(frozen=True, repr=False)
class Mistake:
    """A well-known error, or another convention, as a small change to the algorithm.

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
        From an operation and the setting to the mistaken formula, or to None where the
        mistake cannot be made. A mistake in the start is given the operations that make it,
        `W1 = W1`, `b1 = b1`, …; to make it twice must be the same as to make it once.
    says : callable or None
        From the altered operation and the setting to its sentences; by default they tell the
        title.
    reorders : callable
        From the altered operations to those in the order of the mistaken algorithm.
    unseen_because : str or None
        Why a gradient check cannot find it; None if it does.
    right_because : str or None
        Why it is right as well, where it is another convention and no mistake; else None.
    excludes : tuple of str
        The mistakes that contradict it.
    acts_on : str
        "update"; or, where every update is right, "start" for one in the parameters that a run
        begins with, and "report" for one in what a run says about itself.
    unseen_at : tuple of float
        Learning rates with which it changes nothing.
    keeps_gradients : bool
        Whether an update needs the gradients of the update before, in the registers `pW1`,
        `pb1`, …

    Examples
    --------
    >>> halved = bp.Mistake(
    ...     name="gradient_halved",
    ...     title="The gradients are halved",
    ...     change="∂L/∂W = δ hᵀ becomes ½ δ hᵀ",
    ...     notice="Learning takes twice as long.",
    ...     source="an example",
    ...     needs="any network",
    ...     alters=lambda at, _: 0.5 * at.formula if at.quantity == "gW" else None,
    ... )
    >>> bp.mistakes.add(halved)
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> rule = bp.Rule(mistakes=("gradient_halved",))
    >>> print(bp.backprop(network, [2], [3], rule)["gW1[0,0]"])
    -2.0
    >>> bp.mistakes.remove("gradient_halved")
    """

    name: str
    title: str
    change: str
    notice: str
    source: str
    needs: str
    alters: Callable[[Operation, Setting], Expression | None] = none_altered
    says: Callable[[Operation, Setting], Templates] | None = None
    reorders: Callable[[list[Operation]], list[Operation]] = in_place
    unseen_because: str | None = None
    right_because: str | None = None
    excludes: tuple[str, ...] = ()
    acts_on: str = UPDATE
    unseen_at: tuple[float, ...] = ()
    keeps_gradients: bool = False

    def __post_init__(self) -> None:
        checked_name("name", self.name, ())
        for name in ("title", "change", "notice", "source", "needs"):
            words = text(name, getattr(self, name))
            if not words:
                raise ValueError(f"{name} is empty; say it in words, they are shown")
            object.__setattr__(self, name, words)
        for name in ("alters", "says", "reorders"):
            value = getattr(self, name)
            if not callable(value) and not (name == "says" and value is None):
                raise TypeError(f"{name} is {shortened(value)}; give a function")
        for name in ("unseen_because", "right_because"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, text(name, getattr(self, name)))
        if not has_entries(self.excludes):
            raise TypeError(f"excludes is {shortened(self.excludes)}; give a tuple of names")
        excludes = tuple(checked_name("excludes", name, ()) for name in self.excludes)
        object.__setattr__(self, "excludes", excludes)
        if not isinstance(self.unseen_at, tuple):
            raise TypeError(f"unseen_at is {shortened(self.unseen_at)}; give a tuple of numbers")
        rates = tuple(one_number("unseen_at", rate) for rate in self.unseen_at)
        object.__setattr__(self, "unseen_at", rates)
        one_of("acts_on", self.acts_on, (UPDATE, START, REPORT))
        kept = true_or_false("keeps_gradients", self.keeps_gradients)
        object.__setattr__(self, "keeps_gradients", kept)

    @property
    def is_convention(self) -> bool:
        """Whether it is another convention, right as well; `right_because` says why."""
        return self.right_because is not None

    def rewrite(self, operations: Iterable[Operation], setting: Setting) -> list[Operation]:
        """Return the operations with the mistake made wherever it can be."""
        before = list(operations)
        after = [self._altered(operation, setting) for operation in before]
        if after == before:
            return before
        ordered: object = self.reorders(after)
        if isinstance(ordered, list) and set(map(id, ordered)) == set(map(id, after)):
            return ordered
        raise TypeError(
            f"reorders of the mistake {self.name!r} returns {shortened(ordered)}; return a list of "
            "the operations that it is given"
        )

    def _altered(self, operation: Operation, setting: Setting) -> Operation:
        formula = self.alters(operation, setting)
        if formula is None:
            return operation
        if not isinstance(formula, (Ref, Op, int, float)):
            raise TypeError(
                f"alters of the mistake {self.name!r} returns {shortened(formula)} for "
                f"{operation.writes}; return a formula, or None to leave it"
            )
        made = (*operation.mistakes, self.name)
        right = self.is_convention and (operation.is_conventional or not operation.mistakes)
        altered = replace(operation, formula=formula, mistakes=made, is_conventional=right)
        words = (self.says or self._usual_words)(altered, setting)
        if right:
            words = Templates(*(text.replace(MISTAKE, CONVENTION, 1) for text in words))
        return replace(altered, words=words)

    def _usual_words(self, operation: Operation, setting: Setting) -> Templates:
        title = f"{self.title[0].lower()}{self.title[1:]}"
        whole = f"{MISTAKE} in layer {operation.layer}: {title}"
        entry = f"{whole}; here {{value}}."
        is_of_inputs = operation.quantity.endswith("W")
        is_coupled = operation.quantity == "s" and setting.function(operation.layer).couples_units
        if is_of_inputs or is_coupled:  # a matrix
            return Templates(f"{whole}.", f"{whole}.", entry)
        return Templates(f"{whole}.", entry)

    def __repr__(self) -> str:
        return f"Mistake({self.name}: {self.title})"
