"""Pictures of this package where no SVG is shown: the same, as a PDF and as a PNG."""

from __future__ import annotations

import io

import numpy as np
import pypdf
import pytest
from PIL import Image

import bpviz as bp
from bpviz.draw.pictures import picture_in
from bpviz.draw.without_svg import as_pdf, as_png
from tests.draw.sizes import scale_of

PANELS = {
    "step": lambda: bp.StepPanel(bp.presets.three_two_one(), cursor=34),
    "run": lambda: bp.TrainingPanel(bp.presets.xor()),
    "bug lab": lambda: bp.BugLab(bp.presets.xor()),
}


def words_in(pdf: bytes) -> str:
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text()


@pytest.mark.parametrize("name", PANELS)
def test_the_picture_of_a_panel_is_a_page_of_its_size_with_its_words(name: str) -> None:
    picture = picture_in(PANELS[name]()._repr_mimebundle_()[0])
    pdf = as_pdf(picture)
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    width, height = (float(side) / 0.75 for side in page.mediabox[2:])
    assert f"width='{width:g}' height='{height:g}'" in picture
    words = words_in(pdf)
    # Matplotlib before 3.11 draws a minus, but writes none that could be read.
    for shown in {"step": ["0.5597", "0.000708"], "run": ["0.5167"], "bug lab": ["0.4394"]}[name]:
        assert shown in words
    assert len(pdf) < 40_000
    assert as_pdf(picture) == pdf


@pytest.mark.parametrize("name", PANELS)
def test_the_png_of_a_panel_has_its_size_and_what_is_drawn_on_paper(name: str) -> None:
    picture = picture_in(PANELS[name]()._repr_mimebundle_()[0])
    png = as_png(picture)
    drawn = Image.open(io.BytesIO(png))
    # Smaller where the whole has too many bytes, which hangs on Matplotlib's letters.
    assert scale_of(png, picture) in (1, 0.75)
    assert (drawn.mode, drawn.info) == ("P", {})  # neither a date nor a version
    grey = np.asarray(drawn.convert("L"))
    assert grey[-2, drawn.width // 2] == 255
    # Words all over it, and none of them cut off at its sides.
    assert all(half.min() < 100 for half in np.array_split(grey, 2, axis=1))
    assert grey[:, [2, drawn.width - 3]].min() > 200
    assert len(png) < 9_000
    assert as_png(picture) == png


def test_a_png_of_a_large_network_is_smaller() -> None:
    network = bp.Network.random([2, 4, 3], ["tanh", "softmax"], loss="cross_entropy", seed=0)
    png = as_png(picture_in(bp.StepPanel((network, [[1, 2]], [[0, 0, 1]]))._repr_mimebundle_()[0]))
    assert Image.open(io.BytesIO(png)).size == (437, 338)
    assert len(png) < 11_000


def test_a_dollar_sign_is_no_formula() -> None:
    text = '<text x="5" y="15" fill="#000000">a $x^2$ b</text>'
    picture = f'<svg width="200" height="30" font-size="13">{text}</svg>'
    assert "a $x^2$ b" in words_in(as_pdf(picture))


@pytest.mark.parametrize(
    "picture",
    [
        "",
        "<svg>",
        "<svg></svg>",
        '<svg width="9" height="1e9"></svg>',
        '<svg width="9" height="nan"></svg>',
        '<svg width="9" height="9"><image href="file:///etc/passwd"/></svg>',
        '<svg width="9" height="9"><line x1="1"/></svg>',
        '<svg width="9" height="9"><path fill="#000000" d="M1 2c3 4 5 6 7 8"/></svg>',
        '<svg width="9" height="9"><g><g><image href="file:///etc/passwd"/></g></g></svg>',
        '<svg width="9" height="9"><rect width="x"/></svg>',
        '<svg width="9" height="9"><rect width="5" height="5" fill="url(#a)"/></svg>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg width="9" height="9"></svg>',
    ],
)
def test_what_this_package_does_not_draw_is_refused(picture: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        as_pdf(picture)
