"""Mistakes in how gradients are made from deltas, and added up."""

from __future__ import annotations

from dataclasses import replace

from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.operation import Operation

WEIGHT, BIAS = "weight_gradient", "bias_gradient"
WEIGHTS, BIASES = (WEIGHT, f"mistaken_{WEIGHT}"), (BIAS, f"mistaken_{BIAS}")


def _mistaken(operation: Operation, *more_reads: str) -> Operation:
    kind = f"mistaken_{WEIGHT if operation.kind in WEIGHTS else BIAS}"
    return replace(operation, kind=kind, reads=(*operation.reads, *more_reads))


def _elementwise(operation: Operation, setting: Setting) -> Operation | None:
    units, inputs = setting.sizes[operation.layer], setting.sizes[operation.layer - 1]
    fits = setting.samples == 1 and units == inputs > 1
    return _mistaken(operation) if operation.kind in WEIGHTS and fits else None


def _over_units(operation: Operation, setting: Setting) -> Operation | None:
    units = setting.sizes[operation.layer]
    fits = units > 1 and setting.samples in (1, units)
    return _mistaken(operation) if operation.kind in BIASES and fits else None


def _of_batch(operation: Operation, setting: Setting) -> Operation | None:
    gradient = operation.kind in WEIGHTS + BIASES
    return _mistaken(operation) if gradient and setting.samples > 1 else None


def _accumulated(operation: Operation, _setting: Setting) -> Operation | None:
    if operation.kind not in WEIGHTS + BIASES:
        return None
    return _mistaken(operation, "p" + operation.writes.removeprefix("g"))


GRADIENTS = (
    Mistake(
        name="elementwise_product",
        title="An element-wise product stands for the matrix product",
        change="∂L/∂W = δ xᵀ, with the entries δᵢ xⱼ, becomes δ ∘ x, with δᵢ xᵢ in the whole row i",
        notice="All weights of a unit change by the same amount. NumPy stretches the column "
        "δ * x over the matrix without a word where a layer has as many units as inputs.",
        source="NumPy user guide, “NumPy for MATLAB users”: * is element-wise, @ is the matrix "
        "product",
        needs="a layer with as many units as inputs, at least two, and a single sample",
        alters=_elementwise,
    ),
    Mistake(
        name="bias_gradient_wrong_axis",
        title="The bias gradient is summed over the wrong axis",
        change="∂L/∂bᵢ adds the δ of all units instead of the δᵢ of all samples",
        notice="With a single sample all biases of a layer change by the same amount; with as "
        "many samples as units each takes its number from one sample. Otherwise the shapes "
        "do not fit, and NumPy says so. The gradient check fails for the biases alone.",
        source="Stanford course CS231n, notes “Putting it together: Minimal Neural Network Case "
        "Study”, where the sum is over axis=0, the samples",
        needs="a layer with two units or more, and one sample or as many as it has units",
        alters=_over_units,
    ),
    Mistake(
        name="batch_summed",
        title="The gradients of a batch are summed, not averaged",
        change="∂L/∂W = Σ δ hᵀ / B loses the division by B",
        notice="Steps grow with the batch: what learns with 4 samples diverges with 64. The "
        "gradient check finds every gradient B times too large.",
        source="Stanford course CS231n, notes “Putting it together: Minimal Neural Network Case "
        "Study”, where the gradient is divided by num_examples",
        needs="two samples or more in an update",
        alters=_of_batch,
        excludes=("batch_averaged_twice",),
    ),
    Mistake(
        name="batch_averaged_twice",
        title="The gradients of a batch are averaged twice",
        change="∂L/∂W = Σ δ hᵀ / B is divided by B once more",
        notice="The larger the batch, the slower the learning. The gradient check finds every "
        "gradient B times too small.",
        source='PyTorch documentation, torch.nn.MSELoss: with reduction="mean" the loss is an '
        "average already",
        needs="two samples or more in an update",
        alters=_of_batch,
        excludes=("batch_summed",),
    ),
    Mistake(
        name="gradients_accumulated",
        title="Gradients are never set back to zero",
        change="∂L/∂W of an update is added to that of all updates before",
        notice="The first update is right, and from the second on the steps grow. The loss "
        "swings wider and wider.",
        source="PyTorch documentation, torch.optim.Optimizer.zero_grad: gradients add up until "
        "they are set back",
        needs="any network",
        alters=_accumulated,
        unseen_because="The check looks at one update from the start, when no gradient is left "
        "over from another.",
        keeps_gradients=True,
    ),
)
