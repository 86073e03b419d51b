"""How gradients become changes of the parameters: each optimiser as a few lines of formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import NamedTuple

from bpviz.core.arguments import has_entries, one_number, shortened, true_or_false
from bpviz.core.formula.expression import Expression, Ref
from bpviz.core.formula.notation import sqrt, step
from bpviz.core.operations.quantities import COUNT, RATE, Carried

UPDATE_NUMBER = Ref(f"n{COUNT}")
"""The number of the update, from 1, for optimisers that count."""


class Parameter(NamedTuple):
    """The weights or the biases of a layer, as an optimiser sees them.

    Attributes
    ----------
    name : str
        Their register: "W1", "b1", ….

    Examples
    --------
    >>> from bpviz.formula import Parameter
    >>> weights = Parameter("W1")
    >>> weights.gradient.register, weights.before("v").register, weights.after("v").register
    ('gW1', 'vW1', 'nvW1')
    """

    name: str

    @property
    def value(self) -> Ref:
        """The numbers before the update."""
        return Ref(self.name)

    @property
    def gradient(self) -> Ref:
        """∂L/∂W or ∂L/∂b."""
        return Ref(f"g{self.name}")

    def before(self, letter: str) -> Ref:
        """Return what is carried under a letter, before the update; 0 in the first."""
        return Ref(f"{letter}{self.name}")

    def after(self, letter: str) -> Ref:
        """Return what is carried under a letter, after the update."""
        return Ref(f"n{letter}{self.name}")

    def made(self, letters: str) -> Ref:
        """Return what is made anew in each update under some letters; under "u" the change."""
        return Ref(f"{letters}{self.name}")


class OptimizerLine(NamedTuple):
    """What an optimiser computes for a parameter, entry by entry.

    Attributes
    ----------
    writes : Ref
        A whole register: `parameter.after(...)` or `parameter.made(...)`.
    formula : Expression
        On whole registers.
    says : str
        How, in a few words: "momentum times the old velocity, plus the gradient".

    Examples
    --------
    >>> from bpviz.formula import OptimizerLine, Parameter, rate
    >>> weights = Parameter("W1")
    >>> line = OptimizerLine(weights.made("u"), rate * weights.gradient, "rate times gradient")
    >>> line.writes.register
    'uW1'
    """

    writes: Ref
    formula: Expression
    says: str


@dataclass(frozen=True)
class Optimizer:
    """How gradients become changes: the base of every optimiser, also of one's own.

    A subclass is a frozen dataclass whose fields are its numbers. It says what it carries from
    update to update (`carries`), what else it makes (`makes`), whether it counts updates
    (`counts`), and yields its lines for a parameter, the last of which writes the change,
    `parameter.made("u")`. The new parameter is the old one minus the change.

    Letters are one to three lower-case ones that do not begin with n, other than g, p and u,
    which registers begin with already: "v" stands for the registers `vW1`, `vb1`, … before, and
    `nvW1`, `nvb1`, … after an update.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from bpviz.formula import OptimizerLine, rate
    >>> @dataclass(frozen=True)
    ... class Scaled(bp.Optimizer):
    ...     scale: float = 0.5
    ...     def lines(self, parameter):
    ...         change = self.scale * rate * parameter.gradient
    ...         yield OptimizerLine(parameter.made("u"), change, "a part of the usual change")
    ...
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> trace = bp.backprop(network, [2], [3], bp.Rule(0.1, optimizer=Scaled()))
    >>> print(trace["gW1[0,0]"], trace["uW1[0,0]"])
    -4.0 -0.2
    """

    @property
    def carries(self) -> Mapping[str, str]:
        """From the letters of what is carried to what one number of it is called."""
        return {}

    @property
    def makes(self) -> Mapping[str, str]:
        """From the letters of what else is made to what one number of it is called."""
        return {}

    @property
    def counts(self) -> bool:
        """Whether formulas may read `bpviz.formula.t`, the number of the update, from 1."""
        return False

    def lines(self, parameter: Parameter) -> Iterator[OptimizerLine]:
        """Yield what is computed for a parameter, in order."""
        raise NotImplementedError(
            f"{type(self).__name__} has no lines; define lines(self, parameter), which yields "
            "a bpviz.formula.OptimizerLine for each thing that is computed"
        )

    def registers(self, trained: str) -> tuple[Carried, ...]:
        """Return the quantities that an update has besides the usual ones.

        Parameters
        ----------
        trained : str
            "Wb", or "W" where biases are not trained.
        """
        found = []
        if self.counts:
            before, now = "updates before this one", "number of this update"
            found.append(Carried(COUNT, before, before, f"n{COUNT}", ""))
            found.append(Carried(f"n{COUNT}", now, now, "", ""))
        for letters, noun in {**self.carries, **self.makes}.items():
            words, one = f"{noun} for the {{what}} of layer {{layer}}", f"{noun} for the {{what}}"
            if letters in self.carries:
                before = f"{words}; 0 before the first update"
                found.append(Carried(letters, before, one, f"n{letters}", trained, noun))
                found.append(Carried(f"n{letters}", f"new {words}", f"new {one}", "", trained))
            else:
                found.append(Carried(letters, words, one, "", trained, noun))
        return tuple(found)

    def noun(self, letters: str) -> str:
        """Return what one number of a quantity is called: "new velocity" of "nv"."""
        names = {**self.carries, **self.makes}
        return names[letters] if letters in names else f"new {names[letters[1:]]}"

    def __repr__(self) -> str:
        given = [one for one in fields(self) if getattr(self, one.name) != one.default]
        parts = [f"{one.name}={getattr(self, one.name)!r}" for one in given]
        return f"{type(self).__name__}({', '.join(parts)})"


DECAYED = MappingProxyType({"r": "gradient with weight decay"})


@dataclass(frozen=True, repr=False)
class SGD(Optimizer):
    """Gradient descent, by itself or with momentum, as `torch.optim.SGD` computes it.

    Attributes
    ----------
    momentum : float
        How much of the velocity stays from update to update; 0 for none.
    dampening : float
        What the gradient lacks when it is added to the velocity, in all updates but the first.
    weight_decay : float
        How much of the parameter itself is added to its gradient.
    nesterov : bool
        Whether the change looks ahead along the velocity; with momentum, without dampening.

    Raises
    ------
    TypeError, ValueError
        If a number is less than 0, or `nesterov` does not fit the others.

    References
    ----------
    I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and
    momentum in deep learning", ICML 2013; PyTorch documentation, `torch.optim.SGD`.

    Examples
    --------
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> rule = bp.Rule(0.02, optimizer=bp.SGD(momentum=0.9))
    >>> bp.train(network, [[2]], [[3]], rule, epochs=4).rmse.round(3)
    array([2.   , 1.8  , 1.44 , 0.972])
    """

    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        for name in ("momentum", "dampening", "weight_decay"):
            object.__setattr__(self, name, _at_least_zero(name, getattr(self, name)))
        object.__setattr__(self, "nesterov", true_or_false("nesterov", self.nesterov))
        if self.nesterov and (not self.momentum or self.dampening):
            raise ValueError(
                f"nesterov is True with momentum {self.momentum:g} and dampening "
                f"{self.dampening:g}; it needs a momentum above 0 and no dampening"
            )

    @property
    def carries(self) -> Mapping[str, str]:
        """The velocity, if there is momentum."""
        return {"v": "velocity"} if self.momentum else {}

    @property
    def makes(self) -> Mapping[str, str]:
        """The gradient with weight decay, if there is one."""
        return DECAYED if self.weight_decay else {}

    @property
    def counts(self) -> bool:
        """Whether the first update is another than the rest."""
        return bool(self.momentum and self.dampening)

    def lines(self, parameter: Parameter) -> Iterator[OptimizerLine]:
        """Yield the change, and what it takes."""
        gradient, says, made = _decayed(parameter, self.weight_decay)
        yield from made
        change = parameter.made("u")
        if not self.momentum:
            yield OptimizerLine(change, RATE * gradient, f"learning rate times {says}")
            return
        added: Expression = gradient
        if self.dampening:
            # The first velocity is the gradient itself.
            added = (1.0 - self.dampening * step(UPDATE_NUMBER - 1.0)) * gradient
        velocity = parameter.after("v")
        yield OptimizerLine(
            velocity,
            self.momentum * parameter.before("v") + added,
            f"momentum times the velocity before, which is 0 in the first update, plus the {says}"
            + ", dampened after the first update" * bool(self.dampening),
        )
        if not self.nesterov:
            yield OptimizerLine(change, RATE * velocity, "learning rate times velocity")
            return
        ahead = gradient + self.momentum * velocity
        yield OptimizerLine(
            change, RATE * ahead, f"learning rate times {says} plus momentum times velocity"
        )


@dataclass(frozen=True, repr=False)
class Adam(Optimizer):
    """Adaptive moments, as `torch.optim.Adam` computes them.

    The learning rate is the rule's; PyTorch's default is 0.001.

    Attributes
    ----------
    betas : tuple of float
        How much of the first and of the second moment stays from update to update; each from
        0 to below 1.
    eps : float
        Keeps the division from one by 0.
    weight_decay : float
        How much of the parameter itself is added to its gradient.

    Raises
    ------
    TypeError, ValueError
        If a number is not as described.

    References
    ----------
    D. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015; PyTorch
    documentation, `torch.optim.Adam`.

    Examples
    --------
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> rule = bp.Rule(0.1, optimizer=bp.Adam())
    >>> bp.train(network, [[2]], [[3]], rule, epochs=4).rmse.round(3)
    array([2.   , 1.7  , 1.402, 1.109])
    """

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        given = tuple(self.betas) if has_entries(self.betas) else ()
        if len(given) != 2:
            raise TypeError(f"betas is {shortened(self.betas)}; give two numbers, (0.9, 0.999)")
        betas = tuple(_at_least_zero("betas", beta) for beta in given)
        if max(betas) >= 1:
            raise ValueError(f"betas is {shortened(self.betas)}; give two numbers below 1")
        object.__setattr__(self, "betas", betas)
        for name in ("eps", "weight_decay"):
            object.__setattr__(self, name, _at_least_zero(name, getattr(self, name)))

    @property
    def carries(self) -> Mapping[str, str]:
        """The two moments."""
        return {"m": "first moment", "v": "second moment"}

    @property
    def makes(self) -> Mapping[str, str]:
        """The moments without what they lack in the first updates."""
        corrected = {"cm": "corrected first moment", "cv": "corrected second moment"}
        return {**DECAYED, **corrected} if self.weight_decay else corrected

    @property
    def counts(self) -> bool:
        """True: the correction depends on the number of the update."""
        return True

    def lines(self, parameter: Parameter) -> Iterator[OptimizerLine]:
        """Yield the moments, their corrections, and the change."""
        gradient, says, made = _decayed(parameter, self.weight_decay)
        yield from made
        moments = zip("mv", self.betas, (gradient, gradient**2.0), ("", "squared "), strict=True)
        for letter, beta, added, power in moments:
            yield OptimizerLine(
                parameter.after(letter),
                beta * parameter.before(letter) + (1.0 - beta) * added,
                f"a running mean of the {power}{says}; {beta:g} of it stays, and before the first "
                "update it is 0",
            )
            yield OptimizerLine(
                parameter.made(f"c{letter}"),
                parameter.after(letter) / (1.0 - beta**UPDATE_NUMBER),
                "divided by what it lacks because it began at 0",
            )
        bottom = sqrt(parameter.made("cv")) + self.eps
        yield OptimizerLine(
            parameter.made("u"),
            RATE * (parameter.made("cm") / bottom),
            "learning rate times the corrected first moment over the root of the second",
        )


OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType({"SGD": SGD, "Adam": Adam})
"""The optimisers of bpviz by name."""


def _decayed(parameter: Parameter, decay: float) -> tuple[Ref, str, list[OptimizerLine]]:
    """Return the gradient to go on with, what it is called, and the line that makes it."""
    if not decay:
        return parameter.gradient, "gradient", []
    made, formula = parameter.made("r"), parameter.gradient + decay * parameter.value
    line = OptimizerLine(made, formula, "gradient plus weight decay times the parameter")
    return made, DECAYED["r"], [line]


def _at_least_zero(name: str, value: object) -> float:
    number = one_number(name, value)
    if number < 0:
        raise ValueError(f"{name} is {shortened(value)}; give a number, 0 or greater")
    return number
