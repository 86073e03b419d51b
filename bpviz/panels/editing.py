"""Changing the numbers of a panel: every change can be undone, redone and reset."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.model.network import Layer, Network
from bpviz.core.operations.quantities import RATE
from bpviz.core.update.backprop import backprop_after
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace, parse_ref

Place = tuple[str, int, int]
"""The ref, frame and sample of a number; frame and sample are 0 for those that belong to all."""


@dataclass(frozen=True, eq=False)
class Setup:
    """What a learner can change: a network, a rule, and the samples, one batch a frame.

    Attributes
    ----------
    network : Network
    rule : Rule
    batches : tuple of (ndarray, ndarray)
        The inputs (B, n_0) and targets (B, n_L) of each frame.
    carried : mapping
        What the update before has left, by register; 0 where it is empty.
    firsts : mapping
        What each number was before it was changed, by its ref, frame and sample.
    """

    network: Network
    rule: Rule
    batches: tuple[tuple[Array, Array], ...]
    carried: Mapping[str, Array] = field(default_factory=dict)
    firsts: Mapping[Place, float] = field(default_factory=dict)

    def traces(self) -> tuple[Trace, ...]:
        """Return the update of each frame."""
        return tuple(
            backprop_after(self.carried, self.network, x, y, self.rule) for x, y in self.batches
        )

    def changed(self, ref: str, value: float, frame: int, sample: int) -> Setup:
        """Return the setup with one number changed.

        Parameters
        ----------
        ref : str
            "W1[0,1]", "b1[0]", "x[0]", "y[0]" or "learning_rate".
        value : float
            The new number.
        frame, sample : int
            Whose input or target is meant.

        Raises
        ------
        KeyError, TypeError, ValueError
            If there is no such number to change, or the value is not a finite number.
        """
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"the value of {ref} is {value!r}; give a number")
        if not math.isfinite(value):
            raise ValueError(f"the value of {ref} is {value}; give a finite number")
        if ref == RATE.register:
            rule = replace(self.rule, learning_rate=float(value))
            return self._noting((ref, 0, 0), self.rule.learning_rate, rule=rule)
        register, at = parse_ref(ref)
        if register in ("x", "y"):
            return self._with_sample(register, ref, at, value, frame, sample)
        return self._with_parameter(register, ref, at, value)

    def _noting(self, place: Place, before: float, **changes: Any) -> Setup:
        return replace(self, **changes, firsts={place: before, **self.firsts})

    def _with_sample(
        self, register: str, ref: str, at: tuple[int, ...], value: float, frame: int, sample: int
    ) -> Setup:
        pair = [array.copy() for array in self.batches[frame]]
        before = _exchange(pair[register == "y"], ref, (sample, *at), value)
        batches = list(self.batches)
        batches[frame] = (pair[0], pair[1])
        return self._noting((ref, frame, sample), before, batches=tuple(batches))

    def _with_parameter(self, register: str, ref: str, at: tuple[int, ...], value: float) -> Setup:
        quantity, number = register[0], register[1:]
        layers = list(self.network.layers)
        if quantity not in "Wb" or not number.isdigit() or not 1 <= int(number) <= len(layers):
            raise KeyError(
                f"{ref} cannot be changed; change a weight (W1[0,1]), a bias (b1[0]), an input "
                "(x[0]), a target (y[0]) or the learning_rate"
            )
        layer = layers[int(number) - 1]
        weights, bias = layer.weights.copy(), layer.bias.copy()
        before = _exchange(weights if quantity == "W" else bias, ref, at, value)
        layers[int(number) - 1] = Layer(weights, bias, layer.activation)
        return self._noting((ref, 0, 0), before, network=Network(layers, self.network.loss))


def _exchange(array: Array, ref: str, at: tuple[int, ...], value: float) -> float:
    """Put a number into an array; return the one that was there."""
    if len(at) != array.ndim or any(i >= n for i, n in zip(at, array.shape, strict=True)):
        raise KeyError(f"{ref} does not exist; its array has shape {array.shape}")
    before = float(array[at])
    array[at] = value
    return before


class Editor:
    """The present setup of a panel, those before it, and those undone.

    Parameters
    ----------
    setup : Setup
        Where it starts, and where `reset` goes back to.
    """

    def __init__(self, setup: Setup) -> None:
        self.start = setup
        self.present = setup
        self._past: list[Setup] = []
        self._future: list[Setup] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change that was taken back."""
        return bool(self._future)

    def set(self, setup: Setup, begin: bool = True) -> None:
        """Make a setup the present one; with `begin` false as part of the change before."""
        if begin or not self._past:
            self._past.append(self.present)
        self.present = setup
        self._future.clear()

    def undo(self) -> None:
        """Take back the last change; nothing happens if there is none."""
        if self._past:
            self._future.append(self.present)
            self.present = self._past.pop()

    def redo(self) -> None:
        """Make the change that was taken back last; nothing happens if there is none."""
        if self._future:
            self._past.append(self.present)
            self.present = self._future.pop()

    def reset(self) -> None:
        """Go back to the start; this too can be undone."""
        if self.present is not self.start:
            self.set(self.start)


def setup_of(trace: Trace) -> Setup:
    """Return the setup that a trace was made from."""
    batch = (np.atleast_2d(trace.x).copy(), np.atleast_2d(trace.y).copy())
    carried = {name: trace[name] for name in trace.layout.carried}
    return Setup(trace.network, trace.rule, (batch,), carried)


def number_in(content: Mapping[str, Any], key: str, default: int = 0) -> int:
    """Return a whole number from a message of the browser."""
    value = content.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{key} is {value!r}; a whole number is needed")
    return value
