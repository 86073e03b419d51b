"""The figures that the prose of the course states are computed, not copied."""

from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

import bpviz as bp
from tests.notebooks.course import FOLDER, cells

XOR = bp.presets.xor()
SLOPE = ("relu_derivative_from_activation",)
RATE = 0.01


def prose(number: str) -> str:
    (path,) = FOLDER.glob(f"{number}_*.ipynb")
    return "\n".join(cell.source for cell in cells(path, "markdown"))


@cache
def run(rule: bp.Rule, epochs: int) -> bp.History:
    return bp.train(XOR.network, XOR.inputs, XOR.targets, rule, epochs=epochs)


def answers(network: bp.Network) -> Any:
    return network.predict(XOR.inputs).ravel()


def right_sides(network: bp.Network) -> int:
    return int(np.sum((answers(network) > 0.5) == (XOR.targets.ravel() > 0.5)))


def rmse_after(network: bp.Network) -> float:
    return float(np.sqrt(np.mean((answers(network) - XOR.targets.ravel()) ** 2)))


def test_the_lectures_run_during_and_after_its_epochs() -> None:
    lecture = run(XOR.rule, 500)
    after = np.array([rmse_after(lecture.network(epoch)) for epoch in range(501)])
    text = prose("02")
    assert f"lowest RMSE during an epoch is {lecture.rmse.min():.3f}" in text
    assert "In none of the 500 epochs" in text
    assert f"it makes {len(after)}. Of these, {np.sum(after < 0.5)} are below 0.5" in text
    assert f"after epoch 300 it is {after[300]:.4f}, and the lowest is {after.min():.3f}" in text
    assert right_sides(lecture.network(-1)) == 2
    assert "Two of its four answers are on the wrong side" in text
    assert f"ends at {lecture.rmse[-1]:.3f}, worse than the 0.5" in prose("07")
    assert f"*After* it the RMSE is {after[-1]:.3f}, with two of four" in prose("07")


def test_the_lectures_rule_has_learned_by_both_criteria_after_more_epochs() -> None:
    lecture = run(XOR.rule, 10_000)
    first = int(np.flatnonzero(lecture.rmse <= 0.1)[0]) + 1
    assert f"From epoch {first:,} on its RMSE is at most 0.1" in prose("02")
    assert (lecture.rmse[first - 1 :] <= 0.1).all()
    assert right_sides(lecture.network(first)) == right_sides(lecture.network(-1)) == 4
    assert f"{lecture.rmse[5999]:.3f} after 6,000, and {lecture.rmse[-1]:.3f} after" in prose("07")


def test_eight_rules_by_both_criteria() -> None:
    ends = {}
    for slope, fixed, dirty in product((False, True), repeat=3):
        rule = bp.Rule(
            learning_rate=RATE,
            update="dirty" if dirty else "simultaneous",
            train_biases=not fixed,
            mistakes=SLOPE if slope else (),
        )
        ends[slope, fixed, dirty] = run(rule, 6000)
    small = [key for key, history in ends.items() if history.rmse[-1] <= 0.1]
    sides = [key for key, history in ends.items() if right_sides(history.network(-1)) == 4]
    assert small == [(False, False, False), (False, False, True)]
    assert set(ends) - set(sides) == {(True, False, False), (True, False, True)}
    together, slope, fixed = (
        f"{ends[key].rmse[-1]:.3f}"
        for key in ((True, True, True), (True, False, False), (False, True, False))
    )
    text = prose("07")
    assert f"together ({together}) do better than the slope alone ({slope})" in text
    assert f"or the fixed biases alone ({fixed})" in text
    assert f"an RMSE of {slope}, and answers" in text
    assert f"an RMSE of {fixed}, far above 0.1" in text


def test_without_the_mistake_of_relu_the_lectures_run_has_not_learned_in_500_epochs() -> None:
    history = run(bp.Rule(learning_rate=RATE, update="dirty", train_biases=False), 500)
    assert right_sides(history.network(-1)) == 2
    assert f"the RMSE is {history.rmse[-1]:.2f}, and two answers" in prose("07")


def test_the_bias_of_the_output_falls_before_it_rises() -> None:
    history = run(XOR.corrected, 6000)
    bias = [float(history.network(epoch).layers[1].bias[0]) for epoch in range(0, 6001, 10)]
    assert (
        f"first falls, from {bias[0]:.2f} to {min(bias):.2f}, and then rises to {bias[-1]:.2f}"
        in prose("06")
    )


def test_a_tenth_of_the_learning_rate_takes_seven_times_as_long() -> None:
    def last_rmse(epochs: int) -> float:
        swept = bp.sweep(
            network=XOR.network,
            X=XOR.inputs,
            Y=XOR.targets,
            rule=bp.Rule(learning_rate=RATE / 10),
            epochs=epochs,
            runs=1,
            seed=0,
            starts="lecture",
        )
        return float(swept.rmse[0])

    fast = int(np.flatnonzero(run(XOR.corrected, 6000).rmse < 0.01)[0]) + 1
    slow = 37_393
    assert last_rmse(slow - 1) >= 0.01 > last_rmse(slow)
    assert f"it takes {slow:,} epochs, {slow / fast:.1f} times as many" in prose("06")


@pytest.mark.filterwarnings("ignore::bpviz.TrainingWarning")
def test_the_flipped_sign_diverges_when_it_is_said_to() -> None:
    flipped = run(bp.Rule(learning_rate=RATE, mistakes=("error_sign_flipped",)), 500)
    assert flipped.stopped is not None
    assert f"The run diverges after {flipped.epochs} epochs." in prose("07")


RULES = {
    "right": bp.Rule(learning_rate=RATE),
    "dirty update only": bp.Rule(learning_rate=RATE, update="dirty"),
    "fixed biases only": bp.Rule(learning_rate=RATE, train_biases=False),
    "slope always 1 only": bp.Rule(learning_rate=RATE, mistakes=SLOPE),
    "all three: the lecture": XOR.rule,
}


@pytest.mark.parametrize("name", RULES)
def test_a_thousand_starts_by_both_criteria(name: str) -> None:
    row = name
    for epochs in (2000, 10_000):
        swept = bp.sweep(
            network=XOR.network,
            X=XOR.inputs,
            Y=XOR.targets,
            rule=RULES[name],
            epochs=epochs,
            runs=1000,
            seed=0,
            starts="lecture",
        )
        ends = [swept.networks(number)[1] for number in range(1000)]
        sides = sum(right_sides(network) == 4 for network in ends)
        row += f" | {swept.solved().count / 10:.1f} % | {sides / 10:.1f} %"
    assert f"| {row} |" in prose("08")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("01", "W_2 \\, \\delta_2"),
        ("02", "lecture calls this XOR"),
        ("02", "deltas for the biases"),
        ("02", "never gets below"),
        ("06", "you write that loop yourself"),
        ("06", "ten times as long"),
        ("07", "some ten epochs"),
        ("07", "no number of epochs is"),
        ("08", "The verdict of 07 stands"),
    ],
)
def test_what_was_false_is_not_said_again(number: str, words: str) -> None:
    assert words not in prose(number)


def test_the_two_kinds_of_rmse_have_names() -> None:
    for number in ("02", "06", "12"):
        assert "**RMSE during the epoch" in prose(number)
        assert "**RMSE after the epoch" in prose(number)
