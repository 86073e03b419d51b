"""How a panel answers: each question and each change that comes from the browser has one answer.

A long answer is made in slices, so that the kernel stays free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping
from time import perf_counter
from typing import Any, cast

import numpy as np

from bpviz.panels.live import SECONDS_OF_REST, SECONDS_OF_WORK
from bpviz.panels.messages import MANNERS, Handler, Handlers, Reply, Work

Arrived = dict[str, Any]
"""What a message or an answer is: what it holds, and its kind and number."""


class Exchange:
    """Answers the messages of the browser.

    Parameters
    ----------
    handlers : Handlers
        What answers each kind of message.
    send : callable
        Sends the browser a message and its buffers.
    """

    def __init__(self, handlers: Handlers, send: Callable[[Arrived, list[bytes]], None]) -> None:
        # Which of them takes a message is known only when that has come.
        self._handlers = cast(Mapping[Any, Handler[Any, Any]], handlers)
        self._send = send
        self._tasks: set[asyncio.Task[None]] = set()

    def receive(self, content: Any) -> None:
        """Answer a message.

        Raises
        ------
        Exception
            Whatever its handler raises; the browser has been told then, too.
        """
        kind = content.get("kind") if isinstance(content, dict) else None
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        if handler is None:
            raise ValueError(f"the panel sent a message of unknown kind {kind!r}")
        about = {"kind": kind, "id": content.get("id")}
        try:
            answer = handler(content)
        except Exception as error:
            self._answer(about, ({"why": words_of(error)}, []))
            raise
        if isinstance(answer, Generator):
            self._work(about, answer)
        else:
            self._answer(about, answer or ({}, []))

    def close(self) -> None:
        """Let go of the answers that are still being made."""
        for task in self._tasks:
            task.cancel()

    def _answer(self, about: Arrived, answer: Reply[Any]) -> None:
        content, buffers = answer
        if MANNERS[about["kind"]] != "note":
            self._send({"why": "", **content, **about}, buffers)

    def _work(self, about: Arrived, work: Work[Any]) -> None:
        """Do the work, in slices where there is an event loop, and send what it returns."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            while not self._advance(about, work, np.inf):
                pass
            return
        if not self._advance(about, work, SECONDS_OF_WORK):
            task = loop.create_task(self._go_on(about, work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _go_on(self, about: Arrived, work: Work[Any]) -> None:
        await asyncio.sleep(SECONDS_OF_REST)
        while not self._advance(about, work, SECONDS_OF_WORK):
            await asyncio.sleep(SECONDS_OF_REST)

    def _advance(self, about: Arrived, work: Work[Any], seconds: float) -> bool:
        """Work for about so long; return whether the answer is sent."""
        end = perf_counter() + seconds
        try:
            next(work)
            while perf_counter() < end:
                next(work)
            return False
        except StopIteration as done:
            answer = done.value
        except Exception as error:  # the view says it where its picture would be
            answer = {"why": str(error)}, []
        self._answer(about, answer)
        return True


def words_of(error: Exception) -> str:
    """Return what an error says; a KeyError's message without quotation marks around it."""
    return str(error.args[0] if error.args else type(error).__name__)
