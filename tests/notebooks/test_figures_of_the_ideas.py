"""What the notebooks on single weights and single units state is computed."""

import numpy as np
import pytest

import bpviz as bp
from bpviz.draw.slope_plot import rolled
from tests.notebooks.test_figures_in_prose import prose


def loss(weight: float) -> float:
    return 0.5 * (2 * weight - 3) ** 2


def slope(weight: float) -> float:
    return (2 * weight - 3) * 2


def test_the_valley_of_one_weight() -> None:
    text = prose("01")
    assert (loss(-1), loss(1.5), slope(0.5), slope(3)) == (12.5, 0.0, -4.0, 6.0)
    assert "The loss is 12.5 at the weight −1, falls to 0, and rises again." in text
    assert "1.5, for 1.5 · 2 = 3. There the loss is 0" in text
    assert "The slope at 0.5 is −4, or almost" in text
    assert "The slope is positive, 6." in text


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.25, "1. 0.25 arrives in one step."),
        (0.5, "2. 0.5 jumps from 0.5 to 2.5 and back."),
    ],
)
def test_special_learning_rates(rate: float, words: str) -> None:
    places = rolled(loss, 0.5, rate, 3)
    expected = [0.5, 1.5, 1.5, 1.5] if rate == 0.25 else [0.5, 2.5, 0.5, 2.5]
    np.testing.assert_allclose(places, expected, atol=1e-6)
    assert words in prose("01")


def test_above_one_half_the_ball_flies_away_and_the_second_valley_is_steeper() -> None:
    heights = [loss(place) for place in rolled(loss, 0.5, 0.51, 5)]
    assert heights == sorted(heights)
    steps = rolled(loss, 0.5, 0.1, 3)
    assert "from 0.5 to 0.9, 1.14 and 1.284" in prose("01")
    np.testing.assert_allclose(steps, [0.5, 0.9, 1.14, 1.284], atol=1e-6)
    steeper = [abs(place - 0.5) for place in rolled(lambda w: 0.5 * (4 * w - 2) ** 2, 2.0, 0.2, 5)]
    assert steeper == sorted(steeper)


def test_the_chain_of_one_sigmoid_unit() -> None:
    network = bp.Network([bp.Layer(weights=[[0.5]], activation="sigmoid")])
    trace = bp.backprop(network, [2], [1], bp.Rule(learning_rate=0.5))
    text = prose("04")
    assert f"{trace['h1[0]']:.3f}. The target is 1, so $h - y$ is −0.269." in text
    assert f"{trace['e1[0]']:.3f}".replace("-", "−") == "−0.269"
    assert f"{trace['s1[0]']:.3f}, a bit less than ¼." in text
    assert f"{trace['d1[0]']:.4f}.".replace("-", "−") in text
    assert trace["gb1[0]"] == trace["d1[0]"]


def test_ten_sigmoid_units_in_a_row_let_a_millionth_through() -> None:
    row = bp.Network([bp.Layer([[1.0]], activation="sigmoid") for _ in range(10)])
    deltas = [float(layer.delta[0]) for layer in bp.backprop(row, [1], [0]).layers]
    assert f"the delta of the last unit is about {deltas[-1]:.2f}" in prose("04")
    assert 0.5e-6 < deltas[0] / deltas[-1] < 2e-6
    assert "About a millionth of that" in prose("04")


def test_the_numbers_in_the_questions() -> None:
    delta = 0.2 * -3 * 0.25
    assert f"<summary>{delta:.2f}</summary>".replace("-", "−") in prose("05")
    assert bp.sigmoid.derivative(np.log(9.0)) == pytest.approx(0.09)
    assert "0.09</summary>\n\nRight: 0.9 · 0.1." in prose("05")


def test_another_sample_goes_through_the_network_of_the_lecture_and_back() -> None:
    example = bp.presets.three_two_one()
    lecture = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    assert f"= {lecture['a1[0]']:.2f}$$" in prose("03")
    assert f"= {lecture['h1[0]']:.4f}$$" in prose("03")
    assert "The slopes are {:.4f} and {:.4f}.".format(*lecture["s1"]) in prose("05")
    trace = bp.backprop(example.network, [-1, 1, 0.5], example.targets[0], example.rule)
    text = prose("03") + prose("05")
    assert trace["a1[1]"] == pytest.approx(0.75)
    assert r"= 0.75$$" in text
    error, slope, other_slope = (-float(trace["e2[0]"]), trace["s2[0]"], trace["s1[1]"])
    path = f"−{error:.4f}, {slope:.4f}, −0.3, {other_slope:.4f}, and the input 0.5."
    assert path in text
    assert f"$\\delta_2 = -{-trace['d2[0]']:.5f}$" in text
    assert f"the slopes there {trace['s1[0]']:.4f} and {other_slope:.4f}" in text
