"""What each front end shows: three panels, and what Python hears of them in a file.

The front ends' own programs import it; it is copied beside them.
"""

import json
from pathlib import Path
from typing import Any

import bpviz as bp

HEARD = Path(__file__).with_name("heard.json")


def panels() -> list[Any]:
    """Make an update to step through, one with a question, and a run; note what is done to them."""
    step = bp.StepPanel(bp.presets.three_two_one())
    asking = bp.StepPanel(bp.presets.three_two_one(), predict=["h1[0]"])
    training = bp.TrainingPanel(bp.presets.xor())

    def hear(_change: Any = None) -> None:
        heard = {
            "step": step.cursor,
            "weight": step.trace["W1[0,1]"],
            "answered": asking.progress.answered,
            "epochs": training.history.epochs,
        }
        unfinished = HEARD.with_suffix(".new")
        unfinished.write_text(json.dumps(heard))
        unfinished.replace(HEARD)

    for panel in (step, asking, training):
        panel.observe(hear)
    hear()
    return [step, asking, training]
