"""How soon a run in a training panel rests once it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from threading import Timer
from time import perf_counter, process_time
from typing import Any

import numpy as np

import bpviz as bp
from benchmarks.measuring import Result, spread

AT_MOST = 100.0
"""In milliseconds."""
PAUSES = 25
LARGE = [16, 32, 16, 4]


def panels() -> Iterator[tuple[str, bp.TrainingPanel]]:
    """Yield panels, each with the name of its network."""
    yield "2-2-1", bp.TrainingPanel(bp.presets.xor())
    numbers = np.random.default_rng(0)
    network = bp.Network.random(LARGE, ["tanh", "tanh", "sigmoid"], seed=0)
    X, Y = numbers.normal(size=(500, LARGE[0])), numbers.random(size=(500, LARGE[-1]))
    history = bp.train(network, X, Y, bp.Rule(1e-4), epochs=1, batch_size=32)
    yield f"{'-'.join(map(str, LARGE))}, batches of 32", bp.TrainingPanel(history)


def results() -> Iterator[Result]:
    """Yield the time from the arrival of the message to the end of the run's slice."""
    for name, panel in panels():
        times, work = zip(*asyncio.run(pauses(panel)), strict=True)
        what = f"a run of {name}: told to pause, to rest"
        yield from spread(what, times, AT_MOST)
        yield from spread(f"{what}, work", work, AT_MOST)


async def pauses(panel: bp.TrainingPanel) -> Sequence[tuple[float, float]]:
    """Let a run go on and pause again and again; return milliseconds, and those of work.

    The message comes from another thread, as from a socket: the event loop takes it in when
    the work at hand is done. The views of the run are asked for meanwhile, as in a page.
    """
    loop = asyncio.get_running_loop()
    moments = np.random.default_rng(0).uniform(0.02, 0.1, PAUSES)
    times: list[tuple[float, float]] = []
    under_way: set[str] = set()

    def receive(**content: Any) -> None:
        panel._receive(panel, content, [])

    def send(content: dict[str, Any], _buffers: Sequence[bytes] = ()) -> None:
        """Answer as a page does, and ask for a view once it has come."""
        under_way.discard(content["kind"])
        if content["kind"] == "progress":
            loop.call_soon(lambda: receive(kind="seen"))
            for view in {"trajectories", "landscape"} - under_way:
                under_way.add(view)
                loop.call_soon(lambda view=view: receive(kind=view, id=0))

    panel.send = send
    panel.set(epochs=10**9)
    for moment in moments:
        told: list[tuple[float, float]] = []
        rests = asyncio.Event()

        def tell(told: list[tuple[float, float]] = told) -> None:
            told.append((perf_counter(), process_time()))
            loop.call_soon_threadsafe(lambda: receive(kind="pause"))

        def see(_change: object, rests: asyncio.Event = rests) -> None:
            rests.set()

        receive(kind="run")
        panel.observe(see, "_status")
        Timer(moment, tell).start()
        await rests.wait()
        [(began, worked)] = told
        times.append((1000 * (perf_counter() - began), 1000 * (process_time() - worked)))
        panel.unobserve(see, "_status")
    return times
