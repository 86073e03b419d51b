"""Runs that are kept, to be compared with those that follow, as the browser gets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bpviz.core.run.history import History
from bpviz.panels.panel import packed
from bpviz.panels.settings import Settings

Pin = tuple[History, int | None]
"""A run, and the seed of its start; None for the start of the example."""


def pinned_json(pins: Sequence[Pin]) -> tuple[list[dict[str, Any]], bytes]:
    """Return the names and lengths of pinned runs, and all their losses."""
    named = [
        {
            "epochs": history.epochs,
            "name": Settings.of(
                history.rule, history.batch_size, history.seed, history.epochs
            ).words(start_seed),
        }
        for history, start_seed in pins
    ]
    losses = [history.rmse for history, _ in pins]
    return named, packed(np.concatenate(losses)) if losses else b""
