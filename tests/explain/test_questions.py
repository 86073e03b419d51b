"""What can be asked about an update, and what fading asks."""

from __future__ import annotations

import json

import numpy as np
import pytest

import bpviz as bp
from bpviz.explain.program import Program
from bpviz.explain.questions import asked, faded, questions, stage_count
from bpviz.explain.wrong_answers import WrongAnswers


@pytest.fixture
def lecture():
    example = bp.presets.three_two_one()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.corrected)
    return Program(example.network, example.corrected), trace


def question(lecture, ref, kind="number"):
    program, trace = lecture
    (found,) = questions(asked({ref: kind}, program), WrongAnswers(trace), program)
    return found


def test_a_register_means_each_of_its_entries_in_the_order_of_the_algorithm(lecture):
    program, _ = lecture
    assert asked("d1", program) == (("d1[0]", "number"), ("d1[1]", "number"))
    assert [ref for ref, _ in asked(["nW2[0,1]", "d1[1]", "a1", "loss"], program)] == [
        "a1[0]",
        "a1[1]",
        "loss",
        "d1[1]",
        "nW2[0,1]",
    ]
    assert asked({"d1[0]": "sign", "d1": "inputs"}, program) == (
        ("d1[0]", "sign"),
        ("d1[1]", "inputs"),
    )
    assert asked(" d1[ 0 ]".strip().replace(" ", ""), program) == (("d1[0]", "number"),)


@pytest.mark.parametrize(
    ("predict", "error", "message"),
    [
        (3, TypeError, "predict is 3; give a ref such as 'd1\\[0\\]'"),
        ("delta", ValueError, "predict has 'delta': there is no register 'delta'; give"),
        ("d1[7]", ValueError, "predict has 'd1\\[7\\]': ref 'd1\\[7\\]' does not exist"),
        ("W1", ValueError, "predict has 'W1', which is given from the start"),
        (["x[0]"], ValueError, "predict has 'x\\[0\\]', which is given from the start"),
        ([3], ValueError, "predict has 3: 3 is not a ref"),
        ([], ValueError, "predict is \\[\\], which asks for nothing"),
        ({"d1": "size"}, ValueError, "with 'size'; kinds are number, sign, larger, inputs"),
        ({"a1": "larger"}, ValueError, "whether a1\\[0\\] is larger, but it has nothing"),
        ({"gb1": "larger"}, ValueError, "whether gb1\\[0\\] is larger"),
    ],
)
def test_what_cannot_be_asked_is_refused(lecture, predict, error, message):
    with pytest.raises(error, match=message):
        asked(predict, lecture[0])


def test_too_much_at_once_is_refused():
    network = bp.Network.random([16, 16, 1], ["relu", "identity"], seed=0)
    program = Program(network)
    with pytest.raises(ValueError, match="predict asks for 256 numbers of an update; ask for at"):
        asked("gW1", program)
    with pytest.raises(ValueError, match="the inputs of a1\\[0\\], which is made from 33 numbers"):
        asked({"a1[0]": "inputs"}, program)


def test_larger_compares_with_what_a_number_came_from(lecture):
    partners = {
        ref: question(lecture, ref, "larger").partner
        for ref in ("nW1[0,1]", "nb2[0]", "h1[0]", "d1[1]")
    }
    assert partners == {
        "nW1[0,1]": "W1[0,1]",
        "nb2[0]": "b2[0]",
        "h1[0]": "a1[0]",
        "d1[1]": "e1[1]",
    }


def test_the_delta_of_softmax_with_cross_entropy_has_no_partner():
    network = bp.Network.random([2, 3], ["softmax"], loss="cross_entropy", seed=3)
    with pytest.raises(ValueError, match="whether d1\\[0\\] is larger"):
        asked({"d1[0]": "larger"}, Program(network))


def test_inputs_are_chosen_from_right_and_believable_ones_in_an_order_that_tells_nothing(lecture):
    found = question(lecture, "d1[0]", "inputs")
    assert found.inputs == (("e1[0]", "s1[0]"),)
    assert set(found.options) > {"e1[0]", "s1[0]", "h1[0]", "a1[0]", "W2[0,0]", "d2[0]"}
    registers = list(lecture[1].layout.registers)
    places = [registers.index(ref.partition("[")[0]) for ref in found.options]
    assert places == sorted(places)
    (missing,) = [one for one in found.wrong if "hidden_derivative_missing" in one.mistakes]
    assert missing.reads == ("e1[0]",)
    early = [(one.refs, set(one.reads)) for one in found.wrong if one.slip == "early"]
    assert (("e1[0]",), {"s1[0]", "W2[0,0]", "d2[0]"}) in early


def test_only_numbers_that_are_computed_by_then_are_offered(lecture):
    program, _ = lecture
    order = [operation.writes for operation in program.operations]
    for ref in ("a1[0]", "h2[0]", "e1[1]", "uW1[0,0]", "gb2[0]"):
        place = order.index(ref.partition("[")[0])
        for option in question(lecture, ref, "inputs").options:
            register = option.partition("[")[0]
            assert register not in order[place:]
            assert option != ref


def test_the_derivative_can_be_had_from_either_side(lecture):
    assert question(lecture, "s2[0]", "inputs").inputs == (("h2[0]",), ("a2[0]",))
    assert [one.reads for one in question(lecture, "s2[0]", "inputs").wrong] == []


def test_the_learning_rate_is_an_input(lecture):
    found = question(lecture, "uW1[0,0]", "inputs")
    assert found.inputs == (("learning_rate", "gW1[0,0]"),)
    assert found.options[0] == "learning_rate"


def test_fading_leaves_out_more_and_more_from_the_end(lecture):
    program, trace = lecture
    assert stage_count(program) == 11
    registers = [
        [ref.partition("[")[0] for ref, _ in faded(program, trace, level)] for level in range(13)
    ]
    stages = ["a1", "h1", "a2", "h2", "loss", "d2", "gW2", "d1", "gW1", "nW1", "nW2"]
    assert registers == [*(stages[11 - level :] for level in range(12)), stages]
    asked_again = {ref for level in range(12) for ref, _ in faded(program, trace, level)}
    assert {"d1[0]", "d1[1]", "gW1[0,0]", "gW1[1,2]"} <= asked_again


def test_fading_leaves_the_identity_out_and_avoids_zeros():
    example = bp.presets.xor()
    trace = bp.backprop(example.network, [-1, -1], [1], example.corrected)
    program = Program(example.network, example.corrected)
    found = [faded(program, trace, level) for level in range(stage_count(program) + 1)]
    assert "h2" not in {ref.partition("[")[0] for one in found for ref, _ in one}
    asked_for = [ref for one in found for ref, _ in one if ref.startswith("gW2")]
    assert all(float(trace[ref]) for ref in asked_for) or not trace["gW2"].any()


def test_a_mistaken_rule_has_the_same_stages():
    example = bp.presets.xor()
    right, wrong = (Program(example.network, rule) for rule in (example.corrected, example.rule))
    assert stage_count(right) == stage_count(wrong) == 10


def test_numbers_that_are_not_finite_are_not_asked_for():
    network = bp.Network([bp.Layer([[1e200]], 0.0, "identity")])
    trace = bp.backprop(network, [1e200], [0.0])
    program = Program(network)
    assert not np.isfinite(float(trace["loss"]))
    assert questions(asked(["loss", "nb1"], program), WrongAnswers(trace), program) == ()


def test_questions_are_plain_data(lecture):
    program, trace = lecture
    for kind in ("number", "sign", "inputs"):
        found = questions(
            asked({"d1": kind, "uW1[0,0]": kind}, program), WrongAnswers(trace), program
        )
        data = json.loads(json.dumps([one.to_json() for one in found], allow_nan=False))
        assert data[0]["ref"] == "d1[0]"
        assert data[0]["kind"] == kind
        assert data[0]["wrong"]


def test_the_cross_entropy_may_be_said_to_come_from_the_outputs_or_the_aggregates():
    network = bp.Network.random([2, 2], ["softmax"], loss="cross_entropy", seed=3)
    trace = bp.backprop(network, [1.0, 2.0], [0.0, 1.0])
    one = question((Program(network), trace), "loss", "inputs")
    assert [set(choice) for choice in one.inputs] == [
        {"y[0]", "y[1]", "a1[0]", "a1[1]"},
        {"y[0]", "y[1]", "h1[0]", "h1[1]"},
    ]
    assert {"h1[0]", "h1[1]"} <= set(one.options)
