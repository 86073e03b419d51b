"""One update as an ordered list of operations on named registers.

This list is the single definition of the algorithm: what an operation computes stands in its
formula, and recording, explaining, sweeping and checking are readers of it. A mistake is a
rewriting of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bpviz.core.formula.entries import entry_of
from bpviz.core.formula.expression import Expression, Op, Ref, hadamard, sum_over
from bpviz.core.mistakes import Mistake, Setting, made_by
from bpviz.core.model.architecture import Architecture, HasArchitecture
from bpviz.core.operations import sentences
from bpviz.core.operations.operation import BACKWARD, FORWARD, LOSS, UPDATE, Operation
from bpviz.core.operations.optimizers import Optimizer, Parameter
from bpviz.core.operations.quantities import COUNT, input_register, register_shapes
from bpviz.core.update.rule import DIRTY, Rule


def algorithm(network: HasArchitecture, rule: Rule, samples: int = 1) -> tuple[Operation, ...]:
    """Return the operations of one update of `network` under `rule`, in order.

    The rule's mistakes are made wherever the network and the number of samples allow; their
    order in the rule makes no difference.
    """
    return _algorithm(network.architecture, rule.form, samples, made_by(rule.mistakes))


@lru_cache(maxsize=256)
def _algorithm(
    net: Architecture, rule: Rule, samples: int, mistakes: tuple[Mistake, ...]
) -> tuple[Operation, ...]:
    if rule.mistakes:
        operations = list(_algorithm(net, replace(rule, mistakes=()), samples, ()))
    else:
        operations = list(_update(net, rule, samples))
    for mistake in mistakes:
        operations = mistake.rewrite(operations, Setting(net, samples))
    shapes = register_shapes(net, rule.carried)
    for op in operations:
        if op.mistakes or not rule.mistakes:  # the others have theirs already
            entry = entry_of(op.formula, shapes.__getitem__, len(shapes[op.writes]))
            object.__setattr__(op, "entry", entry)  # `replace` takes ten times as long
    return tuple(operations)


def _update(net: Architecture, rule: Rule, samples: int) -> Iterator[Operation]:
    layers = range(1, net.last + 1)
    for layer in layers:
        yield from _forward(net, layer)
    yield from _loss(net)
    for layer in reversed(layers):
        yield from _backward(net, layer, samples)
        if rule.update == DIRTY:
            if layer == net.last:
                yield from _counted(net, rule)
            yield from _changes(layer, rule)
        if layer > 1:
            weights = f"nW{layer}" if rule.update == DIRTY else f"W{layer}"
            yield _propagated_error(layer - 1, weights)
    if rule.update != DIRTY:
        yield from _counted(net, rule)
        for layer in layers:
            yield from _changes(layer, rule)


def _forward(net: Architecture, layer: int) -> Iterator[Operation]:
    inputs, function = input_register(layer), net.activations[layer - 1]
    a, h = f"a{layer}", f"h{layer}"
    aggregate = Ref(f"W{layer}") @ Ref(inputs) + Ref(f"b{layer}")
    yield Operation(FORWARD, layer, a, aggregate, sentences.aggregate(layer, inputs))
    yield Operation(FORWARD, layer, h, function.of(a), sentences.activation(layer, function))


def _loss(net: Architecture) -> Iterator[Operation]:
    last, loss, pair = net.last, net.loss, net.pair
    a, h = f"a{last}", f"h{last}"
    if pair is not None:
        yield Operation(LOSS, last, "loss", pair.of(a, h), sentences.loss(pair.loss_says))
        return
    yield Operation(LOSS, last, "loss", loss.of(h), sentences.loss(loss.says))
    error = loss.derivative_of(h)
    plain = error == Ref(h) - Ref("y")
    words = sentences.OUTPUT_ERROR if plain else sentences.ANY_OUTPUT_ERROR
    yield Operation(LOSS, last, f"e{last}", error, words)


def _backward(net: Architecture, layer: int, samples: int) -> Iterator[Operation]:
    function, inputs = net.activations[layer - 1], input_register(layer)
    a, h, s, e, d = (f"{quantity}{layer}" for quantity in "ahsed")
    if layer == net.last and net.pair is not None:
        words = sentences.output_delta(net.pair.says)
        yield Operation(BACKWARD, layer, d, Ref(h) - Ref("y"), words)
    else:
        slope = function.derivative_of(a, h)
        yield Operation(BACKWARD, layer, s, slope, sentences.derivative(layer, function))
        if function.couples_units:
            delta: Op = Ref(s).T @ Ref(e)
            yield Operation(BACKWARD, layer, d, delta, sentences.coupled_delta(layer))
        else:
            delta = hadamard(Ref(e), Ref(s))
            yield Operation(BACKWARD, layer, d, delta, sentences.delta(layer))
    of_weights, of_biases = gradients(d, inputs, samples)
    words = sentences.weight_gradient(layer, inputs, samples)
    yield Operation(BACKWARD, layer, f"gW{layer}", of_weights, words)
    yield Operation(
        BACKWARD, layer, f"gb{layer}", of_biases, sentences.bias_gradient(layer, samples)
    )


def gradients(d: str, inputs: str, samples: int) -> tuple[Expression, Expression]:
    """Return ∂L/∂W and ∂L/∂b of a layer, averaged over the samples."""
    if samples == 1:
        return Ref(d) @ Ref(inputs).T, Ref(d)
    one, of_it = Ref(d, sample="s"), Ref(inputs, sample="s")
    return (
        sum_over("s", samples, one @ of_it.T) / float(samples),
        sum_over("s", samples, one) / float(samples),
    )


def _propagated_error(layer: int, weights: str) -> Operation:
    new = "already updated " if weights.startswith("n") else ""
    error = Ref(weights).T @ Ref(f"d{layer + 1}")
    return Operation(BACKWARD, layer, f"e{layer}", error, sentences.propagated_error(layer, new))


def _changes(layer: int, rule: Rule) -> Iterator[Operation]:
    for parameter, what in ((f"W{layer}", "weight"), (f"b{layer}", "bias")):
        change = f"u{parameter}"
        if rule.train_biases or what == "weight":
            yield from _optimized(layer, parameter, what, rule.optimizer)
        else:
            yield Operation(UPDATE, layer, change, 0.0, sentences.no_change(layer, what))
        yield Operation(
            UPDATE,
            layer,
            f"n{parameter}",
            Ref(parameter) - Ref(change),
            sentences.new_parameters(layer, what),
        )


def _counted(net: Architecture, rule: Rule) -> Iterator[Operation]:
    if rule.optimizer.counts:
        words = sentences.counted_update()
        yield Operation(UPDATE, net.last, f"n{COUNT}", Ref(COUNT) + 1.0, words)


def _optimized(layer: int, parameter: str, what: str, optimizer: Optimizer) -> Iterator[Operation]:
    for writes, formula, says in optimizer.lines(Parameter(parameter)):
        register = writes.register
        letters = register.removesuffix(parameter)
        words = (
            sentences.change(layer, what, says)
            if letters == "u"
            else sentences.optimized(layer, what, optimizer.noun(letters), says)
        )
        yield Operation(UPDATE, layer, register, formula, words)
