"""One update as an ordered list of operations on named registers.

This list is the single definition of the algorithm: `backprop` runs it, `explain` turns it
into steps, and a mistake is a rewriting of it.
"""

from __future__ import annotations

from bpviz.core.mistakes import Setting, mistakes
from bpviz.core.network import Network
from bpviz.core.operation import BACKWARD, FORWARD, LOSS, UPDATE, Operation
from bpviz.core.rule import DIRTY, Rule


def algorithm(network: Network, rule: Rule, samples: int = 1) -> tuple[Operation, ...]:
    """Return the operations of one update of `network` under `rule`, in order.

    The rule's mistakes are made wherever the network and the number of samples allow; their
    order in the rule makes no difference.
    """
    layers = range(1, len(network.layers) + 1)
    operations = _forward(network) + _loss(network)
    for number in reversed(layers):
        operations += _backward(network, number)
        if rule.update == DIRTY:
            operations += _update(number, rule)
        if number > 1:
            weights = f"nW{number}" if rule.update == DIRTY else f"W{number}"
            operations.append(
                Operation(
                    "propagated_error",
                    BACKWARD,
                    number - 1,
                    f"e{number - 1}",
                    (weights, f"d{number}"),
                )
            )
    if rule.update != DIRTY:
        for number in layers:
            operations += _update(number, rule)
    setting = Setting(network, rule, samples)
    for mistake in mistakes.values():
        if mistake.name in rule.mistakes:
            operations = mistake.rewrite(operations, setting)
    return tuple(operations)


def _forward(network: Network) -> list[Operation]:
    operations = []
    for number, layer in enumerate(network.layers, start=1):
        a, h = f"a{number}", f"h{number}"
        reads = (f"W{number}", input_register(number), f"b{number}")
        operations += [
            Operation("aggregate", FORWARD, number, a, reads),
            Operation("activation", FORWARD, number, h, (a,), layer.activation),
        ]
    return operations


def _loss(network: Network) -> list[Operation]:
    last = len(network.layers)
    reads = (f"{network.loss.value_from}{last}", "y")
    operations = [Operation("loss", LOSS, last, "loss", reads, network.loss)]
    if network.loss.needs_activation is None:
        operations.append(Operation("output_error", LOSS, last, f"e{last}", (f"h{last}", "y")))
    return operations


def _backward(network: Network, number: int) -> list[Operation]:
    function = network.layers[number - 1].activation
    delta, derivative, error = f"d{number}", f"s{number}", f"e{number}"
    if number == len(network.layers) and network.loss.needs_activation is not None:
        reads: tuple[str, ...] = (f"h{number}", "y")
        deltas = [Operation("output_delta", BACKWARD, number, delta, reads)]
    else:
        reads = (f"{function.derivative_from}{number}",)
        kind = "coupled_delta" if function.couples_units else "delta"
        deltas = [
            Operation("derivative", BACKWARD, number, derivative, reads, function),
            Operation(kind, BACKWARD, number, delta, (error, derivative)),
        ]
    gradient_reads = (delta, input_register(number))
    return [
        *deltas,
        Operation("weight_gradient", BACKWARD, number, f"gW{number}", gradient_reads),
        Operation("bias_gradient", BACKWARD, number, f"gb{number}", (delta,)),
    ]


def _update(number: int, rule: Rule) -> list[Operation]:
    operations = []
    for parameter in (f"W{number}", f"b{number}"):
        trained = rule.train_biases or parameter.startswith("W")
        kind, reads = ("change", (f"g{parameter}",)) if trained else ("no_change", ())
        change = Operation(kind, UPDATE, number, f"u{parameter}", reads)
        result = (parameter, f"u{parameter}")
        operations += [
            change,
            Operation("new_parameters", UPDATE, number, f"n{parameter}", result),
        ]
    return operations


def input_register(number: int) -> str:
    """Return the register that layer `number` gets its inputs from."""
    return "x" if number == 1 else f"h{number - 1}"
