"""Finding steps among very many: what is counted must agree with what would be listed."""

from __future__ import annotations

import numpy as np
import pytest

import bpviz as bp
from bpviz.explain import steps as steps_module
from bpviz.explain.program import Program
from bpviz.explain.questions import asked
from bpviz.explain.steps import DEPTHS
from bpviz.explain.wrong_answers import WrongAnswers


def programs():
    deep = bp.Network.random([3, 4, 2], ["tanh", "softmax"], loss="cross_entropy", seed=1)
    single = bp.Network.random([1, 1], ["identity"], seed=1)
    return {
        "lecture": Program(bp.presets.three_two_one().network, bp.presets.three_two_one().rule),
        "softmax": Program(deep, bp.Rule(0.1, "dirty", train_biases=False)),
        "batch": Program(deep, samples=3),
        "single": Program(single),
        "single in a batch": Program(single, samples=2),
    }


PROGRAMS = programs()


@pytest.fixture(scope="module")
def wide():
    """A network of 784-128-10 units, and a batch of 32."""
    random = np.random.RandomState(0)
    network = bp.Network(
        [
            bp.Layer(random.randn(128, 784) * 0.05, np.zeros(128), "relu"),
            bp.Layer(random.randn(10, 128) * 0.1, np.zeros(10), "identity"),
        ]
    )
    x, y = random.rand(32, 784), np.eye(10)[random.randint(0, 10, 32)]
    return bp.backprop(network, x, y)


@pytest.fixture
def made(monkeypatch):
    """The steps that were made, by their depths."""
    found = []
    make = steps_module.Step

    def counted(depth, *rest):
        found.append(depth)
        return make(depth, *rest)

    monkeypatch.setattr(steps_module, "Step", counted)
    return found


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_a_ref_is_found_where_the_listed_steps_write_it(program, depth):
    steps = program.steps(depth)
    listed = [step.writes for step in steps]
    assert len(listed) == len(steps)
    ends: dict[str, int] = {}
    for number, writes in enumerate(listed, start=1):
        assert steps.last_written(number - 1) == writes[-1]
        for ref in writes:
            ends[ref] = ends[ref.partition("[")[0]] = number
    for ref, number in ends.items():
        if "~" not in ref:
            assert steps.done(ref) == number, ref
    for number, writes in enumerate(listed, start=1):
        assert steps.done(writes[-1]) == number
    assert [steps.done(name) for name in ("x", "x[0]", "y", "W1", "b1[0]")] == [0] * 5


def test_the_steps_of_a_wide_network_are_counted_and_none_is_made(wide, made):
    program = Program(wide.network, wide.rule, 32)
    assert [len(program.steps(depth)) for depth in DEPTHS] == [23, 1519, 408_785]
    term = program.steps("term")
    assert term.done("a1[100]~3") == 100 * 785 + 3
    assert term.done("a1[127]") == 128 * 785
    assert term.done("nW1[127,783]") == program.steps("term").done("nW1")
    assert made == []


def test_going_to_a_ref_makes_no_step_however_wide_the_network(wide, made):
    panel = bp.StepPanel(wide, depth="term")
    for ref in ("a1[100]", "gW1[100,700]", "nW1[127,783]"):
        panel.go(ref)
        assert panel.program.steps("term").last_written(panel.cursor - 1) == ref
    for depth in ("unit", "layer", "term"):
        panel.depth = depth
    assert made == []


def test_asking_for_single_numbers_of_a_wide_network_makes_no_step(wide, made):
    panel = bp.StepPanel(wide, depth="term", predict=["gW2[3,4]", "a1[3]", "d1[5]"])
    refs = [one.ref for one in panel.progress.questions]
    assert refs == ["a1[3]", "gW2[3,4]", "d1[5]"] * 32
    panel.cursor = len(panel)
    assert panel.cursor == 4 * 785  # before the first question is answered
    assert made == []


def test_questions_come_in_the_order_of_the_update(wide):
    program = Program(wide.network, wide.rule, 32)
    wanted = asked(["nW1[0,5]", "a1[10]", "a1[9]", "loss"], program)
    assert [ref for ref, _ in wanted] == ["a1[9]", "a1[10]", "loss", "nW1[0,5]"]


def test_wrong_numbers_of_a_batch_are_read_off_whole_registers(wide, monkeypatch):
    lookups = []
    slot = type(wide.layout).slot

    def counted(self, ref, sample=0):
        lookups.append(ref)
        return slot(self, ref, sample)

    monkeypatch.setattr(type(wide.layout), "slot", counted)
    wrong = WrongAnswers(wide).of("gW1[3,4]")
    assert "hidden_derivative_missing" in {name for one in wrong for name in one.mistakes}
    assert len(lookups) < 200


def test_a_sum_of_very_many_terms_has_its_value_at_each(wide):
    steps = Program(wide.network, wide.rule, 32).steps("term")
    weights, x = wide["W1"][0], wide["x"][0]
    assert steps[779].value(wide) == pytest.approx(float(weights[:780] @ x[:780]), rel=1e-12)
    assert steps[779].words(wide).count("{") == 0
