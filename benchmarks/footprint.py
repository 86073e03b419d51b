"""What bpviz costs before anything is computed: its bundle, its import, a kernel's memory."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from jupyter_client.manager import start_new_kernel

import bpviz as bp
from benchmarks.measuring import Result, median_ratio
from bpviz.panels.bundle import ASKS, RUNS, SHEETS, STEP

STATIC = Path(bp.__file__).with_name("static")
BUNDLES = {STEP: 70, ASKS: 75, RUNS: 100}
"""The module of each kind of panel, and how many kilobytes it may have with what comes with it.

Questions are judged where they are answered, without Python: a panel that asks has that, too.
"""
KILOBYTE, MEGABYTE = 1000, 1_000_000

WHAT_PANELS_NEED = "import numpy, anywidget"
ONE_PANEL = "import bpviz as bp\npanel = bp.StepPanel(bp.presets.three_two_one())\npanel"


def results() -> Iterator[Result]:
    """Yield the sizes, the ratio of the imports and that of the kernels' memory."""
    yield from bundle()
    yield from imports()
    yield from kernels()


def bundle() -> Iterator[Result]:
    for module, most in BUNDLES.items():
        names = ("door.js", SHEETS[module], module)
        size = sum(compressed(STATIC / name) for name in names)
        yield Result(f"{' + '.join(names)}, gzipped", "", size, most, "kB")


def compressed(path: Path) -> float:
    """Return the size of a file as a server would send it, in kilobytes."""
    return len(gzip.compress(path.read_bytes(), mtime=0)) / KILOBYTE


def imports(turns: int = 9) -> Iterator[Result]:
    """Yield what `import bpviz` takes, in fresh processes by turns."""
    ours, theirs = [], []
    seconds_of("import bpviz")  # compiles what is not compiled yet
    for _ in range(turns):
        ours.append(seconds_of("import bpviz"))
        theirs.append(seconds_of(WHAT_PANELS_NEED))
    yield Result("import bpviz", WHAT_PANELS_NEED, median_ratio(ours, theirs), 0.55)
    loaded = answer(
        "import bpviz, sys; print(sum(name.startswith('matplotlib') for name in sys.modules))"
    )
    yield Result("matplotlib, loaded by import bpviz", "", float(loaded), 0, "modules")


def seconds_of(statement: str) -> float:
    """Return how long a statement takes in a fresh process, whose own start is left out."""
    clock = "__import__('time').perf_counter()"
    return float(answer(f"start = {clock}; {statement}; print({clock} - start)"))


def answer(code: str) -> str:
    """Return what code prints in a fresh process."""
    # Compiled once, as for everybody who imports it a second time.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return run.stdout


def kernels() -> Iterator[Result]:
    with kernel(WHAT_PANELS_NEED) as bare, kernel(ONE_PANEL) as ours:
        yield Result(
            "memory of a kernel with one panel",
            f"of one with {WHAT_PANELS_NEED}",
            megabytes(ours) / megabytes(bare),
            1.2,
        )
        yield Result("memory of a kernel with one panel", "", megabytes(ours), unit="MB")


@contextmanager
def kernel(code: str) -> Iterator[psutil.Process]:
    """Run code in a kernel; the kernel's process."""
    manager, client = start_new_kernel(stderr=subprocess.DEVNULL)
    try:
        reply = client.execute_interactive(code, output_hook=lambda _: None, timeout=60)
        if reply["content"]["status"] != "ok":
            raise RuntimeError("\n".join(reply["content"]["traceback"]))
        yield psutil.Process(manager.provisioner.process.pid)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def megabytes(process: psutil.Process) -> float:
    """Return the memory of a process, of what it shares its share where the system tells."""
    memory = process.memory_full_info()
    return getattr(memory, "pss", memory.rss) / MEGABYTE
