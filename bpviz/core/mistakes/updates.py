"""Mistakes in the change of the parameters, and in what a run reports."""

from __future__ import annotations

from bpviz.core.formula.expression import Expression, Op
from bpviz.core.mistakes.mistake import REPORT, Mistake, Setting
from bpviz.core.operations.operation import Operation, Templates
from bpviz.core.operations.quantities import RATE
from bpviz.core.operations.sentences import called_mistake, change, no_change


def _bias_forgotten(operation: Operation, _setting: Setting) -> Expression | None:
    return 0.0 if operation.quantity == "ub" and operation.formula != 0.0 else None


def _says_forgotten(operation: Operation, _setting: Setting) -> Templates:
    return called_mistake(no_change(operation.layer, "bias"))


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
        says=_says_forgotten,
        unseen_because="The gradients of the biases are right; they are only left unused.",
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
