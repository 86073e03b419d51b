"""A single operation of the algorithm."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.core.functions import ActivationFunction
from bpviz.core.losses import Loss

FORWARD, LOSS, BACKWARD, UPDATE = "forward", "loss", "backward", "update"
PHASES = (FORWARD, LOSS, BACKWARD, UPDATE)


@dataclass(frozen=True)
class Operation:
    """One assignment to a register.

    Attributes
    ----------
    kind : str
        What is computed; a key of `bpviz.core.backprop.KERNELS`.
    phase : str
        "forward", "loss", "backward" or "update".
    layer : int
        The layer that it belongs to, from 1.
    writes : str
        The register that is written.
    reads : tuple of str
        The registers that are read, in the order that the kind expects.
    function : ActivationFunction, Loss or None
        The function that is applied, where the kind needs one.
    mistakes : tuple of str
        The names of the mistakes that are made in it.
    """

    kind: str
    phase: str
    layer: int
    writes: str
    reads: tuple[str, ...]
    function: ActivationFunction | Loss | None = None
    mistakes: tuple[str, ...] = ()
