"""What a learner does is written down if, and only if, the learner wants it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import bpviz as bp
from bpviz.core import files
from tests.checking.learners import vectorised
from tests.checking.mistaken_learners import error_sign_flipped, hidden_derivative_missing

LECTURE = bp.presets.three_two_one()
TRACE = bp.backprop(LECTURE.network, LECTURE.inputs[0], LECTURE.targets[0])


def tasks(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))["tasks"]


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def as_gradients(learner: Any) -> Any:
    """Return a learner's function by the name that the exercise gives it."""

    def gradients(*given: Any) -> Any:
        return learner(*given)

    return gradients


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "progress.json"
    bp.progress(file, "Ada")
    return file


def test_nothing_is_written_before_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bp.check(vectorised)
    bp.check_number(TRACE, "h1[1]", 0.5)
    bp.note_result("a loop that trains", True)
    assert not list(tmp_path.iterdir())


def test_a_check_is_counted_until_it_passes_with_the_mistakes_on_the_way(path: Path) -> None:
    for learner in (hidden_derivative_missing, error_sign_flipped, vectorised, error_sign_flipped):
        bp.check(as_gradients(learner))
    assert tasks(path) == [
        {
            "notebook": "",
            "kind": "check",
            "task": "gradients (3-2-1)",
            "passed": True,
            "tries": 3,
            "right": 4,
            "asked": 4,
            "mistakes": {"hidden_derivative_missing": 1, "error_sign_flipped": 1},
        }
    ]


def test_a_check_of_ones_own_is_noted_like_any_other(path: Path) -> None:
    for passed in (False, True, False):
        bp.note_result("a loop that trains", passed)
    (one,) = tasks(path)
    assert (one["kind"], one["task"]) == ("check", "a loop that trains")
    assert (one["tries"], one["passed"], one["right"], one["asked"]) == (2, True, 1, 1)
    for task in ("", "a" * 121):
        with pytest.raises(ValueError, match="task is "):
            bp.note_result(task, True)
    with pytest.raises(TypeError, match="passed is 'yes'"):
        bp.note_result("a loop", "yes")  # type: ignore[arg-type]


def test_a_number_by_hand_is_begun_then_wrong_then_right(path: Path) -> None:
    bp.check_number(TRACE, "d2[0]", None)
    assert [(one["tries"], one["passed"]) for one in tasks(path)] == [(0, False)]
    bp.check_number(TRACE, "d2[0]", -float(TRACE["d2[0]"]))
    bp.check_number(TRACE, "d2[0]", float(TRACE["d2[0]"]))
    (one,) = tasks(path)
    assert (one["kind"], one["task"]) == ("number", "d2[0] (3-2-1)")
    assert (one["tries"], one["passed"], one["right"], one["asked"]) == (2, True, 1, 1)


def test_the_questions_of_a_panel_are_noted_with_the_mistake_behind_a_wrong_number(
    path: Path,
) -> None:
    panel = bp.StepPanel(TRACE, predict=["d2[0]", "d1[0]"])
    assert tasks(path) == []  # a panel that nobody has answered is not begun
    missing = bp.backprop(
        TRACE.network, TRACE.x, TRACE.y, bp.Rule(mistakes=("hidden_derivative_missing",))
    )["d1[0]"]
    assert missing == pytest.approx(-0.002873, abs=5e-7)
    answers = {
        "0/d2[0]": {"state": "right", "tries": ["-0.0287"], "hints": 0},
        "0/d1[0]": {"state": "right", "tries": [f"−{abs(missing):.4g}", "-0.000708"], "hints": 0},
    }
    panel.set_state({"_given": {"version": panel._given["version"], "given": answers}})
    (one,) = tasks(path)
    assert one["task"] == f"d2[0], d1[0] · {panel.title}"
    assert (one["passed"], one["tries"], one["right"], one["asked"]) == (True, 3, 1, 2)
    assert one["mistakes"] == {"hidden_derivative_missing": 1}
    panel.reset_predictions()
    assert tasks(path) == [one]


def test_an_exam_tells_the_file_no_more_than_the_learner(path: Path) -> None:
    bp.check(hidden_derivative_missing, feedback="none")
    bp.check(error_sign_flipped, feedback="score")
    bp.check_number(TRACE, "h1[1]", 0.5, feedback="none")
    unmarked, scored, by_hand = tasks(path)
    assert (by_hand["passed"], by_hand["right"], by_hand["asked"]) == (None, 0, 0)
    assert (unmarked["passed"], unmarked["right"], unmarked["asked"]) == (None, 0, 0)
    assert (scored["passed"], scored["asked"]) == (False, 4)
    assert scored["right"] < 4
    assert unmarked["mistakes"] == scored["mistakes"] == {}


def test_the_notebook_is_that_of_jupyter(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ada/course/11_write_your_own_backprop.ipynb")
    bp.progress(path)
    bp.check(vectorised)
    assert tasks(path)[0]["notebook"] == "11_write_your_own_backprop"
    assert "/home" not in path.read_text()


def test_a_file_is_gone_on_with_in_another_kernel_and_only_by_its_learner(path: Path) -> None:
    bp.check(vectorised)
    bp.progress(None)
    said = bp.progress(path)
    assert repr(said) == "From now on the results of Ada are written to progress.json."
    bp.check_number(TRACE, "h1[1]", 0.5)
    assert [one["kind"] for one in tasks(path)] == ["check", "number"]
    with pytest.raises(ValueError, match="name is 'Bob', but the file holds the results of 'Ada'"):
        bp.progress(path, "Bob")


WRITER = """
import sys, time
from pathlib import Path
from bpviz.classroom.progress_file import note_try, progress
path, mine = Path(sys.argv[1]), sys.argv[2]
progress(path)
path.with_name(mine).touch()
while not path.with_name("go").exists():
    time.sleep(0.001)
for number in range(60):
    note_try("number", f"{mine} {number}", True, 1, 1)
    note_try("number", "of both", False, 0, 1)
"""


def test_two_kernels_that_write_at_once_lose_nothing(path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, path, mine], cwd=Path(bp.__file__).parents[1]
        )
        for mine in ("a", "b")
    ]
    while not all(path.with_name(mine).exists() for mine in ("a", "b")):
        assert all(writer.poll() is None for writer in writers)
        time.sleep(0.01)
    path.with_name("go").touch()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    tries = {one["task"]: one["tries"] for one in tasks(path)}
    assert tries == {"of both": 120} | {f"{mine} {k}": 1 for mine in "ab" for k in range(60)}
    assert names_in(path.parent) == ["a", "b", "go", "progress.json"]


def test_a_lock_that_a_kernel_left_behind_is_taken_away(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = path.with_name(".progress.lock")
    lock.touch()
    monkeypatch.setattr(files, "STALE_AFTER", 0.05)
    began = time.monotonic()
    bp.check_number(TRACE, "h1[1]", 0.5)
    assert time.monotonic() - began > 0.05
    assert len(tasks(path)) == 1
    assert names_in(path.parent) == ["progress.json"]


def test_a_lock_that_somebody_else_has_by_now_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = path.with_name(".progress.lock")
    with files.one_at_a_time(path):
        monkeypatch.setattr(files, "STALE_AFTER", 0.05)
        with files.one_at_a_time(path):  # waits, and takes the first for stale
            other = lock.stat()
            files._remove(lock, (other.st_ino, other.st_mtime_ns - 1))  # seen before it changed
            assert lock.stat() == other
            lock.rename(lock.with_name("kept"))
            lock.touch()
        assert lock.exists()
    assert lock.exists()


def test_what_is_no_progress_is_not_replaced(tmp_path: Path) -> None:
    other = tmp_path / "notes.json"
    other.write_text('{"mine": 1}')
    with pytest.raises(ValueError, match=r"path is .*no progress of bpviz.*give another"):
        bp.progress(other)
    assert other.read_text() == '{"mine": 1}'


def test_a_file_that_cannot_be_written_any_more_stops_the_notes_not_the_check(path: Path) -> None:
    path.write_text("[]")
    with pytest.warns(RuntimeWarning, match="results are no longer noted"):
        report = bp.check(vectorised)
    assert report.passed
    assert bp.check(vectorised).passed  # and says it once
    assert path.read_text() == "[]"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"path": 5}, TypeError, "path is 5; give a path such as 'progress.json'"),
        ({"path": "absent/progress.json"}, FileNotFoundError, "its folder does not exist"),
        ({"path": "p.json", "name": 5}, TypeError, "name is 5; give a text"),
        ({"path": "p.json", "name": "a" * 61}, ValueError, "name is .*at most 60 characters"),
    ],
)
def test_errors_say_what_came_and_what_to_give(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        bp.progress(**arguments)
