import json
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from bpviz import cli
from bpviz.export.notebooks import WIDGET_VIEW
from tests.server import running_server

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PROJECT = Path(__file__).parents[1] / "pyproject.toml"
VIEW = {"output_type": "display_data", "data": {WIDGET_VIEW: {}}, "metadata": {}}


def notebook(*outputs: dict[str, object]) -> str:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": [], "outputs": outputs}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def test_strip_names_the_files_that_it_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, widget = tmp_path / "plain.ipynb", tmp_path / "widget.ipynb"
    plain.write_text(notebook())
    widget.write_text(notebook(VIEW))

    assert cli.main(["strip", str(plain), str(widget)]) == 0
    assert capsys.readouterr().out == f"stripped {widget}\n"
    assert json.loads(widget.read_text()) == json.loads(notebook())


def test_strip_explains_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["strip", str(tmp_path / "absent.ipynb")]) == 1
    assert re.match(r"bpviz strip: .*absent\.ipynb", capsys.readouterr().err)


def test_strip_refuses_options_that_it_does_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["strip", "--port", "8890", str(tmp_path / "a.ipynb")])
    assert stopped.value.code == 2
    assert "--port" in capsys.readouterr().err


def test_lab_says_how_to_get_jupyterlab(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda _: None)
    assert cli.main(["lab", "--directory", str(tmp_path / "course")]) == 1
    said = capsys.readouterr().err
    # With the very Python that runs bpviz, and of a package that an index has.
    assert said.endswith(f'"{sys.executable}" -m pip install "jupyterlab>={cli.JUPYTERLAB}"\n')
    extras = tomllib.loads(PROJECT.read_text())["project"]["optional-dependencies"]
    assert extras["lab"] == [f"jupyterlab>={cli.JUPYTERLAB}"]
    assert not (tmp_path / "course").exists()


def test_cells_under_lab_find_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from jupyterlab.labapp import LabApp

    found: list[str | None] = []

    def launch(_options: list[str]) -> None:
        found.append(shutil.which("bpviz", path=os.environ["PATH"]))

    monkeypatch.setattr(LabApp, "launch_instance", launch)
    monkeypatch.setenv("PATH", "/nowhere")
    assert cli.main(["lab", "--directory", str(tmp_path / "course")]) == 0
    assert found == [str(Path(sys.executable).with_name("bpviz"))]


@pytest.mark.parametrize(
    ("below", "page"), [(True, f"my%20course/{cli.FIRST_NOTEBOOK}"), (False, cli.FIRST_NOTEBOOK)]
)
def test_lab_opens_the_course_and_keeps_the_learners_own_notebooks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: bool, page: str
) -> None:
    course = tmp_path / "my course"
    course.mkdir()
    (course / cli.FIRST_NOTEBOOK).write_text(notebook())
    monkeypatch.chdir(tmp_path if below else NOTEBOOKS)
    command = Path(sys.executable).with_name("bpviz")
    with running_server([command, "lab", "--directory", course], tmp_path) as server:
        assert server.landing().startswith(f"lab/tree/{page}?")
        assert server.root == (tmp_path if below else course)
    assert (course / cli.FIRST_NOTEBOOK).read_text() == notebook()
    committed = {path.name for pattern in cli.COURSE for path in NOTEBOOKS.glob(pattern)}
    assert {path.name for path in course.iterdir() if path.is_file()} == committed
    assert "penguins.csv" in committed
