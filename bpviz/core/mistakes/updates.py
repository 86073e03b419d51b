"""Mistakes in the change of the parameters, and in what a run reports."""

from __future__ import annotations

from bpviz.core.formula.expression import Expression, Op
from bpviz.core.mistakes.mistake import REPORT, Mistake, Setting
from bpviz.core.operations.operation import Operation, Templates
from bpviz.core.operations.quantities import RATE
from bpviz.core.operations.sentences import called_mistake, change, new_parameters, no_change


def _bias_forgotten(operation: Operation, _setting: Setting) -> Expression | None:
    return 0.0 if operation.quantity == "ub" and operation.formula != 0.0 else None


def _hidden_forgotten(operation: Operation, setting: Setting) -> Expression | None:
    changes = operation.quantity in ("uW", "ub") and operation.formula != 0.0
    return 0.0 if changes and operation.layer < setting.last else None


def _says_untrained(operation: Operation, _setting: Setting) -> Templates:
    what = "weight" if operation.quantity == "uW" else "bias"
    return called_mistake(no_change(operation.layer, what))


def _added(operation: Operation, _setting: Setting) -> Expression | None:
    if operation.quantity not in ("nW", "nb"):
        return None
    assert isinstance(operation.formula, Op)
    return Op("add", operation.formula.of)


def _says_added(operation: Operation, _setting: Setting) -> Templates:
    what = "weight" if operation.quantity == "nW" else "bias"
    does = "old plus change, although the gradient points uphill"
    return called_mistake(new_parameters(operation.layer, what, does))


def _rate_twice(operation: Operation, _setting: Setting) -> Expression | None:
    changes = operation.quantity in ("uW", "ub") and operation.formula != 0.0
    return Op("multiply", (RATE, operation.formula)) if changes else None


def _says_twice(operation: Operation, _setting: Setting) -> Templates:
    what = "weight" if operation.quantity == "uW" else "bias"
    does = "learning rate times learning rate times gradient"
    return called_mistake(change(operation.layer, what, does))


UPDATES = (
    Mistake(
        name="biases_not_trained",
        title="The biases are not trained",
        change="b − learning rate · ∂L/∂b becomes b",
        notice="The biases are the same after a run as before. Their gradients are there, and "
        "right; nobody uses them. The rule's train_biases=False does this on purpose.",
        source="The lecture notebook on XOR: bias_layer1 and bias_layer2 are drawn once and "
        "never assigned again",
        needs="a rule that trains biases",
        alters=_bias_forgotten,
        says=_says_untrained,
        unseen_because="The gradients of the biases are right; they are only left unused.",
    ),
    Mistake(
        name="hidden_layers_not_trained",
        title="The hidden layers are not trained",
        change="W − learning rate · ∂L/∂W becomes W in every layer but the last, and b likewise",
        notice="The weights of the hidden layers are the same after a run as before. The loss "
        "may fall all the same, as far as the last layer can bring it with hidden units as they "
        "were drawn.",
        source="G.-B. Huang, Q.-Y. Zhu and C.-K. Siew, “Extreme learning machine: theory and "
        "applications”, Neurocomputing 70 (2006), who do it on purpose",
        needs="a hidden layer",
        alters=_hidden_forgotten,
        says=_says_untrained,
        unseen_at=(0.0,),
        unseen_because="The gradients of the hidden layers are right; they are only left unused.",
    ),
    Mistake(
        name="gradient_added",
        title="The gradient is added, not taken away",
        change="W − learning rate · ∂L/∂W becomes W + learning rate · ∂L/∂W",
        notice="The loss grows from the first update on, as with the sign of the error flipped; "
        "but here the gradient check passes.",
        source="M. Nielsen, “Neural Networks and Deep Learning” (2015), chapter 1: to make the "
        "cost smaller, the gradient is taken away",
        needs="a learning rate above 0",
        alters=_added,
        says=_says_added,
        unseen_at=(0.0,),
        unseen_because="Every gradient is right; the mistake is in what is done with it.",
    ),
    Mistake(
        name="learning_rate_twice",
        title="The learning rate is applied twice",
        change="W − η · ∂L/∂W becomes W − η² · ∂L/∂W",
        notice="Learning is slower than it should be by a factor of η: with η = 0.01 a hundred "
        "times. The gradient check passes.",
        source="The first lecture notebook: its delta_w_h_o has the learning rate in it "
        "already, so that learning_rate * delta_w_h_o would have it twice",
        needs="a learning rate other than 0 and 1",
        alters=_rate_twice,
        says=_says_twice,
        unseen_at=(0.0, 1.0),
        unseen_because="Every gradient is right; the mistake is in what is done with it.",
    ),
    Mistake(
        name="targets_not_shuffled",
        title="Shuffled predictions are compared with unshuffled targets",
        change="The loss of an epoch, from hₖ − y of the same sample, pairs the k-th prediction "
        "made with the k-th target of the data",
        notice="With shuffling on, the reported loss jumps from epoch to epoch and does not "
        "fall, although the network learns: its predictions, sample by sample, are right.",
        source="The lecture notebook on XOR: error(y, prediction), where prediction is in the "
        "order of x_order and y is not",
        needs="a run that shuffles",
        unseen_because="Every update is right; only the reported loss is not.",
        acts_on=REPORT,
    ),
)
