"""The slope of a curve, and the ball that rolls down."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.draw.slope_plot import rolled


def loss(weight: float) -> float:
    return 0.5 * (2 * weight - 3) ** 2


def test_the_title_tells_place_height_and_slope():
    ax = bp.plot.slope(loss, 0.5, ax=Figure().subplots())
    assert ax.get_title(loc="left") == "w = 0.5   loss 2   slope −4"


def test_the_dashed_line_is_the_tangent():
    ax = bp.plot.slope(loss, 2.0, ax=Figure().subplots())
    (tangent,) = (line for line in ax.lines if line.get_linestyle() == "--")
    weights, heights = tangent.get_data()
    # At 2 the loss is 0.5 and its slope 2.
    np.testing.assert_allclose(heights, 0.5 + 2 * (weights - 2.0), atol=1e-6)


@pytest.mark.parametrize(
    ("rate", "places"),
    [
        (0.1, [0.5, 0.9, 1.14, 1.284]),
        (0.25, [0.5, 1.5, 1.5, 1.5]),  # one step to the bottom
        (0.5, [0.5, 2.5, 0.5, 2.5]),  # to and fro for ever
        (0.6, [0.5, 2.9, -0.46, 4.244]),  # ever further away
    ],
)
def test_the_steps_are_those_of_gradient_descent(rate, places):
    np.testing.assert_allclose(rolled(loss, 0.5, rate, 3), places, atol=1e-6)


def test_a_ball_that_flies_away_stops_before_the_numbers_end():
    with np.errstate(all="raise"):
        places = rolled(loss, 0.5, 5.0, 1000)
    assert np.isfinite(places).all()
    assert 3 < len(places) < 1000
    ax = bp.plot.slope(loss, 0.5, learning_rate=5.0, steps=50, ax=Figure().subplots())
    assert "(out of the picture)" in ax.get_title(loc="left")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((5, 1.0), "function is 5; give a function of one weight"),
        ((str, 1.0), "give one number"),
        ((lambda weight: 1 / int(weight - weight), 1.0), "function fails at −1: ZeroDivisionError"),
    ],
)
def test_a_function_that_is_none_is_named(arguments, words):
    with pytest.raises((TypeError, ValueError)) as caught:
        bp.plot.slope(*arguments)
    assert words in str(caught.value)
    assert plt.get_fignums() == []


def test_steps_are_counted():
    with pytest.raises(ValueError, match="steps is -1; give 0 to 1000"):
        bp.plot.slope(loss, 0.5, steps=-1)
