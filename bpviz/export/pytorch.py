"""Networks from PyTorch and to it; PyTorch itself is needed by nobody else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from bpviz.core.arguments import Array, shortened
from bpviz.core.model.functions import ACTIVATIONS
from bpviz.core.model.losses import Loss, squared_error
from bpviz.core.model.network import Layer, Network

MODULES = {
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "softplus": "Softplus",
    "silu": "SiLU",
    "softmax": "Softmax",
    "identity": "Identity",
}
"""What PyTorch calls bpviz's functions."""
OPTIONS: dict[str, dict[str, Any]] = {"softmax": {"dim": -1}, "softplus": {"threshold": 40.0}}
"""What the modules are made with. Beyond 40 softplus is the identity to all digits."""
INSTEAD = {
    "Dropout": "leave it out, since it drops nothing when the network answers",
    "Flatten": "leave it out, and give each sample as a row",
    "LogSoftmax": 'use Softmax(dim=-1) with loss="cross_entropy"',
}
PROBES = 5
PROBED_SIZES = (1.0, 1e2, 1e4)
"""Of the inputs: where weights are small, a function bends only far from 0."""


def from_torch(module: Any, loss: Loss | str = squared_error) -> Network:
    """Return the network that a PyTorch module is.

    Parameters
    ----------
    module : torch.nn.Module
        Linear layers, each followed by at most one of Sigmoid, Tanh, ReLU, LeakyReLU, Softplus,
        SiLU, Softmax and Identity: a Sequential, also of others, or a module of one's own that
        does no more than to call its parts in the order in which it has them. It is left as it
        is.
    loss : Loss or str
        A module has none; by default the squared error, ½ Σ (h − y)².

    Returns
    -------
    Network
        With the module's weights and biases as float64. For the same inputs it gives the same
        outputs, to the rounding of the module.

    Raises
    ------
    TypeError
        If `module` is none.
    ValueError
        If it does something that bpviz has not; the message names the layer.

    Examples
    --------
    >>> from torch import nn
    >>> bp.from_torch(nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1), nn.Sigmoid()))
    Network(2-3-1; tanh, sigmoid; loss squared_error)
    """
    torch = sys.modules.get("torch")  # who has a module has imported it
    if torch is None or not isinstance(module, torch.nn.Module):
        raise TypeError(
            f"module is {shortened(module)}; give a torch.nn.Module, such as Sequential"
        )
    functions = {getattr(torch.nn, title): name for name, title in MODULES.items()}
    parts: list[tuple[str, Any, str]] = []
    for name, part in _leaves(module):
        if type(part) is torch.nn.Linear:
            parts.append((name, part, ""))
        elif type(part) in functions:
            _add_function(parts, name, functions[type(part)], part)
        else:
            raise ValueError(_refusal(name, part))
    if not parts:
        raise ValueError(f"module {type(module).__name__} has no Linear layer; give it one")
    network = Network([_layer(*part) for part in parts], loss)
    _check_outputs(torch, module, parts[0][1], network)
    return network


def to_torch(network: Network) -> Any:
    """Return a network as a `torch.nn.Sequential`; see `Network.to_torch`."""
    for number, layer in enumerate(network.layers, start=1):
        if ACTIVATIONS.get(layer.activation.name) is not layer.activation:
            raise ValueError(
                f"layer {number} has the activation function {layer.activation!r}, for which there "
                f"is no module; there is one for each of {', '.join(MODULES)}"
            )
    try:
        torch = import_module("torch")
    except ImportError:
        raise ImportError("PyTorch is not installed; `pip install torch` brings it") from None
    modules = []
    for layer in network.layers:
        modules.append(_linear(torch, layer))
        name = layer.activation.name
        if name != "identity":
            modules.append(getattr(torch.nn, MODULES[name])(**OPTIONS.get(name, {})))
    return torch.nn.Sequential(*modules)


def _leaves(module: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts that have no parts, with their names; one that is used twice comes twice."""
    for name, part in module.named_modules(remove_duplicate=False):
        if next(part.children(), None) is None and type(part).__name__ != "Sequential":
            yield name or type(part).__name__, part


def _add_function(parts: list[tuple[str, Any, str]], name: str, function: str, part: Any) -> None:
    """Give the last Linear layer its activation function."""
    if not parts or parts[-1][2]:
        where = "another activation function" if parts else "no Linear layer"
        raise ValueError(
            f"layer {name!r} of the module is {type(part).__name__} after {where}; put it right "
            "after a Linear layer"
        )
    wanted = {
        "softmax": ("dim", (1, -1)),
        "leaky_relu": ("negative_slope", (0.01,)),
        "softplus": ("beta", (1, 1.0)),
    }
    option, known = wanted.get(function, ("", ()))
    if option and getattr(part, option) not in known:
        raise ValueError(
            f"layer {name!r} of the module is {part!r}; bpviz has it with {option}={known[-1]}"
        )
    parts[-1] = (*parts[-1][:2], function)


def _refusal(name: str, part: Any) -> str:
    kind = type(part).__name__
    instead = INSTEAD.get(
        kind, f"give Linear layers, each followed by {', '.join(MODULES.values())}"
    )
    return f"layer {name!r} of the module is {kind}, which bpviz has not; {instead}"


def _layer(name: str, linear: Any, function: str) -> Layer:
    weights, bias = linear.weight, linear.bias
    try:
        return Layer(
            _array(weights), None if bias is None else _array(bias), function or "identity"
        )
    except (TypeError, ValueError, NotImplementedError) as error:  # on "meta" it has no numbers
        raise ValueError(f"layer {name!r} of the module cannot be taken over: {error}") from None


def _array(tensor: Any) -> Array:
    return np.array(tensor.detach().cpu().double().numpy())


def _check_outputs(torch: Any, module: Any, first: Any, network: Network) -> None:
    """Refuse a module that does something else than to call its parts one after another."""
    probes = np.random.default_rng(0).uniform(-1, 1, (PROBES, network.sizes[0]))
    what = f"module {type(module).__name__} does more than to call its parts in their order"
    way_out = "write it as torch.nn.Sequential of Linear layers and activation functions"
    near = np.sqrt(torch.finfo(first.weight.dtype).eps)
    for scale in PROBED_SIZES:
        given = torch.tensor(scale * probes, dtype=first.weight.dtype, device=first.weight.device)
        try:
            with torch.no_grad():
                theirs = _array(module(given))
        except Exception as error:  # its own
            raise ValueError(f"{what} ({error}); {way_out}") from error
        ours = network.predict(_array(given))
        if not np.isfinite(theirs).all() and np.isfinite(ours).all():
            return  # so large a number is none in the module's precision
        few = near * np.abs(ours).max()
        if theirs.shape != ours.shape or not np.allclose(theirs, ours, rtol=near, atol=few):
            raise ValueError(f"{what}: it answers otherwise than they do; {way_out}")


def _linear(torch: Any, layer: Layer) -> Any:
    # Without drawing weights first: that would change what the caller's seed leads to.
    linear = torch.nn.utils.skip_init(
        torch.nn.Linear, layer.inputs, layer.units, dtype=torch.float64
    )
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(layer.weights))
        linear.bias.copy_(torch.tensor(layer.bias))
    return linear
