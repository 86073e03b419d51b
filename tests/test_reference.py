"""Every public name has an example in its docstring, which runs, and its place in the reference."""

from __future__ import annotations

import doctest
import inspect
import re
import runpy
from pathlib import Path
from types import ModuleType

import pytest

import bpviz as bp
from bpviz import formula

DOCS = Path(__file__).parents[1] / "docs"
NEEDED = {"from_torch": "torch", "from_sklearn": "sklearn"}
"""What an example needs that bpviz does not."""


def public() -> dict[str, object]:
    """Return what is public, by the name after `bpviz.`; of a module what it lists."""
    found: dict[str, object] = {}
    for module, prefix in ((bp, ""), (formula, "formula.")):
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, ModuleType):
                found |= {f"{name}.{member}": getattr(value, member) for member in listed(value)}
            else:
                found[prefix + name] = value
    return found


def listed(module: ModuleType) -> list[str]:
    here = [name for name, value in vars(module).items() if is_of(module, value)]
    return getattr(module, "__all__", here)


def is_of(module: ModuleType, value: object) -> bool:
    return inspect.isfunction(value) and value.__module__ == module.__name__


def text_of(name: str, value: object) -> str:
    """Return a docstring; of an object that is no class or function, the text below it."""
    if inspect.isclass(value) or inspect.isfunction(value):
        return inspect.getdoc(value) or ""
    below = runpy.run_path(str(DOCS / "living" / "texts.py"))["text_of_object"]
    return str(below(name.rpartition(".")[2], value))


@pytest.mark.parametrize("name", public())
def test_the_example_of_every_public_name_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in NEEDED:
        pytest.importorskip(NEEDED[name])
    monkeypatch.chdir(tmp_path)
    parsed = doctest.DocTestParser().get_doctest(
        text_of(name, public()[name]), {"bp": bp}, name, None, 0
    )
    last = name.rpartition(".")[2]
    assert any(last in example.source + example.want for example in parsed.examples)
    told: list[str] = []
    doctest.DocTestRunner().run(parsed, out=told.append)
    assert not told, "".join(told)


def test_the_reference_has_every_public_name_once() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (DOCS / "reference").glob("*.md"))
    documented = re.findall(r"^\.\. auto[a-z]+:: bpviz\.([\w.]+)", pages, re.MULTILINE)
    assert sorted(name for name in documented if name in public()) == sorted(public())
