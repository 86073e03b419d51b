"""Measuring side by side, and the table of results.

Times on a machine that also does other things say little; ratios of times that were taken
in turns say a lot. So whatever is compared runs in one process, in turns, and a result is
the median of the ratios of all turns.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Result:
    """How much bpviz takes of something, compared with something else.

    Attributes
    ----------
    what, against : str
        What is measured, and what it is compared with.
    ratio : float
        Ours divided by theirs: below 1, bpviz takes less.
    at_most : float or None
        The budget for the ratio.
    """

    what: str
    against: str
    ratio: float
    at_most: float | None = None

    @property
    def within_budget(self) -> bool:
        """Whether the ratio is within its budget, or has none."""
        return self.at_most is None or self.ratio <= self.at_most

    @property
    def verdict(self) -> str:
        """The budget, and in words whether it holds."""
        if self.at_most is None:
            return "no budget"
        if self.within_budget:
            return f"within its budget of {self.at_most:g} ×"
        return f"OVER ITS BUDGET of {self.at_most:g} ×, by {self.ratio / self.at_most - 1:.0%}"


def ratios(
    ours: Callable[[], object], others: Mapping[str, Callable[[], object]], turns: int = 15
) -> dict[str, float]:
    """Return the time of `ours` divided by that of each other, the median over all turns."""
    calls = {"ours": ours, **others}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()  # fills caches and imports what is imported late
    gc.collect()
    gc.disable()
    try:
        names = list(calls)
        for turn in range(turns):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                began = perf_counter()
                calls[name]()
                times[name].append(perf_counter() - began)
    finally:
        gc.enable()
    return {
        name: statistics.median(
            mine / theirs for mine, theirs in zip(times["ours"], times[name], strict=True)
        )
        for name in others
    }


def table(results: Iterable[Result]) -> str:
    """Return the results as an aligned table."""
    header = ("what", "compared with", "takes", "the inverse", "verdict")
    rows = [header]
    rows += [
        (r.what, r.against, f"{r.ratio:.3g} ×", f"{1 / r.ratio:.3g} ×", r.verdict) for r in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    rows.insert(1, tuple("─" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
