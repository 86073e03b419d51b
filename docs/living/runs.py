"""Running what the pages show: the notebooks of the course, and the recipes of the gallery.

What was run is kept in the build's folder, and run again when its code or bpviz changes. A cell
that fails ends the build.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import copy2
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.display import status_iterator

from living.places import with_places

REPOSITORY = Path(__file__).parents[2]
DOCS, NOTEBOOKS = REPOSITORY / "docs", REPOSITORY / "notebooks"
KEPT = REPOSITORY / "build" / "docs" / "runs"
PREPARATION = Path(__file__).with_name("preparation.py")
"""What each kernel runs first."""
KERNEL = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL = "# %%"
"""Begins a cell of a recipe."""


def setup(app: Sphinx) -> None:
    """Have everything run before the first page is read."""
    app.connect("config-inited", lambda *_: bring_the_course())
    app.connect("builder-inited", lambda *_: run_all())
    app.connect("env-get-outdated", outdated)


def bring_the_course() -> None:
    """Copy the notebooks to where Sphinx looks for pages."""
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        copy = DOCS / "course" / notebook.name
        if not copy.exists() or copy.stat().st_mtime != notebook.stat().st_mtime:
            copy2(notebook, copy)


def outdated(_app: Sphinx, env: BuildEnvironment, *_changed: set[str]) -> list[str]:
    """Return the pages to read again: all, if bpviz is not what it was when they were read."""
    before, env.digest_of_bpviz = getattr(env, "digest_of_bpviz", None), _bpviz()
    return [] if before == env.digest_of_bpviz else list(env.found_docs)


def run_all() -> None:
    """Run what is not kept from an earlier build, on all cores."""
    os.environ["TQDM_DELAY"] = "3600"  # no progress bars in the outputs
    sources = {path: _read(path) for path in [*_recipes(), *sorted(NOTEBOOKS.glob("*.ipynb"))]}
    # The longest first, so that none is left over at the end.
    ahead = sorted(
        (path for path, notebook in sources.items() if not _kept(notebook).exists()),
        key=lambda path: path.name not in SLOW,
    )
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = pool.map(lambda path: _run(path, sources[path]), ahead)
        names = status_iterator(
            done, "running... ", "brown", len(ahead), stringify_func=lambda path: path.name
        )
        for _ in names:
            pass


SLOW = ("10_ten_thousand_starts.ipynb", "09_why_xor_does_not_learn.ipynb", "08_training.ipynb")


def read_notebook(text: str) -> nbformat.NotebookNode:
    """Return a notebook with the outputs of its run, as MyST-NB takes it."""
    return _with_outputs(nbformat.reads(text, as_version=4))


def read_recipe(text: str) -> nbformat.NotebookNode:
    """Return a recipe as a notebook with the outputs of its run."""
    return _with_outputs(recipe_notebook(text))


def outputs_of_recipe(name: str) -> Iterator[nbformat.NotebookNode]:
    """Yield the outputs of a recipe, by the name of its file."""
    path = DOCS / "gallery" / f"{name}.py"
    for cell in read_recipe(path.read_text(encoding="utf-8")).cells:
        yield from cell.get("outputs", [])


def title_of_recipe(name: str) -> str:
    """Return the title of a recipe: the first line of its docstring, without the last dot."""
    text = (DOCS / "gallery" / f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or name).splitlines()[0].rstrip(".")


def recipe_notebook(text: str) -> nbformat.NotebookNode:
    """Return a recipe as a notebook: what its docstring says, then its cells."""
    said = ast.get_docstring(ast.parse(text)) or ""
    title, _, rest = said.partition("\n")
    code = text.split('"""', 2)[2].strip()
    parts = [part.strip() for part in code.split(CELL) if part.strip()]
    return new_notebook(
        metadata=KERNEL,
        cells=[
            new_markdown_cell(f"# {title.rstrip('.')}\n{rest}"),
            *(new_code_cell(part) for part in parts),
        ],
    )


def _recipes() -> list[Path]:
    return sorted((DOCS / "gallery").glob("*.py"))


def _read(path: Path) -> nbformat.NotebookNode:
    text = path.read_text(encoding="utf-8")
    return nbformat.reads(text, as_version=4) if path.suffix == ".ipynb" else recipe_notebook(text)


def _code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _kept(notebook: nbformat.NotebookNode) -> Path:
    """Return where the run of a notebook is kept: a place of its code and of bpviz's."""
    code = "\0".join(cell.source for cell in _code_cells(notebook))
    return KEPT / f"{sha256((_bpviz() + code).encode()).hexdigest()[:32]}.ipynb"


@cache
def _bpviz() -> str:
    """Return a digest of all that a run depends on beside its own code."""
    digest = sha256(PREPARATION.read_bytes())
    sources = (REPOSITORY / "bpviz").rglob("*.py")
    for path in sorted([*sources, *NOTEBOOKS.glob("*.csv")]):
        if "frontend" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _run(path: Path, notebook: nbformat.NotebookNode) -> Path:
    """Run a notebook and keep it."""
    first = new_code_cell(PREPARATION.read_text(encoding="utf-8"))
    run = new_notebook(cells=[first, *(new_code_cell(c.source) for c in _code_cells(notebook))])
    with TemporaryDirectory() as folder:
        for table in NOTEBOOKS.glob("*.csv"):
            copy2(table, folder)
        client = NotebookClient(
            run,
            coalesce_streams=True,
            record_timing=False,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise ExtensionError(f"{path.relative_to(REPOSITORY)} fails:\n{error}") from error
    run.cells.pop(0)
    kept = _kept(notebook)
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(".part")
    nbformat.write(run, unfinished)
    unfinished.replace(kept)
    return path


def _with_outputs(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    run = nbformat.read(_kept(notebook), as_version=4)
    for cell, ran in zip(_code_cells(notebook), run.cells, strict=True):
        cell.outputs = [with_places(output) for output in ran.outputs]
        if words := _words_of_figure(cell.outputs):
            cell.metadata["mystnb"] = {"image": {"alt": words}}
    notebook.metadata.pop("widgets", None)
    return notebook


def _words_of_figure(outputs: list[nbformat.NotebookNode]) -> str:
    """Return what stands for the figure among a cell's outputs; nothing where there is none."""
    shown = [output.get("data", {}) for output in outputs]
    return "; ".join(data["text/plain"] for data in shown if "image/png" in data)
