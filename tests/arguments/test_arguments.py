"""Whatever is passed to whatever is public: it works, or the message names the argument."""

from __future__ import annotations

import ast
import inspect
import json
import re
import resource
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz as bp
from tests.arguments.calls import CALLS, MODULE, NOTEBOOK, history, target, valid
from tests.arguments.hostile import HOSTILE, junk
from tests.arguments.surface import arguments, methods

SIGNATURES = methods()
POSITIONS = [
    (name, argument)
    for name, signature in SIGNATURES.items()
    for argument in arguments(signature, CALLS.get(name, {}))
    # Without PyTorch there is no module to go with it.
    if (name, argument) != ("from_torch", "loss") or MODULE is not None
]
KINDS = (
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    FileNotFoundError,
    FileExistsError,
    MemoryError,
)
SECONDS, MEGABYTES = 15.0, 300


def is_number(value: Any) -> bool:
    """Return whether a value is one number and not NaN, alone or in an array or a list."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    elif isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    return isinstance(value, (Real, np.bool_)) and value == value


ACCEPTED: dict[str, Callable[[Any], bool]] = {
    "bool": lambda value: isinstance(value, (bool, np.bool_)),
    "int": lambda value: isinstance(value, Integral) and not isinstance(value, bool),
    "float": is_number,
    "str": lambda value: isinstance(value, str),
}
"""What may be accepted where a signature asks for it; elsewhere the type says too little."""


class TooLong(BaseException):
    """A call has taken more of the processor's time than it may."""


def test_there_is_a_valid_call_of_everything_public() -> None:
    assert set(SIGNATURES) == set(CALLS)
    wrong = {
        name: list(CALLS[name])
        for name, signature in SIGNATURES.items()
        if arguments(signature, CALLS[name]) != list(CALLS[name])
    }
    assert wrong == {}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Go to a folder in which there is what the valid calls read; close what they have drawn."""
    monkeypatch.chdir(tmp_path)
    Path("notebook.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    Path("saved.npz").write_bytes(_saved())
    yield
    plt.close("all")
    bp.progress(None)


@cache
def _saved() -> bytes:
    return history().save("saved.npz").read_bytes()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_valid_call_works(name: str) -> None:
    assert complaint(target(name), name, "", None) is None


@pytest.mark.parametrize(("name", "argument"), POSITIONS, ids=map(" ".join, POSITIONS))
def test_a_hostile_argument_works_or_is_named(name: str, argument: str) -> None:
    function = target(name)
    found = {what: complaint(function, name, argument, make()) for what, make in HOSTILE.items()}
    assert {what: text for what, text in found.items() if text is not None} == {}


QUICK = [position for position in POSITIONS if not re.match(r"plot|check|BugLab$", position[0])]


@settings(max_examples=300)
@given(st.sampled_from(QUICK), junk)
def test_junk_works_or_is_named(position: tuple[str, str], value: Any) -> None:
    name, argument = position
    assert complaint(target(name), name, argument, value) is None


def complaint(function: Callable[..., Any], name: str, argument: str, value: Any) -> str | None:
    """Return what is wrong with how a call takes a value; None if nothing is."""
    given_arguments = valid(name)
    if argument:
        given_arguments[argument] = value
    watched = [array for array in given_arguments.values() if type(array) is np.ndarray]
    before = [array.tobytes() for array in watched]
    signature = SIGNATURES[name]
    several = [p.name for p in signature.parameters.values() if p.kind is p.VAR_POSITIONAL]
    loose = [given_arguments.pop(key) for key in several]
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    error = None
    try:
        with _processor_time(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", bp.TrainingWarning)
            function(*loose, **given_arguments)
    except TooLong:
        return f"takes more than {SECONDS} s"
    except Exception as caught:
        error = caught
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size > 1024 * MEGABYTES:
        return f"takes more than {MEGABYTES} MB"
    if [array.tobytes() for array in watched] != before:
        return "changes the caller's array"
    if not all(array.flags.writeable for array in watched):
        return "makes the caller's array read-only"
    if error is not None:
        return _complaint_about(error, argument)
    return _complaint_about_accepting(value, signature.parameters.get(argument))


def _complaint_about(error: Exception, argument: str) -> str | None:
    text = str(error.args[0]) if error.args else ""
    shown = f"{type(error).__name__}: {text}"
    if not isinstance(error, KINDS):
        return f"{shown} (of another kind)"
    if not _is_raised_by_bpviz(error):
        return f"{shown} (not bpviz's words)"
    return None if _names(text, argument) else f"{shown} (does not name it)"


def _complaint_about_accepting(value: Any, parameter: inspect.Parameter | None) -> str | None:
    annotation = "" if parameter is None else str(parameter.annotation)
    kind, _, rest = annotation.partition(" | ")
    accepts = ACCEPTED.get(kind)
    if accepts is None or rest not in ("", "None") or (rest and value is None):
        return None
    return None if accepts(value) else "accepted"


def _names(text: str, argument: str) -> bool:
    """Return whether a message speaks of an argument; "a" alone could be the article."""
    verb = r"(\[.*?\])* (is|has|must|holds)\b" if argument == "a" else ""
    return bool(re.search(rf"\b{argument}\b{verb}", text))


def _is_raised_by_bpviz(error: Exception) -> bool:
    """Return whether the innermost frame is a `raise` in bpviz, not a call that went wrong."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    path = Path(frame.filename)
    if not path.is_relative_to(Path(bp.__file__).parent) or frame.lineno is None:
        return False
    return any(first <= frame.lineno <= last for first, last in _raises(path))


@cache
def _raises(path: Path) -> list[tuple[int, int]]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [(n.lineno, n.end_lineno or n.lineno) for n in nodes if isinstance(n, ast.Raise)]


@contextmanager
def _processor_time(seconds: float) -> Iterator[None]:
    """End the block with `TooLong` once it has used so much of the processor's time."""

    def stop(*_: object) -> None:
        raise TooLong

    usual = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, usual)
