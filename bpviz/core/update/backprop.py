"""One recorded update."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.arguments import Array, samples_array
from bpviz.core.model.losses import SHARE_ROUNDING, check_shares
from bpviz.core.model.network import Network
from bpviz.core.update.frame import Frame
from bpviz.core.update.rule import Rule, rule_or_default
from bpviz.core.update.tape import Trace
from bpviz.core.words import counted


def backprop(network: Network, x: ArrayLike, y: ArrayLike, rule: Rule | None = None) -> Trace:
    """Record one update: forward pass, loss, backward pass, and the change of the weights.

    Parameters
    ----------
    network : Network
        Left as it is; `trace.updated` is the network after the update. A mistake of the rule in
        the start of a run makes no difference: an update begins with what it is given.
    x : array_like, shape (n_0,) or (B, n_0)
        One input, or a batch.
    y : array_like, shape (n_L,) or (B, n_L)
        The target of each input.
    rule : Rule
        By default `Rule()`: learning rate 0.01, simultaneous update, no mistakes.

    Raises
    ------
    TypeError, ValueError
        If `x` or `y` does not fit the network or each other.

    Examples
    --------
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> trace = bp.backprop(network, [2], [3], bp.Rule(learning_rate=0.1))
    >>> print(trace.output, trace.loss, trace["d1[0]"], trace["nW1[0,0]"])
    [1.] 2.0 -2.0 0.9
    """
    return backprop_after({}, network, x, y, rule_or_default(rule))


def backprop_after(
    carried: Mapping[str, Array], network: Network, x: ArrayLike, y: ArrayLike, rule: Rule
) -> Trace:
    """Record one update that is not the first; see `backprop`.

    Parameters
    ----------
    carried : mapping
        The numbers of registers of `Layout.carried`; those left out are 0.
    network, x, y, rule
        As for `backprop`.
    """
    inputs, targets = sample_pairs("x", x, "y", y, network)
    frame = Frame(network, rule, len(inputs))
    for name, numbers in carried.items():
        frame.layout.view(frame.row, frame.layout.carried[name])[...] = numbers
    np.concatenate((inputs, targets), axis=None, out=frame.pairs)
    with np.errstate(all="ignore"):
        for call in frame.calls:
            call()
    row = frame.row + 0.0  # turns -0, which would puzzle a reader, into 0
    row.flags.writeable = False
    return Trace(network, rule, frame.layout, row)


def sample_pairs(
    x_name: str, x: ArrayLike, y_name: str, y: ArrayLike, network: Network
) -> tuple[Array, Array]:
    """Return inputs (B, n_0) and targets (B, n_L) that fit the network and each other."""
    if not isinstance(network, Network):
        raise TypeError(f"network is {type(network).__name__}; give a bpviz.Network")
    units_in, units_out = network.sizes[0], network.sizes[-1]
    inputs = samples_array(x_name, x, units_in, f"the network has {counted(units_in, 'input')}")
    targets = samples_array(y_name, y, units_out, f"the network has {counted(units_out, 'output')}")
    if len(inputs) != len(targets):
        raise ValueError(
            f"{x_name} has {_samples(inputs)} and {y_name} has {_samples(targets)}; "
            "each input needs its target"
        )
    if network.loss.targets:
        check_shares(y_name, targets, network.loss)
    if network.loss.targets == "distribution":
        sums = targets.sum(axis=1)
        wrong = np.flatnonzero(np.abs(sums - 1.0) > SHARE_ROUNDING)
        if wrong.size:
            raise ValueError(
                f"{y_name} of sample {wrong[0]} adds up to {sums[wrong[0]]:.9g}; with "
                f"{network.loss.name} it must add up to 1, as [0, 1, 0] does"
            )
    return inputs, targets


def _samples(array: Array) -> str:
    return counted(len(array), "sample")
