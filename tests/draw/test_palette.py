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


# What is left of linear red, green and blue where one kind of cone is missing: G. M. Machado,
# M. M. Oliveira and L. A. F. Fernandes, "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.0.
WITHOUT = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

# CIE XYZ of linear sRGB, each as a share of that of white (D65), IEC 61966-2-1.
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) / [
    [0.9505],
    [1.0],
    [1.0890],
]


def linear(colour: str) -> np.ndarray:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    return np.array([p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts])


def luminance(colour: str) -> float:
    return float(XYZ[1] @ linear(colour))


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIE L*, a*, b* of linear red, green and blue."""
    shares = XYZ @ rgb.clip(0, 1)
    x, y, z = (s ** (1 / 3) if s > 216 / 24389 else (24389 / 27 * s + 16) / 116 for s in shares)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one: str, other: str, vision: str) -> float:
    """Return ΔE*ab (CIE 1976) of two colours as they are seen without a kind of cone."""
    matrix = np.array(WITHOUT[vision])
    return float(np.linalg.norm(lab(matrix @ linear(one)) - lab(matrix @ linear(other))))


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


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("vision", list(WITHOUT))
def test_above_and_below_0_stay_apart_for_the_colour_blind(vision: str, theme: int) -> None:
    for kind in ("", "-bar"):
        colours = [PALETTE[f"{sign}{kind}"][theme] for sign in ("positive", "negative")]
        # Twenty times what is just noticed: 2.3.
        assert distance(*colours, vision) >= 46, kind
    # Red and green of one lightness do not.
    assert distance("#b45a3c", "#6e7d32", "deuteranopia") < 12


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
