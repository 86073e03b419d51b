"""Measuring side by side, and the table of results.

Times on a machine that also does other things say little; ratios of times that were taken
in turns say a lot. So whatever is compared runs in turns, and a result is the median of the
ratios of all turns. What a person waits for has its budget in milliseconds all the same.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np


@dataclass(frozen=True)
class Result:
    """How much bpviz takes of something.

    Attributes
    ----------
    what, against : str
        What is measured, and what it is compared with; empty if with nothing.
    amount : float
        In the given unit; as a ratio ours divided by theirs: below 1, bpviz takes less.
    at_most : float or None
        The budget, in the same unit.
    unit : str
        "×" for a ratio.
    """

    what: str
    against: str
    amount: float
    at_most: float | None = None
    unit: str = "×"

    @property
    def within_budget(self) -> bool:
        """Whether it is within its budget, or has none."""
        return self.at_most is None or self.amount <= self.at_most

    @property
    def takes(self) -> str:
        """The amount with its unit, to three digits."""
        # 1,200 kB, not 1.2e+03 kB.
        digits = f"{self.amount:,.0f}" if self.amount >= 1000 else f"{self.amount:.3g}"
        return f"{digits} {self.unit}"

    @property
    def inverse(self) -> str:
        """How many times less than the other bpviz takes; empty if there is no other."""
        return f"{1 / self.amount:.3g} ×" if self.unit == "×" else ""

    @property
    def verdict(self) -> str:
        """The budget, and in words whether it holds."""
        if self.at_most is None:
            return "no budget"
        if self.within_budget:
            return f"within its budget of {self.at_most:g} {self.unit}"
        over = f", by {self.amount / self.at_most - 1:.0%}" if self.at_most else ""
        return f"OVER ITS BUDGET of {self.at_most:g} {self.unit}{over}"


def spread(what: str, times: Sequence[float], at_most: float | None = None) -> Iterator[Result]:
    """Yield the median and the 95th percentile of times in milliseconds, with their budget."""
    for percentile in (50, 95):
        name = f"{what}, p{percentile}"
        yield Result(name, "", float(np.percentile(times, percentile)), at_most, "ms")


def spread_beside(
    what: str, times: Sequence[float], against: str, theirs: Sequence[float], at_most: float
) -> Iterator[Result]:
    """Yield the ratios of the medians and of the 95th percentiles of times, with their budget."""
    for percentile in (50, 95):
        ratio = float(np.percentile(times, percentile) / np.percentile(theirs, percentile))
        yield Result(f"{what}, p{percentile}", f"{against}, p{percentile}", ratio, at_most)


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return ours divided by theirs, the median over all turns."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))


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
    return {name: median_ratio(times["ours"], times[name]) for name in others}


def table(results: Iterable[Result]) -> str:
    """Return the results as an aligned table."""
    header = ("what", "compared with", "takes", "the inverse", "verdict")
    rows = [header]
    rows += [(r.what, r.against, r.takes, r.inverse, r.verdict) for r in results]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    rows.insert(1, tuple("─" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
