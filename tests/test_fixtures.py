"""What the front end's tests compare with is what Python makes now."""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bpviz.panels.known_words import known_words

SCRIPT = Path(__file__).parents[1] / "bpviz/frontend/test/make_fixtures.py"
FOLDER = SCRIPT.with_name("fixtures")
ADVICE = f"make them anew: python {SCRIPT.relative_to(SCRIPT.parents[3])}"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The fixtures as they are written now."""
    spec = importlib.util.spec_from_file_location("make_fixtures", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where a dataclass looks for it
    spec.loader.exec_module(module)
    return json.loads(json.dumps(module.fixtures()))


def differences(there: Any, now: Any, place: str = "") -> Iterator[str]:
    """Yield where two values differ, numbers by more than the last bits of another machine."""
    if isinstance(there, dict) and isinstance(now, dict) and there.keys() == now.keys():
        for key in there:
            yield from differences(there[key], now[key], f"{place}.{key}")
    elif isinstance(there, list) and isinstance(now, list) and len(there) == len(now):
        for index, (old, new) in enumerate(zip(there, now, strict=True)):
            yield from differences(old, new, f"{place}[{index}]")
    elif isinstance(there, float) and isinstance(now, float):
        if not math.isclose(there, now, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{place}: {there} is {now} now"
    elif there != now:
        yield f"{place}: {str(there)[:80]} is {str(now)[:80]} now"


def test_there_is_a_file_for_each_and_no_other(made: dict[str, Any]) -> None:
    assert {path.name for path in FOLDER.iterdir()} == made.keys(), ADVICE


def test_every_fixture_is_what_python_makes_now(made: dict[str, Any]) -> None:
    for name, data in made.items():
        there = json.loads((FOLDER / name).read_text(encoding="utf-8"))
        assert next(differences(there, data, name), None) is None, ADVICE


def test_the_extension_has_the_words_that_notebooks_leave_out() -> None:
    there = json.loads((SCRIPT.parents[1] / "extension" / "mistakes.json").read_text("utf-8"))
    assert there == known_words(), ADVICE


@pytest.mark.parametrize(
    ("there", "now", "where"),
    [
        ({"a": [1.0, 2.0]}, {"a": [1.0, 2.1]}, ".a[1]: 2.0 is 2.1 now"),
        ({"a": [1.0]}, {"a": [1.0, 2.0]}, ".a: [1.0] is [1.0, 2.0] now"),
        ({"a": "x"}, {"b": "x"}, ": {'a': 'x'} is {'b': 'x'} now"),
        (["−0.1562"], ["−0.1563"], "[0]: −0.1562 is −0.1563 now"),
        (1, 1.5, ": 1 is 1.5 now"),
    ],
)
def test_a_difference_is_seen_and_its_place_told(there: Any, now: Any, where: str) -> None:
    assert list(differences(there, there)) == []
    assert list(differences(there, now)) == [where]
