"""Networks from scikit-learn answer as `predict` does, and learn as autograd does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from torch.nn import functional

import bpviz as bp

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
X = np.random.default_rng(0).normal(size=(40, 3))
TARGETS = np.column_stack([X[:, 0] * X[:, 1], X.sum(axis=1)])
CLASSES = {
    "two classes": (X[:, 0] > 0).astype(int),
    "three classes": np.digitize(X[:, 0], [-0.5, 0.5]),
    "several labels": (X[:, :2] > 0).astype(int),
}


def fitted(kind, y, activation: str = "tanh", **options):
    sizes = {"hidden_layer_sizes": (5, 4), "max_iter": 20, "random_state": 0}
    return kind(activation=activation, **sizes | options).fit(X, y)


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize("y", [TARGETS[:, 0], TARGETS], ids=["one output", "two outputs"])
def test_a_regressor(activation, y) -> None:
    mlp = fitted(MLPRegressor, y, activation)
    network = bp.from_sklearn(mlp)
    assert network.sizes == (3, 5, 4, y.ndim)
    assert network.loss is bp.squared_error
    predicted = mlp.predict(X).reshape(len(X), -1)
    np.testing.assert_allclose(network.predict(X), predicted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", CLASSES)
def test_a_classifier(name) -> None:
    mlp = fitted(MLPClassifier, CLASSES[name], "relu")
    network = bp.from_sklearn(mlp)
    shares = mlp.predict_proba(X)
    expected = shares[:, 1:] if name == "two classes" else shares
    np.testing.assert_allclose(network.predict(X), expected, rtol=1e-11, atol=1e-14)
    loss = bp.cross_entropy if name == "three classes" else bp.binary_cross_entropy
    assert network.loss is loss


@pytest.mark.parametrize("name", CLASSES)
def test_its_gradients_are_those_of_autograd(name) -> None:
    classes = CLASSES[name]
    network = bp.from_sklearn(fitted(MLPClassifier, classes))
    several = name == "three classes"
    y = np.eye(3)[classes] if several else classes.reshape(len(X), -1).astype(float)
    trace = bp.backprop(network, X, y)
    module = network.to_torch()
    logits = module[:-1](torch.tensor(X))
    if several:
        loss = functional.cross_entropy(logits, torch.tensor(classes))
    else:
        given = functional.binary_cross_entropy_with_logits
        loss = given(logits, torch.tensor(y), reduction="sum") / len(X)
    loss.backward()
    assert np.mean(trace.loss) == pytest.approx(loss.item(), rel=1e-12)
    for number, linear in enumerate(module[::2], start=1):
        np.testing.assert_allclose(trace[f"gW{number}"], linear.weight.grad, rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(trace[f"gb{number}"], linear.bias.grad, rtol=1e-9, atol=1e-13)


def test_what_is_not_fitted_is_said() -> None:
    with pytest.raises(ValueError, match=r"MLPRegressor\(\), which is not fitted; call mlp.fit"):
        bp.from_sklearn(MLPRegressor())


def test_a_function_that_is_not_here_is_refused_with_its_layer() -> None:
    mlp = fitted(MLPRegressor, TARGETS)
    mlp.out_activation_ = "exp"
    with pytest.raises(ValueError, match="layer 3 of mlp has the activation function 'exp'"):
        bp.from_sklearn(mlp)


@pytest.mark.parametrize("mlp", [None, 5, MLPClassifier, LinearRegression()], ids=repr)
def test_anything_else_is_refused(mlp) -> None:
    with pytest.raises(TypeError, match=r"give an MLPRegressor or MLPClassifier.*pipeline\[-1\]"):
        bp.from_sklearn(mlp)


def test_without_scikit_learn_nothing_can_be_an_mlp(monkeypatch) -> None:
    mlp = fitted(MLPRegressor, TARGETS)
    monkeypatch.delitem(__import__("sys").modules, "sklearn.neural_network")
    with pytest.raises(TypeError, match="give an MLPRegressor"):
        bp.from_sklearn(mlp)
