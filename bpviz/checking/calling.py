"""Calling a learner's function: whatever it does, it ends in an answer or in plain words."""

from __future__ import annotations

import ctypes
import inspect
import linecache
import signal
import sys
import sysconfig
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any

from bpviz.checking.guarded import TimeIsUp, attempt, described, exception_text, type_name

Function = Callable[..., Any]

AGAIN = 0.01
"""Seconds after which a function that swallowed the interruption is interrupted again."""

SECONDS_TO_END = 1.0
"""Seconds that a thread has to end once it is told to."""

LONGEST_LINE = 80
"""So many characters of a learner's line are shown."""

_LIBRARIES = tuple(
    str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "purelib", "platlib")
)
_PACKAGE = str(Path(__file__).resolve().parents[1])


@dataclass(frozen=True)
class Failure:
    """Why there is no answer to look at.

    Attributes
    ----------
    what : str
        What happened.
    advice : str
        What to do about it.
    may_be_shapes : bool
        Whether weights in the other convention might help.
    untouched : bool
        Whether nothing was filled in yet.
    """

    what: str
    advice: str
    may_be_shapes: bool = False
    untouched: bool = False


def unusable(function: object) -> Failure | None:
    """Return why something cannot be called with weights, biases, x and y, or None."""
    if not callable(function):
        called = function is None or any(type(function) is kind for kind in (tuple, list, dict))
        advice = (
            "Give the function itself, without parentheses behind its name: bp.check(backward), "
            "not bp.check(backward(…))."
            if called
            else "Give a function: bp.check(backward)."
        )
        return Failure(f"This is no function, but {_what_it_is(function)}.", advice)
    signature = attempt(inspect.signature, function)
    if not isinstance(signature, inspect.Signature):
        return None  # some functions written in C do not tell
    try:
        signature.bind([], [], None, None)
    except TypeError:
        given = ", ".join(signature.parameters) or "nothing"
        return Failure(
            f"Your function takes {given}; it is called with four: weights, biases, x, y.",
            "Begin it with def backward(weights, biases, x, y):",
        )
    return None


def call(
    function: Function,
    arguments: tuple[Any, ...],
    seconds: float,
    take: Function | None = None,
) -> Any | Failure:
    """Return what a function returns, or a Failure.

    In the main thread a timer signal interrupts a function that takes too long, even in the
    middle of a loop. Elsewhere, and where there are no such signals (Windows), the function
    runs in a thread of its own, which is left behind if it cannot be ended. Neither can end
    a single call into C that never returns, such as `sum(itertools.count())`.

    Parameters
    ----------
    function : callable
        What to call.
    arguments : tuple
        With what.
    seconds : float
        How long it may take.
    take : callable or None
        What to make of what it returns; this too may run code of the learner's, and so may
        take no longer.
    """

    def made(*given: Any) -> Any:
        result = function(*given)
        return _suspended(result) or (result if take is None else take(result))

    in_main = threading.current_thread() is threading.main_thread()
    run = _with_signal if in_main and hasattr(signal, "setitimer") else _with_thread
    try:
        with _silently_repeated():
            return run(made, arguments, seconds)
    except TimeIsUp:
        return Failure(
            f"Your function did not return within {seconds:g} seconds.",
            "Is there a loop that never ends? A slow function gets more time with "
            "check(…, seconds=60).",
        )
    except SystemExit:
        return Failure("Your function ended the program with exit().", "Return the result instead.")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a learner's function raises is told, not thrown
        return _failed(error)


@contextmanager
def _silently_repeated() -> Iterator[None]:
    """Let Python write nothing of an interruption that it cannot pass on.

    It may come while an object is deleted or the memory is tidied. What is raised there ends
    nothing, and Python writes it beside the report; the function is interrupted AGAIN soon.
    """
    written = sys.unraisablehook

    def write(unraisable: sys.UnraisableHookArgs) -> None:
        if unraisable.exc_type is not TimeIsUp:
            written(unraisable)

    sys.unraisablehook = write
    try:
        yield
    finally:
        sys.unraisablehook = written


def _suspended(result: Any) -> Failure | None:
    """Return a Failure for what a function returns that was not run at all."""
    # An object can lie about its class, and its class about what it is equal to.
    kind = type(result)
    if kind is CoroutineType or kind is AsyncGeneratorType:
        if kind is CoroutineType:
            result.close()
        return Failure("Your function is an async def.", "Write def without async before it.")
    if kind is GeneratorType:
        result.close()
        return Failure(
            "Your function has a yield in it, so it returns a generator.",
            "Put return in the place of yield.",
        )
    return None


def _with_signal(function: Function, arguments: tuple[Any, ...], seconds: float) -> Any:
    """Call a function that a timer signal interrupts."""
    armed = True

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if armed:
            raise TimeIsUp

    with _timer(interrupt, seconds):
        try:
            return function(*arguments)
        finally:
            armed = False


@contextmanager
def _timer(interrupt: Callable[[int, FrameType | None], None], seconds: float) -> Iterator[None]:
    """Run a timer, and set the one that was running before on again."""
    handler = signal.signal(signal.SIGALRM, interrupt)
    began = time.monotonic()
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if left:
            left = max(left - (time.monotonic() - began), 1e-3)
            signal.setitimer(signal.ITIMER_REAL, left, interval)


def _with_thread(function: Function, arguments: tuple[Any, ...], seconds: float) -> Any:
    """Call a function in a thread, which is told to end when the time is up."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function(*arguments))
        except BaseException as error:  # it is raised again in the thread that waits
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="a function under check")
    thread.start()
    thread.join(seconds)
    deadline = time.monotonic() + SECONDS_TO_END
    while thread.is_alive() and time.monotonic() < deadline:
        raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
        raise_in(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeIsUp))
        thread.join(AGAIN)
    if errors:
        raise errors[0]
    if not results:
        raise TimeIsUp
    return results[0]


def _failed(error: BaseException) -> Failure:
    """Return in words what was raised, and where in the learner's own code."""
    where = attempt(_where, error, otherwise="")
    shapes = issubclass(type(error), (ValueError, IndexError, TypeError))
    advice = "Print the shapes of what goes into that line." if shapes else "Look at that line."
    if issubclass(type(error), RecursionError):
        advice = "Does the function call itself without an end?"
    what = f"Your function stopped{where}. {exception_text(error)}"
    return Failure(what, advice, may_be_shapes=shapes)


def _where(error: BaseException) -> str:
    """Return the last line of the learner's own that led to an exception."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_learners(f.filename)]
    if not frames:
        return ""
    frame = frames[-1]
    line = linecache.getline(frame.filename, frame.lineno or 0).strip()
    line = line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} …"
    return f" in line {frame.lineno}{_of(frame.filename)}" + (f", {line}" if line else "")


def _is_learners(filename: str) -> bool:
    path = str(Path(filename).resolve()) if not filename.startswith("<") else filename
    return not path.startswith((*_LIBRARIES, _PACKAGE, "<frozen"))


def _of(filename: str) -> str:
    """Return whose line it is: a cell has a file name that says nothing."""
    cell = "ipykernel_" in filename or filename.startswith("<")
    return " of the cell" if cell else f" of {Path(filename).name}"


def _what_it_is(value: object) -> str:
    if value is None:
        return "None"
    name, text = type_name(value), described(value)
    if text == f"an object of type {name}":
        return text
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}, {text}"
