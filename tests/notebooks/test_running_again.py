"""Cells can be run again, in any order that a learner will try."""

import ast
import symtable
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from tests.notebooks.course import FOLDER, LESSONS, cells
from tests.notebooks.test_exercises import run, solved


class Flow(ast.NodeVisitor):
    """What a cell gives a value to, and what it needs from other cells."""

    def __init__(self) -> None:
        self.given: set[str] = set()
        self.needed: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and node.id not in self.given:
            self.needed.add(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.given.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        for part in (node.value, *node.targets):
            self.visit(part)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and node.target.id not in self.given:
            self.needed.add(node.target.id)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        for part in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(part)

    def visit_Import(self, node: ast.Import) -> None:
        self.given |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.given |= {alias.asname or alias.name for alias in node.names}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.given.add(node.name)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._look_into(node, node.elt)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._look_into(node, node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._look_into(node, node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._look_into(node, node.key, node.value)

    def _look_into(self, node: Any, *made: ast.expr) -> None:
        """Note what a comprehension needs; what it gives a value to stays inside."""
        inner = Flow()
        inner.given = set(self.given)
        for loop in node.generators:
            for part in (loop.iter, loop.target, *loop.ifs):
                inner.visit(part)
        for part in made:
            inner.visit(part)
        self.needed |= inner.needed


def flow(program: str) -> Flow:
    found = Flow()
    found.visit(ast.parse(program))
    for table in symtable.symtable(program, "cell", "exec").get_children():
        found.needed |= set(globals_of(table)) - found.given
    return found


def globals_of(table: symtable.SymbolTable) -> Iterator[str]:
    if table.get_type() == "function" and table.get_name() not in ("genexpr", "listcomp"):
        yield from (one.get_name() for one in table.get_symbols() if one.is_global())
    for inner in table.get_children():
        yield from globals_of(inner)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_a_cell_takes_from_another_comes_from_one_place_only(path: Path) -> None:
    flows = [flow(cell.source) for cell in cells(path, "code")]
    shared = set().union(*(one.needed for one in flows))
    makers = Counter(name for one in flows for name in one.given)
    assert {name for name in shared if makers[name] > 1} == set()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_cell_changes_what_it_needs(path: Path) -> None:
    for cell in cells(path, "code"):
        found = flow(cell.source)
        assert found.given & found.needed == set(), cell.id


TRAIN_FOR_LONG = ("08", "09", "10")
"""Their cells take nothing from one another but what the two tests above look at."""


@pytest.mark.parametrize(
    "path",
    [path for path in LESSONS if path.stem[:2] not in TRAIN_FOR_LONG],
    ids=lambda path: path.stem,
)
def test_each_cell_says_the_same_when_all_are_run_again_from_the_last_to_the_first(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER)
    namespace: dict[str, Any] = {}
    programs = {cell.id: solved(path, cell.source) for cell in cells(path, "code")}
    said = {name: run(program, namespace) for name, program in programs.items()}
    again = {name: run(programs[name], namespace) for name in reversed(programs)}
    plt.close("all")
    assert again == said


def test_it_is_seen_what_a_cell_gives_and_needs() -> None:
    found = flow("a = b\nfor c in d:\n    e = [f for f in a]\n\ndef g(h):\n    return h + i + a\n")
    assert found.given == {"a", "c", "e", "g"}
    assert found.needed == {"b", "d", "i"}
    assert flow("w = w - 1").given & flow("w = w - 1").needed == {"w"}
