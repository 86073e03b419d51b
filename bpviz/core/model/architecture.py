"""What of a network is known before its numbers: sizes, functions and loss."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from bpviz.core.model.functions import Activation
from bpviz.core.model.losses import Loss, Pair


class HasArchitecture(Protocol):
    """A network, or an architecture by itself."""

    @property
    def architecture(self) -> Architecture:
        """Sizes, functions and loss."""


class Architecture(NamedTuple):
    """Sizes, functions and loss of a network; all that an update depends on but the numbers.

    Attributes
    ----------
    sizes : tuple of int
        Units of each layer, the input first.
    activations : tuple of Activation
        One for each layer but the input.
    loss : Loss
        The loss of a sample.
    """

    sizes: tuple[int, ...]
    activations: tuple[Activation, ...]
    loss: Loss

    @property
    def architecture(self) -> Architecture:
        """Itself: what a network is asked for, too."""
        return self

    @property
    def last(self) -> int:
        """The number of the output layer."""
        return len(self.activations)

    @property
    def pair(self) -> Pair | None:
        """Loss and activation function of the output, where they are derived together."""
        return self.loss.pair_with(self.activations[-1])
