"""What the browser computes of a program is what Python computes: the same rows."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.update.starting import started
from bpviz.explain.program import Program
from tests.core.mistaken import X, Y, classifier, coupled, deep, mistaken_runs
from tests.core.networks import cases, rules
from tests.explain.front_end import answering

TOLERANCE = 1e-12

Evaluate = Callable[..., np.ndarray]
many = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def evaluate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluate]:
    """Compute an update, the first of a run or another, as panels do, from the given numbers."""
    with answering("evaluate.ts", tmp_path_factory.mktemp("evaluate")) as ask:
        yield evaluating(ask)


def evaluating(ask: Callable[[Any], str]) -> Evaluate:
    """Return what computes an update where a question is sent."""

    def computed(program: Program, row: np.ndarray, begins: bool = True) -> np.ndarray:
        bare = row.copy()
        for operation in program.operations:
            program.layout.view(bare, operation.writes)[...] = np.nan
        numbers = b64encode(bare.astype("<f8").tobytes()).decode()
        answer = ask({"program": program.to_json(), "row": numbers, "begins": begins})
        return np.frombuffer(b64decode(answer), "<f8")

    return computed


def check(evaluate: Evaluate, network: bp.Network, x: object, y: object, rule: bp.Rule) -> None:
    trace = bp.backprop(started(network, rule), x, y, rule)
    program = Program(network, rule, trace.layout.samples)
    made = evaluate(program, bp.backprop(network, x, y, rule).row)
    compare(made, trace, f"{program} under {rule}")


def check_run(evaluate: Evaluate, rule: bp.Rule) -> None:
    history = bp.train(deep(), X, Y, rule, epochs=3)
    program = Program(history.network(0), rule, 1)
    for number in range(len(history)):
        trace = history.trace(*divmod(number, history.updates_per_epoch))
        made = evaluate(program, trace.row, begins=False)
        compare(made, trace, f"update {number} by {rule}")


def compare(made: np.ndarray, trace: bp.Trace, what: str) -> None:
    for name in trace.layout.registers:
        np.testing.assert_allclose(
            trace.layout.view(made, name), trace.layout.view(trace.row, name),
            rtol=TOLERANCE, atol=TOLERANCE, err_msg=f"{name} of {what}",
        )  # fmt: skip


@many
@given(case=cases(), rule=rules())
def test_any_network_under_any_rule(
    evaluate: Evaluate, case: tuple[bp.Network, np.ndarray, np.ndarray], rule: bp.Rule
) -> None:
    check(evaluate, *case, rule)


@many
@given(mistaken_runs())
def test_several_mistakes_at_once(evaluate: Evaluate, run: tuple) -> None:
    network, inputs, targets, samples, rule = run
    check(evaluate, network, inputs[:samples], targets[:samples], rule)


@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("update", ["simultaneous", "dirty"])
@pytest.mark.parametrize("mistake", list(bp.mistakes))
def test_every_mistake(evaluate: Evaluate, mistake: str, update: str, samples: int) -> None:
    rule = bp.Rule(0.5, update, mistakes=(mistake,))
    for network in (deep(), deep(second_unit=0.0), classifier(), coupled()):
        check(evaluate, network, X[:samples], Y[:samples] / Y[:samples].sum(axis=1)[:, None], rule)


OPTIMIZERS = [
    bp.SGD(momentum=0.9),
    bp.SGD(momentum=0.9, dampening=0.1, weight_decay=0.01),
    bp.SGD(momentum=0.9, nesterov=True),
    bp.Adam(),
    bp.Adam(weight_decay=0.01),
]


@pytest.mark.parametrize("update", ["simultaneous", "dirty"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_every_optimizer_at_every_update(
    evaluate: Evaluate, optimizer: object, update: str
) -> None:
    check_run(evaluate, bp.Rule(0.1, update, optimizer=optimizer))


@many
@given(
    st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3),
    st.sampled_from(["softmax", "sigmoid", "tanh", "softplus", "silu"]),
)
def test_aggregates_that_overflow_what_is_written(
    evaluate: Evaluate, bias: list[float], activation: str
) -> None:
    losses = {"softmax": ["cross_entropy"], "sigmoid": ["binary_cross_entropy"]}
    for loss in ["squared_error", *losses.get(activation, [])]:
        layers = [bp.Layer(np.eye(3), bias, activation)]
        check(evaluate, bp.Network(layers, loss), np.zeros(3), [1.0, 0.0, 0.0], bp.Rule(0.1))


def test_a_function_and_a_loss_from_outside(evaluate: Evaluate) -> None:
    from bpviz.formula import a, exp, h, ln, maximum, tanh, y

    mish = bp.Activation("mish", a * tanh(ln(1 + exp(a))))
    capped = bp.Activation("capped", maximum(0, a) - maximum(0, a - 1))
    loss = bp.Loss("relative", (h - y) ** 2.0 / (1 + y**2.0))
    network = bp.Network.random([3, 4, 2], [mish, capped], seed=1, loss=loss)
    for rule in (bp.Rule(0.3), bp.Rule(0.3, "dirty", train_biases=False)):
        check(evaluate, network, [[0.2, -1.0, 3.0], [1.0, 1.0, 1.0]], [[1, 0], [0, 2]], rule)
