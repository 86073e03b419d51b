"""The figures that the prose of the course states are computed, not copied."""

import re
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np
import pytest

import bpviz as bp
from tests.notebooks.course import FOLDER, LESSONS, cells, printed

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
    text = prose("07")
    assert f"lowest RMSE during an epoch is {lecture.rmse.min():.3f}" in text
    assert "In none of the 500 epochs" in text
    assert f"There are {len(after)} such numbers" in text
    assert f"{np.sum(after < 0.5)} of them are below 0.5" in text
    assert f"after epoch 300 it is {after[300]:.4f}, and the lowest is {after.min():.3f}" in text
    assert right_sides(lecture.network(-1)) == 2
    assert "Two of its four answers are on the wrong side" in text
    assert f"ends at {lecture.rmse[-1]:.3f}, worse than the 0.5" in prose("09")
    assert f"*After* it the RMSE is {after[-1]:.3f}, with two of four" in prose("09")


def test_the_lectures_rule_has_learned_by_both_criteria_after_more_epochs() -> None:
    lecture = run(XOR.rule, 10_000)
    first = int(np.flatnonzero(lecture.rmse <= 0.1)[0]) + 1
    assert f"From epoch {first:,} on its RMSE is at most 0.1" in prose("09")
    assert (lecture.rmse[first - 1 :] <= 0.1).all()
    assert right_sides(lecture.network(first)) == right_sides(lecture.network(-1)) == 4
    assert f"The loss stops at {lecture.rmse[-1]:.4f}" in prose("09")


@pytest.mark.filterwarnings("ignore::bpviz.TrainingWarning")
def test_the_lectures_run_stays_where_it_is_for_many_epochs_and_then_explodes() -> None:
    endless = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.rule, epochs=50_000, record=1000)
    level = endless.rmse[8999:25_000]
    words = f"its RMSE stays at {level.min():.3f} to {level.max():.3f}"
    assert f"from epoch 9,000 to epoch 25,000 **{words}**" in prose("09")
    assert endless.stopped is not None


def test_the_largest_learning_rate_that_learns_lies_just_below_one_that_gets_stuck() -> None:
    for rate, is_below in ((0.3, True), (0.35, False)):
        history = bp.train(
            XOR.network, XOR.inputs, XOR.targets, bp.Rule(rate), epochs=6000, batch_size=4
        )
        assert bool((history.rmse < 0.01).any()) is is_below
    assert "With 0.35 the run gets stuck." in prose("08")


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
    text = prose("09")
    assert f"All three departures together leave {together}." in text
    assert f"The wrong slope alone leaves {slope}, and the fixed biases alone {fixed}." in text
    assert f"The wrong slope is guilty ({slope} alone)" in text
    assert f"so are the fixed biases ({fixed} alone)" in text
    assert f"without it the other two leave {ends[True, True, False].rmse[-1]:.3f}" in text
    assert f"the right rule is at an RMSE of {run(XOR.corrected, 500).rmse[-1]:.2f} then" in text
    assert "Two runs have learned" in text
    assert "Six runs have learned" in text
    bias = float(ends[True, False, False].network(-1).layers[1].bias[0])
    assert f"the bias of the output sinks from 0.95 to {bias:.2f}" in text


def test_the_luck_of_the_lectures_start_is_the_bias_of_its_output() -> None:
    first, second = XOR.network.layers
    for bias in (0.25, 0.5):
        start = bp.Network([first, bp.Layer(second.weights, [bias], "identity")])
        luck = bp.train(start, XOR.inputs, XOR.targets, XOR.rule, epochs=6000)
        assert luck.rmse[-1] > 0.5
    assert "Above 0.5: no better than always ½." in prose("09")


def test_without_the_mistake_of_relu_the_lectures_run_has_not_learned_in_500_epochs() -> None:
    history = run(bp.Rule(learning_rate=RATE, update="dirty", train_biases=False), 500)
    assert right_sides(history.network(-1)) == 2
    assert f"the RMSE is {history.rmse[-1]:.2f}, and two answers" in prose("09")


def test_the_bias_of_the_output_falls_before_it_rises() -> None:
    history = run(XOR.corrected, 6000)
    bias = [float(history.network(epoch).layers[1].bias[0]) for epoch in range(0, 6001, 10)]
    assert (
        f"first falls, from {bias[0]:.2f} to {min(bias):.2f}, and then rises to {bias[-1]:.2f}"
        in prose("08")
    )


def test_little_error_reaches_layer_1_on_the_plateau() -> None:
    history = run(XOR.corrected, 6000)
    start, plateau, end = (history.trace(epoch - 1, 0) for epoch in (1, 2000, 6000))
    text = prose("08")
    assert f"the delta of the output is −{-start['d2[0]']:.3f}" in text
    assert "those of layer 1 are {:.3g} and {:.3g}".format(*start["d1"]) in text
    assert f"in epoch 2,000, the output's is still −{-plateau['d2[0]']:.3f}" in text
    assert "layer 1: {:.3g} and {:g}".format(*plateau["d1"]) in text
    assert f"In the middle of the plateau the RMSE is {history.rmse[1999]:.2f}." in text
    errors = abs(history.network(2000).predict(XOR.inputs) - XOR.targets).ravel()
    assert np.argmin(errors) == 2
    assert (errors < 0.1).sum() == 1
    assert "One, that of (1, −1)." in text
    assert max(abs(end["d1"]).max(), abs(end["d2"]).max()) < 1e-3


def test_the_run_that_learns_meets_one_criterion_before_the_other() -> None:
    history = run(XOR.corrected, 6000)
    sides = next(epoch for epoch in range(1, 6001) if right_sides(history.network(epoch)) == 4)
    small = int(np.flatnonzero(history.rmse <= 0.1)[0]) + 1
    rmse = history.rmse[sides - 1]
    text = prose("09")
    assert f"of ½ after epoch {sides:,}, when the RMSE is still {rmse:.3f}" in text
    assert f"It is at most 0.1 after epoch {small:,}" in text


def test_a_tenth_of_the_learning_rate_takes_seven_times_as_long() -> None:
    fast = int(np.flatnonzero(run(XOR.corrected, 6000).rmse < 0.01)[0]) + 1
    slow = 37_393
    rule = bp.Rule(learning_rate=RATE / 10)
    swept = bp.sweep(
        XOR.network, XOR.inputs, XOR.targets, rule, epochs=slow, runs=1, seed=0, starts="lecture"
    )
    assert swept.curves[-2, 0] >= 0.01 > swept.curves[-1, 0]
    assert f"it takes {slow:,} epochs, {slow / fast:.1f} times as many" in prose("08")


@pytest.mark.filterwarnings("ignore::bpviz.TrainingWarning")
def test_the_flipped_sign_diverges_when_it_is_said_to() -> None:
    flipped = run(bp.Rule(learning_rate=RATE, mistakes=("error_sign_flipped",)), 500)
    assert flipped.stopped is not None
    assert f"The run diverges after {flipped.epochs} epochs." in prose("09")


def shares(heading: str) -> dict[str, tuple[float, ...]]:
    """Return what a table of notebook 10 prints, which nbval compares: each rule's shares."""
    (path,) = FOLDER.glob("10_*.ipynb")
    table = re.search(rf"{heading}.*\n((?:.* %\n)+)", printed(path))
    assert table
    rows = [re.split(r" {2,}", line.replace("%", "").strip()) for line in table[1].splitlines()]
    return {rule: tuple(map(float, numbers)) for rule, *numbers in rows}


def test_the_verdict_on_many_starts_depends_on_the_criterion_and_the_epochs() -> None:
    early, late = shares(r"RMSE ≤ 0.1   right side of ½"), shares("after 10,000 epochs")
    right, fixed, slope = "right", "fixed biases only", "slope always 1 only"
    assert early[slope][0] < early[right][0] < early[slope][1]
    assert late[slope][0] > late[right][0]
    text = prose("10")
    assert "*more* runs get all four answers on the right side than with the right rule" in text
    assert "After 10,000 epochs it is ahead of the right rule even by RMSE" in text
    by_rmse, by_side = (
        f"{100 * (1 - after / before):.0f}"
        for before, after in zip(early[right], early[fixed], strict=True)
    )
    assert f"By RMSE they cost {by_rmse} % of the runs." in text
    assert f"By the side of ½ they cost {by_side} %." in text
    assert "one start in nine is solved in 2,000 epochs" in text
    assert round(100 / early["all three: the lecture"][0]) == 9


def test_eight_hidden_units_arrive_early() -> None:
    sweep = bp.sweep(
        bp.Network.random([2, 8, 1], ["relu", "identity"]),
        XOR.inputs,
        XOR.targets,
        bp.Rule(learning_rate=0.05),
        epochs=1000,
        runs=2000,
        seed=0,
        starts="lecture",
    )
    after = {epoch: sweep.curves[epoch - 1] for epoch in (20, 30, 100, 150, 1000)}
    assert np.median(after[30]) < 0.01 < np.median(after[20])
    assert np.percentile(after[150], 95) < 0.01 < np.percentile(after[100], 95)
    text = prose("10")
    assert "median is almost at 0 after thirty epochs" in text
    assert "after 150 epochs it is almost at 0, too" in text
    late = np.sum(after[1000] > 0.1)
    assert f"the lowest and the highest loss: {late} runs do not get there" in text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("06", "W_2 \\, \\delta_2"),
        ("06", "$W \\delta$"),
        ("07", "lecture calls this XOR"),
        ("07", "deltas for the biases"),
        ("07", "never gets below"),
        ("08", "you write that loop yourself"),
        ("08", "ten times as long"),
        ("09", "some ten epochs"),
        ("09", "no number of epochs is"),
        ("10", "The verdict of 07 stands"),
    ],
)
def test_what_was_false_is_not_said_again(number: str, words: str) -> None:
    assert words not in prose(number)


def test_the_two_kinds_of_rmse_have_names() -> None:
    for number in ("07", "08", "16"):
        assert "**RMSE during the epoch" in prose(number)
        assert "**RMSE after the epoch" in prose(number)


def test_the_half_moons_after_one_epoch() -> None:
    (path,) = FOLDER.glob("13_*.ipynb")
    namespace: dict[str, Any] = {"np": np, "bp": bp}
    for cell in cells(path, "code"):
        if re.match(r"network =|wide =|trace =|dice =|history =", cell.source):
            exec(cell.source, namespace)  # a cell of the course
    trace, history = namespace["trace"], namespace["history"]
    still = np.argwhere(trace["uW2"] == 0)
    assert {column for _, column in still} == {2}
    assert len(still) == 2
    assert (trace["uW1"] != 0).all()
    assert trace["a1[2]"] == 0
    right = np.sum((history.network(1).predict(namespace["X"]) > 0.5) == (namespace["Y"] > 0.5))
    assert f"{right} of 60, and the boundary" in prose("13")


def test_the_penguins() -> None:
    table = np.loadtxt(FOLDER / "penguins.csv", delimiter=",", dtype=str)
    text = prose("14")
    assert f"measured {len(table) - 1} penguins of three species" in text
    inputs = table[1:, 1:3].astype(float)
    targets = (table[1:, :1] == ["Adelie", "Chinstrap", "Gentoo"]).astype(float)
    order = np.random.default_rng(seed=1).permutation(len(inputs))
    train, test = order[:60], order[160:]
    mean, spread = inputs[train].mean(axis=0), inputs[train].std(axis=0)
    scaled = (inputs - mean) / spread
    assert f"one spread, {spread[0]:.2f} mm" in text
    assert f"There were only {targets[train][:, 1].sum():.0f} of them among the 60" in text

    network = bp.Network.random([2, 4, 3], ["tanh", "softmax"], seed=1, loss="cross_entropy")
    first = bp.backprop(network, scaled[train[0]], targets[train[0]])
    shares = " and ".join(", ".join(f"{share:.4f}" for share in first.output).rsplit(", ", 1))
    assert f"The shares are {shares}." in text
    assert "an Adelie with a bill of {} × {} mm".format(*inputs[train[0]]) in text
    train_with = partial(
        bp.train,
        network,
        scaled[train],
        targets[train],
        epochs=32,
        batch_size=10,
        shuffle=True,
        seed=0,
    )
    run = train_with(bp.Rule(0.05, optimizer=bp.SGD(momentum=0.9)))
    third = run.trace(0, 2)
    old, gradient, new, weight = (
        float(third[f"{name}[0,0]"]) for name in ("vW2", "gW2", "nvW2", "uW2")
    )
    assert f"is −{-old:.5f}, and the gradient is {gradient:.5f}" in text
    assert gradient > 0 > new
    assert weight < 0  # what is taken away is negative: the weight goes up
    slow = train_with(bp.Rule(0.01, optimizer=bp.Adam()))
    assert f"with 0.01 Adam gets to {slow.losses[31]:.3f} only" in text

    chosen = run.network(-1)
    said = chosen.predict(scaled[test]).argmax(axis=1)
    true = targets[test].argmax(axis=1)
    chinstraps = true == 1
    missed = np.sum(chinstraps & (said != 1))
    assert f"The Chinstrap: {missed} of {chinstraps.sum()} get another name" in text
    assert f"An accuracy of {np.mean(said == true):.0%}".replace("%", " %") in text

    wrong = bp.backprop(chosen, scaled[72], targets[72], bp.Rule(0.05))
    pushes = wrong["W2"][1] * wrong["h1"]
    assert (pushes > 0).all()
    assert np.argmax(pushes) == 1
    assert "All four hidden units push the aggregate of the Chinstrap up, the second one" in text
    assert wrong["d2[1]"] > 0 > wrong["d2[0]"]  # down with the Chinstrap, up with the Adelie
    adelie = scaled[72].copy()
    assert f"the first input, {adelie[0]:.4f}" in text
    for given, is_adelie in (
        (0.121, False),
        ((44.5 - mean[0]) / spread[0], False),
        (0.119, True),
        ((44.4 - mean[0]) / spread[0], True),
    ):
        adelie[0] = given
        assert bool(chosen.predict(adelie).argmax() == 0) is is_adelie
    shorter = inputs[72][0] - 44.4
    assert f"from about 0.12 down. A bill of 44.4 mm, {shorter:.1f} mm shorter, would do" in text


# What other tests compute, also the answers of exercises; and what is no figure of a cell: steps of
# a worked sum, constants, examples, wrong answers to choose from, what is "about", a year.
ELSEWHERE = {
    "00": {"0.02", "0.05", "0.17"},
    "01": {"0.25", "0.4", "0.9", "1.14", "1.284", "2.5", "12.5"},
    "03": {"0.00123", "0.02", "0.123", "0.24", "0.5597", "0.75", "2.718"},
    "04": {"0.000001", "0.001", "0.0529", "0.197", "0.731", "3.5"},
    "05": {"0.03490", "0.1405", "0.2179", "0.2372", "0.2425", "0.2484"},
    "06": {"2.718"},
    "07": {"0.469", "0.4733", "0.504", "300", "432", "501"},
    "08": {"0.00932", "0.401", "0.43", "0.62", "1.58", "7.4", "123", "3,500", "37,393"},
    "09": {"0.319", "0.44", "4,209", "4,664", "7,943", "9,000", "25,000"},
    "10": {"150", "2,400", "2,600", "3,700"},
    "14": {
        *("0.03447", "0.06007", "0.136", "0.2517", "0.3227", "0.3591", "0.4257"),
        *("1.4", "15.9", "35.2", "44.4", "342", "2014"),
    },
}
FIGURE = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+\.\d+|\d{3,})(?![\w,.]*\d)")


def figures(text: str) -> set[str]:
    """Return the numbers of a text that somebody must have computed, as they are written."""
    text = re.sub(r"\]\([^)]*\)|```.*?```", " ", text, flags=re.DOTALL)
    return set(FIGURE.findall(text))


def computed(text: str) -> np.ndarray[Any, Any]:
    """Return every number of what was put out."""
    found = re.findall(r"\d[\d,]*(?:\.\d*)?(?:e[-+]?\d+)?", text)
    return np.array([float(number.replace(",", "")) for number in found])


@pytest.mark.parametrize("number", [path.stem[:2] for path in LESSONS])
def test_every_figure_in_the_prose_is_put_out_by_a_cell_or_computed_by_a_test(number: str) -> None:
    paths = [path for path in LESSONS if path.stem[:2] <= number]
    programs = [cell.source for cell in cells(paths[-1], "code")]
    known = computed("\n".join([*programs, *map(printed, paths)]))

    def is_known(figure: str) -> bool:
        value, digits = float(figure.replace(",", "")), len(figure.partition(".")[2])
        return bool((abs(known - value) <= 0.5000001 * 10.0**-digits).any())

    new = {figure for figure in figures(prose(number)) if not is_known(figure)}
    assert new == ELSEWHERE.get(number, set())
