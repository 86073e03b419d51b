"""Gradients against two independent oracles: PyTorch's autograd, and complex steps."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp
from tests.core.networks import cases

TORCH = {
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "identity": lambda a: a,
    "softmax": lambda a: torch.softmax(a, dim=-1),
    "leaky_relu": torch.nn.functional.leaky_relu,
    "softplus": torch.nn.functional.softplus,
    "silu": torch.nn.functional.silu,
}


def complex_softmax(a):
    powers = np.exp(a - a.real.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


COMPLEX = {
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: np.where(a.real > 0, a, 0),
    "tanh": np.tanh,
    "identity": lambda a: a,
    "softmax": complex_softmax,
    "leaky_relu": lambda a: np.where(a.real > 0, a, 0.01 * a),
    "softplus": lambda a: np.log(1 + np.exp(a)),
    "silu": lambda a: a / (1 + np.exp(-a)),
}


def torch_losses(loss, aggregates, h, y):
    """Return the loss of each sample, as PyTorch computes it."""
    each = {"reduction": "none"}
    match loss.name:
        case "squared_error":
            return 0.5 * torch.nn.functional.mse_loss(h, y, **each).sum(dim=1)
        case "cross_entropy":
            return torch.nn.functional.cross_entropy(aggregates, y, **each)
        case "binary_cross_entropy":
            logits = torch.nn.functional.binary_cross_entropy_with_logits
            return logits(aggregates, y, **each).sum(dim=1)
        case "huber":
            return torch.nn.functional.huber_loss(h, y, **each).sum(dim=1)


def complex_losses(loss, h, y):
    """Return the loss of each sample, of complex outputs."""
    e = h - y
    of_each = {
        "squared_error": 0.5 * e**2,
        "huber": np.where(np.abs(e.real) > 1, np.sign(e.real) * e - 0.5, 0.5 * e**2),
    }
    if loss.name == "cross_entropy":
        return -(y * np.log(h)).sum(axis=1)
    if loss.name == "binary_cross_entropy":
        return -(y * np.log(h) + (1 - y) * np.log(1 - h)).sum(axis=1)
    return of_each[loss.name].sum(axis=1)


def parameters(network):
    return [array for layer in network.layers for array in (layer.weights, layer.bias)]


@given(cases())
def test_every_number_of_the_backward_pass_is_that_of_autograd(case) -> None:
    network, inputs, targets = case
    tensors = [torch.tensor(array, requires_grad=True) for array in parameters(network)]
    h, y = torch.tensor(inputs), torch.tensor(targets)
    aggregates, activations = [], []
    for layer, weights, bias in zip(network.layers, tensors[::2], tensors[1::2], strict=True):
        aggregates.append(h @ weights.T + bias)
        aggregates[-1].retain_grad()
        h = TORCH[layer.activation.name](aggregates[-1])
        h.retain_grad()
        activations.append(h)
    losses = torch_losses(network.loss, aggregates[-1], h, y)
    losses.sum().backward()

    trace = bp.backprop(network, inputs, targets)
    samples = len(inputs)

    def same(register: str, expected) -> None:
        expected = expected.detach().numpy().reshape(trace[register].shape)
        np.testing.assert_allclose(trace[register], expected, rtol=1e-11, atol=1e-13)

    same("loss", losses)
    for number, layer in enumerate(trace.layers, start=1):
        same(f"a{number}", aggregates[number - 1])
        same(f"h{number}", activations[number - 1])
        same(f"d{number}", aggregates[number - 1].grad)
        same(f"gW{number}", tensors[2 * number - 2].grad / samples)
        same(f"gb{number}", tensors[2 * number - 1].grad / samples)
        if number < len(network.layers) or network.loss in (bp.squared_error, bp.huber):
            same(f"e{number}", activations[number - 1].grad)
            shape = layer.aggregate.shape
            assert layer.derivative.shape[: len(shape)] == shape


@given(cases(), st.data())
def test_the_gradient_is_that_of_a_complex_step(case, data) -> None:
    network, inputs, targets = case
    trace = bp.backprop(network, inputs, targets)
    numbers = [array.astype(complex) for array in parameters(network)]
    which = data.draw(st.integers(0, len(numbers) - 1))
    index = data.draw(st.integers(0, numbers[which].size - 1))
    step = 1e-100
    numbers[which].flat[index] += 1j * step

    h = inputs.astype(complex)
    for layer, weights, bias in zip(network.layers, numbers[::2], numbers[1::2], strict=True):
        h = COMPLEX[layer.activation.name](h @ weights.T + bias)
    losses = complex_losses(network.loss, h, targets)
    expected = losses.mean().imag / step

    register = f"g{'Wb'[which % 2]}{which // 2 + 1}"
    assert trace[register].flat[index] == pytest.approx(expected, rel=1e-10, abs=1e-13)


@given(cases(), st.sampled_from([0.0, 0.01, 0.5]), st.booleans())
def test_the_change_is_the_rate_times_the_gradient(case, rate, train_biases) -> None:
    network, inputs, targets = case
    trace = bp.backprop(network, inputs, targets, bp.Rule(rate, train_biases=train_biases))
    for before, layer, after in zip(
        network.layers, trace.layers, trace.updated.layers, strict=True
    ):
        np.testing.assert_array_equal(layer.weight_change, rate * layer.weight_gradient)
        bias_change = rate * layer.bias_gradient if train_biases else np.zeros(before.units)
        np.testing.assert_array_equal(layer.bias_change, bias_change)
        np.testing.assert_array_equal(after.weights, before.weights - layer.weight_change)
        np.testing.assert_array_equal(after.bias, before.bias - layer.bias_change)


@given(cases())
def test_a_batch_averages_the_gradients_of_its_samples(case) -> None:
    network, inputs, targets = case
    whole = bp.backprop(network, inputs, targets)
    single = [bp.backprop(network, x, y) for x, y in zip(inputs, targets, strict=True)]
    for number in range(1, len(network.layers) + 1):
        for register in (f"gW{number}", f"gb{number}"):
            mean = np.mean([trace[register] for trace in single], axis=0)
            np.testing.assert_allclose(whole[register], mean, rtol=1e-11, atol=1e-13)


def test_the_dirty_update_passes_the_error_through_new_weights() -> None:
    network = bp.Network([bp.Layer([[2.0]], activation="identity") for _ in range(2)])
    clean = bp.backprop(network, [1.0], [0.0], bp.Rule(0.125))
    dirty = bp.backprop(network, [1.0], [0.0], bp.Rule(0.125, update="dirty"))
    # h = (2, 4), so δ₂ = 4 and ∂L/∂W₂ = 4 · 2 = 8; the new W₂ is 2 − 0.125 · 8 = 1.
    assert clean["e1[0]"] == 2 * 4
    assert dirty["e1[0]"] == 1 * 4
    assert clean["gW2[0,0]"] == dirty["gW2[0,0]"] == 8
