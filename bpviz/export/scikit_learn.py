"""Networks from scikit-learn, which itself is needed by nobody else."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from bpviz.core.arguments import shortened
from bpviz.core.model.network import Layer, Network

FUNCTIONS = {
    "identity": "identity",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "softmax": "softmax",
}
"""What bpviz calls scikit-learn's functions."""
LOSSES_OF_CLASSIFIERS = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy"}
"""Of a classifier, by the function of its last layer."""


def from_sklearn(mlp: Any) -> Network:
    """Return the network that scikit-learn has fitted.

    Its weights are (inputs, units) there, and (units, inputs) here. The penalty `alpha` on
    large weights is left out.

    Parameters
    ----------
    mlp : sklearn.neural_network.MLPRegressor or MLPClassifier
        Fitted.

    Returns
    -------
    Network
        `network.predict(X)` is `mlp.predict(X)` of a regressor, and `mlp.predict_proba(X)` of a
        classifier; with two classes it has one output, the second column. The loss is the one
        that it was fitted by.

    Raises
    ------
    TypeError
        If `mlp` is none of the two.
    ValueError
        If it is not fitted, or a layer has a function that bpviz has not.

    Examples
    --------
    >>> from sklearn.neural_network import MLPRegressor
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
    >>> regressor = MLPRegressor(hidden_layer_sizes=3, solver="lbfgs", random_state=0).fit(X, y)
    >>> bp.from_sklearn(regressor)
    Network(2-3-1; relu, identity; loss squared_error)
    """
    sklearn = sys.modules.get("sklearn.neural_network")  # who has an MLP has imported it
    if sklearn is None or not isinstance(mlp, (sklearn.MLPRegressor, sklearn.MLPClassifier)):
        raise TypeError(
            f"mlp is {shortened(mlp)}; give an MLPRegressor or MLPClassifier of "
            "sklearn.neural_network; of a Pipeline that is pipeline[-1], with X as the steps "
            "before leave it"
        )
    if not hasattr(mlp, "coefs_"):
        raise ValueError(f"mlp is {shortened(mlp)}, which is not fitted; call mlp.fit(X, y) first")
    last = len(mlp.coefs_)
    layers = []
    for number, (weights, bias) in enumerate(zip(mlp.coefs_, mlp.intercepts_, strict=True), 1):
        name = mlp.out_activation_ if number == last else mlp.activation
        if name not in FUNCTIONS:
            raise ValueError(
                f"layer {number} of mlp has the activation function {shortened(name)}, which bpviz "
                f"has not; fit it with one of {', '.join(FUNCTIONS)}"
            )
        layers.append(Layer(np.transpose(weights), bias, FUNCTIONS[name]))
    if isinstance(mlp, sklearn.MLPRegressor):
        return Network(layers)
    return Network(layers, LOSSES_OF_CLASSIFIERS[layers[-1].activation.name])
