"""What lies at a path, files that are written whole or not at all, and by one process at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE

STALE_AFTER = 5.0
"""A lock that has been the same for so many seconds belongs to nobody who is still at work."""

PAUSE = 0.005
"""In seconds, between two looks at a lock."""


def what_is_at(path: Path) -> str:
    """Return in words what a path that is taken names."""
    if path.is_dir():
        return "a folder"
    if path.is_file():
        size = path.stat().st_size
        return f"a file of {size:,} byte{'s' * (size != 1)}"
    return "a link to nothing" if path.is_symlink() else "no file but a device"


@contextmanager
def naming(argument: str, target: Path) -> Iterator[None]:
    """Name an argument, and its path, in what the system says of a file that it does not write."""
    try:
        yield
    except OSError as error:
        if error.strerror is None:  # the message is one of ours
            raise
        raise type(error)(
            f"{argument} is {str(target)!r}; it cannot be written: {error.strerror}"
        ) from error


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a new path beside the target to write to; when that is done it takes its place.

    Whatever interrupts the writing, the target is what it was, and nothing lies beside it. A
    target that is replaced keeps its permissions.

    Yields
    ------
    Path
        In the folder of the target and with its suffix.

    Raises
    ------
    OSError
        If the system refuses it; the message calls the target ``path``.
    FileExistsError
        If the target is a device, a pipe or the like, which a file would take the place of.
    """
    if target.exists() and not target.is_file() and not target.is_dir():
        raise FileExistsError(
            f"path is {str(target)!r}, {what_is_at(target)}; give the path of a file"
        )
    with naming("path", target), _replaced_whole(target) as unfinished:
        yield unfinished


@contextmanager
def _replaced_whole(target: Path) -> Iterator[Path]:
    unfinished = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        yield unfinished
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():
            unfinished.chmod(S_IMODE(target.stat().st_mode))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def one_at_a_time(target: Path) -> Iterator[None]:
    """Let only one process or thread at a time read a file and write it anew.

    A file beside the target is the lock: whoever makes it has it. Files are made like that on every
    system and on network drives, and need no clock that agrees with another. A process that has
    ended without giving its lock back is waited for `STALE_AFTER` seconds, once.

    Raises
    ------
    OSError
        If the folder cannot be written to; the message calls the target ``path``.
    """
    lock = target.with_name(f".{target.stem}.lock")
    with naming("path", target):
        mine = _made(lock)
    try:
        yield
    finally:
        if _identity(lock) == mine:  # somebody may have waited too long for it
            lock.unlink(missing_ok=True)


def _made(lock: Path) -> tuple[int, int] | None:
    """Make the lock as soon as there is none; return what tells it from others."""
    seen, since = _identity(lock), time.monotonic()
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            pass
        except PermissionError:  # in Windows also while a lock that was given back is going away
            if os.name != "nt" or time.monotonic() - since > STALE_AFTER:
                raise
        else:
            return _identity(lock)
        now = _identity(lock)
        if now != seen:
            seen, since = now, time.monotonic()
        elif now is not None and time.monotonic() - since > STALE_AFTER:
            _remove(lock, now)
        time.sleep(PAUSE)


def _identity(lock: Path) -> tuple[int, int] | None:
    try:
        status = lock.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _remove(lock: Path, stale: tuple[int, int]) -> None:
    """Take a stale lock away, and not the one that somebody else has made in its place."""
    aside = lock.with_name(f"{lock.name}.{os.getpid()}")
    try:
        lock.rename(aside)
        if _identity(aside) != stale:
            aside.rename(lock)
    except OSError:  # somebody else was quicker
        return
    aside.unlink(missing_ok=True)
