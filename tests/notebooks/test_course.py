"""The course keeps to one form, and to what helps people learn."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.notebooks.course import FOLDER, LESSONS, NOTEBOOKS, answer, cells, exercises, read

every = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def test_the_course_has_a_notebook_for_each_of_its_questions() -> None:
    assert len(LESSONS) == 12
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{number:02}" for number in range(14)]


@every
def test_it_says_at_the_top_what_it_takes(path: Path) -> None:
    top = read(path).cells[0].source
    assert re.search(r"^\*Time: .+ You need: .+\*$", top, re.MULTILINE)


@every_lesson
def test_it_takes_ten_to_twenty_five_minutes_and_the_page_for_teachers_agrees(path: Path) -> None:
    minutes = int(re.search(r"\*Time: (\d+) minutes", read(path).cells[0].source)[1])  # type: ignore[index]
    assert 10 <= minutes <= 25
    teachers = (FOLDER / "11_for_teachers.ipynb").read_text(encoding="utf-8")
    assert re.search(rf"\| \[{path.stem}\]\({path.name}\) \| [^|]+ \| {minutes} \|", teachers)


@every
def test_it_ends_with_a_summary(path: Path) -> None:
    last = read(path).cells[-1].source
    assert re.search(r"^## (What you have (seen|done)|In short)$", last, re.MULTILINE)


@every_lesson
def test_it_asks_for_a_guess_before_it_shows(path: Path) -> None:
    prompts = "\n".join(cell.source for cell in cells(path, "markdown"))
    assert len(re.findall(r"\*\*Guess", prompts)) >= 1


@every_lesson
def test_what_would_give_a_guess_away_is_folded_until_it_is_run(path: Path) -> None:
    for cell, below in pairwise(read(path).cells):
        asks = cell.cell_type == "markdown" and "**Guess" in cell.source
        if not asks or below.cell_type != "code" or "exercise" in below.metadata.get("tags", []):
            continue
        shows_panel = any("image/svg+xml" in output.get("data", {}) for output in below.outputs)
        assert shows_panel or below.metadata.get("jupyter") == {"outputs_hidden": True}, below.id


@every
def test_each_drawn_picture_is_described_in_words_below_it(path: Path) -> None:
    for cell, below in pairwise(read(path).cells):
        outputs = cell.outputs if cell.cell_type == "code" else []
        if any("image/png" in output.get("data", {}) for output in outputs):
            assert re.match(r"\*In the pictures?:\*", below.source), cell.id


@every
def test_its_links_lead_somewhere(path: Path) -> None:
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert [link for link in links if not (FOLDER / link).exists()] == []


@every
def test_its_programs_need_no_network(path: Path) -> None:
    assert not any("://" in cell.source for cell in cells(path, "code"))


@every_lesson
def test_every_exercise_has_an_answer_that_folds_out(path: Path) -> None:
    for cell, below in exercises(path):
        assert below.source.startswith("<details><summary>Show "), cell.id
        assert "</details>" in below.source
        assert answer(below).strip() != cell.source.strip()


def test_every_lesson_from_the_third_on_has_an_exercise() -> None:
    assert [path.stem for path in LESSONS[3:] if not exercises(path)] == []
