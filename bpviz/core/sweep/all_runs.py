"""All runs of a sweep, made here and wherever else there is somebody to make them."""

from __future__ import annotations

import warnings
from concurrent.futures import BrokenExecutor, Executor
from time import perf_counter

from bpviz.core.arguments import Array
from bpviz.core.progress import Progress
from bpviz.core.run.training import TrainingWarning
from bpviz.core.sweep.block import Block, runs_at_once
from bpviz.core.sweep.curves import Curves
from bpviz.core.sweep.helpers import Helpers
from bpviz.core.sweep.lowered import Lowered
from bpviz.core.sweep.pieces import Advanced, Piece, Pieces, Task
from bpviz.core.sweep.workers import Workers, available_cores

NUMBERS_IN_CACHE = 2**17
"""What a block holds, about: a megabyte, which the second cache of most processors has."""
NUMBERS_FOR_AN_EXECUTOR = 2**15
NUMBERS_WORTH_A_CALL = 2**14
"""What it holds at least where runs are shared out, lest calls take longer than their work."""
PIECES_FOR_EACH = 2
"""How many pieces there are for each process, if the runs are many enough."""
SECONDS_TO_SEE = 0.2
"""After what time it is estimated how long a sweep takes."""
SECONDS_WORTH_A_WORKER = 1.0
"""What must be left for each process; to begin takes a worker half a second."""
PATIENCE = 0.2
"""Seconds between two looks at the progress while others work."""


class AllRuns:
    """All runs of a sweep, as far as they have come.

    They begin in this process. If they turn out to take long, worker processes are started,
    which take pieces over as soon as they have begun. An executor makes them all.

    Parameters
    ----------
    task : Task
        What each run does.
    state : ndarray, shape (numbers, runs)
        What they begin with, as in `task.plan.state`.
    curves : Curves
        Where their RMSE goes.
    executor : Executor or None
        Who makes them, if not this machine.
    """

    def __init__(
        self, task: Task, state: Array, curves: Curves, executor: Executor | None = None
    ) -> None:
        self._task, self._curves = task, curves
        self._runs: int = state.shape[1]
        self._update = Lowered(task.plan)
        self._block: Block | None = None
        self._are_made_here = executor is None
        self._cores = available_cores() if executor is None else 1
        self._workers: Workers | None = None
        self._helpers = None if executor is None else Helpers(executor, task)
        numbers = NUMBERS_IN_CACHE if executor is None else NUMBERS_FOR_AN_EXECUTOR
        self._pieces = Pieces(state, curves, self._at_once(numbers))
        self._made = 0  # epochs of single runs

    @property
    def state(self) -> Array:
        """What the runs have come to, all after equally many epochs, shape (numbers, runs)."""
        return self._pieces.state

    def advance(self, progress: Progress) -> None:
        """Advance all runs to the end."""
        self._began, self._progress = perf_counter(), progress
        try:
            while self._curves.complete < self._curves.epochs:
                self._look_for_workers()
                self._hand_out()
                piece = self._pieces.take() if self._are_made_here else None
                if piece is None:
                    self._take_back(PATIENCE)
                else:
                    self._make(piece)
                for _ in self._pieces.complete_epochs():
                    self._take_back()
                    self._hand_out()
        finally:
            if self._helpers is not None:
                self._helpers.dismiss()
            if self._workers is not None:
                self._workers.shutdown()

    def _make(self, piece: Piece) -> None:
        """Advance a piece in this process, and keep those busy who help."""
        at_once = self._pieces.at_once
        if self._block is None or self._block.runs != at_once:
            self._block = Block(self._update, self._task.inputs, self._task.targets, at_once)
        began, rmse = perf_counter(), self._pieces.rmse(piece)
        runs = rmse.shape[1]
        for _ in self._block.advance(piece.state, rmse):
            self._show(runs)
            self._take_back()
            self._hand_out()
        self._pieces.finish(piece, self._block.ends(runs), perf_counter() - began)

    def _hand_out(self) -> None:
        """Hand a piece to each of those who help and are free."""
        while self._helpers is not None and self._helpers.are_free:
            piece = self._pieces.take()
            if piece is None:
                return
            try:
                self._helpers.hand(piece, self._pieces.at_once)
            except RuntimeError as error:
                if not self._made:
                    raise ValueError(
                        f"executor takes no work: {error}; give one that is open"
                    ) from error
                piece.stop = None
                self._go_on_without(error)

    def _take_back(self, seconds: float = 0.0) -> None:
        """Take back what others have advanced; wait so many seconds if that is nothing."""
        if self._helpers is None:
            return
        for piece, answer in self._helpers.take_back(seconds):
            if isinstance(answer, Advanced):
                self._pieces.rmse(piece)[:] = answer.rmse
                self._pieces.finish(piece, answer.state, answer.seconds)
                self._show(answer.rmse.size)
            else:
                piece.stop = None
                self._go_on_without(answer)
        self._show(0)

    def _go_on_without(self, error: BaseException) -> None:
        """Make the rest here, if an executor fails that was given; other workers go on anyhow."""
        if self._workers is not None or self._helpers is None:
            return
        given, self._helpers = self._helpers, None
        for piece in given.dismiss():
            piece.stop = None
        what = f"{type(error).__name__}: {error}"
        if not given.have_answered and not isinstance(error, BrokenExecutor):
            raise RuntimeError(
                f"executor has made no part of the sweep, but failed with {what}; give one whose "
                "workers can import bpviz, or none"
            ) from error
        self._are_made_here, self._cores = True, available_cores()
        warnings.warn(
            f"executor has failed with {what}; this process makes the rest of the sweep",
            TrainingWarning,
            stacklevel=5,  # where the sweep is called
        )

    def _look_for_workers(self) -> None:
        """Start workers if the sweep takes long; share the runs out once one has begun."""
        if self._cores == 1 or self._helpers is not None:
            return
        if not (self._made and self._pieces.are_level):
            return
        if self._workers is None:
            spent = perf_counter() - self._began
            left = spent * (self._runs * self._curves.epochs / self._made - 1)
            useful = self._pieces_of(NUMBERS_WORTH_A_CALL), int(left / SECONDS_WORTH_A_WORKER)
            count = min(self._cores, *useful) - 1
            if spent > SECONDS_TO_SEE and count > 0:
                self._workers = Workers(count)
                self._cores = count + 1
        elif self._workers.ready:
            self._helpers = Helpers(self._workers, self._task)
            numbers, wanted = NUMBERS_IN_CACHE, PIECES_FOR_EACH * self._cores
            while self._pieces_of(numbers) < wanted and numbers > NUMBERS_WORTH_A_CALL:
                numbers //= 2
            self._pieces.cut(self._at_once(numbers))

    def _pieces_of(self, numbers: int) -> int:
        return -(-self._runs // self._at_once(numbers))

    def _at_once(self, numbers: int) -> int:
        inputs, targets = self._task.inputs, self._task.targets
        return runs_at_once(self._update, inputs, targets, self._runs, numbers)

    def _show(self, more: int) -> None:
        self._made += more
        self._progress.show(self._made * len(self._task.inputs))
