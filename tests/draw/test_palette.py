"""One palette: what Python draws with is what the panels' style sheet says."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

import bpviz as bp
from bpviz.draw.palette import PALETTE, light

STYLES = Path(bp.__file__).parent / "frontend" / "src" / "styles"
TOKEN = re.compile(r"--bpviz-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
XOR = bp.presets.xor()


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_style_sheet_holds_the_same_colours() -> None:
    first_rule = (STYLES / "tokens.css").read_text().split("}")[0]
    tokens = {name: (bright, dark) for name, bright, dark in TOKEN.findall(first_rule)}
    assert {name: tokens[name] for name in PALETTE} == PALETTE


@pytest.mark.parametrize("theme", [0, 1])
def test_text_and_lines_can_be_told_from_what_they_lie_on(theme: int) -> None:
    card = PALETTE["card"][theme]
    for name in ("ink", "soft", "positive", "negative", "forward", "loss", "backward", "update"):
        assert contrast(PALETTE[name][theme], card) >= 4.5, name
    for name in ("positive-bar", "negative-bar", "zero"):
        assert contrast(PALETTE[name][theme], card) >= 3, name


def test_above_0_is_blue_and_below_orange_in_networks_and_surfaces() -> None:
    trace = bp.backprop(XOR.network, XOR.inputs[0], XOR.targets[0], XOR.rule)
    weights = np.concatenate([trace["W1"].T.ravel(), trace["W2"].T.ravel()])
    lines = bp.plot.network(trace).lines
    for line, weight in zip(lines, weights, strict=True):
        sign = "negative-bar" if weight < 0 else "positive-bar"
        assert line.get_color() == light(sign)
        assert (line.get_linestyle() == "--") == (weight < 0)
    [image] = bp.plot.decision(XOR.network, XOR.inputs, XOR.targets).images
    shown = [to_hex(image.cmap(image.norm(value))) for value in (-0.5, 0.5, 1.5)]
    assert shown[0] == light("negative-bar")
    assert contrast(shown[1], light("card")) < 1.02
    assert shown[2] == light("positive-bar")


def test_a_figure_lies_on_a_card_with_a_margin_whatever_the_style_of_matplotlib() -> None:
    with plt.style.context("dark_background"):
        ax = bp.plot.loss({"run": bp.train(XOR.network, XOR.inputs, XOR.targets, epochs=3)})
        figure = ax.figure
        figure.draw_without_rendering()
        [card] = figure.artists
        assert to_hex(card.get_facecolor()) == light("card")
        texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.get_legend().get_texts()]
        texts += [tick.label1 for tick in ax.yaxis.get_major_ticks()]
        for text in texts:
            assert contrast(to_hex(text.get_color()), light("card")) >= 4.5
        box = ax.get_tightbbox().transformed(figure.dpi_scale_trans.inverted())
        assert min(box.x0, box.y0) >= 0.1
        assert box.x1 <= figure.get_figwidth() - 0.1


def test_axes_that_are_given_keep_their_figure() -> None:
    figure, ax = plt.subplots(facecolor="#123456")
    bp.plot.loss(bp.train(XOR.network, XOR.inputs, XOR.targets, epochs=3), ax)
    assert to_hex(figure.get_facecolor()) == "#123456"
    assert not figure.artists
