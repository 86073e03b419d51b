"""How a panel answers: each question and each change that comes from the browser has one answer.

A long answer is made in slices, so that the kernel stays free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping
from time import perf_counter
from typing import Any, Literal

import numpy as np

from bpviz.panels.live import SECONDS_OF_REST, SECONDS_OF_WORK

Manner = Literal["ask", "change", "note"]
"""What asks changes nothing, what changes something comes in order, a note has no answer."""

Kind = Literal[
    "hello",
    "frames",
    "samples",
    "views",
    "trajectories",
    "landscape",
    "edit",
    "undo",
    "redo",
    "reset",
    "rule",
    "run",
    "pause",
    "pace",
    "update",
    "epoch",
    "new_start",
    "settings",
    "pin",
    "unpin",
    "seen",
]

MANNERS: Mapping[Kind, Manner] = {
    "hello": "ask",
    "frames": "ask",
    "samples": "ask",
    "views": "ask",
    "trajectories": "ask",
    "landscape": "ask",
    "edit": "change",
    "undo": "change",
    "redo": "change",
    "reset": "change",
    "rule": "change",
    "run": "change",
    "pause": "change",
    "pace": "change",
    "update": "change",
    "epoch": "change",
    "new_start": "change",
    "settings": "change",
    "pin": "change",
    "unpin": "change",
    "seen": "note",
}
"""All that the browser says; `frontend/src/protocol/messages.ts` has the same list."""

Content = dict[str, Any]
Reply = tuple[Content, list[bytes]]
Work = Generator[None, None, Reply]
"""An answer that is made in slices."""
Handlers = Mapping[Kind, Callable[[Content], Reply | Work | None]]


class Exchange:
    """Answers the messages of the browser.

    Parameters
    ----------
    handlers : mapping
        What answers each kind of message: it returns the answer, or a generator that returns
        it after some slices of work, or None where all is said by the traits that it set.
    send : callable
        Sends the browser a message and its buffers.
    """

    def __init__(self, handlers: Handlers, send: Callable[[Content, list[bytes]], None]) -> None:
        self._handlers, self._send = handlers, send
        self._tasks: set[asyncio.Task[None]] = set()

    def receive(self, content: Any) -> None:
        """Answer a message.

        Raises
        ------
        Exception
            Whatever its handler raises; the browser has been told then, too.
        """
        kind = content.get("kind") if isinstance(content, dict) else None
        handler = self._handlers.get(kind) if isinstance(kind, str) else None  # type: ignore[call-overload]
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

    def _answer(self, about: Content, answer: Reply) -> None:
        content, buffers = answer
        if MANNERS[about["kind"]] != "note":
            self._send({"why": "", **content, **about}, buffers)

    def _work(self, about: Content, work: Work) -> None:
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

    async def _go_on(self, about: Content, work: Work) -> None:
        await asyncio.sleep(SECONDS_OF_REST)
        while not self._advance(about, work, SECONDS_OF_WORK):
            await asyncio.sleep(SECONDS_OF_REST)

    def _advance(self, about: Content, work: Work, seconds: float) -> bool:
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
