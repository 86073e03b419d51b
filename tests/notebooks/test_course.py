"""The course keeps to one form, and to what helps people learn."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import bpviz as bp
from bpviz.draw.pictures import picture_in
from bpviz.panels.kept import SAVED
from tests.notebooks.course import FOLDER, LESSONS, NOTEBOOKS, answer, cells, exercises, read

FOLD = re.compile(r"<details><summary>([^\n]+)</summary>\n\n(.+?)\n</details>", re.DOTALL)

every = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def test_the_course_has_a_notebook_for_each_of_its_questions() -> None:
    assert len(LESSONS) == 15
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{number:02}" for number in range(17)]


PANEL = re.compile(r"^(?:\w+ = )?bp\.(StepPanel|TrainingPanel|BugLab|SliderPanel)\(", re.M)


def panel_places(path: Path) -> list[int]:
    """Return which cells make a panel."""
    listed = enumerate(read(path).cells)
    return [k for k, cell in listed if cell.cell_type == "code" and PANEL.search(cell.source)]


@every
def test_what_is_to_be_done_with_a_panel_stands_above_it(path: Path) -> None:
    kinds = [cell.cell_type for cell in read(path).cells]
    assert [k for k in panel_places(path) if kinds[k - 1] != "markdown"] == []


def test_the_course_begins_with_the_network_and_its_sentence_alone() -> None:
    first, second, *_ = panel_places(NOTEBOOKS[0])
    sources = [cell.source for cell in read(NOTEBOOKS[0]).cells]
    assert sources[first] == 'bp.StepPanel(example, views=["diagram"])'
    assert sources[second] == 'bp.StepPanel(example, views=["diagram", "formula"])'
    assert sum(len(panel_places(path)) for path in NOTEBOOKS) >= 20


@every
def test_it_says_at_the_top_what_it_takes(path: Path) -> None:
    top = read(path).cells[0].source
    assert re.search(r"^\*Time: .+ You need: .+\*$", top, re.MULTILINE)


@every_lesson
def test_it_takes_ten_to_forty_minutes_and_the_page_for_teachers_agrees(path: Path) -> None:
    minutes = int(re.search(r"\*Time: (\d+) minutes", read(path).cells[0].source)[1])  # type: ignore[index]
    assert 10 <= minutes <= 40
    teachers = (FOLDER / "15_for_teachers.ipynb").read_text(encoding="utf-8")
    assert re.search(rf"\| \[{path.stem}\]\({path.name}\) \| [^|]+ \| {minutes} \|", teachers)


@every
def test_a_map_at_its_head_shows_where_it_is(path: Path) -> None:
    top = read(path).cells[0].source
    (shown,) = re.findall(r"^\*\*The course:\*\* (.+)$", top, re.MULTILINE)
    places = re.findall(r"\*\*(\d\d)\*\*|\[(\d\d)\]\((\d\d)_\w+\.ipynb\)", shown)
    assert [here or label for here, label, _ in places] == [lesson.stem[:2] for lesson in LESSONS]
    assert [here for here, _, _ in places if here] == [path.stem[:2]] * (path in LESSONS)
    assert all(label == target for _, label, target in places)


@every_lesson
def test_it_leads_to_the_next_one(path: Path) -> None:
    following = dict(pairwise(LESSONS)).get(path)
    last = read(path).cells[-1].source
    assert following is None or re.search(rf"\*\*Next:\*\* \[{following.stem}\]", last)


@every_lesson
def test_two_questions_recall_the_last_one_and_three_end_it(path: Path) -> None:
    cells_by_id = {cell.id: cell.source for cell in read(path).cells}
    asked = {name: questions(cells_by_id.get(name, "")) for name in ("recall", "questions")}
    assert len(asked["recall"]) == (0 if path == LESSONS[0] else 2)
    assert len(asked["questions"]) == 3
    for choices in (*asked["recall"], *asked["questions"]):
        assert len(choices) >= 2
        assert sum(said.startswith("Right") for said in choices) == 1
        assert all(len(said) > 5 for said in choices)


def questions(source: str) -> list[list[str]]:
    """Return what each question says to each of its answers."""
    asked = re.split(r"^\*\*\d\.\*\* ", source, flags=re.MULTILINE)[1:]
    return [[said for _, said in re.findall(FOLD, one)] for one in asked]


@every
def test_it_ends_with_a_summary(path: Path) -> None:
    last = read(path).cells[-1].source
    assert re.search(r"^## (What you have (seen|done)|In short)$", last, re.MULTILINE)


@every
def test_each_of_its_panels_has_at_most_30_kb_with_its_pictures(path: Path) -> None:
    for cell in read(path)["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if SAVED in data:
                assert len(json.dumps(data)) <= 30_000, cell["source"]


def is_plot(output: Any) -> bool:
    """Tell whether an output is a picture by Matplotlib; a panel's holds its words itself."""
    data = output.get("data", {})
    return "image/png" in data and not picture_in(data)


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
        shown = [output.get("data", {}) for output in below.outputs]
        shows_panel = any(
            picture_in(data) or data.get("text/plain", "").startswith("SliderPanel")
            for data in shown
        )
        assert shows_panel or below.metadata.get("jupyter") == {"outputs_hidden": True}, below.id


@every_lesson
def test_the_line_that_a_folded_output_still_shows_is_text_without_a_new_number(path: Path) -> None:
    known = ""
    for cell in read(path).cells:
        known += cell.source
        texts = [
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.get("outputs", [])
        ]
        if texts and cell.metadata.get("jupyter") == {"outputs_hidden": True}:
            # Of a picture or of HTML, JupyterLab would show how Python writes it.
            assert cell.outputs[0].output_type == "stream", cell.id
            first = "".join(texts).partition("\n")[0]
            new = [figure for figure in re.findall(r"\d+\.\d+|\d\d+", first) if figure not in known]
            assert new == [], (cell.id, first)
        known += "".join(texts)


@every
def test_each_drawn_picture_is_described_in_words_below_it(path: Path) -> None:
    for cell, below in pairwise(read(path).cells):
        outputs = cell.outputs if cell.cell_type == "code" else []
        if any(is_plot(output) for output in outputs):
            words = below.source
            if cell.metadata.get("jupyter") == {"outputs_hidden": True}:
                # The picture answers a guess, and the words below it would give it away.
                fold = FOLD.match(words)
                assert fold is not None, cell.id
                words = fold[2]
            assert re.match(r"\*In the pictures?:\*", words), cell.id


@every
def test_its_links_lead_somewhere(path: Path) -> None:
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert [link for link in links if not (FOLDER / link).exists()] == []


def test_the_words_of_the_glossary_are_in_order() -> None:
    words = next(
        cell.source for cell in read(FOLDER / "16_glossary.ipynb").cells if "Words" in cell.source
    )
    listed = [word.lower() for word in re.findall(r"^\*\*(.+?)\.\*\*", words, re.MULTILINE)]
    assert len(listed) > 60
    assert listed == sorted(listed)


@every
def test_its_programs_need_no_network(path: Path) -> None:
    assert not any("://" in cell.source for cell in cells(path, "code"))


@every_lesson
def test_every_exercise_has_an_answer_that_folds_out(path: Path) -> None:
    for cell, below in exercises(path):
        assert below.source.startswith("<details><summary>Show "), cell.id
        assert "</details>" in below.source
        assert answer(below).strip() != cell.source.strip()


def test_every_lesson_has_an_exercise() -> None:
    assert [path.stem for path in LESSONS if not exercises(path)] == []


def test_every_function_loss_and_optimiser_is_used() -> None:
    programs = "\n".join(cell.source for path in NOTEBOOKS for cell in cells(path, "code"))
    built_in = [
        name
        for name, value in vars(bp).items()
        if isinstance(value, bp.Activation | bp.Loss)
        or (isinstance(value, type) and issubclass(value, bp.Optimizer))
    ]
    assert len(built_in) == 8 + 4 + 3
    unused = [name for name in built_in if not re.search(rf"\b{name}\b", programs)]
    assert unused == ["Optimizer"]  # what those of one's own are made from
