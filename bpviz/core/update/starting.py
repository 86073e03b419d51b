"""The parameters that a run begins with: those given, or what a mistake makes of them."""

from __future__ import annotations

from itertools import accumulate
from math import prod

from bpviz.core.arguments import Array
from bpviz.core.formula.compute import compute
from bpviz.core.formula.entries import entry_of
from bpviz.core.formula.expression import Ref
from bpviz.core.mistakes import START, Setting, made_by
from bpviz.core.model.architecture import Architecture, HasArchitecture
from bpviz.core.model.network import Network
from bpviz.core.model.starts import parameters_of, with_parameters
from bpviz.core.operations.operation import Operation, Templates
from bpviz.core.operations.quantities import register_shapes
from bpviz.core.update.rule import Rule


def start_operations(network: HasArchitecture, rule: Rule) -> tuple[Operation, ...]:
    """Return what the mistakes of a rule make of the parameters at the start of a run."""
    mistakes = [mistake for mistake in made_by(rule.mistakes) if mistake.acts_on == START]
    if not mistakes:
        return ()
    net = network.architecture
    operations = [
        Operation(START, layer, f"{letter}{layer}", Ref(f"{letter}{layer}"), Templates("", ""))
        for layer in range(1, net.last + 1)
        for letter in "Wb"
    ]
    for mistake in mistakes:
        operations = mistake.rewrite(operations, Setting(net, 1))
    shapes = register_shapes(net, ())
    made = [operation for operation in operations if operation.mistakes]
    for op in made:
        entry = entry_of(op.formula, shapes.__getitem__, len(shapes[op.writes]))
        object.__setattr__(op, "entry", entry)
    return tuple(made)


def started_parameters(network: HasArchitecture, rule: Rule, parameters: Array) -> Array:
    """Return the parameters that runs begin with.

    Parameters
    ----------
    network : Network or Architecture
        Its sizes.
    rule : Rule
        Whose mistakes change the start, if any do.
    parameters : ndarray, shape (runs, parameters)
        Those given, in the order of the tape: W1 row by row, b1, W2, …

    Returns
    -------
    ndarray, shape (runs, parameters)
    """
    operations = start_operations(network, rule)
    if not operations:
        return parameters
    made = parameters.copy()
    given, new = (_registers(network.architecture, array) for array in (parameters, made))
    for operation in operations:
        compute(operation.formula, given, new[operation.writes])
    return made


def _registers(net: Architecture, parameters: Array) -> dict[str, Array]:
    """Return the parameters of each register, as views of shape (runs, …)."""
    names = [f"{letter}{layer}" for layer in range(1, net.last + 1) for letter in "Wb"]
    shapes = [register_shapes(net, ())[name] for name in names]
    stops = accumulate(map(prod, shapes))
    return {
        name: parameters[:, stop - prod(shape) : stop].reshape(-1, *shape)
        for name, shape, stop in zip(names, shapes, stops, strict=True)
    }


def started(network: Network, rule: Rule) -> Network:
    """Return the network that a run by a rule begins with, if it is given this one."""
    parameters = parameters_of(network)
    made = started_parameters(network, rule, parameters[None])[0]
    return network if (made == parameters).all() else with_parameters(network, made)
