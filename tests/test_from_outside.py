"""Functions, losses and mistakes that somebody else defines go wherever those of bpviz go."""

from __future__ import annotations

import json
import pickle
import re
from base64 import b64encode
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
import torch

import bpviz as bp
from bpviz.core.formula.expression import Ref
from bpviz.explain.latex import Latex
from bpviz.explain.listing import script
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from bpviz.explain.typeset import formula
from bpviz.formula import (
    OptimizerLine,
    a,
    exp,
    h,
    ln,
    maximum,
    minimum,
    rate,
    softplus,
    sqrt,
    tanh,
    y,
)
from bpviz.panels.settings import mistake_choices
from tests.explain.front_end import answering

swish = bp.Activation("swish", a / (1 + exp(-a)))
bent = bp.Activation("bent", maximum(0.2 * a, a), says="bent keeps a fifth of what is below 0")
gelu = bp.Activation("gelu", 0.5 * a * (1 + tanh(0.7978845608028654 * (a + 0.044715 * a**3))))
isru = bp.Activation("isru", a / (1 + 1234567.5 * a**2) ** 0.5)
relative = bp.Loss("relative", (h - y) ** 2.0 / (1 + y**2.0))
surprise = bp.Loss("surprise", -(y * ln(h) + (1 - y) * ln(1 - h)))
halved = bp.Mistake(
    name="gradient_halved",
    title="The gradients are halved",
    change="∂L/∂W = δ hᵀ becomes ½ δ hᵀ",
    notice="Learning takes twice as long.",
    source="this test",
    needs="any network",
    alters=lambda operation, _: 0.5 * operation.formula if operation.quantity == "gW" else None,
)


@dataclass(frozen=True)
class RMSprop(bp.Optimizer):
    alpha: float = 0.99
    eps: float = 1e-8
    carries = {"v": "mean square"}  # noqa: RUF012

    def lines(self, parameter):
        g, v = parameter.gradient, parameter.after("v")
        mean = self.alpha * parameter.before("v") + (1.0 - self.alpha) * g**2.0
        yield OptimizerLine(v, mean, "a running mean of the squared gradient, from 0 on")
        change = rate * (g / (sqrt(v) + self.eps))
        yield OptimizerLine(
            parameter.made("u"), change, "learning rate times gradient over its size"
        )


X = np.array([[0.4, -0.7], [0.9, 0.3], [-0.2, 0.6]])
Y = np.array([[0.2, 0.8], [0.5, 0.1], [0.9, 0.4]])


@pytest.fixture(scope="module", autouse=True)
def known():
    bp.mistakes.add(halved)
    yield
    bp.mistakes.remove(halved.name)


def network(loss: bp.Loss = relative, last: str = "sigmoid") -> bp.Network:
    return bp.Network.random([2, 3, 3, 2], [swish, bent, last], seed=4, loss=loss)


def torch_gradients(net: bp.Network, x: np.ndarray, t: np.ndarray) -> list[np.ndarray]:
    functions = {
        "swish": lambda u: u * torch.sigmoid(u),
        "bent": lambda u: torch.nn.functional.leaky_relu(u, 0.2),
        "sigmoid": torch.sigmoid,
    }
    losses = {
        "relative": lambda out, target: ((out - target) ** 2 / (1 + target**2)).sum(1).mean(),
        "surprise": lambda out, target: (
            torch.nn.functional.binary_cross_entropy(out, target, reduction="sum") / len(out)
        ),
    }
    weights = [
        torch.tensor(array, requires_grad=True)
        for layer in net.layers
        for array in (layer.weights, layer.bias)
    ]
    out = torch.tensor(x)
    for k, layer in enumerate(net.layers):
        out = functions[layer.activation.name](out @ weights[2 * k].T + weights[2 * k + 1])
    losses[net.loss.name](out, torch.tensor(t)).backward()
    return [weight.grad.numpy() for weight in weights]


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("loss", [relative, surprise], ids=repr)
def test_gradients_are_pytorchs(loss, samples) -> None:
    net = network(loss)
    trace = bp.backprop(net, X[:samples], Y[:samples])
    ours = [trace[f"g{q}{layer}"] for layer in (1, 2, 3) for q in "Wb"]
    for one, other in zip(ours, torch_gradients(net, X[:samples], Y[:samples]), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-13)


def test_the_gradient_check_finds_the_mistake_and_nothing_else() -> None:
    net = network()
    assert bp.gradient_check(net, X, Y).passed
    wrong = bp.gradient_check(net, X, Y, bp.Rule(mistakes=("gradient_halved",)))
    assert {row.ref[:2] for row in wrong.failures} == {"W1", "W2", "W3"}


def test_a_sweep_is_many_trainings() -> None:
    rule = bp.Rule(0.05, mistakes=("gradient_halved",))
    network = bp.Network.random([2, 3, 2], [swish, "sigmoid"], loss=surprise)
    sweep = bp.sweep(network, X, Y, rule, 20, 4, seed=1)
    for run in range(4):
        start, end = sweep.networks(run)
        trained = bp.train(start, X, Y, rule, epochs=20).network(-1)
        for one, other in zip(end.layers, trained.layers, strict=True):
            np.testing.assert_allclose(one.weights, other.weights, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(one.bias, other.bias, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("functions", [(swish, bent, "sigmoid"), (gelu, isru, gelu)], ids=repr)
def test_the_script_gives_every_register_bit_for_bit(functions, samples) -> None:
    net = bp.Network.random([2, 3, 3, 2], functions, seed=4, loss=relative)
    trace = bp.backprop(net, X[:samples], Y[:samples])
    names: dict = {}
    exec(compile(script(trace), "script", "exec"), names)
    for name in trace.layout.registers:
        np.testing.assert_array_equal(names[name], np.asarray(trace[name]), err_msg=name)


def test_steps_say_what_is_done_at_every_depth() -> None:
    rule = bp.Rule(mistakes=("gradient_halved",))
    trace = bp.backprop(network(), X[0], Y[0], rule)
    program = Program(trace.network, rule)
    for depth in DEPTHS:
        said = [step.words(trace) for step in program.steps(depth)]
        assert all(words.endswith(".") and not set("{}") & set(words) for words in said)
    step = next(s for s in program.steps("unit") if s.writes == ("h2[0]",))
    assert "bent keeps a fifth of what is below 0" in step.words(trace)
    mistaken = [s for s in program.steps("layer") if s.words().startswith("Mistake")]
    assert [s.writes for s in mistaken] == [("gW3",), ("gW2",), ("gW1",)]


def test_the_derivative_is_derived_and_shown() -> None:
    program = Program(network())
    slope = next(op for op in program.operations if op.writes == "s1")
    assert formula(slope.entry, Latex()).startswith(r"\frac{1}{1 + e^{-a_{1,i}}}")
    assert next(op for op in program.operations if op.writes == "s2").reads == ("a2",)


def test_they_are_set_in_latex() -> None:
    program = Program(network(), bp.Rule(mistakes=("gradient_halved",)))
    set_in_latex = {op.writes: formula(op.entry, Latex()) for op in program.operations}
    assert r"\frac{\left(h_{3,k} - y_{k}\right)^{2}}{1 + y_{k}^{2}}" in set_in_latex["loss"]
    assert set_in_latex["h2"] == r"\max\left(0.2 \cdot a_{2,i}, a_{2,i}\right)"
    assert set_in_latex["gW1"].startswith(r"0.5 \cdot")


def test_panels_take_them() -> None:
    trace = bp.backprop(network(), X[0], Y[0], bp.Rule(mistakes=("gradient_halved",)))
    assert "Step" in repr(bp.StepPanel(trace, predict="d1"))
    choices = mistake_choices(network(), bp.Rule(mistakes=("gradient_halved",)), 1)
    assert {choice["name"]: choice["on"] for choice in choices}["gradient_halved"] is True


def test_the_checker_recognises_the_mistake() -> None:
    def learner(weights, biases, x, target):
        trace = bp.backprop(
            bp.Network(
                [
                    bp.Layer(w, b, f)
                    for w, b, f in zip(weights, biases, (swish, "sigmoid"), strict=True)
                ],
                relative,
            ),
            x,
            target,
            bp.Rule(mistakes=("gradient_halved",)),
        )
        return {name: trace[name] for name in ("gW1", "gb1", "gW2", "gb2")}

    report = bp.check(learner, bp.Network.random([2, 3, 2], [swish, "sigmoid"], 0, loss=relative))
    assert not report.passed
    assert "gradient_halved" in report.mistakes


def test_an_optimiser_of_ones_own_is_torchs() -> None:
    net = bp.Network.random([2, 3, 2], ["tanh", "sigmoid"], seed=4)
    rule = bp.Rule(0.02, optimizer=RMSprop(0.9))
    history = bp.train(net, X, Y, rule, epochs=20)
    weights = [torch.tensor(a) for la in net.layers for a in (la.weights, la.bias)]
    optimizer = torch.optim.RMSprop(weights, 0.02, alpha=0.9)
    for update in range(len(history)):
        trace = history.trace(*divmod(update, len(X)))
        for weight, name in zip(weights, ("W1", "b1", "W2", "b2"), strict=True):
            weight.grad = torch.tensor(np.array(trace[f"g{name}"]))
        optimizer.step()
        for weight, name in zip(weights, ("W1", "b1", "W2", "b2"), strict=True):
            np.testing.assert_allclose(trace[f"n{name}"], weight, rtol=1e-10, atol=1e-13)
    names: dict = {}
    exec(compile(script(trace), "script", "exec"), names)
    for name in trace.layout.registers:
        np.testing.assert_array_equal(names[name], np.asarray(trace[name]), err_msg=name)
    assert bp.gradient_check(net, X, Y, rule).passed
    sweep = bp.sweep(net, X, Y, rule, 5, 3, seed=1)
    start, end = sweep.networks(2)
    trained = bp.train(start, X, Y, rule, epochs=5).network(-1)
    np.testing.assert_allclose(
        end.layers[0].weights, trained.layers[0].weights, rtol=1e-10, atol=1e-12
    )


def test_they_survive_a_pickle() -> None:
    net = network()
    again = pickle.loads(pickle.dumps(net))  # noqa: S301
    assert again == net
    assert again.layers[0].activation == swish
    np.testing.assert_array_equal(again.predict(X), net.predict(X))


def test_every_operation_that_is_public_makes_functions_and_losses() -> None:
    rooted = bp.Activation("rooted", a / sqrt(1 + a**2))
    distance = bp.Loss("distance", sqrt(1 + (h - y) ** 2))
    net = bp.Network.random([2, 3, 2], [rooted, rooted], seed=4, loss=distance)
    assert bp.gradient_check(net, X, Y).passed
    np.testing.assert_allclose(rooted([0.75]), [0.6])


def test_a_derivative_may_be_written_in_the_aggregate_and_the_activation() -> None:
    mixed = bp.Activation("mixed", a / (1 + exp(-a)), derivative=h + (1 - h) / (1 + exp(-a)))
    net, plain = (
        bp.Network.random([2, 3, 2], [f, "sigmoid"], seed=4, loss=relative) for f in (mixed, swish)
    )
    assert next(op for op in Program(net).operations if op.writes == "s1").reads == ("h1", "a1")
    assert bp.gradient_check(net, X, Y).passed
    np.testing.assert_allclose(
        bp.backprop(net, X, Y)["gW1"], bp.backprop(plain, X, Y)["gW1"], rtol=1e-12
    )


def test_a_pair_keeps_the_loss_of_a_saturated_output() -> None:
    mine = bp.Activation("mine", 1 / (1 + exp(-a)))
    own = bp.Loss("own", surprise.formula, pairs={mine: softplus(a) - y * a})
    for loss in (own, bp.binary_cross_entropy):
        net = bp.Network([bp.Layer([[50.0]], activation=mine)], loss)
        trace = bp.backprop(net, [1.0], [0.0])
        assert [float(trace.loss), float(trace["d1[0]"])] == [50.0, 1.0]
        assert "e1" not in trace.layout.registers
        assert bp.gradient_check(net, [1.0], [0.0]).passed
        assert pickle.loads(pickle.dumps(net)) == net  # noqa: S301
    assert "mine and own together need no separate derivative" in script_words(own, mine)


def script_words(loss: bp.Loss, function: bp.Activation) -> str:
    program = Program(bp.Network([bp.Layer([[1.0]], activation=function)], loss))
    return " ".join(step.words() for step in program.steps("layer"))


def test_a_kink_away_from_zero_is_no_failure_of_the_gradient_check() -> None:
    relu6 = bp.Activation("relu6", minimum(6, maximum(0, a)))
    absolute = bp.Loss("absolute", maximum(h - y, y - h))
    net = bp.Network([bp.Layer([[3.0], [1.0]], activation=relu6), bp.Layer([[1.0, 0.5]])], absolute)
    check = bp.gradient_check(net, [2.0], [1.0])
    assert check.passed
    assert [row.ref for row in check.rows if row.kink_of == "relu6"] == ["W1[0,0]", "b1[0]"]


def test_a_browser_finds_origins_paths_and_gradients(tmp_path) -> None:
    trace = bp.backprop(network(), X[0], Y[0])
    refs = [f"W{k}[0,1]" for k in (1, 2, 3)] + [f"b{k}[1]" for k in (1, 2, 3)]
    with answering("from_outside.ts", tmp_path) as ask:
        row = b64encode(trace.row.astype("<f8").tobytes()).decode()
        answers = json.loads(
            ask({"program": Program(trace.network).to_json(), "row": row, "refs": refs})
        )
    for ref, answer in zip(refs, answers, strict=True):
        assert answer["made"] == [f"g{ref}"]
        assert answer["paths"] == pytest.approx(float(trace[f"g{ref}"]), rel=1e-12)
        assert answer["check"]["relativeError"] < 1e-6
    assert answers[0]["sources"] == ["d1[0]", "x[1]"]
    assert answers[0]["results"] == ["a1[0]", "nW1[0,1]"]


@pytest.mark.parametrize("numbers", ["decimals", "fractions"])
def test_a_worksheet_is_made_in_fractions(numbers) -> None:
    quartic = bp.Loss("quartic", (h - y) ** 4)
    sheet = bp.worksheet(seed=1, activations=[bent, "identity"], loss=quartic, numbers=numbers)
    exact = sheet.sheet.problem.exact
    error = exact["h2[0]"] - exact["y[0]"]
    assert (exact["loss"], exact["e2[0]"]) == (error**4, 4 * error**3)
    assert {exact[f"s1[{k}]"] for k in (0, 1)} == {1, Fraction(1, 5)}
    assert "quartic" in sheet.html(key=True)


def test_a_worksheet_and_a_question_bank_are_made_in_rounded_numbers() -> None:
    sheet = bp.worksheet(activations=[swish, "sigmoid"], loss=surprise)
    assert sheet.sheet.problem.exact is None
    assert {"swish", "surprise"} <= set(re.findall(r"[a-z]+", sheet.markdown(key=True)))
    bank = bp.question_bank(3, activations=[swish, "sigmoid"], loss=relative)
    assert "swish in layer 1" in bank.html()


def test_the_bug_lab_switches_the_mistake() -> None:
    lab = bp.BugLab((network(), X, Y))
    assert lab.differences == ()
    lab.rule = bp.Rule(mistakes=("gradient_halved",))
    assert lab.differences[0] == "gW3"
    np.testing.assert_array_equal(lab.trace["gW3"], 0.5 * lab.right_trace["gW3"])


def test_the_training_panel_trains_them() -> None:
    panel = bp.TrainingPanel((network(), X, Y))
    panel.set(mistakes=("gradient_halved",), learning_rate=0.2)
    panel.advance(5)
    rule = bp.Rule(0.2, mistakes=("gradient_halved",))
    trained = bp.train(network(), X, Y, rule, epochs=2).trace(1, 1).updated
    np.testing.assert_array_equal(
        panel.history.trace(1, 1).updated.layers[0].weights, trained.layers[0].weights
    )


def test_a_page_has_them(tmp_path) -> None:
    panels = [bp.StepPanel((network(), X, Y)), bp.BugLab((network(), X, Y))]
    written = bp.export.html(panels, tmp_path / "page.html").read_text(encoding="utf-8")
    (packed,) = re.findall(r'<script [^>]*id="bpviz-page"[^>]*>([^<]*)</script>', written)
    assert packed
    assert "bent keeps a fifth of what is below 0" in str(panels[0]._program)


class TestRefused:
    def test_a_pair_that_is_another_loss(self) -> None:
        with pytest.raises(ValueError, match=r"pairs\[sigmoid\] is .*, where the loss is"):
            bp.Loss("mine", surprise.formula, pairs={bp.sigmoid: softplus(a)})
        with pytest.raises(ValueError, match=r"pairs\[tanh\] has another derivative by a than f"):
            bp.Loss("mine", (h - y) ** 2, pairs={bp.tanh: (tanh(a) - y) ** 2})
        with pytest.raises(TypeError, match="pairs is 'sigmoid'; give a mapping from activation"):
            bp.Loss("mine", surprise.formula, pairs="sigmoid")

    def test_a_name_that_bpviz_has(self) -> None:
        with pytest.raises(ValueError, match="name is 'relu', which bpviz has already"):
            bp.Activation("relu", a)

    def test_two_functions_of_one_name_in_a_network(self) -> None:
        other = bp.Activation("swish", a * 2.0)
        with pytest.raises(ValueError, match="give each function a name of its own"):
            bp.Network.random([1, 1, 1], [swish, other], seed=0)

    def test_a_formula_without_a_value_at_zero(self) -> None:
        with pytest.raises(ValueError, match=r"formula is .* at a = .*it must be a finite number"):
            bp.Activation("one_over", 1 / a)

    def test_a_derivative_that_is_another_functions(self) -> None:
        with pytest.raises(
            ValueError, match=r"derivative gives 1 at a = -31\.017, where the formula"
        ):
            bp.Activation("square", a**2.0, derivative=1.0)

    def test_something_that_is_no_formula(self) -> None:
        with pytest.raises(TypeError, match=r"formula is .*write it with the names of bpviz"):
            bp.Activation("mine", np.tanh)
        with pytest.raises(ValueError, match="formula is written with W1"):
            bp.Activation("mine", Ref("W1"))

    def test_a_name_that_a_mistake_of_bpviz_has(self) -> None:
        with pytest.raises(ValueError, match="'batch_summed', which one of bpviz has"):
            bp.mistakes.add(replace(halved, name="batch_summed"))

    def test_what_makes_no_formula(self) -> None:
        odd = replace(halved, name="odd", alters=lambda *_: "half of it")
        bp.mistakes.add(odd)
        try:
            with pytest.raises(TypeError, match="alters of the mistake 'odd' returns 'half of it'"):
                bp.backprop(network(), X, Y, bp.Rule(mistakes=("odd",)))
        finally:
            bp.mistakes.remove("odd")


def test_a_mistake_that_is_defined_again_is_the_one_that_is_made() -> None:
    rule = bp.Rule(mistakes=("gradient_halved",))
    right = bp.backprop(network(), X, Y)["gW1"]
    np.testing.assert_array_equal(bp.backprop(network(), X, Y, rule)["gW1"], 0.5 * right)
    bp.mistakes.add(
        replace(halved, alters=lambda op, _: 0.25 * op.formula if op.quantity == "gW" else None)
    )
    try:
        np.testing.assert_array_equal(bp.backprop(network(), X, Y, rule)["gW1"], 0.25 * right)
    finally:
        bp.mistakes.add(halved)
