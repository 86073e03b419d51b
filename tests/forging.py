"""Panels as somebody may have forged them in a notebook, and what is said of each there."""

from collections.abc import Callable
from typing import Any
from zlib import compress

import bpviz as bp
from bpviz.panels.kept import SAVED, as_text, packed, unpacked
from bpviz.panels.panel import Panel

FORGED = "window.forged = 1"
ATTACK = f"<img src=x onerror='{FORGED}'><script>{FORGED}</script>"
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


def with_long_ways(program: Any) -> None:
    """Let every entry be made of a million terms in another way than it is shown."""
    for operation in program["operations"]:
        operation["stable"] = {"op": "sum", "over": "i", "count": 10**6, "of": [1]}


def with_rows(forged: Values, which: str = "") -> Values:
    """Let there be 30,000 updates, each of some 10,000 terms."""
    program = forged[f"{which}_program"]
    with_sum(program, 100)
    return {**forged, f"{which}_frames": bytes(30_000 * 8 * program["size"])}


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
        "no end": (kept(values(run, _total_frames=1e12)), CANNOT),
        "no end as a text": (kept(values(run, _total_frames="1e12")), CANNOT),
        "no end of what is carried": (
            kept(values(run, _total_frames=1e12, _losses=bytes(8000), _frames=b"")),
            CANNOT,
        ),
        "no end of a lab": (kept(values(lab, _epochs=1e12)), CANNOT),
        "no end of samples": (kept(values(run, _inputs=bytes(16 * 10**6))), CANNOT),
        "no end of a lab's samples": (kept(with_rows(values(lab), "_right")), CANNOT),
        "no end of updates at once": (kept(with_rows(values(step, _bare=True))), CANNOT),
        "no end of how a sum is made": (changed(with_long_ways), CANNOT),
        "numbers as a text": (changed(lambda one: one.update(size=str(10**9))), CANNOT),
        "a text as bytes": (kept(values(step, _frames=str(10**9))), CANNOT),
        "a long run": (kept(values(run, _total_frames=3 * 10**6)), ""),
    }
