"""Training that leaves the kernel free: a run advances in slices between its other work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter

from bpviz.core.run.run import Run

SECONDS_OF_WORK = 0.012
SECONDS_OF_REST = 0.004
SECONDS_BETWEEN_REPORTS = 1 / 30
SECONDS_TO_WAIT_FOR_AN_ANSWER = 1.0
SECONDS_OF_PATIENCE = 0.05
"""A run that is slow on purpose looks up so often whether it is to pause."""


class LiveRun:
    """A run that advances while the kernel stays free, and tells how far it is.

    Parameters
    ----------
    run : Run
        What advances.
    report : callable
        Called without arguments at most thirty times a second, and only once the report
        before has been answered, so that a slow connection is never flooded.
    finished : callable
        Called with None when the run pauses, ends or stops by itself, or with the
        exception that ended it.
    """

    def __init__(
        self,
        run: Run,
        report: Callable[[], None],
        finished: Callable[[Exception | None], None],
    ) -> None:
        self.run = run
        self._report, self._finished = report, finished
        self._wanted, self._is_left = 0, False
        self._task: asyncio.Task[None] | None = None
        self._unanswered_since = 0.0
        self._reported = 0.0
        self._pace = 0.0
        self._paced_from = (0.0, 0)

    @property
    def is_running(self) -> bool:
        """Whether it advances by itself now."""
        return self._task is not None

    def go(self, updates: int) -> None:
        """Advance until so many updates are made in all; without an event loop at once."""
        self._wanted = updates
        if self._task is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.run.advance(max(1, updates - self.run.updates))
            self._finished(None)
            return
        self._unanswered_since = 0.0
        self._task = loop.create_task(self._advance())

    def pause(self) -> None:
        """Stop advancing after the present slice."""
        self._wanted = 0

    def keep_pace(self, pace: float) -> None:
        """Make so many updates in a second from now on; 0 for as many as can be."""
        if pace < 0:
            raise ValueError(f"pace is {pace:g}; give updates in a second, or 0")
        self._pace = pace
        self._paced_from = (perf_counter(), self.run.updates - 1)

    def leave(self) -> None:
        """Stop advancing for good and tell nobody: another run has taken the place of this one."""
        self._wanted, self._is_left = 0, True

    def answered(self) -> None:
        """Note that the last report has arrived, so that the next may be sent."""
        self._unanswered_since = 0.0

    async def _advance(self) -> None:
        error: Exception | None = None
        try:
            while self.run.updates < self._wanted and self.run.stopped is None:
                due = self._due()
                if due > 0:
                    self.run.advance(due, seconds=SECONDS_OF_WORK)
                    if not self._is_left:
                        self._report_if_due()
                await asyncio.sleep(SECONDS_OF_PATIENCE if self._due() <= 0 else SECONDS_OF_REST)
        except Exception as caught:  # it must reach the panel, not only a log
            error = caught
        self._task = None
        if not self._is_left:
            self._finished(error)

    def _due(self) -> int:
        """Return how many updates are to be made now."""
        left = self._wanted - self.run.updates
        if not self._pace:
            return left
        since, updates = self._paced_from
        return min(
            left, updates + 1 + int(self._pace * (perf_counter() - since)) - self.run.updates
        )

    def _report_if_due(self) -> None:
        now = perf_counter()
        waiting = 0 < now - self._unanswered_since < SECONDS_TO_WAIT_FOR_AN_ANSWER
        if waiting and self._unanswered_since:
            return
        if now - self._reported >= SECONDS_BETWEEN_REPORTS:
            self._reported = self._unanswered_since = now
            self._report()
