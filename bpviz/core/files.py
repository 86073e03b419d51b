"""What lies at a path, and files that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def what_is_at(path: Path) -> str:
    """Return in words what a path that is taken names."""
    if path.is_dir():
        return "a folder"
    if path.is_file():
        size = path.stat().st_size
        return f"a file of {size:,} byte{'s' * (size != 1)}"
    return "a link to nothing" if path.is_symlink() else "no file but a device"


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a new path beside the target to write to; when that is done it takes its place.

    Whatever interrupts the writing, the target is what it was, and nothing lies beside it. A
    target that is replaced keeps its permissions.

    Yields
    ------
    Path
        In the folder of the target and with its suffix.
    """
    unfinished = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        yield unfinished
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
