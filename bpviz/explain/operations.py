"""What each kind of operation means: its expressions, its sentences, its lines of NumPy."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.core.operation import Operation
from bpviz.explain import backward, forward, mistaken, mistaken_gradients, updating
from bpviz.explain.templates import Context, Explanation

EXPLANATIONS: dict[str, Callable[[Operation, Context], Explanation]] = {
    "aggregate": forward.aggregate,
    "activation": forward.activation,
    "derivative": backward.derivative,
    "loss": forward.loss,
    "output_error": backward.output_difference(
        "The derivative of the loss with respect to each output",
        "The derivative of the loss with respect to output {unit}",
    ),
    "output_delta": backward.output_difference(
        "The deltas of the output layer; softmax and cross-entropy together need no separate "
        "derivative",
        "The delta of output {unit}; softmax and cross-entropy together need no separate "
        "derivative",
    ),
    "delta": backward.delta,
    "coupled_delta": backward.coupled_delta,
    "weight_gradient": backward.weight_gradient,
    "bias_gradient": backward.bias_gradient,
    "propagated_error": backward.propagated_error,
    "change": updating.change,
    "no_change": updating.no_change,
    "new_parameters": updating.new_parameters,
    "derivative_at_activation": mistaken.derivative_at_activation,
    "relu_derivative_from_activation": mistaken.relu_derivative_from_activation,
    "relu_derivative_one_at_zero": mistaken.relu_derivative_one_at_zero,
    "delta_without_derivative": mistaken.delta_without_derivative,
    "output_delta_times_derivative": mistaken.output_delta_times_derivative,
    "reversed_output_error": mistaken.reversed_output_error,
    "reversed_output_delta": mistaken.reversed_output_delta,
    "mistaken_error": mistaken.mistaken_error,
    "mistaken_weight_gradient": mistaken_gradients.mistaken_weight_gradient,
    "mistaken_bias_gradient": mistaken_gradients.mistaken_bias_gradient,
    "bias_forgotten": mistaken.bias_forgotten,
    "change_twice": mistaken.change_twice,
}


def explain(operation: Operation, context: Context) -> Explanation:
    """Return what an operation computes."""
    return EXPLANATIONS[operation.kind](operation, context)
