"""The colours of panels and pictures: one palette, each colour for light pages and for dark ones.

The front end's `tokens.css` holds the same values. Colour never carries meaning alone: a weight
below 0 is dashed too, runs have dashes of their own, samples have shapes.
"""

from __future__ import annotations

PALETTE = {
    # What pictures lie on and are written with.
    "paper": ("#ffffff", "#15181d"),
    "card": ("#ffffff", "#1a1e24"),
    "tint": ("#f4f5f8", "#20252d"),
    "rule": ("#e5e8ed", "#2d343e"),
    "edge-of-card": ("#c2c9d3", "#4d5867"),
    "zero": ("#858fa0", "#76828f"),
    "soft": ("#56606d", "#a8b2bf"),
    "ink": ("#171b21", "#eceff3"),
    # Signed numbers: as text, and as lines and fields.
    "positive": ("#1463a5", "#79b8f5"),
    "positive-bar": ("#4b95d6", "#3d86c9"),
    "negative": ("#ad4700", "#f6a463"),
    "negative-bar": ("#d8751f", "#d0741f"),
    # Phases of an update.
    "forward": ("#00736e", "#45c9bd"),
    "loss": ("#4a5462", "#c3ccd8"),
    "backward": ("#ad1c68", "#ff8abf"),
    "update": ("#75427f", "#d3a9e2"),
}
"""Light and dark, by the name of the token."""


def light(name: str) -> str:
    """Return a colour as it is on light pages and on the card of a picture."""
    return PALETTE[name][0]


INK, POSITIVE, NEGATIVE = light("ink"), light("positive-bar"), light("negative-bar")
