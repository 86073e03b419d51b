"""The parts of the package import each other in one direction only."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bpviz"

# What each part may import. `__init__` collects the public names, so nobody imports from it.
ALLOWED = {
    "core": set(),
    "formula": {"core"},
    "presets": {"core"},
    "explain": {"core"},
    "draw": {"core", "explain"},
    "classroom": {"core", "draw"},
    "panels": {"core", "presets", "explain", "draw", "classroom"},
    "checking": {"core", "presets", "explain", "draw", "classroom"},
    "worksheets": {"core", "presets", "explain", "draw"},
    "export": {"core", "presets", "explain", "draw", "classroom", "panels"},
    "cli": {
        *{"core", "presets", "explain", "draw", "classroom", "panels", "checking", "worksheets"},
        "export",
    },
    "__init__": {
        *{"core", "presets", "explain", "draw", "classroom", "panels", "checking", "worksheets"},
        "export",
    },
}

# The folders of the core: each may import those before it, and what stands in no folder.
ROOMS = ["formula", "model", "operations", "mistakes", "update", "run", "sweep"]

# The front end is TypeScript; what Python lies there is for its tests, and in no wheel.
MODULES = sorted(set(PACKAGE.rglob("*.py")) - set(PACKAGE.glob("frontend/**/*.py")))


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_names(path: Path) -> Iterator[str]:
    """Yield every module that a file imports; the names too that it takes from bpviz itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import in line {node.lineno}"
            if node.module == "bpviz":
                yield from (f"bpviz.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def test_the_package_is_found() -> None:
    assert {"core", "explain", "draw", "panels", "cli"} <= {part(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    here = part(path)
    ours = [name.split(".") for name in imported_names(path) if name.split(".")[0] == "bpviz"]
    assert {name[1] if len(name) > 1 else "__init__" for name in ours} <= ALLOWED[here] | {here}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("core/**/*.py")), ids=lambda path: path.name)
def test_the_core_needs_numpy_only(path: Path) -> None:
    foreign = {name.split(".")[0] for name in imported_names(path)} - sys.stdlib_module_names
    # A long run shows a bar; that tqdm is not needed otherwise is tested with training.
    assert foreign <= {"bpviz", "numpy"} | ({"tqdm"} if path.name == "progress.py" else set())


def test_no_module_needs_itself() -> None:
    """Imports make no circle, those inside functions included."""
    needs = {module(path): set(needed(path)) for path in MODULES}
    left = dict(needs)
    while free := [name for name, others in left.items() if not others & set(left) - {name}]:
        for name in free:
            del left[name]
    assert not left, f"these modules need each other: {', '.join(sorted(left))}"


def module(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def needed(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a file imports, or imports a name from."""
    known = {module(other) for other in MODULES}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in known:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from [name for name in inner if name in known] or [str(node.module)]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_the_core_imports_those_before_it_only(room: str) -> None:
    later = ROOMS[ROOMS.index(room) + 1 :]
    for path in (PACKAGE / "core" / room).glob("*.py"):
        taken = {name.split(".")[2] for name in needed(path) if name.startswith("bpviz.core.")}
        assert not taken & set(later), f"{path.name} imports from {taken & set(later)}"


def test_every_folder_of_the_core_is_a_room() -> None:
    assert sorted(path.parent.name for path in PACKAGE.glob("core/*/__init__.py")) == sorted(ROOMS)


def test_no_two_modules_have_one_name() -> None:
    named = Counter(path.stem for path in MODULES if path.stem != "__init__")
    assert [name for name, count in named.items() if count > 1] == []


def test_no_two_classes_or_constants_have_one_name() -> None:
    named = Counter(name for path in MODULES for name in defined(path))
    assert [name for name, count in named.items() if count > 1] == []


def defined(path: Path) -> Iterator[str]:
    """Yield the classes and constants of a module."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            inside = (part for target in targets for part in ast.walk(target))  # of A, B = …
            names = (part.id for part in inside if isinstance(part, ast.Name))
            yield from (name for name in names if not name.startswith("__"))


def test_what_draws_and_shows_is_imported_when_it_is_needed() -> None:
    loaded = "'matplotlib' in sys.modules, 'anywidget' in sys.modules"
    code = f"import sys, bpviz; print({loaded}); bpviz.StepPanel; print({loaded})"
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "False", "False", "True"]


def test_every_public_name_is_there_and_what_panels_do_not_need_comes_when_asked_for() -> None:
    code = (
        "import sys, bpviz; print('bpviz.checking' in sys.modules, 'asyncio' in sys.modules); "
        "print([name for name in bpviz.__all__ if getattr(bpviz, name) is None], "
        "dir(bpviz) == bpviz.__all__)"
    )
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "False", "[]", "True"]
