"""A picture with sliders: the picture follows them, and stands where nothing can move."""

import re
from base64 import b64decode

import matplotlib.pyplot as plt
import pytest
from matplotlib.axes import Axes

import bpviz as bp
from bpviz.panels.kept import SAVED, room_in


def parabola(weight: float, steps: int = 0) -> Axes:
    return bp.plot.slope(lambda w: 0.5 * (2 * w - 3) ** 2, weight, learning_rate=0.1, steps=steps)


def panel() -> bp.SliderPanel:
    return bp.SliderPanel(parabola, weight=(-1, 4, 0.5, 0.1), steps=(0, 20, 0, 1))


def test_the_picture_and_its_words_follow_the_sliders():
    shown = panel()
    before = shown._picture.address
    assert shown.words == "w = 0.5   loss 2   slope −4"
    shown.set(steps=1)
    assert shown.words.startswith("after 1 step:   w = 0.9 ")
    assert shown._picture.words == shown.words
    assert shown._picture.address != before
    assert shown.values == {"weight": 0.5, "steps": 1}
    assert repr(shown) == "SliderPanel(weight 0.5, steps 1)"


def test_a_slider_that_is_moved_in_the_page_does_the_same():
    shown = panel()
    shown.children[0].value = 1.5
    assert shown.words.startswith("w = 1.5   loss 0 ")


def test_without_a_kernel_its_picture_and_its_words_are_left():
    bundle = panel()._repr_mimebundle_()
    assert bundle["text/plain"] == "SliderPanel(weight 0.5, steps 0)"
    assert b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle[SAVED] == {
        "sliders": "weight 0.5, steps 0",
        "words": "w = 0.5   loss 2   slope −4",
    }
    assert room_in(bundle) > 0


def test_no_figure_stays_open():
    panel().set(weight=2)
    assert plt.get_fignums() == []


def test_it_opens_again_after_it_was_closed():
    shown = panel()
    shown.close()
    assert "application/vnd.jupyter.widget-view+json" in shown._repr_mimebundle_()


@pytest.mark.parametrize(
    ("sliders", "words"),
    [
        ({"weight": (1, 2)}, "weight is (1, 2); give the lowest and the highest value and the"),
        ({"weight": (0, 1, 5)}, "weight is (0, 1, 5); give the lowest"),
        ({"weight": (0, 0, 0)}, "the highest value must be above the lowest"),
        ({"weight": (0, 1, 0, 0)}, "step above 0"),
        ({}, "sliders is empty"),
    ],
)
def test_a_range_that_is_none_is_named(sliders, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        bp.SliderPanel(parabola, **sliders)


def test_a_value_out_of_its_range_moves_nothing():
    shown = panel()
    with pytest.raises(ValueError, match="weight is 9; give -1 to 4"):
        shown.set(steps=3, weight=9)
    assert shown.values == {"weight": 0.5, "steps": 0}
    with pytest.raises(ValueError, match="bias is no slider of this panel; it has weight, steps"):
        shown.set(bias=1)


def test_where_a_picture_cannot_be_drawn_the_panel_says_why_and_keeps_the_last():
    shown = bp.SliderPanel(lambda a: parabola(1 / a), a=(-1, 1, 0.5))
    before = shown._picture.address
    with pytest.raises(ZeroDivisionError):
        shown.set(a=0)
    assert shown._picture.error == (
        "The picture is that of earlier values: draw failed with ZeroDivisionError: "
        "float division by zero"
    )
    assert shown._picture.address == before
    shown.set(a=1)
    assert shown._picture.error == ""
    assert shown._picture.address != before


def test_what_draws_nothing_is_named():
    with pytest.raises(TypeError, match="draw returned None; return the axes"):
        bp.SliderPanel(lambda **_: None, weight=(0, 1, 0))
    with pytest.raises(TypeError, match="draw cannot be called with bias"):
        bp.SliderPanel(parabola, bias=(0, 1, 0))
