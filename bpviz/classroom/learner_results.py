"""What a learner has done: the results of tasks, and the file that holds them.

The file is plain JSON. It tells what the reports and the panels have told the learner, so it
gives nothing away: no answers, no times, nothing of the machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bpviz.core.files import whole_file
from bpviz.core.words import one_line

RESULTS_FORMAT, RESULTS_VERSION = "bpviz progress", 1
CHECK, NUMBER_BY_HAND, PANEL = KINDS_OF_TASKS = ("check", "number", "panel")
"""Kinds of tasks: `bpviz.check`, `bpviz.check_number`, and a panel that asks."""

LARGEST_FILE = 256 * 1024
MOST_TASKS, MOST_NAMES, MOST_TIMES = 500, 60, 10**6
LONGEST_NAME, LONGEST_TASK = 60, 120
_MISTAKE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class TaskResult:
    """What has become of a task.

    Attributes
    ----------
    notebook : str
        The notebook that it stands in; "" where that is not known.
    kind : str
        "check", "number" or "panel".
    task : str
        What is asked for.
    passed : bool or None
        Whether it is done; None where the learner was not told.
    tries : int
        How often it was tried until it was done.
    right, asked : int
        Of how many parts how many are right, of a panel at the first try.
    mistakes : dict of str to int
        How often each named mistake was made.
    """

    notebook: str
    kind: str
    task: str
    passed: bool | None
    tries: int
    right: int
    asked: int
    mistakes: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.notebook, self.kind, self.task

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "notebook": self.notebook,
            "kind": self.kind,
            "task": self.task,
            "passed": self.passed,
            "tries": self.tries,
            "right": self.right,
            "asked": self.asked,
            "mistakes": dict(self.mistakes),
        }


@dataclass(frozen=True)
class LearnerResults:
    """The results of one learner, in the order in which the tasks were begun."""

    name: str
    results: tuple[TaskResult, ...] = ()

    def save(self, path: Path) -> None:
        """Write them, whole or not at all."""
        data = {
            "format": RESULTS_FORMAT,
            "version": RESULTS_VERSION,
            "name": self.name,
            "tasks": [result.to_json() for result in self.results],
        }
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        with whole_file(path) as unfinished:
            unfinished.write_text(text, encoding="utf-8", newline="\n")


def results_in(path: Path) -> LearnerResults:
    """Return the results in a file, which anybody may have written: it is read, and nothing run.

    Raises
    ------
    ValueError
        If it holds no such results; the message says what is odd.
    OSError
        If it cannot be read.
    """
    if path.is_symlink() or not path.is_file():
        raise ValueError("no regular file")
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValueError(f"larger than {LARGEST_FILE // 1024} KB")
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):  # ints of thousands of digits are a ValueError too
        raise ValueError("no JSON") from None
    if not isinstance(data, dict) or data.get("format") != RESULTS_FORMAT:
        raise ValueError("no progress of bpviz")
    if data.get("version") != RESULTS_VERSION or isinstance(data["version"], bool):
        raise ValueError(f"of another version of the format; this bpviz reads {RESULTS_VERSION}")
    tasks = data.get("tasks")
    if not isinstance(tasks, list) or len(tasks) > MOST_TASKS:
        raise ValueError(f"tasks is no list of at most {MOST_TASKS}")
    results = tuple(_result(number, task) for number, task in enumerate(tasks))
    if len({result.key for result in results}) < len(results):
        raise ValueError("the same task stands there twice")
    return LearnerResults(_text("name", data.get("name"), LONGEST_NAME), results)


def _result(number: int, task: Any) -> TaskResult:
    if not isinstance(task, dict):
        raise ValueError(f"task {number} is no mapping")
    where = f"of task {number}"
    if task.get("kind") not in KINDS_OF_TASKS:
        raise ValueError(f"kind {where} is none of {', '.join(KINDS_OF_TASKS)}")
    passed = task.get("passed")
    if passed is not None and not isinstance(passed, bool):
        raise ValueError(f"passed {where} is not true, false or null")
    asked = _count(f"asked {where}", task.get("asked"))
    right = _count(f"right {where}", task.get("right"))
    if right > asked:
        raise ValueError(f"right {where} is more than asked")
    mistakes = task.get("mistakes")
    if not isinstance(mistakes, dict) or len(mistakes) > MOST_NAMES:
        raise ValueError(f"mistakes {where} is no mapping of at most {MOST_NAMES}")
    if not all(_MISTAKE.fullmatch(name) for name in mistakes):
        raise ValueError(f"mistakes {where} has a name that no mistake can have")
    return TaskResult(
        _text(f"notebook {where}", task.get("notebook"), LONGEST_TASK),
        task["kind"],
        _text(f"task {where}", task.get("task"), LONGEST_TASK),
        passed,
        _count(f"tries {where}", task.get("tries")),
        right,
        asked,
        {name: _count(f"mistakes {where}", count) for name, count in mistakes.items()},
    )


def _text(what: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or one_line(value) != value:
        raise ValueError(f"{what} is no text in one line of at most {longest} characters")
    return value


def _count(what: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TIMES:
        raise ValueError(f"{what} is no count")
    return value
