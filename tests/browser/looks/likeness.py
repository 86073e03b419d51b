"""Whether two pictures look alike: what is compared, and what is let pass.

A picture is kept at a quarter of its size, in few tones: there letters are grey, whoever draws
them, and a panel has about 4 kB. It looks like another if each of its pixels lies between the
darkest and the brightest that the other has at that place and right beside it, for red, green and
blue, and the other way round. So nothing is seen of an edge that is drawn otherwise or lies up to
4 px away; what is gone, has another colour, or has moved by 8 px is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

SMALLER = 4
"""So many pixels of the screen make one of a kept picture, each way."""
TONES = np.array([*range(0, 32, 8), *range(32, 224, 24), *range(224, 255, 8), 255])
"""Of red, green and blue; fine where the papers of both themes are."""
TOLERANCE = 20
"""How far a tone may lie outside those beside it, of 255."""
NEIGHBOURS = 4
"""A pixel that differs counts if so many do of the nine around it."""
ALIKE = 5
"""So many pixels may differ in all, as they are kept."""

Pixels = NDArray[np.int16]


def smaller(picture: Image.Image) -> Image.Image:
    """Return a picture at the size at which it is kept."""
    size = (max(1, picture.width // SMALLER), max(1, picture.height // SMALLER))
    whole = picture.crop((0, 0, size[0] * SMALLER, size[1] * SMALLER))
    return whole.convert("RGB").resize(size, Image.Resampling.BOX)


def kept(picture: Image.Image) -> Image.Image:
    """Return what is kept of a picture: a quarter of its size, in few tones."""
    middles = (TONES[1:] + TONES[:-1]) / 2
    tones = TONES[np.searchsorted(middles, np.asarray(smaller(picture)))]
    return Image.fromarray(tones.astype(np.uint8))


def differences(picture: Image.Image, reference: Image.Image) -> NDArray[np.bool_]:
    """Return where a picture looks otherwise than another, of which `kept` is given.

    The result has the shape of the larger of the two as they are kept. Two pictures look alike
    if no more than `ALIKE` of it is true.
    """
    ours, theirs = smaller(picture), reference.convert("RGB")
    size = (max(ours.width, theirs.width), max(ours.height, theirs.height))
    one, other = _on_paper(ours, size), _on_paper(theirs, size)
    outside = _outside(one, other) | _outside(other, one)
    around = np.asarray(Image.fromarray(outside.astype(np.uint8)).filter(_SUM))
    return outside & (around >= NEIGHBOURS)


_SUM = ImageFilter.Kernel((3, 3), [1] * 9, scale=1)


def _on_paper(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a picture, laid on a larger paper that has the colour of its corner."""
    paper = Image.new("RGB", size, picture.getpixel((0, picture.height - 1)))
    paper.paste(picture)
    return paper


def _outside(picture: Image.Image, other: Image.Image) -> NDArray[np.bool_]:
    """Return where a picture has tones that another has neither there nor right beside."""
    tones = np.asarray(picture).astype(np.int16)
    darkest = np.asarray(other.filter(ImageFilter.MinFilter(3))).astype(np.int16)
    brightest = np.asarray(other.filter(ImageFilter.MaxFilter(3))).astype(np.int16)
    beyond = (tones < darkest - TOLERANCE) | (tones > brightest + TOLERANCE)
    return np.asarray(beyond.any(axis=2))


def marked(where: NDArray[np.bool_], picture: Image.Image) -> Image.Image:
    """Return a picture, pale, with the places that differ in red."""
    size = (where.shape[1] * SMALLER, where.shape[0] * SMALLER)
    grey = Image.new("L", size, 255)
    grey.paste(picture.convert("L"))
    pale = Image.blend(grey, Image.new("L", size, 255), 0.6).convert("RGB")
    mark = Image.fromarray((where * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
    pale.paste((214, 20, 20), mask=mark.point(lambda tone: tone * 3 // 4))
    return pale
