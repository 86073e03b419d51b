"""How large a picture is drawn."""

import io
import re

import pytest
from PIL import Image


def scale_of(png: bytes, picture: str) -> float:
    """Return how large a PNG is beside the SVG that it was made from, both sides alike."""
    width, height = Image.open(io.BytesIO(png)).size
    [sides] = re.findall(r"^<svg[^>]* viewBox='0 0 (\d+) (\d+)'", picture)
    scale = width / int(sides[0])
    assert height == pytest.approx(scale * int(sides[1]), abs=1)
    return scale
