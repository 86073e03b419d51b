"""Processes on this machine that compute beside this one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Says how much a container may use of the processors: "150000 100000" is one and a half."""
PIPE = 1 << 18
"""Bytes that a worker may be ahead of who reads, and so need not wait: four times the usual."""
BEGIN = "import sys; sys.path[:] = sys.argv[1:]; from bpviz.core.sweep.worker import serve; serve()"


def available_cores() -> int:
    """Return on how many cores this process may run at once; in Binder fewer than there are."""
    affinity = getattr(os, "sched_getaffinity", None)  # macOS and Windows have none
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    try:
        share, period = map(int, QUOTA.read_text(encoding="ascii").split())
    except (OSError, ValueError):  # there is no quota, or it is "max"
        return cores
    return max(1, min(cores, share // period))


class Workers(Executor):
    """Worker processes that begin by themselves, in any script or notebook.

    Those of the standard library begin with the caller's script, and ask every script to be
    written for it (`if __name__ == "__main__"`).

    Parameters
    ----------
    count : int
        How many to start; there are fewer if the system refuses.
    """

    def __init__(self, count: int) -> None:
        self._calls: SimpleQueue[tuple[Future[Any] | None, Any]] = SimpleQueue()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._ready: set[int] = set()
        with suppress(OSError):
            for _ in range(count):
                self._processes.append(_started())
        self._threads = [
            Thread(target=self._attend, args=[process], daemon=True) for process in self._processes
        ]
        for thread in self._threads:
            thread.start()

    @property
    def ready(self) -> int:
        """How many have begun and are still alive."""
        return len(self._ready)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called that stands in a module of `bpviz.core`.

        If its worker ends, the future has the exception `BrokenExecutor`.
        """
        future: Future[Any] = Future()
        self._calls.put((future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """End all processes, whatever they are doing."""
        for process in self._processes:
            process.kill()
            self._calls.put((None, None))
        for thread in self._threads:
            thread.join()

    def _attend(self, process: subprocess.Popen[bytes]) -> None:
        """Hand one call after another to a worker, and its answers to their futures."""
        future: Future[Any] | None = None
        calls, answers = process.stdin, process.stdout
        assert calls is not None
        assert answers is not None
        try:
            # What is left unsent to a worker that has ended is of no use.
            with suppress(OSError), process, suppress(EOFError, pickle.UnpicklingError):
                while True:
                    answer = pickle.load(answers)  # noqa: S301, a worker of our own has sent it
                    self._ready.add(process.pid)
                    if future is not None:
                        future.set_result(answer)
                    future, call = self._next_call()
                    if future is None:
                        break
                    pickle.dump(call, calls, pickle.HIGHEST_PROTOCOL)
                    calls.flush()
        finally:
            self._ready.discard(process.pid)
            if future is not None and not future.done():
                future.set_exception(BrokenExecutor("a worker has ended"))

    def _next_call(self) -> tuple[Future[Any] | None, Any]:
        """Wait for a call that nobody has cancelled; without future if there will be none."""
        while True:
            future, call = self._calls.get()
            if future is None or future.set_running_or_notify_cancel():
                return future, call


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # It looks for modules where this process does, and runs nothing else at its start.
        [sys.executable, "-I", "-S", "-c", BEGIN, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=PIPE,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        # Ctrl-C in a terminal, and a notebook's interrupt, go to this process alone.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
