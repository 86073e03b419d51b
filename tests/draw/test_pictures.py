"""What a notebook shows of a network, an example, an update and a run."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64encode
from urllib.parse import unquote

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

import bpviz as bp
from bpviz.draw.compact import compact
from bpviz.draw.curve import thinned
from bpviz.draw.diagram import document, text
from bpviz.draw.pictures import is_own, picture_in

XOR = bp.presets.xor()
NS = "{http://www.w3.org/2000/svg}"


def shown(thing) -> dict[str, str]:
    """Return what IPython hands to a notebook."""
    formatter = DisplayFormatter()
    formatter.active_types = formatter.format_types
    return formatter.format(thing)[0]


def words_in(picture: str) -> list[str]:
    return [element.text for element in ET.fromstring(picture).iter(f"{NS}text")]


def things() -> list[object]:
    history = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.rule, epochs=20)
    return [XOR.network, XOR, history.trace(0), history]


@pytest.mark.parametrize("thing", things(), ids=lambda thing: type(thing).__name__)
def test_it_is_a_picture_with_its_words_beside(thing) -> None:
    data = shown(thing)
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == (str(thing) if isinstance(thing, bp.Trace) else repr(thing))
    start, _, coded = data["text/html"].partition("data:image/svg+xml,")
    assert start.startswith(f'<img alt="{type(thing).__name__}(')
    assert unquote(coded.removesuffix('">')) == picture_in(data)
    assert not [word for word in words_in(picture_in(data)) if "0x" in word]


def test_the_same_numbers_make_the_same_picture() -> None:
    for one, other in zip(things(), things(), strict=True):
        assert shown(one) == shown(other)


def test_a_network_shows_its_weights_biases_and_functions() -> None:
    words = words_in(picture_in(shown(XOR.network)))
    assert "2-2-1 network (relu → identity), loss squared error" in words
    # RandomState(0): bias 1, weights 1, bias 2, weights 2, to four digits.
    for number in ("1.764", "0.4002", "0.9787", "2.241", "1.868", "−0.9773", "0.9501", "−0.1514"):
        assert number in words
    assert [words.count(name) for name in ("ReLU", "identity")] == [2, 1]
    lines = ET.fromstring(picture_in(shown(XOR.network))).iter(f"{NS}g")
    assert [len(g) for g in lines if "stroke-dasharray" in g.attrib] == [3]


def test_an_example_shows_its_samples() -> None:
    words = words_in(picture_in(shown(XOR)))
    assert "2-2-1 network on XOR" in words
    assert "4 samples" in words
    assert [word for word in words if word.startswith("(")] == [
        "(1, 1) → (1)",
        "(−1, 1) → (0)",
        "(1, −1) → (0)",
        "(−1, −1) → (1)",
    ]
    network = bp.Network.random([9, 2, 1], ["tanh", "tanh"], seed=0)
    many = bp.Example(network, np.ones((30, 9)), np.zeros(30))
    words = words_in(picture_in(shown(many)))
    assert words.count("(1, 1, 1, 1, …) → (0)") == 6
    assert "⋮ 24 more" in words


def test_a_run_shows_its_curve_and_where_it_ended() -> None:
    history = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.rule, epochs=500)
    picture = picture_in(shown(history))
    words = words_in(picture)
    assert "500 epochs of 4 updates; learning rate 0.01, dirty update" in words
    assert "RMSE during the epoch" in words
    assert "0.6391 → 0.5167" in words  # the lecture's first and last epoch
    [curve] = ET.fromstring(picture).iter(f"{NS}polyline")
    points = [tuple(map(float, point.split(","))) for point in curve.attrib["points"].split()]
    heights = [y for _, y in points]
    assert min(heights) == heights[0]  # the first epoch is the worst
    with pytest.warns(bp.TrainingWarning):
        lost = bp.train(XOR.network, XOR.inputs, XOR.targets, bp.Rule(5.0))
    assert any("diverged at update" in word for word in words_in(picture_in(shown(lost))))
    nothing = bp.Run(XOR.network, XOR.inputs, XOR.targets).history()
    assert "No epoch has a finite loss yet." in words_in(picture_in(shown(nothing)))


def test_a_title_is_text_not_markup() -> None:
    example = bp.Example(XOR.network, XOR.inputs, XOR.targets, title='<script>"&')
    assert '<script>"&' in words_in(picture_in(shown(example)))
    assert "<script>" not in shown(example)["text/html"]


def test_nothing_that_draws_is_imported_before_something_is_shown() -> None:
    loaded = "'bpviz.draw.pictures' in sys.modules"
    code = f"import sys, bpviz; e = bpviz.presets.xor(); print({loaded}); "
    code += f"e._repr_mimebundle_(); print({loaded}, 'matplotlib' in sys.modules)"
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "True", "False"]


@pytest.mark.parametrize(
    "thing", [*things(), bp.StepPanel(XOR)], ids=lambda thing: type(thing).__name__
)
def test_every_colour_of_a_picture_has_one_for_dark_pages(thing) -> None:
    picture = picture_in(shown(thing))
    style, *_ = root = ET.fromstring(picture)
    assert style.text.startswith(".bpviz-picture:root{color-scheme:light dark}")
    colours = {
        f"[{paint}='{element.get(paint)}']{{{paint}:light-dark({element.get(paint)},"
        for element in root.iter()
        for paint in ("fill", "stroke")
        if element.get(paint, "none") != "none"
    }
    assert colours
    assert not [colour for colour in colours if colour not in style.text]


def test_the_picture_of_an_earlier_version_is_read() -> None:
    coded = b64encode(b'<svg class="bpviz-picture" ></svg>').decode()
    html = f'<img alt="x" src="data:image/svg+xml;base64,{coded}">'
    assert is_own(picture_in({"text/html": html}))


def test_what_is_drawn_alike_says_once_how() -> None:
    texts = [text(1, 2, "a &amp; b", "#171b21"), text(3, 4.5, "'c\" <", "#171b21")]
    boxes = [f'<rect x="{x}" y="2.0" width="9" height="8" rx="4" fill="#f4f5f8"/>' for x in (1, 5)]
    picture = compact(document(9, 9, [texts[0], *boxes, texts[1]]))
    assert picture.splitlines()[2:] == [
        "<path fill='#f4f5f8' d='M1 2h9v8h-9zM5 2h9v8h-9z'/>",
        "<g fill='#171b21'><text x='1' y='2'>a &amp;amp; b</text>"
        "<text x='3' y='4.5'>'c\" &lt;</text></g>",
        "</svg>",
    ]


def test_a_curve_is_drawn_with_few_points_and_none_is_off_by_more_than_a_fifth_of_a_pixel() -> None:
    x = np.arange(400.0)
    points = np.column_stack([x, 100 - 90 * np.exp(-x / 20)])
    few = thinned(points)
    assert len(few) < 30
    assert np.abs(np.interp(x, *few.T) - points[:, 1]).max() <= 0.2
