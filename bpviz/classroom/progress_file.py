"""Writing down what a learner does, if the learner wants it."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bpviz.classroom.learner_results import (
    CHECK,
    LONGEST_NAME,
    LONGEST_TASK,
    MOST_NAMES,
    MOST_TASKS,
    LearnerResults,
    TaskResult,
    results_in,
)
from bpviz.core.arguments import (
    file_path,
    refuse_missing_folder,
    shortened,
    text,
    true_or_false,
)
from bpviz.core.files import one_at_a_time
from bpviz.core.words import one_line

NOTEBOOK = "JPY_SESSION_NAME"
"""The variable in which Jupyter's server tells a kernel the path of its notebook."""


@dataclass(frozen=True)
class ProgressFile:
    """Where results are written.

    Attributes
    ----------
    path : Path
        The file.
    name : str
        Whose results they are.
    notebook : str
        The notebook that they come from; "" where that is not known.
    """

    path: Path
    name: str
    notebook: str

    def __repr__(self) -> str:
        whose = f" of {self.name}" if self.name else ""
        return f"From now on the results{whose} are written to {self.path.name}."


_file: list[ProgressFile] = []
"""The file that is written to, if there is one."""


def progress(
    path: str | os.PathLike[str] | None = "progress.json", name: str = ""
) -> ProgressFile | None:
    """Write down from now on what checks, yours too, and the questions of panels find.

    Nothing is written before this is called. The file tells, for each task, whether it is done,
    at which try, and which named mistakes came up. It holds no answers, no times, and no more
    than the reports have told: after an exam with `feedback="none"` only that there was an
    answer. `bpviz gather FOLDER` puts the files of a class together.

    Parameters
    ----------
    path : path or None
        The file. One that is there already is gone on with. None stops the writing.
    name : str
        Whose results they are; a nickname will do. By default as in the file.

    Returns
    -------
    ProgressFile or None
        What is written to; None if nothing is from now on.

    Raises
    ------
    TypeError, ValueError
        If an argument is wrong, or the file holds something else or another learner's results.
    OSError
        If it cannot be written.

    Examples
    --------
    >>> bp.progress("progress.json", name="Ada")
    From now on the results of Ada are written to progress.json.
    >>> bp.progress(None)
    """
    given = one_line(text("name", name))
    if len(given) > LONGEST_NAME:
        raise ValueError(
            f"name is {shortened(name)}; give one of at most {LONGEST_NAME} characters"
        )
    if path is None:
        _file.clear()
        return None
    target = file_path("path", path, "progress.json").absolute()
    refuse_missing_folder("path", target)
    with one_at_a_time(target):
        found = _gone_on_with(target, given)
        found.save(target)
    notebook = one_line(Path(os.environ.get(NOTEBOOK, "")).stem)[:LONGEST_TASK].strip()
    _file[:] = [ProgressFile(target, found.name, notebook)]
    return _file[0]


def note_result(task: str, passed: bool) -> None:
    """Write down what a check of your own finds, as `check` does for its tasks.

    Nothing is written before `progress` is called. Each call is a try; a task that is done stays
    done.

    Parameters
    ----------
    task : str
        What was asked for, in a few words; it is the task's name in the table of a class.
    passed : bool
        Whether it is done.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> bp.note_result("a loop that trains", passed=True)
    """
    named = one_line(text("task", task))
    if not 0 < len(named) <= LONGEST_TASK:
        raise ValueError(
            f"task is {shortened(task)}; give a text of at most {LONGEST_TASK} characters, such "
            "as 'a loop that trains'"
        )
    done = true_or_false("passed", passed)
    note_try(CHECK, named, done, int(done), 1)


def _gone_on_with(target: Path, name: str) -> LearnerResults:
    """Return the results that a file holds already, under the name that was given."""
    if not target.exists() and not target.is_symlink():
        return LearnerResults(name)
    try:
        found = results_in(target)
    except ValueError as error:
        raise ValueError(
            f"path is {shortened(str(target))}, which holds something else ({error}); give "
            "another, such as 'progress.json'"
        ) from None
    if name and found.name and found.name != name:
        raise ValueError(
            f"name is {shortened(name)}, but the file holds the results of "
            f"{found.name!r}; give another path"
        )
    return replace(found, name=name or found.name)


def note_try(
    kind: str,
    task: str,
    passed: bool | None,
    right: int,
    asked: int,
    mistakes: tuple[str, ...] = (),
    *,
    untouched: bool = False,
) -> None:
    """Note a try at a task; one that is done stays done, and one left untouched is only begun."""

    def after(old: TaskResult) -> TaskResult:
        if old.passed or untouched:
            return old
        made = Counter(old.mistakes)
        made.update(name for name in mistakes if name in made or len(made) < MOST_NAMES)
        return replace(
            old, passed=passed, tries=old.tries + 1, right=right, asked=asked, mistakes=made
        )

    _note(kind, task, after)


def note_state(
    kind: str, task: str, passed: bool, tries: int, right: int, asked: int, mistakes: Counter[str]
) -> None:
    """Note how far a panel has come; one that is done stays done, also when it is run again."""

    def after(old: TaskResult) -> TaskResult:
        if old.passed:
            return old
        return replace(
            old, passed=passed, tries=tries, right=right, asked=asked, mistakes=dict(mistakes)
        )

    _note(kind, task, after)


def _note(kind: str, task: str, after: Callable[[TaskResult], TaskResult]) -> None:
    if not _file:
        return
    file = _file[0]
    named = one_line(task)[:LONGEST_TASK].strip()
    begun = TaskResult(file.notebook, kind, named, False, 0, 0, 0)
    try:
        with one_at_a_time(file.path):  # another notebook of the same learner may write, too
            found = results_in(file.path) if file.path.exists() else LearnerResults(file.name)
            results = {result.key: result for result in found.results}
            old = results.get(begun.key)
            results[begun.key] = after(old or begun)
            if old != results[begun.key] and len(results) <= MOST_TASKS:
                replace(found, results=tuple(results.values())).save(file.path)
    except (OSError, ValueError) as error:
        _file.clear()  # once is enough, and what the learner does goes on
        warnings.warn(
            f"{file.path.name} could not be written ({error}); results are no longer noted. "
            "bpviz.progress(...) begins again",
            RuntimeWarning,
            stacklevel=2,
        )
