import json
from base64 import b64decode
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import bpviz as bp
from bpviz.cli import main
from bpviz.draw.pictures import picture_in
from bpviz.export.notebooks import WIDGET_VIEW, strip_file, strip_widgets
from tests.draw.sizes import scale_of

VIEW = {"model_id": "0f", "version_major": 2, "version_minor": 0}


@pytest.fixture
def notebook() -> dict[str, Any]:
    panel = {
        "output_type": "execute_result",
        "execution_count": 1,
        "data": {WIDGET_VIEW: VIEW, "text/plain": ["δ = 0.5"], "image/svg+xml": ["<svg/>"]},
        "metadata": {WIDGET_VIEW: {"x": 1}, "image/svg+xml": {"y": 2}},
    }
    only_view = {"output_type": "display_data", "data": {WIDGET_VIEW: VIEW}, "metadata": {}}
    stream = {"output_type": "stream", "name": "stdout", "text": ["hello\n"]}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3"}, "widgets": {"state": {}}},
        "cells": [
            {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["Words"]},
            {
                "cell_type": "code",
                "id": "b",
                "metadata": {},
                "source": ["panel"],
                "execution_count": 1,
                "outputs": [panel, only_view, stream],
            },
        ],
    }


def test_views_and_state_go_and_all_else_stays(notebook: dict[str, Any]) -> None:
    stripped = strip_widgets(notebook)

    assert stripped["metadata"] == {"kernelspec": {"name": "python3"}}
    panel, stream = stripped["cells"][1]["outputs"]
    assert panel["data"] == {"text/plain": ["δ = 0.5"], "image/svg+xml": ["<svg/>"]}
    assert panel["metadata"] == {"image/svg+xml": {"y": 2}}
    assert stream == notebook["cells"][1]["outputs"][2]
    assert stripped["cells"][0] == notebook["cells"][0]


PICTURED = {
    "a step panel": (lambda: bp.StepPanel(bp.presets.three_two_one()), 22_000),
    "a training panel": (lambda: bp.TrainingPanel(bp.presets.xor()), 30_000),
    "a bug lab": (lambda: bp.BugLab(bp.presets.xor()), 30_000),
    "a network": (lambda: bp.presets.xor().network, 15_000),
}


@pytest.mark.parametrize("name", PICTURED)
def test_beside_a_picture_of_this_package_stands_a_png(name: str, notebook: dict[str, Any]) -> None:
    make, most = PICTURED[name]
    shown = make()._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    [panel, *_] = notebook["cells"][1]["outputs"]
    panel["data"] = dict(data)
    once = strip_widgets(notebook)
    kept = once["cells"][1]["outputs"][0]["data"]
    # Smaller where the whole would be too large, which hangs on Matplotlib's letters.
    assert scale_of(b64decode(kept["image/png"]), picture_in(kept)) in (1, 0.75)
    assert {**kept, **data}.keys() - kept.keys() <= {WIDGET_VIEW}
    assert len(json.dumps(kept)) <= most
    assert strip_widgets(notebook) == once == strip_widgets(once)


def test_of_the_two_svgs_of_an_older_notebook_one_stays(notebook: dict[str, Any]) -> None:
    data = bp.presets.xor().network._repr_mimebundle_()
    outputs = notebook["cells"][1]["outputs"]
    outputs[0]["data"] = {**data, "image/svg+xml": picture_in(data).splitlines(keepends=True)}
    kept = strip_widgets(notebook)["cells"][1]["outputs"][0]["data"]
    assert set(kept) == {"text/html", "image/png"}


def test_the_given_notebook_is_left_as_it_is(notebook: dict[str, Any]) -> None:
    before = deepcopy(notebook)
    strip_widgets(notebook)
    assert notebook == before


def test_stripping_twice_is_stripping_once(notebook: dict[str, Any]) -> None:
    once = strip_widgets(notebook)
    assert strip_widgets(once) == once


@pytest.mark.parametrize(
    ("given", "named"), [({"nbformat": 3, "worksheets": []}, "3"), ([], "list"), ({}, "None")]
)
def test_what_is_no_notebook_is_refused(given: Any, named: str) -> None:
    with pytest.raises(ValueError, match=f"notebook has format {named}; format 4 is needed"):
        strip_widgets(given)


def test_a_file_is_rewritten_the_way_jupyter_writes(
    notebook: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "course.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    path.chmod(0o640)

    assert strip_file(path)

    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == strip_widgets(notebook)
    assert text.startswith('{\n "nbformat": 4,')
    assert "δ" in text
    assert text.endswith("}\n")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_without_widgets_is_not_touched(notebook: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "course.ipynb"
    path.write_text(json.dumps(strip_widgets(notebook)), encoding="utf-8")
    before = path.stat()

    assert not strip_file(path)
    assert path.stat() == before


def test_an_interrupted_write_leaves_the_old_file(
    notebook: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "course.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        strip_file(path)
    assert json.loads(path.read_text(encoding="utf-8")) == notebook
    assert list(tmp_path.iterdir()) == [path]


def test_a_broken_file_is_named_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text("{")
    with pytest.raises(ValueError, match=r"broken\.ipynb: Expecting"):
        strip_file(path)


ODD = {
    "no cells": ({"cells": ...}, "notebook has no cells; every notebook in format 4 has them"),
    "null cells": ({"cells": None}, "cells is null; a notebook has a list there"),
    "cells by name": ({"cells": {}}, "cells is an object; a notebook has a list there"),
    "a number": ({"cells": [5]}, r"cells\[0\] is a number; a notebook has an object there"),
    "outputs": (
        {"cells": [{"outputs": "x"}]},
        r"cells\[0\]\.outputs is a text; a notebook has a list there",
    ),
    "null outputs": ({"cells": [{"outputs": None}]}, r"cells\[0\]\.outputs is null; a notebook"),
    "an output": (
        {"cells": [{"outputs": [{}, None]}]},
        r"cells\[0\]\.outputs\[1\] is null; a notebook has an object there",
    ),
    "data": (
        {"cells": [{"outputs": [{"data": [WIDGET_VIEW]}]}]},
        r"cells\[0\]\.outputs\[0\]\.data is a list; a notebook has an object there",
    ),
    "metadata of an output": (
        {"cells": [{"outputs": [{"data": {WIDGET_VIEW: 1}, "metadata": True}]}]},
        r"outputs\[0\]\.metadata is true or false; a notebook has an object there",
    ),
    "metadata": ({"metadata": 5}, "metadata is a number; a notebook has an object there"),
}


@pytest.mark.parametrize("case", ODD)
def test_a_notebook_with_something_odd_is_refused_with_the_place_and_not_touched(
    case: str, notebook: dict[str, Any], tmp_path: Path
) -> None:
    changes, message = ODD[case]
    odd = {key: value for key, value in {**notebook, **changes}.items() if value is not ...}
    path = tmp_path / "odd.ipynb"
    path.write_text(json.dumps(odd), encoding="utf-8")
    before = path.read_bytes(), path.stat()

    with pytest.raises(ValueError, match=rf"odd\.ipynb: {message}|odd\.ipynb: .*{message}"):
        strip_file(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before[0], before[1].st_mtime_ns)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("change", [{"metadata": ...}, {"cells": []}, {"cells": [{"outputs": []}]}])
def test_what_may_be_missing_is_not_missed(
    change: dict[str, Any], notebook: dict[str, Any]
) -> None:
    left = {key: value for key, value in {**notebook, **change}.items() if value is not ...}
    assert strip_widgets(left)["nbformat"] == 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"[" * 100_000, "is nested too deep"),
        (
            b'{"nbformat": 4, "cells": [], "metadata": {"widgets": 1, "a": "\\ud800"}}',
            "holds half of a character",
        ),
    ],
)
def test_what_no_notebook_can_hold_is_told_and_not_touched(
    content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        strip_file(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_one_file_that_cannot_be_stripped_does_not_keep_the_others_from_it(
    notebook: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, good = tmp_path / "broken.ipynb", tmp_path / "good.ipynb"
    broken.write_text('{"nbformat": 4}')
    good.write_text(json.dumps(notebook), encoding="utf-8")
    assert main(["strip", str(broken), str(good)]) == 1
    printed = capsys.readouterr()
    assert printed.out == f"stripped {good}\n"
    assert "broken.ipynb: notebook has no cells" in printed.err
