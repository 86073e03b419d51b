"""Networks from PyTorch answer as the module does, learn as autograd does, and go back."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import bpviz as bp
from bpviz.formula import a

X = np.random.default_rng(3).normal(size=(6, 3))
Y = np.random.default_rng(4).uniform(size=(6, 2))
MODULES = [
    nn.Sigmoid(),
    nn.Tanh(),
    nn.ReLU(),
    nn.LeakyReLU(),
    nn.Softplus(),
    nn.SiLU(),
    nn.Softmax(dim=-1),
    nn.Softmax(dim=1),
    nn.Identity(),
]


class Own(nn.Module):
    """Calls its parts in the order in which it has them."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Linear(3, 4), nn.Tanh())
        self.second = nn.Linear(4, 2, bias=False)

    def forward(self, x):
        return self.second(self.first(x))


class Functional(Own):
    def forward(self, x):
        return torch.sigmoid(super().forward(x))


class Backwards(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.second, self.first = nn.Linear(3, 3), nn.Linear(3, 3)

    def forward(self, x):
        return self.second(self.first(x))


def sequential(*functions: nn.Module) -> nn.Sequential:
    torch.manual_seed(0)
    between = [part for function in functions for part in (nn.Linear(3, 3), function)]
    return nn.Sequential(*between, nn.Linear(3, 2))


def answers(module: nn.Module) -> np.ndarray:
    given = torch.tensor(X, dtype=next(module.parameters()).dtype)
    return module(given).detach().double().numpy()


@pytest.mark.parametrize("function", MODULES, ids=repr)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_a_network_answers_as_its_module(function, dtype) -> None:
    module = sequential(function, nn.Tanh()).to(dtype)
    network = bp.from_torch(module)
    assert network.sizes == (3, 3, 3, 2)
    near = 1e-6 if dtype is torch.float32 else 1e-8  # softplus is cut off at 20
    np.testing.assert_allclose(network.predict(X), answers(module), rtol=near, atol=near)
    for layer, linear in zip(network.layers, module[::2], strict=True):
        np.testing.assert_array_equal(layer.weights, linear.weight.detach().double())
        np.testing.assert_array_equal(layer.bias, linear.bias.detach().double())


@pytest.mark.parametrize("function", MODULES, ids=repr)
def test_its_gradients_are_those_of_autograd(function) -> None:
    module = sequential(function).double()
    trace = bp.backprop(bp.from_torch(module), X, Y)
    loss = ((module(torch.tensor(X)) - torch.tensor(Y)) ** 2).sum() / 2 / len(X)
    loss.backward()
    for number, linear in enumerate(module[::2], start=1):
        np.testing.assert_allclose(trace[f"gW{number}"], linear.weight.grad, rtol=1e-7, atol=1e-10)
        np.testing.assert_allclose(trace[f"gb{number}"], linear.bias.grad, rtol=1e-7, atol=1e-10)


def test_a_module_of_ones_own_that_calls_its_parts_in_order() -> None:
    module = Own().double()
    network = bp.from_torch(module)
    assert repr(network) == "Network(3-4-2; tanh, identity; loss squared_error)"
    assert not network.layers[1].bias.any()
    np.testing.assert_allclose(network.predict(X), answers(module), rtol=1e-12)
    assert bp.from_torch(nn.Linear(3, 2)).sizes == (3, 2)
    tanh = nn.Tanh()
    shared = nn.Sequential(nn.Linear(3, 3), tanh, nn.Linear(3, 3), tanh)
    assert [layer.activation for layer in bp.from_torch(shared).layers] == [bp.tanh, bp.tanh]


def test_the_loss_is_given() -> None:
    module = nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=-1))
    assert bp.from_torch(module, "cross_entropy").loss is bp.cross_entropy
    with pytest.raises(ValueError, match="loss is cross_entropy, which needs softmax in the last"):
        bp.from_torch(nn.Linear(3, 2), "cross_entropy")


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.Sequential(nn.Linear(3, 2), nn.GELU()), "layer '1' of the module is GELU, which bpviz"),
        (
            nn.Sequential(nn.Linear(3, 2), nn.Dropout()),
            "'1' of the module is Dropout.* leave it out",
        ),
        (
            nn.Sequential(nn.Linear(3, 2), nn.LogSoftmax(dim=1)),
            r"'1' .* is LogSoftmax, which bpviz has not; use Softmax\(dim=-1\) with loss=",
        ),
        (nn.Sequential(nn.Flatten(), nn.Linear(3, 2)), "'0' of the module is Flatten.*as a row"),
        (nn.Conv1d(3, 2, 1), "layer 'Conv1d' of the module is Conv1d.* give Linear layers, each"),
        (
            nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.ReLU(), nn.Tanh())),
            "layer '1.1' of the module is Tanh after another activation function",
        ),
        (nn.Sequential(nn.Tanh(), nn.Linear(3, 2)), "layer '0' .* is Tanh after no Linear layer"),
        (
            nn.Sequential(nn.Linear(3, 2), nn.LeakyReLU(0.2)),
            r"'1' .* is LeakyReLU\(negative_slope=0.2\); bpviz has it with negative_slope=0.01",
        ),
        (nn.Sequential(nn.Linear(3, 2), nn.Softplus(beta=2)), "bpviz has it with beta=1"),
        (nn.Sequential(nn.Linear(3, 2), nn.Softmax(dim=0)), "bpviz has it with dim=-1"),
        (nn.Sequential(), "module Sequential has no Linear layer"),
        (Functional(), "Functional does more than to call its parts in their order: it answers"),
        (Backwards(), "write it as torch.nn.Sequential"),
        (nn.Sequential(nn.Linear(3, 2), nn.Linear(3, 2)), "layer 2 have shape"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_what_cannot_be_taken_over_is_refused_with_its_layer(module, message) -> None:
    with pytest.raises(ValueError, match=message):
        bp.from_torch(module)


@pytest.mark.parametrize("size", [1e-1, 1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("function", [torch.tanh, torch.relu, torch.sigmoid])
def test_a_function_in_forward_is_found_however_small_the_weights_are(function, size) -> None:
    class Bent(Own):
        def forward(self, x):
            return self.second(function(self.first[0](x)))

    torch.manual_seed(0)
    module = Bent()
    module.first = nn.Sequential(nn.Linear(3, 4))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter *= size
    with pytest.raises(ValueError, match="Bent does more than to call its parts"):
        bp.from_torch(module)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("function", [nn.Tanh, nn.ReLU, nn.Sigmoid, nn.SiLU])
@pytest.mark.parametrize("size", [1e-2, 1.0, 10.0])
def test_rounding_is_no_reason_to_refuse_a_module(size, function, dtype) -> None:
    for seed in range(10):
        torch.manual_seed(seed)
        module = nn.Sequential(nn.Linear(30, 40), function(), nn.Linear(40, 20), function())
        module = module.append(nn.Linear(20, 3))
        with torch.no_grad():
            for parameter in module.parameters():
                parameter *= size
        assert bp.from_torch(module.to(dtype)).sizes == (30, 40, 20, 3)


def test_a_module_without_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"layer .* of the module cannot be taken over"):
        bp.from_torch(nn.Linear(3, 2, device="meta"))


def test_numbers_that_are_none_are_refused_with_their_layer() -> None:
    module = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    with torch.no_grad():
        module[0].weight[1, 2] = float("nan")
    with pytest.raises(ValueError, match=r"layer '0' of the module cannot .*: weights is nan at"):
        bp.from_torch(module)


def test_a_forward_that_fails_is_said() -> None:
    class Failing(Own):
        def forward(self, _x):
            raise RuntimeError("too few axes")

    with pytest.raises(
        ValueError, match=r"Failing does more than .* \(too few axes\); write it as"
    ):
        bp.from_torch(Failing())


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu", "softplus", "silu"])
def test_a_network_goes_to_torch_and_comes_back(name) -> None:
    network = bp.Network.random([3, 4, 2], [name, "softmax"], seed=1, loss="cross_entropy")
    module = network.to_torch()
    np.testing.assert_allclose(answers(module), network.predict(X), rtol=1e-13, atol=1e-15)
    assert bp.from_torch(module, "cross_entropy") == network


def test_the_module_is_a_copy_and_draws_no_random_numbers() -> None:
    network = bp.Network.random([3, 2], ["identity"], seed=1)
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    module = network.to_torch()
    assert torch.equal(torch.rand(3), expected)
    assert [type(part) for part in module] == [nn.Linear]
    with torch.no_grad():
        module[0].weight.zero_()
    assert network.layers[0].weights.all()
    assert all(parameter.requires_grad for parameter in module.parameters())


def test_training_in_torch_is_training_here() -> None:
    network = bp.Network.random([3, 4, 2], ["tanh", "sigmoid"], seed=1)
    module = network.to_torch()
    optimizer = torch.optim.SGD(module.parameters(), lr=0.3)
    for _ in range(20):
        optimizer.zero_grad()
        (((module(torch.tensor(X)) - torch.tensor(Y)) ** 2).sum() / 2 / len(X)).backward()
        optimizer.step()
    trained = bp.train(network, X, Y, bp.Rule(0.3), epochs=20, batch_size=len(X)).network(-1)
    for ours, theirs in zip(trained.layers, bp.from_torch(module).layers, strict=True):
        np.testing.assert_allclose(ours.weights, theirs.weights, rtol=1e-11, atol=1e-13)


def test_a_function_of_ones_own_has_no_module() -> None:
    cube = bp.Activation("cube", a**3.0)
    network = bp.Network.random([3, 2, 1], ["tanh", cube])
    with pytest.raises(ValueError, match="layer 2 has the activation function cube, for which"):
        network.to_torch()


def test_without_torch_it_is_said_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(ImportError, match="pip install torch"):
        bp.Network.random([2, 1], ["tanh"]).to_torch()
    with pytest.raises(TypeError, match=r"give a torch\.nn\.Module"):
        bp.from_torch(nn.Linear(2, 1))
