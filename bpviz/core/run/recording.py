"""Where the rows of a run are kept: in memory, or in a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

from bpviz.core.arguments import Array, refuse_missing_folder, usable_path
from bpviz.core.files import naming, what_is_at

MARK = b"# bpviz recording"
"""A comment in the header, which readers of .npy files pass over."""
NPY_HEADER = 128
"""How long the header is: a number of updates of up to 20 digits changes nothing in it."""


class Recording(Protocol):
    """Entries that are written one block after another."""

    def write(self, start: int, entries: Array) -> None:
        """Keep a copy of entries `start`, `start` + 1, …; writing them again is harmless."""

    @property
    def entries(self) -> Array:
        """Return all entries so far, read-only; later ones do not appear in it."""


class MemoryRecording:
    """Entries in memory.

    When there is no room for more, they move to an array of twice the size. To move them at
    once would hold up a run that somebody watches; so from the time when half of the room is
    taken, a few move with each that is written.

    Parameters
    ----------
    shape : tuple of int
        The shape of one entry.
    dtype : data type
        The type of its numbers.
    room : int
        How many entries to make room for at once, if that is known; more may come.

    Raises
    ------
    MemoryError
        If there is not enough memory, here or when entries are appended.
    """

    def __init__(
        self, shape: tuple[int, ...], dtype: DTypeLike = np.float64, room: int = 0
    ) -> None:
        self._array = _allocated((room or 16, *shape), dtype)
        self._length = 0
        self._will_grow = room == 0
        self._larger: NDArray[Any] | None = None
        self._moved = 0

    def write(self, start: int, entries: NDArray[Any]) -> None:
        """Keep a copy of entries `start`, `start` + 1, …; writing them again is harmless."""
        end = start + len(entries)
        self._length = min(self._length, start)
        self._moved = min(self._moved, start)
        if end > len(self._array):
            self._move_to_larger(end)
        self._array[start:end] = entries
        self._length = end
        if self._will_grow and 2 * end > len(self._array):
            self._move_some(2 * len(entries))

    def __getstate__(self) -> dict[str, Any]:
        # Without the room that is not taken; a copy makes room when it needs some.
        return {
            "_array": self.entries.copy(),
            "_length": self._length,
            "_will_grow": True,
            "_larger": None,
            "_moved": 0,
        }

    def _move_to_larger(self, end: int) -> None:
        larger = self._larger_with(max(end, 2 * len(self._array)))
        self._move_some(self._length)
        self._array, self._larger, self._moved = larger, None, 0
        self._will_grow = True

    def _move_some(self, count: int) -> None:
        larger = self._larger_with(2 * len(self._array))
        end = min(self._moved + count, self._length)
        larger[self._moved : end] = self._array[self._moved : end]
        self._moved = end

    def _larger_with(self, room: int) -> NDArray[Any]:
        """Return the array that the entries move to, a new one if there is none of that size."""
        if self._larger is None or len(self._larger) < room:
            self._larger = _allocated((room, *self._array.shape[1:]), self._array.dtype)
            self._moved = 0
        return self._larger

    @property
    def entries(self) -> NDArray[Any]:
        """Return all entries so far, read-only; later ones do not appear in it."""
        view = self._array[: self._length]
        view.flags.writeable = False
        return view


def _in_memory(entries: Array) -> MemoryRecording:
    recording = MemoryRecording(entries.shape[1:], entries.dtype)
    recording.write(0, entries)
    return recording


def _allocated(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    try:
        return np.empty(shape, dtype)
    except MemoryError:
        size = np.prod(shape, dtype=float) * np.dtype(dtype).itemsize / 1e9
        raise MemoryError(
            f"recording {shape[0]} updates needs {size:.1f} GB, more than there is; record "
            'every k-th update with record=k, or into a file with record="run.npy"'
        ) from None


class FileRecording:
    """Rows in a file in NumPy's .npy format, which is whole after every block.

    Parameters
    ----------
    path : path
        The file. One that is there already is replaced if it is such a recording.
    width : int
        The length of a row.

    Raises
    ------
    FileExistsError
        If there is another kind of file at `path`.
    FileNotFoundError
        If its folder does not exist.
    OSError
        If it cannot be written; the message calls it ``record``.
    TypeError, ValueError
        If `path` is no path.
    """

    def __init__(self, path: str | os.PathLike[str], width: int) -> None:
        self._path = usable_path("record", path, "run.npy").absolute()
        refuse_missing_folder("record", self._path)
        self._width, self._length = width, 0
        with naming("record", self._path):
            if os.path.lexists(self._path):
                _refuse_foreign_file(self._path)
                # The rows of an earlier run may still be looked at; they stay until let go of.
                self._path.unlink()
            with self._path.open("xb") as file:
                self._write_header(file)

    def write(self, start: int, rows: Array) -> None:
        """Write rows `start`, `start` + 1, …; writing them again is harmless."""
        with naming("record", self._path), self._path.open("r+b") as file:
            self._write_header(file)
            file.seek(start * self._width * rows.itemsize, os.SEEK_CUR)
            file.write(np.ascontiguousarray(rows).data)
            self._length = start + len(rows)
            file.seek(0)
            self._write_header(file)

    @property
    def entries(self) -> Array:
        """Return all rows so far, mapped from the file, read-only."""
        if not self._length:
            return np.empty((0, self._width))
        mapped: Array = np.load(self._path, mmap_mode="r", allow_pickle=False)
        return mapped

    def __reduce__(self) -> tuple[Any, tuple[object, ...]]:
        # Two recordings in one file would spoil each other: a copy goes on in memory.
        return _in_memory, (np.array(self.entries),)

    def _write_header(self, file: BinaryIO) -> None:
        # Its length stays the same as the first axis grows.
        description = npy.dtype_to_descr(np.dtype(np.float64))
        shape = f"({self._length:>20}, {self._width})"
        text = f"{{'descr': {description!r}, 'fortran_order': False, 'shape': {shape}}} "
        begin = npy.magic(1, 0) + (NPY_HEADER - npy.MAGIC_LEN - 2).to_bytes(2, "little")
        file.write((begin + text.encode() + MARK).ljust(NPY_HEADER - 1) + b"\n")


def _refuse_foreign_file(path: Path) -> None:
    if path.is_file():
        with path.open("rb") as file:
            if MARK in file.read(NPY_HEADER):
                return
    what = what_is_at(path)
    raise FileExistsError(
        f"record is {str(path)!r}, which is {what}{' and not a recording' * path.is_file()}; give "
        "another path, or remove it first"
    )
