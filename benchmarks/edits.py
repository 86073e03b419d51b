"""The time of an edit, by key and by drag, until all views of a step panel are painted."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import Result, spread
from benchmarks.page import Stopwatch
from tests.browser.panels import PanelView

TURNS = 30
EDIT = 33.0
"""Milliseconds until all views are painted, at p95."""
PULL = 8
"""By so many pixels a number is dragged at a time: two steps."""


def edits(panel: PanelView, clock: Stopwatch, where: str) -> Iterator[Result]:
    """Yield the times of edits of a weight, of a panel whose last step is shown."""
    weight = panel.root.locator('.bpviz-diagram [data-ref="W1[0,0]"]')
    number = panel.root.locator('.bpviz-diagram [data-ref="a1[0]"]')
    weight.click()
    editor = panel.root.get_by_role("spinbutton")
    times = []
    for _ in range(TURNS):
        editor.focus()
        times.append(clock.key_to_paint("ArrowUp", number)[0])
    yield from spread(f"an edit by key to all views painted, {where}", times[1:], EDIT)
    panel.key("Escape")

    box = weight.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = panel.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + PULL, y)
    times = [clock.move_to_paint(x + PULL * turn, y, number)[0] for turn in range(2, TURNS + 2)]
    mouse.up()
    yield from spread(f"an edit by drag to all views painted, {where}", times, EDIT)
