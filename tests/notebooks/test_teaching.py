"""What teachers get: lessons that reach their aim, a network of people, slides, answers apart."""

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import SlidesExporter

import bpviz as bp
from tests.notebooks.course import FOLDER, cells

TEACHING = FOLDER.parent / "docs" / "teaching"
PLANS = (TEACHING / "lesson-plans.md").read_text(encoding="utf-8")
LESSON_PLANS = re.findall(r"^## (\d+) minutes: ([^\n]+)\n(.*?)(?=^## |\Z)", PLANS, re.M | re.S)


def rows(plan: str) -> list[tuple[int, str, str]]:
    """Return the minute, what is done, and with which parts of the course, row by row."""
    found = re.findall(r"^\| (\d+) \| (.+?) \| ?(.*?) ?\|$", plan, re.MULTILINE)
    return [(int(minute), what, parts) for minute, what, parts in found]


def test_there_are_four_lessons_of_each_length() -> None:
    assert [minutes for minutes, _, _ in LESSON_PLANS] == ["45"] * 4 + ["90"] * 4


@pytest.mark.parametrize(("minutes", "name", "plan"), LESSON_PLANS, ids=lambda text: text[:20])
def test_a_lesson_reaches_its_aim_within_its_time(minutes: str, name: str, plan: str) -> None:
    listed = rows(plan)
    times = [minute for minute, _, _ in listed]
    assert all(before < after for before, after in pairwise(times)), name
    assert (times[0], times[-1]) == (0, int(minutes))
    assert "Homework" in listed[-1][1]
    (reached,) = (minute for minute, what, _ in listed if what.startswith("**Aim reached:**"))
    assert reached < int(minutes) - 5
    assert re.search(r"\*Aim: everybody .+ Before: .+\*", plan.replace("\n", " "))


@pytest.mark.parametrize(("minutes", "name", "plan"), LESSON_PLANS, ids=lambda text: text[:20])
def test_a_lesson_speaks_of_parts_that_there_are(minutes: str, name: str, plan: str) -> None:
    del minutes
    for notebook, parts in re.findall(r"(\d\d), parts? (\d+(?:(?:,| and| to) \d+)*)", plan):
        (path,) = FOLDER.glob(f"{notebook}_*.ipynb")
        text = "\n".join(cell.source for cell in cells(path, "markdown"))
        for part in re.findall(r"\d+", parts):
            assert re.search(rf"^## {part}\. ", text, re.MULTILINE), f"{name}: {notebook}, {part}"


def test_the_page_for_teachers_lists_the_lessons() -> None:
    text = "\n".join(c.source for c in cells(FOLDER / "15_for_teachers.ipynb", "markdown"))
    for minutes, name, _ in LESSON_PLANS:
        assert f"| {minutes} | {name} | " in text


def test_the_network_of_people_says_what_a_network_says() -> None:
    text = (TEACHING / "unplugged.md").read_text(encoding="utf-8").replace("\n", " ")
    text = re.sub(" +", " ", text)

    def update(**options: object) -> bp.Trace:
        hidden = bp.Layer([[1, 1], [2, -1]], activation="identity")
        network = bp.Network([hidden, bp.Layer([[1, -1]], activation="identity")])
        return bp.backprop(network, [1, 1], [2], bp.Rule(0.1, train_biases=False, **options))  # type: ignore[arg-type]

    right = update()
    assert [*right["h1"], *right["h2"], right["loss"]] == [2, 1, 1, 0.5]
    assert "Ada says 2, Ben says 1, the output says 1." in text
    assert right["e1"].tolist() == [-1, 1]
    assert "Ada hears −1, Ben hears 1." in text
    assert [*right["gW1"].ravel(), *right["gW2"].ravel()] == [-1, -1, 1, 1, -2, -1]
    assert "−1, −1, 1, 1, −2 and −1 for cards 1 to 6" in text
    new = [*right["nW1"].ravel(), *right["nW2"].ravel()]
    assert new == pytest.approx([1.1, 1.1, 1.9, -1.1, 1.2, -0.9])
    assert "1.1, 1.1, 1.9, −1.1, 1.2 and −0.9" in text
    again = bp.backprop(right.updated, [1, 1], [2])
    assert [*again["h1"], *again["h2"]] == pytest.approx([2.2, 0.8, 1.92])
    assert "Ada says 2.2, Ben says 0.8, the output says 1.92." in text
    assert f"is {float(again.loss):.4f}" in text
    flipped = update(mistakes=("error_sign_flipped",))
    assert f"the output says {flipped.updated.predict([1, 1])[0]:.2f}.)" in text
    assert f"Ada hears −{-float(update(update='dirty')['e1[0]']):.1f}." in text
    asleep = bp.Network(
        [
            bp.Layer([[1.1, 1.1], [2, -1]], activation="identity"),
            bp.Layer([[1.2, -0.9]], activation="identity"),
        ]
    )
    assert f"The output says {asleep.predict([1, 1])[0]:.2f}, and the loss still falls" in text


def test_the_answers_are_not_in_the_students_folder() -> None:
    answers = (TEACHING / "answers.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.ipynb"):
        number = path.stem[:2]
        if number < "15":
            assert f"| {number} | " in answers
    assert "## Answers" not in (FOLDER / "15_for_teachers.ipynb").read_text(encoding="utf-8")


def test_the_slides_convert_with_panels_that_are_alive_also_without_a_network(
    tmp_path: Path,
) -> None:
    notebook = nbformat.read(TEACHING / "slides.ipynb", as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    here = dict(re.findall(r"--SlidesExporter\.(\w+)=(\S+)", (TEACHING / "slides.md").read_text()))
    page, _ = SlidesExporter(**here).from_notebook_node(notebook)
    assert set(here) == {"reveal_url_prefix", "require_js_url"}
    assert '"reveal.js/dist/reveal.js"' in page
    assert 'src="require.js/require.js"' in page
    assert "$" not in "".join(cell.source for cell in notebook.cells)  # TeX needs a network, too
    assert page.count("<section>") >= 2 * 7
    assert page.count("<iframe") == sum("alive(" in cell.source for cell in notebook.cells) - 1
    assert "srcdoc=" in page
    assert "def alive" not in page  # how the panels are made is on no slide
    updated = bp.backprop(*_lecture()).updated.predict(_lecture()[1])[0]
    assert f"the answer is {updated:.4f}" in page


def _lecture() -> tuple[bp.Network, object, object, bp.Rule]:
    example = bp.presets.three_two_one()
    return example.network, example.inputs[0], example.targets[0], example.rule
