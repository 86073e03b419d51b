"""Optimisers give the parameters of torch.optim, update for update."""

from __future__ import annotations

import numpy as np
import pytest

import bpviz as bp
from bpviz.core.formula.expression import Ref
from bpviz.explain.latex import Latex
from bpviz.explain.listing import script
from bpviz.explain.mathml import MathML
from bpviz.explain.plain import Plain
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from bpviz.explain.typeset import formula as typeset

torch = pytest.importorskip("torch")

X = np.array([[0.8, -0.4], [0.3, 1.1], [-0.6, 0.5], [0.2, -0.9], [1.3, 0.7]])
Y = np.array([[0.2, 0.8], [0.5, 0.1], [0.9, 0.4], [0.3, 0.3], [0.7, 0.6]])
CASES = {
    "plain": (bp.SGD(), lambda p: torch.optim.SGD(p, 0.05)),
    "momentum": (bp.SGD(0.9), lambda p: torch.optim.SGD(p, 0.05, momentum=0.9)),
    "dampened": (
        bp.SGD(0.8, dampening=0.3),
        lambda p: torch.optim.SGD(p, 0.05, momentum=0.8, dampening=0.3),
    ),
    "nesterov": (
        bp.SGD(0.9, nesterov=True, weight_decay=0.02),
        lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True, weight_decay=0.02),
    ),
    "decay": (bp.SGD(weight_decay=0.1), lambda p: torch.optim.SGD(p, 0.05, weight_decay=0.1)),
    "adam": (bp.Adam(), lambda p: torch.optim.Adam(p, 0.05)),
    "adam, other numbers": (
        bp.Adam((0.7, 0.95), eps=1e-4, weight_decay=0.03),
        lambda p: torch.optim.Adam(p, 0.05, betas=(0.7, 0.95), eps=1e-4, weight_decay=0.03),
    ),
}
both = pytest.mark.parametrize("case", CASES)


def tensors(network: bp.Network) -> list:
    arrays = [array for layer in network.layers for array in (layer.weights, layer.bias)]
    return [torch.tensor(array, requires_grad=True) for array in arrays]


@both
@pytest.mark.parametrize(("batch", "trained"), [(1, True), (2, True), (5, False)])
def test_training_is_torchs(case, batch, trained) -> None:
    ours, theirs = CASES[case]
    network = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=2)
    history = bp.train(
        network, X, Y, bp.Rule(0.05, optimizer=ours, train_biases=trained), 30, batch
    )
    weights = tensors(network)
    optimizer = theirs(weights if trained else weights[::2])
    for update in range(len(history)):
        chosen = range(*slice(batch * (update % -(-5 // batch)), None).indices(5)[:2])[:batch]
        x, y = torch.tensor(X[list(chosen)]), torch.tensor(Y[list(chosen)])
        hidden = torch.tanh(x @ weights[0].T + weights[1])
        output = torch.sigmoid(hidden @ weights[2].T + weights[3])
        optimizer.zero_grad()
        (0.5 * ((output - y) ** 2).sum(1).mean()).backward()
        optimizer.step()
    for one, other in zip(tensors(history.network(-1)), weights, strict=True):
        np.testing.assert_allclose(one.detach(), other.detach(), rtol=1e-9, atol=1e-12)


@both
@pytest.mark.parametrize("update", ["dirty", "simultaneous"])
@pytest.mark.parametrize("mistakes", [(), ("gradients_accumulated",), ("error_sign_flipped",)])
def test_changes_follow_from_the_gradients_as_in_torch(case, update, mistakes) -> None:
    ours, theirs = CASES[case]
    functions, loss = ["relu", "softmax"], "cross_entropy"
    network = bp.Network.random([2, 4, 2], functions, seed=5, loss=loss)
    targets = np.eye(2)[[0, 1, 1, 0, 1]]
    rule = bp.Rule(0.05, update, mistakes=mistakes, optimizer=ours)
    history = bp.train(network, X, targets, rule, 12, 2, shuffle=True, seed=1)
    weights = tensors(network)
    optimizer = theirs(weights)
    for number in range(len(history)):
        trace = history.trace(*divmod(number, 3))
        for weight, name in zip(weights, ("gW1", "gb1", "gW2", "gb2"), strict=True):
            weight.grad = torch.tensor(np.array(trace[name]))
        optimizer.step()
        for weight, name in zip(weights, ("nW1", "nb1", "nW2", "nb2"), strict=True):
            np.testing.assert_allclose(trace[name], weight.detach(), rtol=1e-10, atol=1e-12)


@both
@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("convention", ["column", "row"])
def test_the_script_gives_every_register_bit_for_bit(case, batch, convention) -> None:
    ours, _ = CASES[case]
    network = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=2)
    for trained in (True, False):
        rule = bp.Rule(0.05, optimizer=ours, train_biases=trained)
        trace = bp.train(network, X, Y, rule, 3, batch).trace(2, 1)
        names: dict = {}
        exec(compile(script(trace, convention), "script", "exec"), names)
        for name in trace.layout.registers:
            made = np.asarray(names[name])
            if convention == "row" and name.rstrip("0123456789").endswith("W"):
                made = made.T
            np.testing.assert_array_equal(made, np.asarray(trace[name]), err_msg=name)


@both
def test_a_sweep_is_many_trainings(case) -> None:
    ours, _ = CASES[case]
    rule = bp.Rule(0.05, optimizer=ours)
    network = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=2)
    sweep = bp.sweep(network, X, Y, rule, epochs=10, runs=3, seed=1)
    for run in range(3):
        start, end = sweep.networks(run)
        trained = bp.train(start, X, Y, rule, epochs=10).network(-1)
        for one, other in zip(tensors(end), tensors(trained), strict=True):
            np.testing.assert_allclose(one.detach(), other.detach(), rtol=1e-10, atol=1e-12)


@both
def test_a_run_with_it_is_saved_and_goes_on(case, tmp_path) -> None:
    ours, _ = CASES[case]
    network = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=2)
    rule = bp.Rule(0.05, optimizer=ours)
    history = bp.train(network, X, Y, rule, 4, 2, record=3)
    loaded = bp.History.load(history.save(tmp_path / "run.npz"))
    assert loaded.rule == rule
    np.testing.assert_array_equal(loaded.trace(3, 1).row, history.trace(3, 1).row)
    every = bp.train(network, X, Y, rule, 4, 2)
    np.testing.assert_array_equal(every.trace(3, 1).row, history.trace(3, 1).row)


@both
def test_every_step_says_what_it_does(case) -> None:
    ours, _ = CASES[case]
    network = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=2)
    trace = bp.backprop(network, X, Y, bp.Rule(0.05, optimizer=ours))
    program = Program(network, trace.rule, len(X))
    for depth in DEPTHS:
        for step in program.steps(depth):
            assert step.words(trace).endswith(".")
            assert not set("{}") & set(step.words(trace))
    for notation in (Latex(), MathML(), Plain()):
        assert all(typeset(op.formula, notation) for op in program.operations)


def test_symbols_of_what_is_carried() -> None:
    refs = (Ref("vW1", (0, 1)), Ref("nvW1", (0, 1)), Ref("cmb2", (0,)), Ref("nt"))
    assert [Latex().symbol(ref) for ref in refs] == [
        r"v_{1,1,2}^{\text{W}}",
        r"v_{1,1,2}^{\text{W,new}}",
        r"\hat{m}_{2,1}^{\text{b}}",
        r"t^{\text{new}}",
    ]


def test_the_panel_offers_them_and_takes_one() -> None:
    panel = bp.TrainingPanel(bp.presets.xor())
    assert "Adam()" in panel._settings["optimizers"]
    panel._receive(None, {"kind": "settings", "settings": {"optimizer": "Adam()"}}, [])
    assert panel.settings.rule.optimizer == bp.Adam()
    panel.advance(3)
    assert panel.history.trace(0, 2)["nt"] == 3
    assert "Adam()" in panel.settings.words()


def test_the_first_velocity_is_the_gradient_and_the_moments_begin_at_0() -> None:
    network = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=2)
    trace = bp.backprop(network, X, Y, bp.Rule(optimizer=bp.SGD(0.9)))
    np.testing.assert_array_equal(trace["nvW1"], trace["gW1"])
    assert not trace["vW1"].any()
    trace = bp.backprop(network, X, Y, bp.Rule(0.1, optimizer=bp.Adam()))
    assert (trace["t"], trace["nt"]) == (0.0, 1.0)
    np.testing.assert_allclose(np.abs(trace["uW1"]), 0.1, rtol=1e-5)


def test_an_update_of_a_run_is_stepped_through_with_what_it_carries() -> None:
    network = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=2)
    history = bp.train(network, X, Y, bp.Rule(0.05, optimizer=bp.Adam()), 3)
    trace = history.trace(2, 4)
    shown = bp.StepPanel(trace).trace
    np.testing.assert_array_equal(shown.row, trace.row)
    assert shown["nt"] == 15


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: bp.SGD(-0.1), ValueError, "momentum is -0.1; give a number, 0 or greater"),
        (lambda: bp.SGD(nesterov=True), ValueError, "needs a momentum above 0 and no dampening"),
        (lambda: bp.SGD("much"), TypeError, "momentum is 'much'; give one number"),
        (lambda: bp.Adam(betas=0.9), TypeError, r"betas is 0.9; give two numbers"),
        (lambda: bp.Adam(betas=(0.9, 1.0)), ValueError, "give two numbers below 1"),
        (lambda: bp.Rule(optimizer="adam"), TypeError, "optimizer is 'adam'; give one, such as"),
    ],
)
def test_what_is_no_optimiser_is_refused(make, error, message) -> None:
    with pytest.raises(error, match=message):
        make()


def test_reprs_say_what_is_not_the_default() -> None:
    assert repr(bp.SGD()) == "SGD()"
    assert "optimizer=SGD(momentum=0.9)" in repr(bp.Rule(optimizer=bp.SGD(momentum=0.9)))
    assert "optimizer" not in repr(bp.Rule())
