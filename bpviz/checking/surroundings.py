"""What a learner's function changes around it is put back, and what it shows is kept."""

from __future__ import annotations

import io
import random
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TextIO

import numpy as np

MOST_TEXT = 20_000
"""So many characters of what a call prints are kept."""

CUT = "\n… (the rest of what your function printed is left out)\n"


class Shown:
    """What a call printed and displayed, to be shown once it is known which call is told of."""

    def __init__(self) -> None:
        self._texts: list[tuple[str, str]] = []
        self._left = MOST_TEXT
        self.displayed: list[Any] = []

    def add(self, stream: str, text: str) -> None:
        """Keep what was written to a stream, up to a limit."""
        if self._left <= 0:
            return
        self._texts.append((stream, text[: self._left]))
        self._left -= len(text)
        if self._left <= 0:
            self._texts.append((stream, CUT))

    def show(self) -> None:
        """Write and display it."""
        for stream, text in self._texts:
            getattr(sys, stream).write(text)
        for output in self.displayed:
            output.display()


class _Stream(io.StringIO):
    """Takes what the function writes, in whichever thread; what others write goes on."""

    def __init__(self, name: str, shown: Shown, real: TextIO) -> None:
        super().__init__()
        self._name, self._shown, self._real = name, shown, real
        me = threading.get_ident()
        self._others = {thread.ident for thread in threading.enumerate()} - {me}

    def write(self, text: str) -> int:
        if threading.get_ident() in self._others:
            return self._real.write(text)
        if not isinstance(text, str):
            raise TypeError(f"string argument expected, got {type(text).__name__!r}")
        self._shown.add(self._name, text)
        return len(text)


@contextmanager
def kept() -> Iterator[Shown]:
    """Run a block after which everything around it is as it was; give what it shows.

    Put back are the streams, NumPy's treatment of errors, its way of printing and its random
    numbers, those of `random`, the filters of warnings, and Matplotlib's settings and figures.
    """
    shown = Shown()
    with ExitStack() as stack:
        stack.enter_context(_streams(shown))
        stack.enter_context(_displays(shown))
        stack.enter_context(warnings.catch_warnings())
        stack.callback(np.seterrcall, np.geterrcall())
        stack.enter_context(np.errstate())
        stack.enter_context(np.printoptions())
        stack.enter_context(_random_numbers())
        stack.enter_context(_figures())
        yield shown


@contextmanager
def _streams(shown: Shown) -> Iterator[None]:
    before = {name: getattr(sys, name) for name in ("stdout", "stderr")}
    for name, real in before.items():
        setattr(sys, name, _Stream(name, shown, real))
    try:
        yield
    finally:
        for name, real in before.items():
            setattr(sys, name, real)


@contextmanager
def _displays(shown: Shown) -> Iterator[None]:
    """In a notebook, keep what is displayed."""
    ipython: Any = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        yield
        return
    from IPython.utils.capture import capture_output

    with capture_output(stdout=False, stderr=False, display=True) as captured:
        yield
    shown.displayed += captured.outputs


@contextmanager
def _random_numbers() -> Iterator[None]:
    # The old, global numbers are those that a function can disturb for others.
    numpy_state = np.random.get_state(legacy=False)  # noqa: NPY002
    python_state = random.getstate()
    try:
        yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)


@contextmanager
def _figures() -> Iterator[None]:
    """Put Matplotlib back, if it is loaded by then."""
    matplotlib: Any = sys.modules.get("matplotlib")
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    figures = pyplot.get_fignums() if pyplot else []
    current = pyplot.gcf().number if figures else None
    with ExitStack() as stack:
        if matplotlib is not None:
            stack.enter_context(matplotlib.rc_context())
        try:
            yield
        finally:
            pyplot = sys.modules.get("matplotlib.pyplot")
            if pyplot is not None:
                for number in set(pyplot.get_fignums()) - set(figures):
                    pyplot.close(number)
                if current is not None and pyplot.fignum_exists(current):
                    pyplot.figure(current)
            if matplotlib is None and "matplotlib" in sys.modules:
                sys.modules["matplotlib"].rc_file_defaults()
