"""The files of a class, some of them wrong or hostile, put together."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from bpviz import cli
from bpviz.classroom.class_picture import save_picture
from bpviz.classroom.gathering import gather
from bpviz.classroom.learner_results import LARGEST_FILE

TASK: dict[str, Any] = {
    "notebook": "11_write_your_own_backprop",
    "kind": "check",
    "task": "gradients (3-2-1)",
    "passed": True,
    "tries": 2,
    "right": 4,
    "asked": 4,
    "mistakes": {"hidden_derivative_missing": 1},
}
NOT_YET = TASK | {"passed": False, "mistakes": {"hidden_derivative_missing": 2}}
BY_HAND = TASK | {"notebook": "03_forward_pass", "kind": "number", "task": "h1[1] (3-2-1)"}


def write(path: Path, whose: str, *tasks: dict[str, Any], **other: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"format": "bpviz progress", "version": 1, "name": whose, "tasks": tasks} | other
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "a" / "progress.json", "Ada", TASK, BY_HAND | {"mistakes": {}})
    write(tmp_path / "b.json", "Bob", NOT_YET)
    write(tmp_path / "c.json", "", TASK | {"passed": None, "mistakes": {}})
    return tmp_path


def test_who_did_what_and_which_mistakes_are_frequent(folder: Path) -> None:
    assert gather(folder).text() == (
        "3 learners, 2 tasks\n"
        "\n"
        "    1  03_forward_pass             number  h1[1] (3-2-1): 1 done\n"
        "    2  11_write_your_own_backprop  check   gradients (3-2-1): 1 done\n"
        "\n"
        "✓ done, ✗ not yet, each with the tries · only begun or not marked – not begun\n"
        "          1    2\n"
        "Ada      ✓2   ✓2\n"
        "Bob       –   ✗2\n"
        "c.json    –    ·\n"
        "\n"
        "Mistakes, that of most learners first\n"
        "  2 learners, 3 times     The derivative is missing in the hidden deltas "
        "(hidden_derivative_missing)\n"
    )


def test_two_files_of_one_name_are_told_apart_by_their_files(folder: Path) -> None:
    write(folder / "z.json", "Ada", NOT_YET)
    labels = [learner.label for learner in gather(folder).learners]
    assert labels == ["Ada (a/progress.json)", "Ada (z.json)", "Bob", "c.json"]


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "deep": ("[" * 100_000, "no JSON"),
    "long number": ('{"version": ' + "9" * 5000 + "}", "no JSON"),
    "huge": (" " * (LARGEST_FILE + 1), "larger than 256 KB"),
    "binary": (b"\xff\xfe\x00", "no JSON"),
    "code": ("__import__('os').system('true')", "no JSON"),
    "pickle": (b"\x80\x04cos\nsystem\n", "no JSON"),
    "other": ('{"format": "notes"}', "no progress of bpviz"),
    "list": ("[]", "no progress of bpviz"),
}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "version": ({"version": 2}, "of another version"),
    "many": ({"tasks": [TASK] * 501}, "no list of at most 500"),
    "twice": ({"tasks": [TASK, TASK]}, "the same task stands there twice"),
    "no task": ({"tasks": ["x"]}, "task 0 is no mapping"),
    "name": ({"name": "\x1b[2J"}, "name is no text in one line"),
    "turned": ({"name": "\u202eadA"}, "name is no text in one line"),
    "no name": ({"name": None}, "name is no text in one line"),
    "kind": ({"tasks": [TASK | {"kind": "exec"}]}, "kind of task 0 is none of"),
    "passed": ({"tasks": [TASK | {"passed": 1}]}, "passed of task 0"),
    "tries": ({"tasks": [TASK | {"tries": -1}]}, "tries of task 0 is no count"),
    "infinite": ({"tasks": [TASK | {"tries": float("inf")}]}, "tries of task 0 is no count"),
    "right": ({"tasks": [TASK | {"right": 5}]}, "right of task 0 is more than asked"),
    "mistakes": ({"tasks": [TASK | {"mistakes": {"<b>": 1}}]}, "a name that no mistake can have"),
    "often": ({"tasks": [TASK | {"mistakes": {"a": 1e99}}]}, "mistakes of task 0 is no count"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_progress_is_listed_and_the_rest_is_read(folder: Path, what: str) -> None:
    content, why = HOSTILE[what]
    (folder / "x.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    results = gather(folder)
    assert [(file, why in said) for file, said in results.odd] == [("x.json", True)]
    assert f"  x.json: {results.odd[0][1]}\n" in results.text()
    assert len(results.learners) == 3


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_file_is_named(folder: Path, what: str) -> None:
    changed, why = WRONG[what]
    write(folder / "x.json", "Eve", **changed)
    ((file, said),) = gather(folder).odd
    assert file == "x.json"
    assert why in said


def test_links_and_pipes_are_not_opened(folder: Path) -> None:
    (folder / "link.json").symlink_to(folder / "b.json")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.json")
    results = gather(folder)
    assert [(Path(file).name, why) for file, why in results.odd] == [
        ("link.json", "no regular file"),
        ("pipe.json", "no regular file"),
    ]
    assert len(results.learners) == 3


def test_a_spreadsheet_finds_no_formula_in_the_table(folder: Path) -> None:
    write(folder / "e.json", '=HYPERLINK("x")', NOT_YET)
    rows = list(csv.DictReader(io.StringIO(gather(folder).csv())))
    assert [row["learner"] for row in rows] == ['\'=HYPERLINK("x")', "Ada", "Ada", "Bob", "c.json"]
    assert rows[3] == {
        "learner": "Bob",
        "file": "b.json",
        "notebook": "11_write_your_own_backprop",
        "kind": "check",
        "task": "gradients (3-2-1)",
        "passed": "no",
        "tries": "2",
        "right": "4",
        "asked": "4",
        "mistakes": "hidden_derivative_missing 2",
    }


def test_names_are_drawn_as_text(folder: Path) -> None:
    write(folder / "e.json", r"$\frac{a}$ <b>名", NOT_YET)
    picture = folder / "class.svg"
    save_picture(gather(folder), picture)
    drawn = picture.read_text(encoding="utf-8")
    assert r">$\frac{a}$ &lt;b&gt;名</text>" in drawn
    assert {text: drawn.count(f">{text}</text>") for text in ("✓2", "✗2", "–", "·")} == {
        "✓2": 2, "✗2": 2, "–": 3, "·": 1,
    }  # fmt: skip
    assert ">The derivative is missing in the hidden deltas</text>" in drawn
    assert re.findall(r">([\d.]+)</text>", drawn) == ["0", "1", "2", "3", "4"]  # whole learners
    again = folder / "again.svg"
    save_picture(gather(folder), again)
    assert again.read_text(encoding="utf-8") == drawn


def test_the_command_prints_and_writes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, picture = folder / "class.csv", folder / "class.png"
    command = ["gather", str(folder), "-o", str(table), "--picture", str(picture)]
    assert cli.main(command) == 0
    assert capsys.readouterr().out == (f"{gather(folder).text()}wrote {table}\nwrote {picture}\n")
    assert table.read_text(encoding="utf-8-sig") == gather(folder).csv()
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert cli.main(command) == 1
    assert "--overwrite replaces it" in capsys.readouterr().err


def test_a_folder_without_results_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["gather", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "0 learners, 0 tasks\n"
    assert cli.main(["gather", str(tmp_path / "absent")]) == 1
    assert "is no folder" in capsys.readouterr().err
    assert cli.main(["gather", str(tmp_path), "--picture", str(tmp_path / "a.svg")]) == 1
    assert "no results to draw" in capsys.readouterr().err
