"""What the system refuses to write is told by the argument's name, and nothing is left behind."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import bpviz as bp

NOWHERE = Path("/proc")
"""A folder of Linux in which nobody can make a file."""
EXAMPLE = bp.presets.xor()
TOO_LONG = "n" * 300


def trained(**options: object) -> bp.History:
    return bp.train(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, epochs=2, **options)


HISTORY = trained()
WRITERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "run.npz": ("path", HISTORY.save),
    "run.npy": ("record", lambda path: trained(record=path)),
    "run.csv": ("path", HISTORY.to_csv),
    "page.html": ("path", lambda path: bp.export.html(EXAMPLE, path)),
    "run.gif": ("path", lambda path: bp.plot.animation(HISTORY, path, frames=2)),
    "progress.json": ("path", bp.progress),
    "sheets": ("path", lambda path: bp.worksheet(seed=0, path=path)),
}


@pytest.mark.skipif(not NOWHERE.is_dir(), reason="this system has no /proc")
@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_the_system_does_not_write(name: str) -> None:
    argument, write = WRITERS[name]
    target = str(NOWHERE / name)
    message = f"{argument} is {target!r}; it cannot be written: "
    with pytest.raises(OSError, match=f"^{re.escape(message)}"):
        write(target)


@pytest.mark.parametrize("name", WRITERS)
def test_a_name_that_is_too_long(name: str, tmp_path: Path) -> None:
    argument, write = WRITERS[name]
    with pytest.raises(ValueError, match=f"^{argument} is '.*: File name too long; give a path"):
        write(str(tmp_path / f"{TOO_LONG}{Path(name).suffix}"))
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_too_long_to_be_read() -> None:
    with pytest.raises(ValueError, match=r"^path is 'n.*: File name too long"):
        bp.History.load(TOO_LONG)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
@pytest.mark.parametrize(
    "write",
    [
        HISTORY.to_csv,
        HISTORY.trace(0, 0).to_csv,
        lambda path: bp.export.html(EXAMPLE, path, overwrite=True),
        lambda path: bp.plot.animation(HISTORY, path, frames=2),
        lambda path: bp.question_bank().save(path),
    ],
    ids=["run.csv", "trace.csv", "page.html", "run.gif", "bank.xml"],
)
def test_nothing_takes_the_place_of_a_pipe_or_a_device(
    write: Callable[[Path], object], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    pipe = tmp_path / str(request.node.callspec.id)
    os.mkfifo(pipe)
    with pytest.raises(FileExistsError, match=f"^path is '{re.escape(str(pipe))}'"):
        write(pipe)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
