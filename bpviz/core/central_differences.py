"""Central differences of the loss: derivatives that know nothing of the backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array
from bpviz.core.formula.compute import compute
from bpviz.core.formula.expression import Expression, Ref
from bpviz.core.model.network import forward_pass
from bpviz.core.update.tape import Trace

SMALL = 1e-3
"""Gradients below this times the loss (or times 1) count as 0, which rounding cannot tell."""
LOST = 1e-8
"""What a gradient must reach, times the loss, to show in a difference of losses, whose last
digits are rounded; a sign and a tenth of it show from there on."""
AS_GOOD_AS_ZERO = 1e-9
"""Gradients below this are 0 to any eye, and need not show."""
NUMBERS_A_PASS = 2**18


class Kink(NamedTuple):
    """Where a difference says nothing; empty where it does.

    Attributes
    ----------
    of : str
        The title of the function or the loss that has it.
    note : str
        "at a kink of ReLU: a1[0] is …".
    """

    of: str = ""
    note: str = ""


class _Watched(NamedTuple):
    """What jumps where a formula passes 0: a function, a loss, or the derivative of one.

    Attributes
    ----------
    title : str
        What it is called.
    register : str
        The aggregates or the outputs that decide.
    formula : Expression
        In a and h, or in h and y.
    """

    title: str
    register: str
    formula: Expression

    def kink(self, which: str, value: float) -> Kink:
        """Return what is said where one of the numbers that decide crosses it."""
        at_zero = self.formula == Ref(self.register[0])
        to = "across 0, where" if at_zero else "to where"
        said = f"{which} is {value:.3g}, and ε carries it {to} the derivative jumps"
        return Kink(self.title, f"at a kink of {self.title}: {said}")


class _Pass(NamedTuple):
    """The mean loss of C networks, shape (C,), and the numbers of what is watched, (C, B, n)."""

    loss: Array
    watched: dict[_Watched, Array]


class CentralDifferences:
    """Losses of networks that differ from that of a trace in a single parameter.

    They are computed by a plain forward pass of their own, so that a mistaken update cannot
    hide in them.
    """

    def __init__(self, trace: Trace) -> None:
        self.network = net = trace.network
        self.x, self.y = np.atleast_2d(trace.x), np.atleast_2d(trace.y)
        self._watched = [
            [_Watched(layer.activation.title, f"a{k}", one) for one in layer.activation.jumps]
            for k, layer in enumerate(net.layers, start=1)
        ]
        outputs = f"h{len(net.layers)}"
        self._watched_in_loss = [_Watched(net.loss.title, outputs, one) for one in net.loss.jumps]
        own = ((layer, layer.weights, layer.bias) for layer in net.layers)
        with np.errstate(all="ignore"):
            _, aggregates, activations = zip(*forward_pass(own, self.x), strict=True)
        self._aggregates: tuple[Array, ...] = aggregates
        self._inputs: tuple[Array, ...] = (self.x, *activations[:-1])
        self._outputs: Array = activations[-1]
        self.base = self._pass("b1", np.zeros(1, dtype=np.int64), np.zeros(1))

    def central(
        self,
        name: str,
        places: NDArray[np.int64],
        epsilon: Array,
        show: Callable[[int], None] | None = None,
    ) -> tuple[Array, list[Kink]]:
        """Return central differences of the loss, and which kink each of them crosses.

        Parameters
        ----------
        name : str
            The register: `W1`, `b1`, …
        places : ndarray of int, shape (n,)
            Which of its parameters to shift, in flat order.
        epsilon : ndarray, shape (n,)
            By how much.
        show : callable or None
            Told now and then how many are done.
        """
        parameters = np.ravel(self._parameters(name))[places]
        above, below = parameters + epsilon, parameters - epsilon
        numerical, kinks = np.empty(len(places)), list[Kink]()
        for part in self._parts(len(places)):
            upper = self._pass(name, places[part], above[part] - parameters[part])
            lower = self._pass(name, places[part], below[part] - parameters[part])
            with np.errstate(all="ignore"):
                numerical[part] = (upper.loss - lower.loss) / (above[part] - below[part])
            kinks += self._kinks(upper, lower)
            if show is not None:
                show(len(kinks))
        return numerical, kinks

    def relative_error(self, analytic: Array, numerical: Array) -> Array:
        """Return the relative errors, as `GradientRow` defines them."""
        floor = SMALL * max(1.0, float(self.base.loss[0]))
        with np.errstate(all="ignore"):
            size = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
            error = np.abs(analytic - numerical) / size
        return np.where(np.isfinite(error), error, np.inf)

    def lost(self, analytic: Array, numerical: Array) -> NDArray[np.bool_]:
        """Return which gradients are too small to show beside a loss as large as this one."""
        size = np.maximum(np.abs(analytic), np.abs(numerical))
        return (size >= AS_GOOD_AS_ZERO) & (size < LOST * float(self.base.loss[0]))

    @property
    def lost_words(self) -> str:
        """What is said of a gradient that is lost."""
        loss = f"the loss is {self.base.loss[0]:.3g}"
        return f"lost in rounding: {loss}, beside which this gradient is too small to show"

    def _parameters(self, name: str) -> Array:
        layer = self.network.layers[int(name[1:]) - 1]
        return layer.weights if name[0] == "W" else layer.bias

    def _parts(self, count: int) -> Iterator[slice]:
        at_once = max(1, NUMBERS_A_PASS // (len(self.x) * max(self.network.sizes[1:])))
        yield from (slice(k, k + at_once) for k in range(0, count, at_once))

    def _pass(self, name: str, places: NDArray[np.int64], shifts: Array) -> _Pass:
        """Compute C networks, in each of which one parameter of a register is shifted.

        That changes one aggregate of its layer, and whatever comes after it.
        """
        first, layers = int(name[1:]), self.network.layers
        inputs = self._inputs[first - 1]
        a = np.repeat(self._aggregates[first - 1][None], len(places), axis=0)
        h, watched = inputs, dict[_Watched, Array]()
        with np.errstate(all="ignore"):
            if name[0] == "W":
                unit, source = np.divmod(places, inputs.shape[1])
                a[np.arange(len(places)), :, unit] += shifts[:, None] * inputs[:, source].T
            else:
                a[np.arange(len(places)), :, places] += shifts[:, None]
            for number, layer in enumerate(layers[first - 1 :], start=first):
                if number > first:
                    a = h @ layer.weights.T + layer.bias
                h = layer.activation.values(a)
                for one in self._watched[number - 1]:
                    watched[one] = _values(one.formula, {"a": a, "h": h})
            outputs, aggregates = (array.reshape(-1, array.shape[-1]) for array in (h, a))
            targets = np.tile(self.y, (len(places), 1))
            for one in self._watched_in_loss:
                watched[one] = _values(one.formula, {"h": h, "y": targets.reshape(h.shape)})
            loss = self.network.loss.values(outputs, targets, aggregates, layers[-1].activation)
        return _Pass(loss.reshape(len(places), -1).mean(axis=1), watched)

    def _kinks(self, upper: _Pass, lower: _Pass) -> list[Kink]:
        """Return for each difference the first kink that it crosses."""
        kinks = [Kink()] * len(upper.loss)
        for one, values in upper.watched.items():
            above, below = values > 0, lower.watched[one] > 0
            crossing = (above != below) | (above != (self.base.watched[one] > 0))
            for k in np.flatnonzero(crossing.any(axis=(1, 2))):
                if not kinks[k].note:
                    kinks[k] = self._kink(one, *np.argwhere(crossing[k])[0].tolist())
        return kinks

    def _kink(self, watched: _Watched, sample: int, unit: int) -> Kink:
        name = watched.register
        numbers = self._outputs if name[0] == "h" else self._aggregates[int(name[1:]) - 1]
        which = str(Ref(name, (unit,))) + f" of sample {sample}" * (len(self.x) > 1)
        return watched.kink(which, numbers[sample, unit])


def _values(formula: Expression, given: dict[str, Array]) -> Array:
    """Return a formula's numbers, of arrays of one shape whose last axis runs over the units."""
    if isinstance(formula, Ref):
        return given[formula.register]
    shape = next(iter(given.values())).shape
    rows = {name: array.reshape(-1, shape[-1]) for name, array in given.items()}
    out = np.empty((shape[0] * shape[1], shape[2]))
    return compute(formula, rows, out).reshape(shape)
