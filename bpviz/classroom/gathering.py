"""The results of a class: read from its files, and put into tables."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bpviz.classroom.learner_results import LearnerResults, TaskResult, results_in
from bpviz.core.files import whole_file
from bpviz.core.mistakes import mistakes
from bpviz.core.words import counted, one_line

MOST_FILES, MOST_ENTRIES = 1000, 100_000
"""So many files are read, and so many names of a folder and those in it are looked at."""

UNKNOWN_MISTAKE = "a mistake that bpviz does not know"
COLUMNS = (
    *("learner", "file", "notebook", "kind", "task"),
    *("passed", "tries", "right", "asked", "mistakes"),
)
_FORMULA = ("=", "+", "-", "@")
"""With what a spreadsheet begins a formula."""


@dataclass(frozen=True)
class Learner:
    """The results of one learner, and the file that they stand in."""

    label: str
    file: str
    results: LearnerResults

    def result(self, key: tuple[str, str, str]) -> TaskResult | None:
        """Return what has become of a task; None if it was not begun."""
        return next((one for one in self.results.results if one.key == key), None)


@dataclass(frozen=True)
class Frequency:
    """How many learners made a mistake, and how often."""

    name: str
    learners: int
    times: int

    @property
    def title(self) -> str:
        """What it is, in words."""
        return mistakes[self.name].title if self.name in mistakes else UNKNOWN_MISTAKE


@dataclass(frozen=True)
class ClassResults:
    """What a class has done.

    Attributes
    ----------
    learners : tuple of Learner
        In the order of their names.
    tasks : tuple of (str, str, str)
        Notebook, kind and task of whatever anybody has begun: notebook by notebook, and in each as
        the first learner who began it came to it.
    odd : tuple of (str, str)
        Files that were not read, and why.
    """

    learners: tuple[Learner, ...]
    tasks: tuple[tuple[str, str, str], ...]
    odd: tuple[tuple[str, str], ...]

    @property
    def mistakes(self) -> tuple[Frequency, ...]:
        """The named mistakes, that of most learners first."""
        who, times = Counter[str](), Counter[str]()
        for learner in self.learners:
            made = Counter[str]()
            for result in learner.results.results:
                made.update(result.mistakes)
            who.update(made.keys())
            times.update(made)
        found = [Frequency(name, who[name], times[name]) for name in who]
        return tuple(sorted(found, key=lambda one: (-one.learners, -one.times, one.name)))

    def text(self) -> str:
        """Return who did what, which mistakes are frequent, and what is odd, as plain text."""
        lines = [f"{counted(len(self.learners), 'learner')}, {counted(len(self.tasks), 'task')}"]
        if self.learners and self.tasks:
            lines += ["", *self._task_lines(), "", *self._table()]
        if self.mistakes:
            lines += ["", "Mistakes, that of most learners first"]
            for one in self.mistakes:
                often = f"{counted(one.learners, 'learner')}, {counted(one.times, 'time')}"
                lines.append(f"  {often:<24}{one.title} ({one.name})")
        if self.odd:
            lines += ["", "Not read"]
            lines += [f"  {file}: {why}" for file, why in self.odd]
        return "\n".join(lines) + "\n"

    def _task_lines(self) -> Iterator[str]:
        width = max(len(notebook) for notebook, _, _ in self.tasks)
        for number, (notebook, kind, task) in enumerate(self.tasks, start=1):
            done = sum(
                bool((r := one.result((notebook, kind, task))) and r.passed)
                for one in self.learners
            )
            yield f"  {number:>3}  {notebook:<{width}}  {kind:<6}  {task}: {done} done"

    def _table(self) -> Iterator[str]:
        yield "✓ done, ✗ not yet, each with the tries · only begun or not marked – not begun"
        width = max(len(learner.label) for learner in self.learners)
        yield " " * width + "".join(f"{k:>5}" for k in range(1, len(self.tasks) + 1))
        for learner in self.learners:
            marks = "".join(f"{mark(learner.result(key)):>5}" for key in self.tasks)
            yield f"{learner.label:<{width}}{marks}"

    def csv(self) -> str:
        """Return a line for each learner and task; a spreadsheet reads nothing in it as formula."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for learner in self.learners:
            for one in learner.results.results:
                passed = {True: "yes", False: "no", None: ""}[one.passed]
                made = "; ".join(f"{name} {times}" for name, times in one.mistakes.items())
                texts = (learner.label, learner.file, one.notebook, one.kind, one.task)
                numbers = (passed, one.tries, one.right, one.asked, made)
                writer.writerow((*map(_harmless, texts), *numbers))
        return file.getvalue()

    def save_csv(self, path: Path) -> None:
        """Write the lines of `csv`, with the mark by which spreadsheets know UTF-8."""
        with whole_file(path) as unfinished:
            unfinished.write_text(self.csv(), encoding="utf-8-sig", newline="\n")


def mark(result: TaskResult | None) -> str:
    """Return what has become of a task in a few signs."""
    if result is None:
        return "–"
    if result.passed is None or not result.tries:
        return "·"
    return f"{'✓' if result.passed else '✗'}{min(result.tries, 999)}"


def gather(folder: Path) -> ClassResults:
    """Return the results in all JSON files of a folder and of those in it.

    Whatever the files hold, they are only read; links are not followed.

    Raises
    ------
    OSError
        If it is no folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{str(folder)!r} is no folder; give the one with the files")
    found: list[tuple[str, LearnerResults]] = []
    odd: list[tuple[str, str]] = []
    for number, path in enumerate(_files(folder, odd)):
        name = one_line(path.relative_to(folder).as_posix())
        if number >= MOST_FILES:
            odd.append((name, f"there are more than {MOST_FILES} files; from here on none is read"))
            break
        try:
            found.append((name, results_in(path)))
        except ValueError as error:
            odd.append((name, str(error)))
        except OSError as error:
            odd.append((name, error.strerror or "not to be read"))
    often = Counter(results.name for _, results in found)
    learners = [
        Learner(
            results.name if results.name and often[results.name] == 1 else _both(results, file),
            file,
            results,
        )
        for file, results in found
    ]
    learners.sort(key=lambda one: (one.label.casefold(), one.file))
    keys = dict.fromkeys(one.key for each in learners for one in each.results.results)
    tasks = sorted(keys, key=lambda key: key[0])  # stable: within a notebook as they came
    return ClassResults(tuple(learners), tuple(tasks), tuple(odd))


def _both(results: LearnerResults, file: str) -> str:
    return f"{results.name} ({file})" if results.name else file


def _files(folder: Path, odd: list[tuple[str, str]]) -> Iterator[Path]:
    seen = 0
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            seen += 1
            if seen > MOST_ENTRIES:
                odd.append((one_line(name), f"more than {MOST_ENTRIES} files; the rest is left"))
                return
            if name.endswith(".json") and not name.startswith("."):
                yield Path(here) / name


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
