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
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return len(re.findall(r"[\w½¼∂′]+(?:[-'’.,][\w½¼]+)*", text))


@every_lesson
def test_there_is_something_to_do_or_see_at_least_every_120_words(path: Path) -> None:
    long = [(place, count) for place, count in stretches(path) if count > MOST_WORDS]
    assert long == []


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert words("The answer is 0.485, and $h - y$ is −0.115.") == 9
    assert words("See [03_forward_pass](03_forward_pass.ipynb) for more.") == 4
