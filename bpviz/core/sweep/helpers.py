"""Handing pieces of a sweep to an executor, and taking them back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from math import inf
from queue import Empty, SimpleQueue

from bpviz.core.sweep.pieces import Advanced, Piece, Task, advanced
from bpviz.core.sweep.workers import Workers


class Helpers:
    """Those to whom pieces are handed: the workers of an executor.

    Parameters
    ----------
    executor : Executor
        Has the pieces advanced.
    task : Task
        What each run does.

    Attributes
    ----------
    have_answered : bool
        Whether a piece has ever come back advanced.
    """

    def __init__(self, executor: Executor, task: Task) -> None:
        self.have_answered = False
        self._executor, self._task = executor, task
        self._out: dict[Future[Advanced], Piece] = {}
        self._back: SimpleQueue[Future[Advanced]] = SimpleQueue()

    @property
    def are_free(self) -> bool:
        """Whether they can do with another piece; an executor has a queue of its own."""
        ready = self._executor.ready if isinstance(self._executor, Workers) else inf
        return len(self._out) < ready

    def hand(self, piece: Piece, at_once: int) -> None:
        """Have a piece advanced to its stop; raises what the executor raises."""
        assert piece.stop is not None
        epochs = piece.stop - piece.epoch
        future = self._executor.submit(advanced, self._task, at_once, piece.state, epochs)
        self._out[future] = piece
        future.add_done_callback(self._back.put)

    def take_back(self, seconds: float) -> Iterator[tuple[Piece, Advanced | BaseException]]:
        """Yield each piece that has come back, and what it came to or why it did not.

        Parameters
        ----------
        seconds : float
            How long to wait if there is none.
        """
        while self._out:
            try:
                future = self._back.get(timeout=seconds) if seconds else self._back.get_nowait()
            except Empty:
                return
            seconds, answer = 0.0, _answer(future)
            self.have_answered |= isinstance(answer, Advanced)
            yield self._out.pop(future), answer

    def dismiss(self) -> list[Piece]:
        """Take no more interest in the pieces that are with them, and return these."""
        for future in self._out:
            future.cancel()
        pieces = list(self._out.values())
        self._out.clear()
        return pieces


def _answer(future: Future[Advanced]) -> Advanced | BaseException:
    try:
        return future.result()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a task that asyncio has cancelled raises no Exception
        return error
