"""The time of an edit, by key and by drag, until all views of a step panel are painted."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import Result, spread
from benchmarks.page import Stopwatch
from tests.browser.panels import PanelView

TURNS = 30
EDIT = 33.0
"""Milliseconds until all views are painted, at p95."""
IN_MATRICES = '.bpviz-arrays > :not(.bpviz-ahead) [data-ref="nW1[0,0]"]'
IN_VIEWS = [
    '.bpviz-diagram [data-ref="a1[0]"]',
    "[data-view=formula] > :not(.bpviz-ahead)",
    IN_MATRICES,
    '[data-view=code] [data-ref="W1[0,0]"]',
]
"""What an edit of a weight changes in each view, at the step that computes its new value."""
PULL = 8
"""By so many pixels a number is dragged at a time: two steps."""


def edits(panel: PanelView, clock: Stopwatch, where: str) -> Iterator[Result]:
    """Yield the times of edits of a weight, until every view has its number."""
    panel.key("2", "End")
    while not panel.root.locator(IN_MATRICES).count():
        panel.key("ArrowLeft")
    weight = panel.root.locator('.bpviz-diagram [data-ref="W1[0,0]"]')
    weight.click()
    editor = panel.root.get_by_role("spinbutton")
    times = []
    for _ in range(TURNS):
        editor.focus()
        times.append(clock.key_to_paint("ArrowUp", panel.root, numbers=IN_VIEWS)[0])
    yield from spread(f"an edit by key to all views painted, {where}", times[1:], EDIT)
    panel.key("Escape")

    box = weight.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = panel.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + PULL, y)
    places = [x + PULL * turn for turn in range(2, TURNS + 2)]
    times = [clock.move_to_paint(place, y, panel.root, IN_VIEWS)[0] for place in places]
    mouse.up()
    yield from spread(f"an edit by drag to all views painted, {where}", times, EDIT)
