"""Notebooks that somebody has forged: nothing of them is run, or is more than text, or hangs."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from zlib import compress

import pytest
from playwright.sync_api import expect

import bpviz as bp
from bpviz.panels.kept import as_text, packed, unpacked
from bpviz.panels.panel import SAVED, Panel
from tests.browser.jupyter import NOTEBOOK_METADATA, FrontEnd, Lab
from tests.browser.panels import PanelView

FORGED = "window.forged = 1"
ATTACK = f"<img src=x onerror='{FORGED}'><script>{FORGED}</script>"
DRAWING = (
    f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' onload='{FORGED}'>"
    f"<script>{FORGED}</script></svg>"
)
CANNOT = "This panel cannot be read: run its cell again."
CANNOT_BE_DRAWN = "This panel cannot be drawn"
TOO_LARGE = "This panel is too large for a notebook to keep"

Values = dict[str, Any]


def values(panel: Panel, **others: Any) -> Values:
    """Return what a notebook keeps of a panel, and something else in its place."""
    [kept_of_it] = unpacked(panel._repr_mimebundle_()[0][SAVED]["packed"])["panels"]
    return {**kept_of_it, **others}


def poisoned(value: Any, name: str = "") -> Any:
    """Put the attack behind every text in it that is read, and leave what is a name."""
    if isinstance(value, dict):
        return {key: poisoned(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, name) for one in value]
    is_read = isinstance(value, str) and (" " in value or name in ("title", "one", "legend"))
    return value + ATTACK if is_read else value


def kept(*panels: Any, **beside: Any) -> dict[str, Any]:
    return {"packed": packed({"panels": list(panels), **beside})}


def changed(change: Callable[[Any], None], panel: Panel | None = None) -> dict[str, Any]:
    """Return a step panel whose program was changed."""
    forged = values(panel or bp.StepPanel(bp.presets.three_two_one()))
    change(forged["_program"])
    return kept(forged)


def with_sum(program: Any, count: float) -> None:
    sums = [{"op": "sum", "over": "j", "count": count, "of": [1]}]
    program["operations"][0]["element"] = {"op": "sum", "over": "i", "count": count, "of": sums}


def compressed(content: bytes) -> dict[str, Any]:
    return {"packed": as_text(compress(content))}


def forged_panels() -> dict[str, tuple[Any, str]]:
    """Return what notebooks hold as panels, and what is said of each; nothing where it is alive."""
    step = bp.StepPanel(bp.presets.three_two_one())
    run, lab = bp.TrainingPanel(bp.presets.xor()), bp.BugLab(bp.presets.xor())
    asking = bp.StepPanel(bp.presets.three_two_one(), predict=["h1[0]", "d1[0]"])
    code = {"_script": FORGED, "_esm": FORGED, "_run_views": FORGED, "_css": ATTACK}
    odd = {"__proto__": {"forged": 1}, "constructor": {"prototype": {"forged": 1}}}
    places = {"cursor": 1e300, "frame": -1, "sample": "1e9", "depth": "__proto__"}
    hostile = {"_mistake_choices": [{"name": "__proto__"}, {"name": ATTACK, "title": ATTACK}]}
    everything = poisoned(values(step, _frame_names=[ATTACK], title=ATTACK, **code)) | odd
    asked = {"_questions": {"refs": 7}, "_given": ATTACK, "_error": ATTACK}
    return {
        "words": (kept({**everything, **asked}, script=FORGED), ""),
        "words of a run": (kept(poisoned(values(run, _stopped=ATTACK, _loss_name=ATTACK))), ""),
        "words of a lab": (kept(poisoned(values(lab))), ""),
        "words of a question": (kept(poisoned(values(asking))), ""),
        "places": (kept(values(step, **places, selection=ATTACK, appearance=odd)), ""),
        "choices": (kept(values(run, **hostile)), CANNOT_BE_DRAWN),
        "no end of an epoch": (kept(values(run, _updates_per_epoch=1e9)), CANNOT),
        "forms": (kept(values(run, _forms={"sizes": 7, "operations": ATTACK})), CANNOT),
        "choices of nothing": (kept(values(run, _mistake_choices=[None])), CANNOT),
        "choices of text": (kept(values(run, _mistake_choices=ATTACK)), CANNOT_BE_DRAWN),
        "a program of text": (kept(values(step, _program=ATTACK)), CANNOT),
        "an empty program": (kept(values(step, _program={"operations": []})), CANNOT),
        "a text": (kept(ATTACK, script=FORGED), CANNOT),
        "nothing": (kept(), CANNOT),
        "no packed text": ({"packed": ATTACK}, CANNOT),
        "no text": ({"packed": {"toString": ATTACK}}, CANNOT),
        "no object": (ATTACK, CANNOT),
        "a milliard units": (changed(lambda one: one["network"].update(sizes=[1e9, 1, 1])), CANNOT),
        "a milliard numbers": (changed(lambda one: one.update(size=10**9)), CANNOT),
        "a milliard samples": (changed(lambda one: one.update(samples=10**9)), CANNOT),
        "a milliard terms": (changed(lambda one: with_sum(one, 1e9)), CANNOT),
        "a milliard terms in all": (changed(lambda one: with_sum(one, 40_000)), CANNOT),
        "a negative number of terms": (changed(lambda one: with_sum(one, -1)), CANNOT),
        "a large shape": (
            changed(lambda one: one["registers"]["W1"].update(shape=[10**6, 10**6])),
            CANNOT,
        ),
        "a bomb": (kept(values(step, more=" " * 60_000_000)), CANNOT),
        "many things": (kept(values(step, _frame_names=[""] * 10**6)), CANNOT),
        "a nest": (compressed(b"[" * 10**6), CANNOT),
        "too large": ({"too_large": ATTACK}, TOO_LARGE),
        "too large as a list": ({"too_large": [ATTACK], "packed": 7}, TOO_LARGE),
        "not too large": ({"too_large": 0}, CANNOT),
        # These go on for ever, and leave the page the time for all else.
        "no end": (kept(values(run, _total_frames=1e12)), ""),
        "no end of a lab": (kept(values(lab, _epochs=1e12)), ""),
    }


def notebook_of(*cells: list[Any]) -> dict[str, Any]:
    """Return a notebook with panels in cells, beside which stands HTML that would do something."""
    address = f"data:image/svg+xml,{quote(DRAWING)}"
    html = f'{ATTACK}<img src="{address}" onload="{FORGED}"><script>{FORGED}</script>'
    words = {"text/plain": ATTACK, "text/html": html}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": NOTEBOOK_METADATA,
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{index}",
                "metadata": {},
                "execution_count": None,
                "source": "",
                "outputs": [
                    {"output_type": "display_data", "data": {SAVED: one, **words}, "metadata": {}}
                    for one in panels
                ],
            }
            for index, panels in enumerate(cells)
        ],
    }


def use(panel: PanelView) -> None:
    """Step, and open what can be opened."""
    panel.key("End", "ArrowLeft", "ArrowRight")
    for name in ("Settings", "Help"):
        for button in panel.root.get_by_role("button", name=name, exact=True).all():
            # Very long words may lie over it.
            button.dispatch_event("click")


FOREIGN = ":is(.bpviz, .jp-OutputArea-output) :is(" + (
    "script, iframe, object, embed, link, [onerror], [onload], [onclick], "
    "img:not([src^='data:image/svg']), a:not([href^='#']))"
)


def expect_harmless(lab: Lab, cell: int) -> None:
    """Wait until a cell is painted, and look that nothing of it was run."""
    lab.painted()
    assert lab.page.evaluate("() => [window.forged, {}.forged]") == [None, None]
    assert lab.output(cell).locator(FOREIGN).count() == 0


@pytest.mark.parametrize("front_end", ["lab", "notebook"])
def test_nothing_of_a_forged_notebook_is_run_or_is_more_than_text(
    lab: Lab, front_end: FrontEnd
) -> None:
    forged = forged_panels()
    if front_end == "notebook":
        forged = {name: forged[name] for name in ("words", "words of a run", "a bomb", "too large")}
    dead = {name: one for name, one in forged.items() if one[1] in (CANNOT, TOO_LARGE)}
    alive = {name: one for name, one in forged.items() if name not in dead}
    cells = [[data for data, _ in dead.values()], *([data] for data, _ in alive.values())]
    (lab.server.root / "forged.ipynb").write_text(json.dumps(notebook_of(*cells)))
    lab.open("forged.ipynb", front_end)
    outputs = lab.output(0).locator(".jp-OutputArea-child")
    for index, (name, (_, said)) in enumerate(dead.items()):
        expect(outputs.nth(index), name).to_contain_text(said)
    expect_harmless(lab, 0)
    for index, (name, (_, said)) in enumerate(alive.items(), 1):
        use(PanelView(lab.output(index)))
        expect(lab.output(index), name).to_contain_text(said)
        expect_harmless(lab, index)
    lab.page.evaluate("() => (jupyterapp.shell.currentWidget.context.model.dirty = false)")
