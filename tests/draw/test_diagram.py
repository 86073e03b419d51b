"""The picture that stands where a panel cannot run."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

import bpviz as bp
from bpviz.draw.diagram import (
    CARD_WIDTH,
    LABEL_HEIGHT,
    MOST_LABELS,
    geometry,
    has_undrawn_units,
    outline,
    svg,
)

NS = {"svg": "http://www.w3.org/2000/svg"}


def texts(document: str) -> list[str]:
    return [element.text for element in ET.fromstring(document).findall("svg:text", NS)]


def trace_of(sizes, activations, seed=0):
    network = bp.Network.random(sizes, activations, seed=seed)
    return bp.backprop(network, np.ones(sizes[0]), np.zeros(sizes[-1]))


def test_every_number_of_the_first_lecture_is_in_the_picture():
    example = bp.presets.three_two_one()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    shown = texts(svg(trace, example.title))
    for number in ("0.5", "0.1", "−0.2", "−0.6", "0.7", "0.24", "−0.46", "0.5597", "0.387"):
        assert number in shown
    assert "3-2-1 network (sigmoid → sigmoid), loss of the sample 0.006616" in shown


def test_a_negative_weight_is_dashed_and_no_other():
    example = bp.presets.three_two_one()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    lines = ET.fromstring(svg(trace)).findall("svg:line", NS)
    assert len(lines) == 8
    assert sum("stroke-dasharray" in line.attrib for line in lines) == 3


@pytest.mark.parametrize("sizes", [(3, 2, 1), (2, 2, 1), (4, 4, 3), (16, 32, 16, 4), (64,) * 9])
def test_no_card_overlaps_another_or_leaves_the_picture(sizes):
    place = geometry(sizes)
    for card in place.cards:
        assert card.x >= 0
        assert card.x + CARD_WIDTH <= place.width
        assert card.y >= 0
        assert card.y + card.height <= place.height
        for other in place.cards:
            if other is not card and other.layer == card.layer:
                assert abs(card.y - other.y) >= card.height


@pytest.mark.parametrize("sources", range(1, 9))
@pytest.mark.parametrize("targets", range(1, 9))
def test_no_weight_that_is_written_lies_on_another(sources, targets):
    connections = geometry((sources, targets)).connections(1)
    labels = [connection.label for connection in connections if connection.label]
    assert len(labels) == (len(connections) if len(connections) <= MOST_LABELS else 0)
    heights = sorted(y for _, y in labels)
    assert all(below - above >= LABEL_HEIGHT for above, below in pairwise(heights))


def test_a_wide_layer_says_how_many_units_it_leaves_out():
    shown = texts(svg(trace_of([16, 32, 4], ["relu", "softmax"])))
    assert "⋮ 10 more units" in shown
    assert "⋮ 26 more units" in shown
    assert "layer 1, unit 32" in shown


def test_an_outline_counts_what_is_in_each_layer():
    network = trace_of([1, 32, 1500, 4], ["relu", "relu", "softmax"]).network
    assert has_undrawn_units(network)
    document = outline(network, "A <wide> one")
    shown = texts(document)
    assert shown[:2] == ["A <wide> one", "1-32-1500-4 network (relu → relu → softmax)"]
    assert {"1 input", "32 units", "1,500 units", "4 units"} < set(shown)
    assert {"32 weights", "48,000 weights", "6,000 weights"} < set(shown)
    assert "f activation function" in shown
    width = float(ET.fromstring(document).attrib["width"])
    cards = ET.fromstring(document).findall("svg:rect", NS)[1:]
    assert len(cards) == 4
    assert all(float(card.attrib["x"]) + CARD_WIDTH < width for card in cards)
    assert not has_undrawn_units(bp.presets.three_two_one().network)


def test_the_picture_is_the_same_every_time():
    one, two = (svg(trace_of([2, 3, 1], ["tanh", "identity"])) for _ in range(2))
    assert one == two


def test_a_title_is_text_not_markup():
    document = svg(trace_of([1, 1], ["identity"]), '<script>"&')
    assert '<script>"&' in texts(document)
