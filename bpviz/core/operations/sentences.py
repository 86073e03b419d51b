"""What each operation of an update does, in words."""

from __future__ import annotations

from bpviz.core.model.functions import Activation
from bpviz.core.operations.operation import Templates

OUTPUT_ERROR = Templates(
    "The derivative of the loss with respect to each output: output minus target.",
    "The derivative of the loss with respect to output {unit}: output minus target, {value}.",
)
ANY_OUTPUT_ERROR = Templates(
    "The derivative of the loss with respect to each output.",
    "The derivative of the loss with respect to output {unit}: {value}.",
)


def unit_words(layer: int) -> str:
    """Return what the unit of a step is called."""
    return f"unit {{unit}} of layer {layer}"


def source_words(register: str) -> str:
    """Return what a layer's inputs are called: {from} of them is one."""
    return "input {from}" if register == "x" else f"unit {{from}} of layer {register[1:]}"


def aggregate(layer: int, inputs: str) -> Templates:
    """Say a = W x + b."""
    unit = unit_words(layer)
    return Templates(
        f"Each unit of layer {layer} multiplies its inputs by its weights, adds them up, and "
        "adds its bias: these are the aggregates.",
        f"The aggregate of {unit}: each input times its weight, plus the bias, gives {{value}}.",
        f"{source_words(inputs).capitalize()} times its weight is added to the aggregate of "
        f"{unit}: {{value}}.",
        f"The bias is added: the aggregate of {unit} is {{value}}.",
    )


def activation(layer: int, function: Activation) -> Templates:
    """Say h = f(a)."""
    return Templates(
        f"The activations of layer {layer}: {function.says}.",
        f"The activation of {unit_words(layer)}: {function.says}, and gives {{value}}.",
    )


def loss(says: str) -> Templates:
    """Say L, the loss of a sample."""
    return Templates(f"{says}: {{value}}.", f"{says}: {{value}}.")


def output_delta(says: str) -> Templates:
    """Say δ = h − y, where loss and activation function are derived together."""
    return Templates(
        f"The deltas of the output layer; {says}: output minus target.",
        f"The delta of output {{unit}}; {says}: output minus target, {{value}}.",
    )


def derivative(layer: int, function: Activation) -> Templates:
    """Say f′(a)."""
    says, coupled = function.derivative_says, function.couples_units
    of_unit = f"The derivative of the activation function at {unit_words(layer)}: {says}"
    return Templates(
        f"The derivative of the activation function in layer {layer}: {says}.",
        f"{of_unit}." if coupled else f"{of_unit}; here {{value}}.",
        f"How activation {{unit}} of layer {layer} changes with aggregate {{from}}: {{value}}."
        if coupled
        else "",
    )


def delta(layer: int) -> Templates:
    """Say δ = ∂L/∂h ∘ f′(a)."""
    return Templates(
        f"The deltas of layer {layer}: the error that arrives at each unit times the derivative "
        "of its activation function.",
        f"The delta of {unit_words(layer)}: the error that arrives times the derivative of the "
        "activation function, {value}.",
    )


def coupled_delta(layer: int) -> Templates:
    """Say δ where each aggregate moves every activation of the layer."""
    unit = unit_words(layer)
    return Templates(
        f"The deltas of layer {layer}: each aggregate moves every activation, so every error "
        "comes back through its derivative, and they add up.",
        f"The delta of {unit}: every error of the layer times how its activation changes with "
        "this aggregate, added up: {value}.",
        f"The error at unit {{from}} comes back to {unit}: {{value}}.",
    )


def weight_gradient(layer: int, inputs: str, samples: int) -> Templates:
    """Say ∂L/∂W = δ hᵀ, averaged over the batch."""
    unit, mean = unit_words(layer), _mean(samples)
    return Templates(
        f"The gradients of the weights of layer {layer}: the delta at the end of each connection "
        f"times the number that went in at its start{mean}.",
        f"The gradients of the weights of {unit}: its delta times each of its inputs{mean}.",
        f"The gradient of the weight from {source_words(inputs)} to {unit}: delta times "
        f"input{mean}, {{value}}.",
    )


def bias_gradient(layer: int, samples: int) -> Templates:
    """Say ∂L/∂b = δ, averaged over the batch."""
    unit = unit_words(layer)
    if samples == 1:
        return Templates(
            f"The gradients of the biases of layer {layer} are its deltas: a bias has the input 1.",
            f"The gradient of the bias of {unit} is its delta, {{value}}: a bias has the input 1.",
        )
    return Templates(
        f"The gradients of the biases of layer {layer}: its deltas{_mean(samples)}.",
        f"The gradient of the bias of {unit}: its delta{_mean(samples)}, {{value}}.",
    )


def _mean(samples: int) -> str:
    return "" if samples == 1 else f", averaged over the {samples} samples"


def propagated_error(layer: int, new: str) -> Templates:
    """Say ∂L/∂h = Wᵀ δ, with the W and δ of the layer above; `new` is said of the weights."""
    unit, above = unit_words(layer), layer + 1
    return Templates(
        f"The error passes back to layer {layer}: each unit collects the deltas of layer "
        f"{above}, each times the {new}weight that connects them.",
        f"The error that arrives at {unit}: each delta of layer {above} times the {new}weight "
        "that leads there, added up: {value}.",
        f"The delta of unit {{from}} of layer {above} comes back through its {new}weight to "
        f"{unit}: {{value}}.",
    )


def change(layer: int, what: str, does: str = "learning rate times gradient") -> Templates:
    """Say the change of a weight or a bias."""
    entry = f"The change of {_parameter(layer, what)}: {does}, {{value}}."
    row = f"The changes of the weights of {unit_words(layer)}: {does}."
    return Templates(
        f"The changes of the {_plural(what)} of layer {layer}: {does}.",
        entry if what == "bias" else row,
        entry,
    )


def optimized(layer: int, what: str, noun: str, does: str) -> Templates:
    """Say what an optimiser computes for a weight or a bias, such as its velocity."""
    entry = f"The {noun} of {_parameter(layer, what)}: {does}; {{value}}."
    row = f"The {noun} of each weight of {unit_words(layer)}: {does}."
    return Templates(
        f"The {noun} of each {what} of layer {layer}: {does}.",
        entry if what == "bias" else row,
        entry,
    )


def counted_update() -> Templates:
    """Say the number of the update."""
    return Templates("One more update is counted.", "This is update number {value}.")


def no_change(layer: int, what: str) -> Templates:
    """Say the zero change of a weight or a bias that is not trained."""
    bias = f"The bias of {unit_words(layer)} is not trained: its change is 0."
    row = f"The weights of {unit_words(layer)} are not trained: their change is 0."
    return Templates(
        f"The {_plural(what)} of layer {layer} are not trained: their change is 0.",
        bias if what == "bias" else row,
        f"{_parameter(layer, what).capitalize()} is not trained: its change is 0.",
    )


def new_parameters(
    layer: int, what: str, does: str = "old minus change, because the gradient points uphill"
) -> Templates:
    """Say the new value of a weight or a bias, old − change."""
    short = does.partition(", because")[0]
    entry = f"The new value of {_parameter(layer, what)}: {short}, {{value}}."
    row = f"The new weights of {unit_words(layer)}: {short}."
    return Templates(
        f"The new {_plural(what)} of layer {layer}: {does}.",
        entry if what == "bias" else row,
        entry,
    )


def called_mistake(words: Templates) -> Templates:
    """Return the sentences, each saying first that it is a mistake."""
    return Templates(*(text and f"Mistake: {text[0].lower()}{text[1:]}" for text in words))


def _plural(what: str) -> str:
    return "biases" if what == "bias" else what + "s"


def _parameter(layer: int, what: str) -> str:
    start = "weight {from}" if what == "weight" else "bias"
    return f"the {start} of {unit_words(layer)}"
