"""The exercises, with their answers typed in as a student would."""

import ast
import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

import bpviz as bp
from tests.notebooks.course import FOLDER, LESSONS, answer, cells, exercises, read

# What an exercise puts out once it is solved.
SOLVED = {
    "00_start_here/compute-run": "✓ Right: a1[0] is 0.17.",
    "01_one_weight/machine-run": "✓ Right: h1[0] is 1.",
    "01_one_weight/loss-run": "✓ Right: loss is 2.",
    "01_one_weight/derivative-run": "✓ Right: gW1[0,0] is −2.",
    "01_one_weight/step-run": "✓ Right: nW1[0,0] is 0.9.",
    "01_one_weight/yours-run": "✓",
    "02_one_unit/sum-run": "✓ Right: a1[0] is −0.75.",
    "02_one_unit/exercise-cell": "4 of 4 ✓",
    "03_forward_pass/completion-cell": "✓ Right: h1[1] is 0.6792.",
    "04_chain_rule/graph-a": "✓ Right: a1[0] is 1.",
    "04_chain_rule/graph-h": "✓ Right: h1[0] is 0.7311.",
    "04_chain_rule/slope-here-run": "✓ Right: s1[0] is 0.1966.",
    "04_chain_rule/chain-run": "✓ Right: gW1[0,0] is −0.1058.",
    "04_chain_rule/delta-run": "✓ Right: d1[0] is −0.05288.",
    "05_backward_pass/own-path-cell": "✓ Right: gW1[1,2] is 0.001141.",
    "06_three_two_one/error-yours": "✓ Right: e2[0] is 0.185.",
    "06_three_two_one/delta-yours": "✓ Right: d2[0] is 0.0462.",
    "07_xor/forward-yours": "✓ Right: a1[0] is 3.026.",
    "07_xor/gradient-yours": "✓ Right: nW2[0,0] is −0.1662.",
    "08_training/exercise-cell": "below 0.01 in epoch 123 ✓",
    "09_why_xor_does_not_learn/yours-run": "4.718e+102 in epoch 14: ✓ it climbs",
    "10_ten_thousand_starts/verdict-run": "cost 39 % of them: true ✓",
    "10_ten_thousand_starts/yours-run": "✓ more often than with relu",
    "11_write_your_own_backprop/forward-cell": "✓ Right: a1, h1, a2 and h2 agree",
    "11_write_your_own_backprop/loss-cell": "✓ Right: a1, h1, a2, h2 and loss agree",
    "11_write_your_own_backprop/output-cell": "✓ Right: a1, h1, a2, h2, loss and d2 agree",
    "11_write_your_own_backprop/hidden-cell": "✓ Right: a1, h1, a2, h2, loss, d2 and d1 agree",
    "11_write_your_own_backprop/gradients-cell": "d2, gW2, gb2, d1, gW1 and gb1 agree",
    "11_write_your_own_backprop/update-cell": "✓ Right: a1, h1, a2, h2, loss",
    "11_write_your_own_backprop/loop-cell": "✓ right: the same weights as bp.train after 1 and",
    "11_write_your_own_backprop/any-depth-cell": "agree on 6 draws of the 2-3-3-1 network",
    "12_the_lectures_programs/mend": "6.0 12.0 ✓",
    "13_bring_your_own_network/yours-run": "4 hidden units: 60 of 60 right\n✓ enough",
    "14_penguins/scale-yours": "✓ right: on the training set each column has mean 0",
    "14_penguins/loss-yours": "✓ Right: loss is 1.38.",
    "14_penguins/delta-yours": "✓ Right: d2[0] is −0.7483.",
    "14_penguins/momentum-yours": "✓ Right: nvW2[0,0] is −0.01959.",
    "14_penguins/yours-run": "99 of 100 of the validation set are right\n✓ more",
}


@pytest.fixture(autouse=True)
def _beside_the_notebooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be where a notebook's data are, and let no figure stay open."""
    monkeypatch.chdir(FOLDER)
    yield
    plt.close("all")


def names(program: str, context: type[ast.expr_context]) -> set[str]:
    """Return the names that a program reads (`ast.Load`) or gives a value to (`ast.Store`)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            found.add(node.id)
        elif context is ast.Store and isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif context is ast.Store and isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def what_it_builds_on(earlier: list[str], program: str) -> list[str]:
    """Return those of the earlier programs from which a program takes something."""
    chosen: list[str] = []
    wanted = names(program, ast.Load) - names(program, ast.Store)
    for cell in reversed(earlier):
        made = names(cell, ast.Store)
        if wanted & made:
            chosen.insert(0, cell)
            wanted |= names(cell, ast.Load) - made
    return chosen


def run(program: str, namespace: dict[str, Any]) -> str:
    """Run a cell as Jupyter does; return what it prints, and the value that it ends with."""
    *statements, last = ast.parse(program).body
    ends_with_value = isinstance(last, ast.Expr)
    body = ast.Module(statements if ends_with_value else [*statements, last], [])
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(body, "cell", "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)
            if value is not None:
                out.write(str(value))
    return out.getvalue()


def solved(path: Path, program: str) -> str:
    """Return a cell's program, or its answer if it is an exercise."""
    answers = {cell.source: answer(below) for cell, below in exercises(path)}
    return answers.get(program, program)


def with_fewer_runs(program: str) -> str:
    """Return a program with a tenth of the starts; nbval runs it with all of them."""
    return program.replace("runs=10_000", "runs=1000")


@pytest.mark.parametrize("place", SOLVED)
def test_its_answer_solves_the_exercise(place: str) -> None:
    stem, cell_id = place.split("/")
    path = FOLDER / f"{stem}.ipynb"
    listed = cells(path, "code")
    position = [cell.id for cell in listed].index(cell_id)
    earlier = [with_fewer_runs(solved(path, cell.source)) for cell in listed[:position]]
    program = solved(path, listed[position].source)
    assert program != listed[position].source
    namespace: dict[str, Any] = {}
    for cell in what_it_builds_on(earlier, program):
        run(cell, namespace)
    assert SOLVED[place] in run(program, namespace)


@pytest.mark.parametrize("place", [place for place in SOLVED if "✓" in SOLVED[place]])
def test_an_untouched_exercise_is_nobodys_mistake(place: str) -> None:
    stem, cell_id = place.split("/")
    path = FOLDER / f"{stem}.ipynb"
    (cell,) = (cell for cell in cells(path, "code") if cell.id == cell_id)
    said = "\n".join(str(output.get("data", output)) for output in cell.outputs)
    assert "✗" not in said
    assert "Your turn" in said or "yours-run" in place or "not yet" in said


def shown_by(cell: Any) -> str:
    """Return what is seen of a cell before it is run and before anything is unfolded."""
    if cell.cell_type == "markdown":
        source: str = cell.source
        return re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL)
    if cell.metadata.get("jupyter") == {"outputs_hidden": True}:
        return ""
    return "\n".join(put_out(cell))


def put_out(cell: Any) -> list[str]:
    """Return what a cell has put out as text."""
    return [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.get("outputs", [])
    ]


NUMBERS = {
    place: said[1] for place in SOLVED if (said := re.search(r" is −?([\d.]+\d)", SOLVED[place]))
}


@pytest.mark.parametrize("place", NUMBERS)
def test_no_answer_stands_unfolded_below_its_question(place: str) -> None:
    stem, cell_id = place.split("/")
    listed = read(FOLDER / f"{stem}.ipynb").cells
    at = [cell.id for cell in listed].index(cell_id)
    below = "\n".join(shown_by(cell) for cell in listed[at + 1 : at + 3])
    assert not re.search(rf"(?<![\d.]){re.escape(NUMBERS[place])}", below)


@pytest.mark.parametrize("place", NUMBERS)
def test_no_number_that_is_asked_for_has_been_seen_above(place: str) -> None:
    stem, cell_id = place.split("/")
    listed = read(FOLDER / f"{stem}.ipynb").cells
    at = [cell.id for cell in listed].index(cell_id)
    above = "\n".join(text for cell in listed[:at] for text in (cell.source, *put_out(cell)))
    asked = NUMBERS[place]
    seen = [
        figure
        for figure in re.findall(r"(?<![\d.])\d+\.\d+", above)
        if significant(figure) >= min(3, significant(asked))
        and abs(float(figure) - float(asked)) <= 0.5 * 10.0 ** -len(figure.partition(".")[2])
    ]
    assert seen == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_panel_asks_for_numbers_that_one_above_it_shows(path: Path) -> None:
    shown: list[bp.Trace] = []
    programs = [solved(path, cell.source) for cell in cells(path, "code")]
    for position, program in enumerate(programs):
        if "StepPanel(" not in program or '"fading"' in program:
            continue  # what fades are the lecture's four samples, by another rule
        namespace: dict[str, Any] = {}
        for cell in what_it_builds_on(programs[:position], program):
            run(cell, namespace)
        *statements, last = ast.parse(program).body
        exec(compile(ast.Module(statements, []), "cell", "exec"), namespace)
        panel = eval(ast.unparse(last), namespace)
        asked = [one.ref for one in panel.progress.questions]
        for trace in shown:
            if trace.network.sizes == panel.trace.network.sizes:
                assert [ref for ref in asked if trace[ref] == panel.trace[ref]] == []
        if not asked:
            shown.append(panel.trace)


def significant(figure: str) -> int:
    """Return how many digits of a figure say something."""
    return len(figure.replace(".", "").lstrip("0"))


def test_every_exercise_is_tried() -> None:
    found = {f"{path.stem}/{cell.id}" for path in LESSONS for cell, _ in exercises(path)}
    assert found == set(SOLVED)


def test_a_backpropagation_of_ones_own_trains_xor() -> None:
    path = FOLDER / "11_write_your_own_backprop.ipynb"
    *earlier, last = [solved(path, cell.source) for cell in cells(path, "code")]
    namespace: dict[str, Any] = {}
    for cell in what_it_builds_on(earlier, last):
        run(cell, namespace)
    assert run(last, namespace).splitlines() == [
        "target 1, your network answers 1.00",
        "target 0, your network answers 0.00",
        "target 0, your network answers 0.00",
        "target 1, your network answers 1.00",
    ]
