"""Mistakes in how gradients are made from deltas, and added up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bpviz.core.formula.expression import Expression, Op, Ref, hadamard, replaced
from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.operations.operation import Operation, Templates
from bpviz.core.operations.quantities import input_register
from bpviz.core.operations.sentences import source_words, unit_words

WEIGHTS, BIASES = "gW", "gb"


def _elementwise(operation: Operation, setting: Setting) -> Expression | None:
    units, inputs = setting.sizes[operation.layer], setting.sizes[operation.layer - 1]
    if operation.quantity != WEIGHTS or setting.samples > 1 or not units == inputs > 1:
        return None
    product = hadamard(Ref(f"d{operation.layer}"), Ref(input_register(operation.layer)))
    return Op("stretch", (product,), count=inputs)


def _over_units(operation: Operation, setting: Setting) -> Expression | None:
    units, samples = setting.sizes[operation.layer], setting.samples
    if operation.quantity != BIASES or units == 1 or samples not in (1, units):
        return None
    d = f"d{operation.layer}"
    if samples == 1:
        return Op("stretch", (Op("total", (Ref(d),)),), count=units)
    of_each = Op("each", (Op("total", (Ref(d, sample="s"),)),), over="s", count=samples)
    return of_each / float(samples)


def _summed(operation: Operation, setting: Setting) -> Expression | None:
    if operation.quantity not in (WEIGHTS, BIASES) or setting.samples == 1:
        return None
    assert isinstance(operation.formula, Op)
    return operation.formula.of[0]


def _averaged_twice(operation: Operation, setting: Setting) -> Expression | None:
    if operation.quantity not in (WEIGHTS, BIASES) or setting.samples == 1:
        return None
    return Op("divide", (operation.formula, float(setting.samples)))


def _accumulated(operation: Operation, _setting: Setting) -> Expression | None:
    left_over = Ref("p" + operation.writes.removeprefix("g"))
    if operation.quantity == WEIGHTS:
        return left_over + operation.formula
    return operation.formula + left_over if operation.quantity == BIASES else None


def _aggregate(layer: int, setting: Setting) -> str | None:
    plain = layer == 1 or setting.function(layer - 1).of("a") == Ref("a")
    return None if plain else f"a{layer - 1}"


def _own_activation(layer: int, setting: Setting) -> str | None:
    return f"h{layer}" if setting.sizes[layer] == setting.sizes[layer - 1] else None


def _networks_input(layer: int, setting: Setting) -> str | None:
    return "x" if layer > 1 and setting.sizes[layer - 1] == setting.sizes[0] else None


def _with_input(
    taken: Callable[[int, Setting], str | None],
) -> Callable[[Operation, Setting], Expression | None]:
    """Return what takes another register for the input of a layer."""

    def alters(operation: Operation, setting: Setting) -> Expression | None:
        other = taken(operation.layer, setting) if operation.quantity == WEIGHTS else None
        if other is None:
            return None
        inputs = {input_register(operation.layer): lambda ref: replace(ref, register=other)}
        return replaced(operation.formula, inputs)

    return alters


IN_THE_PLACE_OF_THE_INPUT = {
    "aggregate_used_as_input": "the aggregate that the input was made from",
    "own_activation_used_as_input": "the activation of layer {layer} itself",
    "network_input_everywhere": "the input of the network",
}


def _says(operation: Operation, setting: Setting) -> Templates:
    of_weights = operation.quantity == WEIGHTS
    return (_says_of_weights if of_weights else _says_of_biases)(operation, setting)


def _says_of_weights(operation: Operation, setting: Setting) -> Templates:
    inputs = input_register(operation.layer)
    others = (n for n in operation.mistakes if n in IN_THE_PLACE_OF_THE_INPUT)
    other = next((IN_THE_PLACE_OF_THE_INPUT[n].format(layer=operation.layer) for n in others), "")
    does = f"delta times {other or 'input'}{_extent(operation, setting)}{_leftover(operation)}"
    if "elementwise_product" in operation.mistakes:
        does = (
            f"delta times {other or 'the input'} with the same number as the unit, whichever "
            f"input the weight is for{_leftover(operation)}"
        )
    unit = unit_words(operation.layer)
    return Templates(
        f"Mistake: the gradients of the weights of layer {operation.layer} are {does}.",
        f"Mistake: the gradients of the weights of {unit} are {does}.",
        f"Mistake: the gradient of the weight from {source_words(inputs)} to {unit} is "
        f"{does}: {{value}}.",
    )


def _says_of_biases(operation: Operation, setting: Setting) -> Templates:
    one, all_of_them = "its delta", "its deltas"
    if "bias_gradient_wrong_axis" in operation.mistakes:
        several = setting.samples > 1
        one = all_of_them = "the deltas of all units" + " of one sample" * several
    extent, leftover = _extent(operation, setting), _leftover(operation)
    unit = unit_words(operation.layer)
    return Templates(
        f"Mistake: the gradients of the biases of layer {operation.layer} are {all_of_them}"
        f"{extent}{leftover}.",
        f"Mistake: the gradient of the bias of {unit} is {one}{extent}{leftover}: {{value}}.",
        f"Mistake: the gradient of the bias of {unit}, number {{from}} of what is added up: "
        "{value}.",
        f"Mistake: the gradient that is left over from the update before is added: {{value}} "
        f"for the bias of {unit}."
        if leftover
        else "",
    )


def _extent(operation: Operation, setting: Setting) -> str:
    """Return how the gradient is made from the samples of a batch, in words."""
    samples = setting.samples
    if "batch_summed" in operation.mistakes:
        return f", added up over the {samples} samples and not averaged"
    if "batch_averaged_twice" in operation.mistakes:
        return f", divided by the {samples} samples twice"
    over_units = "bias_gradient_wrong_axis" in operation.mistakes
    added = ", added up" * over_units
    if samples == 1:
        return added
    mean = f"{added} and divided by {samples}"
    return mean if over_units else f", averaged over {samples} samples"


def _leftover(operation: Operation) -> str:
    accumulated = "gradients_accumulated" in operation.mistakes
    return ", plus the gradient left over from the update before" * accumulated


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
        says=_says,
    ),
    Mistake(
        name="aggregate_used_as_input",
        title="The aggregate is taken for the activation",
        change="∂L/∂W = δ hᵀ, with the h of the layer before, becomes δ aᵀ",
        notice="With ReLU nothing is wrong where the unit before is on; where it is off, its "
        "outgoing weights change although nothing came from it. The gradient check passes for "
        "the first layer and for all biases.",
        source="M. Nielsen, “Neural Networks and Deep Learning” (2015), chapter 2, equation BP4, "
        "where a is the activation, and z what is called a here",
        needs="a hidden layer with an activation function other than the identity",
        alters=_with_input(_aggregate),
        says=_says,
        excludes=("own_activation_used_as_input", "network_input_everywhere"),
    ),
    Mistake(
        name="own_activation_used_as_input",
        title="A layer's own activation is taken for its input",
        change="∂L/∂W = δ hᵀ takes the h of the layer itself, not of the layer before",
        notice="An index is off by one. With layers of different sizes the shapes do not fit; "
        "with equal sizes nothing is heard. The gradient check fails for the weights and passes "
        "for the biases.",
        source="M. Nielsen, “Neural Networks and Deep Learning” (2015), network.py: delta[-l] "
        "goes with activations[-l-1], of the layer before",
        needs="a layer with as many units as inputs",
        alters=_with_input(_own_activation),
        says=_says,
        excludes=("aggregate_used_as_input", "network_input_everywhere"),
    ),
    Mistake(
        name="network_input_everywhere",
        title="The input of the network is taken for that of every layer",
        change="∂L/∂W = δ hᵀ becomes δ xᵀ in the layers after the first",
        notice="Nothing is wrong with a single layer. With a hidden layer as wide as the input "
        "nothing is heard, and the gradient check fails for the weights of the layers after it.",
        source="Stanford course CS231n, notes “Putting it together: Minimal Neural Network Case "
        "Study”: dW = np.dot(X.T, dscores) becomes dW2 = np.dot(hidden_layer.T, dscores) when a "
        "hidden layer is added",
        needs="a hidden layer with as many units as the network has inputs",
        alters=_with_input(_networks_input),
        says=_says,
        excludes=("aggregate_used_as_input", "own_activation_used_as_input"),
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
        says=_says,
    ),
    Mistake(
        name="batch_summed",
        title="The gradients of a batch are summed, not averaged",
        change="∂L/∂W = Σ δ hᵀ / B loses the division by B",
        notice="Steps grow with the batch: what learns with 4 samples diverges with 64. The "
        "gradient check, for which the loss is the mean, finds every gradient B times too large.",
        source="Stanford course CS231n, notes “Putting it together: Minimal Neural Network Case "
        "Study”, where the gradient is divided by num_examples",
        needs="two samples or more in an update",
        alters=_summed,
        says=_says,
        excludes=("batch_averaged_twice",),
        right_because="The sum is the gradient of the summed loss, the mean that of the mean; only "
        "the learning rate that fits differs, by the number of samples.",
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
        alters=_averaged_twice,
        says=_says,
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
        says=_says,
        unseen_because="The check looks at one update from the start, when no gradient is left "
        "over from another.",
        keeps_gradients=True,
    ),
)
