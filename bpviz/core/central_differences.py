"""Central differences of the loss: derivatives that know nothing of the backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array
from bpviz.core.update.tape import Trace

SMALL = 1e-3
"""Gradients below this times the loss (or times 1) count as 0, which rounding cannot tell."""
NUMBERS_A_PASS = 2**18


class _Pass(NamedTuple):
    """The mean loss of C networks, shape (C,), and the aggregates of each ReLU layer."""

    loss: Array
    relu_aggregates: dict[int, Array]


class CentralDifferences:
    """Losses of networks that differ from that of a trace in a single parameter.

    They are computed by a plain forward pass of their own, so that a mistaken update cannot
    hide in them.
    """

    def __init__(self, trace: Trace) -> None:
        self.network = trace.network
        self.x, self.y = np.atleast_2d(trace.x), np.atleast_2d(trace.y)
        self._inputs: list[Array] = []
        self._aggregates: list[Array] = []
        h = self.x
        with np.errstate(all="ignore"):
            for layer in self.network.layers:
                a = h @ layer.weights.T + layer.bias
                self._inputs.append(h)
                self._aggregates.append(a)
                h = layer.activation.values(a)
        self.base = self._pass("b1", np.zeros(1, dtype=np.int64), np.zeros(1))

    def central(
        self,
        name: str,
        places: NDArray[np.int64],
        epsilon: Array,
        show: Callable[[int], None] | None = None,
    ) -> tuple[Array, list[str]]:
        """Return central differences of the loss, and where each crosses a kink of ReLU.

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
        numerical, notes = np.empty(len(places)), []
        for part in self._parts(len(places)):
            upper = self._pass(name, places[part], above[part] - parameters[part])
            lower = self._pass(name, places[part], below[part] - parameters[part])
            with np.errstate(all="ignore"):
                numerical[part] = (upper.loss - lower.loss) / (above[part] - below[part])
            notes += self._kinks(upper, lower)
            if show is not None:
                show(len(notes))
        return numerical, notes

    def relative_error(self, analytic: Array, numerical: Array) -> Array:
        """Return the relative errors, as `GradientRow` defines them."""
        floor = SMALL * max(1.0, float(self.base.loss[0]))
        with np.errstate(all="ignore"):
            size = np.maximum(np.maximum(np.abs(analytic), np.abs(numerical)), floor)
            error = np.abs(analytic - numerical) / size
        return np.where(np.isfinite(error), error, np.inf)

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
        h, relu_aggregates = inputs, {}
        with np.errstate(all="ignore"):
            if name[0] == "W":
                unit, source = np.divmod(places, inputs.shape[1])
                a[np.arange(len(places)), :, unit] += shifts[:, None] * inputs[:, source].T
            else:
                a[np.arange(len(places)), :, places] += shifts[:, None]
            for number, layer in enumerate(layers[first - 1 :], start=first):
                if number > first:
                    a = h @ layer.weights.T + layer.bias
                if layer.activation.kinked:
                    relu_aggregates[number] = a
                h = layer.activation.values(a)
            outputs, aggregates = (array.reshape(-1, array.shape[-1]) for array in (h, a))
            targets, last = np.tile(self.y, (len(places), 1)), self.network.layers[-1]
            loss = self.network.loss.values(outputs, targets, aggregates, last.activation.name)
        return _Pass(loss.reshape(len(places), -1).mean(axis=1), relu_aggregates)

    def _kinks(self, upper: _Pass, lower: _Pass) -> list[str]:
        """Return for each difference which aggregate changes its side of a kink, or ""."""
        notes = [""] * len(upper.loss)
        for number, aggregates in upper.relu_aggregates.items():
            base = self.base.relu_aggregates[number]
            above, below = aggregates > 0, lower.relu_aggregates[number] > 0
            crossing = (above != below) | (above != (base > 0))
            for k in np.flatnonzero(crossing.any(axis=(1, 2))):
                sample, unit = np.argwhere(crossing[k])[0]
                which = f"a{number}[{unit}]" + f" of sample {sample}" * (len(self.x) > 1)
                notes[k] = notes[k] or (
                    f"at a kink of ReLU: {which} is {base[0, sample, unit]:.3g}, and ε carries "
                    "it across 0, where the slope jumps"
                )
        return notes
