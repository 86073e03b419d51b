"""The steps of a program say exactly what the core computes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings

import bpviz as bp
from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import Ref
from bpviz.explain.numbers import number_text
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from tests.explain.networks import cases

GIVEN = ("learning_rate", "x", "y")


class Memory:
    """The numbers that steps have written so far, for every sample; each may be written once."""

    def __init__(self, program: Program, trace: bp.Trace) -> None:
        self.layout, self.samples = program.layout, program.layout.samples
        self.numbers: dict[tuple[str, int], float] = {}
        self._entries: dict[Ref, list[str]] = {}
        given_registers = [name for name in self.layout.registers if name in GIVEN]
        given_registers += [name for name in self.layout.registers if name[0] in "Wb"]
        given_registers += list(self.layout.carried)
        for name in given_registers:
            for sample in range(self.samples):
                self.write(Ref(name), sample, trace.at_sample(sample))

    def entries(self, ref: Ref) -> list[str]:
        if ref not in self._entries:
            self._entries[ref] = self._names(ref)
        return self._entries[ref]

    def _names(self, ref: Ref) -> list[str]:
        if ref.at or not self.layout.registers[ref.register].entry_shape:
            return [str(ref)]
        shape = self.layout.registers[ref.register].entry_shape
        return [f"{ref.register}[{','.join(map(str, at))}]" for at in np.ndindex(shape)]

    def write(self, ref: Ref, sample: int, value) -> None:
        names = self.entries(ref)
        if isinstance(value, bp.Trace):
            values = [value[name] for name in names]
        else:
            shape = (len(names),)
            values = np.broadcast_to(np.asarray(value).reshape(-1), shape)
        for name, number in zip(names, values, strict=True):
            assert (name, sample) not in self.numbers, f"{name} is written twice"
            self.numbers[name, sample] = float(number)

    def lookup(self, default: int):
        def number(ref: Ref):
            sample = default if ref.sample is None else ref.sample
            values = [self.numbers[name, sample] for name in self.entries(ref)]
            if ref.at or ref.partial:
                return values[0]
            shape = self.layout.registers[ref.register].entry_shape
            return np.array(values).reshape((*shape, 1) if len(shape) == 1 else shape)

        return number

    def assert_holds(self, trace: bp.Trace, rel: float) -> None:
        """Check that every number of an update was written."""
        for name, register in self.layout.registers.items():
            recorded = self.layout.view(trace.row, name)
            for sample in range(self.samples):
                expected = np.ravel(recorded[sample] if register.per_sample else recorded)
                entries = self.entries(Ref(name))
                numbers = np.array([self.numbers[entry, sample] for entry in entries])
                assert numbers.shape == expected.shape, name
                with np.errstate(invalid="ignore"):
                    near = np.abs(numbers - expected) <= np.maximum(rel * np.abs(expected), 1e-12)
                assert ((numbers == expected) | near).all(), (name, numbers, expected)


@pytest.mark.parametrize("depth", DEPTHS)
@given(case=cases())
@settings(max_examples=60, deadline=None)
def test_evaluating_the_steps_in_order_reproduces_every_register(depth, case):
    network, x, y, rule = case
    trace = bp.backprop(network, x, y, rule)
    program = Program(network, rule, samples=len(x))
    memory = Memory(program, trace)
    for step in program.steps(depth):
        for target, expression in step.equations:
            for sample in range(len(x)):
                memory.write(target, sample, evaluate(expression, memory.lookup(sample)))
    memory.assert_holds(trace, rel=1e-12)


@pytest.mark.parametrize("depth", DEPTHS)
@given(case=cases())
@settings(max_examples=30, deadline=None)
def test_a_step_reads_what_its_expression_needs(depth, case):
    network, _, _, rule = case
    program = Program(network, rule)
    written = {name for name in program.layout.registers if name in GIVEN or name[0] in "Wb"}
    for step in program.steps(depth):
        for ref in step.reads:
            assert ref in written or ref.partition("[")[0] in written, ref
        written.update(step.writes)


def test_steps_of_the_3_2_1_network_at_each_depth():
    example = bp.presets.three_two_one()
    program = Program(example.network, example.rule)
    assert [len(program.steps(depth)) for depth in DEPTHS] == [23, 34, 57]
    assert [step.writes[0] for step in program.steps("layer")] == (
        "a1 h1 a2 h2 loss e2 s2 d2 gW2 gb2 e1 s1 d1 gW1 gb1 uW1 nW1 ub1 nb1 uW2 nW2 ub2 nb2".split()  # noqa: SIM905
    )
    first = program.steps("unit")[0]
    assert first.writes == ("a1[0]",)
    assert first.reads == ("W1[0,0]", "x[0]", "W1[0,1]", "x[1]", "W1[0,2]", "x[2]", "b1[0]")


def test_what_changes_nothing_can_be_left_out_unless_a_mistake_makes_it_so():
    example = bp.presets.three_two_one()
    program = Program(example.network, example.rule)
    assert program.unchanging == {"ub1", "nb1", "ub2", "nb2"}
    assert [len(program.steps(depth, skip_unchanged=True)) for depth in DEPTHS] == [19, 28, 51]
    steps = program.steps("unit", skip_unchanged=True)
    assert [step.writes[0] for step in steps][-6:] == [
        *("uW1[0,0]", "uW1[1,0]", "nW1[0,0]", "nW1[1,0]", "uW2[0,0]", "nW2[0,0]")
    ]
    # It is there with the step before.
    assert [steps.done(ref) for ref in ("nW1", "ub1[0]", "nb1[1]", "uW2", "nb2")] == [
        *(26, 26, 26, 27, 28)
    ]
    assert Program(example.network).unchanging == frozenset()
    forgotten = bp.Rule(mistakes=("biases_not_trained",))
    assert Program(example.network, forgotten).unchanging == frozenset()


def test_dirty_update_changes_the_order_and_the_refs():
    example = bp.presets.xor()
    program = Program(example.network, example.rule)
    steps = program.steps("layer")
    order = [step.writes[0] for step in steps]
    assert order.index("nW2") < order.index("e1")
    assert steps[order.index("e1")].reads == ("nW2", "d2")
    assert [step.phase for step in steps[order.index("gb2") : order.index("e1") + 1]] == [
        "backward",
        "update",
        "update",
        "update",
        "update",
        "backward",
    ]


def test_terms_add_up_one_after_the_other():
    example = bp.presets.three_two_one()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    steps = Program(example.network, example.rule).steps("term")[:4]
    assert [step.writes for step in steps] == [("a1[0]~1",), ("a1[0]~2",), ("a1[0]~3",), ("a1[0]",)]
    assert [float(step.value(trace)) for step in steps] == pytest.approx([0.25, 0.26, 0.24, 0.24])
    assert [step.code for step in steps] == [
        "a1[0] = W1[0, 0] * x[0]",
        "a1[0] += W1[0, 1] * x[1]",
        "a1[0] += W1[0, 2] * x[2]",
        "a1[0] += b1[0]",
    ]


def test_every_step_has_one_plain_sentence_with_its_number():
    example = bp.presets.xor()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    for depth in DEPTHS:
        for step in Program(example.network, example.rule).steps(depth):
            words = step.words(trace)
            assert words.endswith("."), words
            assert not set("{}") & set(words), words
            assert not set("{}") & set(step.code), step.code
    step = next(s for s in Program(example.network).steps("unit") if s.writes == ("a1[0]",))
    assert step.words(trace) == (
        "The aggregate of unit 1 of layer 1: each input times its weight, plus the bias, "
        "gives 4.984."
    )
    assert "…" in step.words()


def test_the_words_of_a_batch_are_about_the_chosen_sample():
    example = bp.presets.xor()
    trace = bp.backprop(example.network, example.inputs, example.targets, example.corrected)
    steps = Program(example.network, example.corrected, samples=4).steps("unit")
    loss = next(step for step in steps if step.writes == ("loss",))
    sample = bp.backprop(example.network, example.inputs[2], example.targets[2])
    assert loss.words(trace.at_sample(2)).endswith(f"target: {number_text(sample.loss)}.")
    assert all("{" not in step.words(trace) for step in steps)


def test_the_program_is_plain_data_without_the_numbers_of_the_network():
    one = bp.Network.random([3, 4, 2], ["relu", "sigmoid"], seed=1)
    two = bp.Network.random([3, 4, 2], ["relu", "sigmoid"], seed=2)
    text = json.dumps(Program(one).to_json(), allow_nan=False)
    assert text == json.dumps(Program(two).to_json(), allow_nan=False)


def test_a_wide_program_stays_small_for_the_browser():
    network = bp.Network.random([64] * 9, ["relu"] * 8, seed=0)
    assert len(json.dumps(Program(network).to_json())) < 150_000


def test_an_unknown_depth_is_refused():
    example = bp.presets.xor()
    with pytest.raises(
        ValueError, match="depth is 'neuron'; choose one of 'layer', 'unit', 'term'"
    ):
        Program(example.network).steps("neuron")
