"""Worksheets in hand: to look at, to print, to write to files."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, overload

from bpviz.core.arguments import index_in, true_or_false, usable_path
from bpviz.core.files import naming, whole_file
from bpviz.core.model.network import Network
from bpviz.core.update.tape import Trace
from bpviz.worksheets.marking import Marks, marked
from bpviz.worksheets.marking_html import marking_page
from bpviz.worksheets.sheet import Sheet
from bpviz.worksheets.sheet_html import page
from bpviz.worksheets.sheet_markdown import markdown

LONGEST_FILE_NAME = 60
"""Bytes of a student's name in the name of a file."""

ALL_SHEETS, ALL_KEYS, ALL_SCHEMES = "all-sheets", "all-keys", "all-marking"
FOLDER_OF_SHEETS, FOLDER_OF_KEYS = "for-the-students", "for-the-teacher"
"""The folder below, in which keys and marking schemes are: the other may be handed out whole."""

_FOCUSED = (
    "body{outline:0}body:focus-visible::after{content:'';position:fixed;inset:0;"
    "pointer-events:none;border:3px solid #1976d2}"
)
"""It is seen which sheet the keys scroll. A page does not know that a frame has the focus."""


@dataclass(frozen=True, repr=False, eq=False)
class Worksheet:
    """A blank sheet and its answer key.

    Attributes
    ----------
    sheet : Sheet
        What stands on them.
    paper : str
        "A4" or "Letter".
    """

    sheet: Sheet
    paper: str

    @property
    def name(self) -> str:
        """Whose sheet it is."""
        return self.sheet.name

    @property
    def trace(self) -> Trace:
        """The update to compute, with every number of the key."""
        return self.sheet.problem.trace

    @property
    def network(self) -> Network:
        """The network before the update."""
        return self.trace.network

    def html(self, key: bool = False) -> str:
        """Return the blank sheet, or its key, as a page to print."""
        return page([self.sheet], true_or_false("key", key), self.paper)

    def markdown(self, key: bool = False) -> str:
        """Return the blank sheet, or its key, as Markdown with LaTeX."""
        return markdown([self.sheet], true_or_false("key", key))

    def marking_scheme(self) -> str:
        """Return what each number is worth, right or by a known mistake, as a page to print."""
        return marking_page([self.sheet], self.paper)

    def marks(self, answers: Mapping[str, Any]) -> Marks:
        """Return the points for what a student has filled in.

        A number gets two points if it is right, or if it follows from the student's own numbers
        before it; one if a mistake of `bpviz.mistakes` leads to it; otherwise none.

        Parameters
        ----------
        answers : mapping of str to number or str
            By ref: `{"a1[0]": 0.5, "d2[0]": "-1/2"}`. What was left out may be left out.

        Returns
        -------
        Marks
            `.points` of `.most`, and why for each line; `print(marks)` tells it.

        Raises
        ------
        TypeError, ValueError
            If it is no mapping, an answer is no number, or it is not asked for.
        """
        return marked(self.sheet, answers)

    def save(self, path: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write the sheet into "for-the-students" in a folder, its key into "for-the-teacher".

        Sheet and key are written as HTML and as Markdown, the scheme as HTML.

        Returns
        -------
        tuple of Path
            The files, each written as a whole or not at all.

        Raises
        ------
        OSError
            If the folder cannot be made or written to.
        """
        folder = _folder_at(path)
        # Alone, a name could be one that a system keeps for itself, such as "con" or "nul".
        stem = "-".join(part for part in ("worksheet", file_name(self.name)) if part)
        return _write(folder, _texts(stem, self))

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.network.sizes))
        whose = f"{self.name!r}, " if self.name else ""
        return f"Worksheet({whose}{sizes}, {self.sheet.code})"

    def _repr_html_(self) -> str:
        """Show the blank sheet, shut off from the notebook around it."""
        sheet = self.html().replace("<body>", f'<style>{_FOCUSED}</style><body tabindex="0">', 1)
        return (
            f"<p>{escape(repr(self))}</p>"
            f'<iframe title="worksheet" sandbox="" srcdoc="{escape(sheet)}" '
            'style="width:100%;height:36em;border:1px solid var(--jp-border-color1,#ccc)"></iframe>'
        )


class ClassSet(Sequence[Worksheet]):
    """The worksheets of a class, in the order of its names."""

    def __init__(self, worksheets: Iterable[Worksheet]) -> None:
        self._worksheets = tuple(worksheets)

    @overload
    def __getitem__(self, index: int) -> Worksheet: ...
    @overload
    def __getitem__(self, index: slice) -> ClassSet: ...
    def __getitem__(self, index: int | slice) -> Worksheet | ClassSet:
        """Return a worksheet, or several as a class set."""
        if isinstance(index, slice):
            return ClassSet(self._worksheets[index])
        return self._worksheets[index_in("index", index, len(self))]

    def __len__(self) -> int:
        """Return the number of students."""
        return len(self._worksheets)

    def __iter__(self) -> Iterator[Worksheet]:
        """Go through the worksheets."""
        return iter(self._worksheets)

    def html(self, key: bool = False) -> str:
        """Return all sheets, or all keys, as one page to print in one go."""
        return page([w.sheet for w in self], true_or_false("key", key), self[0].paper)

    def markdown(self, key: bool = False) -> str:
        """Return all sheets, or all keys, as one Markdown text."""
        return markdown([w.sheet for w in self], true_or_false("key", key))

    def marking_scheme(self) -> str:
        """Return the marking schemes of all sheets as one page to print."""
        return marking_page([w.sheet for w in self], self[0].paper)

    def save(self, path: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write the sheets into "for-the-students" in a folder, keys into "for-the-teacher".

        There is a file for each student, and one with all of them to print. Names of files begin
        with the place in the list, so that students of one name have files of their own.

        Returns
        -------
        tuple of Path
            The files, each written as a whole or not at all.

        Raises
        ------
        OSError
            If the folder cannot be made or written to.
        """
        folder = _folder_at(path)
        sheets, keys = f"{FOLDER_OF_SHEETS}/{ALL_SHEETS}", f"{FOLDER_OF_KEYS}/{ALL_KEYS}"
        texts = {f"{sheets}.html": self.html(), f"{keys}.html": self.html(key=True)}
        texts |= {f"{sheets}.md": self.markdown(), f"{keys}.md": self.markdown(key=True)}
        texts[f"{FOLDER_OF_KEYS}/{ALL_SCHEMES}.html"] = self.marking_scheme()
        digits = len(str(len(self)))
        for number, worksheet in enumerate(self, start=1):
            place = f"{number:0{digits}d}"
            stem = "-".join(part for part in (place, file_name(worksheet.name)) if part)
            texts |= _texts(stem, worksheet)
        return _write(folder, texts)

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self[0].network.sizes))
        return f"ClassSet({len(self)} worksheets, {sizes}, {self[0].sheet.code})"


def file_name(name: str) -> str:
    """Return a name as part of a file name: its letters and digits, small, joined by "-"."""
    normal = unicodedata.normalize("NFC", name).casefold()
    words = "-".join(re.findall(r"[^\W_]+", normal))
    return words.encode()[:LONGEST_FILE_NAME].decode(errors="ignore").strip("-")


def _texts(stem: str, worksheet: Worksheet) -> dict[str, str]:
    return {
        f"{FOLDER_OF_SHEETS}/{stem}.html": worksheet.html(),
        f"{FOLDER_OF_SHEETS}/{stem}.md": worksheet.markdown(),
        f"{FOLDER_OF_KEYS}/{stem}-key.html": worksheet.html(key=True),
        f"{FOLDER_OF_KEYS}/{stem}-key.md": worksheet.markdown(key=True),
        f"{FOLDER_OF_KEYS}/{stem}-marking.html": worksheet.marking_scheme(),
    }


def _folder_at(path: str | os.PathLike[str]) -> Path:
    """Return a path of a folder, which need not be there; refused before a sheet is written."""
    folder = usable_path("path", path, "worksheets")
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"path is {str(folder)!r}, a file; give a folder")
    return folder


def _write(folder: Path, texts: dict[str, str]) -> tuple[Path, ...]:
    with naming("path", folder):
        for part in (FOLDER_OF_SHEETS, FOLDER_OF_KEYS):
            (folder / part).mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        target = folder / name
        with whole_file(target) as unfinished:
            unfinished.write_text(text, encoding="utf-8", newline="\n")
        written.append(target)
    return tuple(written)
