"""Nobody reads long without something to do or to see."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notebooks.course import LESSONS, read

MOST_WORDS = 120

every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def stretches(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each stretch of prose between two things to do, and how many words it has.

    A cell to run is something to do, and so is a fold to open. What is in a fold is a stretch of
    its own. What a lecture printed, formulas on a line of their own and the map of the course are
    not counted.
    """
    prose, place = "", ""
    for cell in read(path).cells:
        if cell.cell_type == "code":
            yield place, words(prose)
            prose = ""
            continue
        place = cell.id
        first, *others = re.split(r"</?details>", without_printed(cell.source))
        prose += " " + first
        for other in others:
            yield place, words(prose)
            prose = other
    yield place, words(prose)


def without_printed(text: str) -> str:
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$", " ", text, flags=re.DOTALL)
    return re.sub(r"^\*\*The course:\*\*.*$", " ", text, flags=re.MULTILINE)


def words(text: str) -> int:
    text = re.sub(r"\]\([^)]*\)|</?p>", "]", text)
    return len(re.findall(r"[\w½¼∂′]+(?:[-'’.,][\w½¼]+)*", text))


@every_lesson
def test_there_is_something_to_do_or_see_at_least_every_120_words(path: Path) -> None:
    long = [(place, count) for place, count in stretches(path) if count > MOST_WORDS]
    assert long == []


TASK = re.compile(
    r"\*\*(?:Guess|Your turn|Find|Find out|Compare)\b|Write down"
    r"|<summary>[^\n]+\?</summary>|^\*\*\d\.\*\*",
    re.MULTILINE,
)
MOST_MINUTES = 3.0
WORDS_PER_MINUTE = 150
MINUTES_PER_CELL = 0.25


def waits(path: Path) -> Iterator[tuple[str, float]]:
    """Yield how many minutes pass before each task, and the cell that it is in.

    A task is a guess, a number to compute, something to find, or a question. Others may read in the
    meantime, and run cells. What is folded, what a lecture printed and formulas are not read first.
    """
    minutes = 0.0
    for cell in read(path).cells:
        if cell.cell_type == "code":
            minutes += MINUTES_PER_CELL
            if "exercise" in cell.metadata.get("tags", []):
                yield cell.id, minutes
                minutes = 0.0
            continue
        parts = TASK.split(without_folds(without_printed(cell.source)))
        for part in parts[:-1]:
            yield cell.id, minutes + words(part) / WORDS_PER_MINUTE
            minutes = 0.0
        minutes += words(parts[-1]) / WORDS_PER_MINUTE
    yield "end", minutes


def without_folds(text: str) -> str:
    """Leave of each fold only what is to be clicked on."""
    return re.sub(r"(</summary>).*?</details>", r"\1", text, flags=re.DOTALL)


@every_lesson
def test_there_is_a_task_at_least_every_three_minutes(path: Path) -> None:
    assert [(place, round(one, 1)) for place, one in waits(path) if one > MOST_MINUTES] == []


def test_the_first_number_is_computed_in_the_first_ten_minutes() -> None:
    minutes = 0.0
    for cell in read(LESSONS[0]).cells:
        if "exercise" in cell.metadata.get("tags", []):
            break
        text = without_folds(without_printed(cell.source)) if cell.cell_type == "markdown" else ""
        minutes += words(text) / WORDS_PER_MINUTE if text else MINUTES_PER_CELL
    assert minutes < 10


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert words("The answer is 0.485, and $h - y$ is −0.115.") == 9
    assert words("See [03_forward_pass](03_forward_pass.ipynb) for more.") == 4
