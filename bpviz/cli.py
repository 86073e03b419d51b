"""The command line: ``bpviz lab``, ``export``, ``bank``, ``gather``, ``strip`` and ``embed``."""

import argparse
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from bpviz import presets
from bpviz.classroom.class_picture import save_picture
from bpviz.classroom.gathering import gather
from bpviz.core.files import what_is_at
from bpviz.core.words import counted
from bpviz.export.notebooks import strip_file
from bpviz.export.pages import html, write
from bpviz.worksheets.question_bank import question_bank

FIRST_NOTEBOOK = "00_start_here.ipynb"

COURSE = ("*.ipynb", "*.csv")
"""The notebooks, and the data that they read."""

PRESETS = ("three_two_one", "xor")

JUPYTERLAB = "4.2"
"""The oldest JupyterLab in which the panels work."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of bpviz's commands.

    Parameters
    ----------
    arguments
        What follows ``bpviz`` on the command line; by default what this process was given.

    Returns
    -------
    int
        The exit status: 0 for success, 1 for a failure that was explained on standard error.
    """
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    try:
        if options.command == "lab":
            return _lab(options.directory, rest)
        if rest:
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
        if options.command == "export":
            return _export(options)
        if options.command == "bank":
            return _bank(options)
        if options.command == "gather":
            return _gather(options)
        if options.command == "embed":
            from bpviz.export.embedded import embed_file

            return _change("embedded the panels of", embed_file, options)
        return _change("stripped", strip_file, options)
    except (OSError, ValueError, ImportError) as error:
        print(f"bpviz {options.command}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bpviz", description="Backpropagation, step by step.")
    commands = parser.add_subparsers(dest="command", required=True)

    lab = commands.add_parser(
        "lab",
        allow_abbrev=False,
        help="open the course in JupyterLab",
        description="Open the course in JupyterLab. Notebooks that are not yet in the directory "
        "are copied there; those that are there are kept as they are. All other options go to "
        "JupyterLab, such as --no-browser or --port 8890.",
    )
    lab.add_argument(
        "--directory",
        type=Path,
        default=Path("bpviz-notebooks"),
        help="where your copy of the notebooks is kept (default: %(default)s)",
    )

    export = commands.add_parser(
        "export",
        help="write a notebook, or a network of the course, to an HTML page",
        description="Write a notebook that was run, with its panels alive, or a network of the "
        "course to one HTML page. Any browser opens it, offline and without Python.",
    )
    export.add_argument(
        "source",
        metavar="NOTEBOOK_OR_PRESET",
        help=f"a notebook such as lesson.ipynb, or {' or '.join(PRESETS)}",
    )
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    export.add_argument(
        "--panel",
        choices=("step", "training", "bug-lab"),
        help="what the page shows of a network (default: step)",
    )
    export.add_argument("--title", help="a heading for the page")
    export.add_argument("--overwrite", action="store_true", help="replace whatever file is there")

    bank = commands.add_parser(
        "bank",
        help="write questions with four answers, made from the mistakes",
        description="Write questions about backpropagation with four answers each, three of which "
        "well-known mistakes lead to. The name of the file says for whom: .xml is Moodle's, .gift "
        "other learning platforms', .html is to print, .md Markdown.",
    )
    bank.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    bank.add_argument("--count", type=int, default=20, help="questions (default: %(default)s)")
    bank.add_argument("--seed", type=int, default=0, help="another seed gives other numbers")
    bank.add_argument("--key", action="store_true", help="write the key, of .html and .md")
    bank.add_argument("--overwrite", action="store_true", help="replace the file that is there")

    gathering = commands.add_parser(
        "gather",
        help="put the progress files of a class together",
        description="Read the files that bpviz.progress has written, in a folder and those in it, "
        "and print who has done what, which mistakes are frequent, and what could not be read. "
        "Nothing in the files is run.",
    )
    gathering.add_argument("folder", type=Path, metavar="FOLDER")
    gathering.add_argument(
        "-o", "--output", type=Path, metavar="FILE.csv", help="a line for each learner and task"
    )
    gathering.add_argument(
        "--picture", type=Path, metavar="FILE", help="a picture of it all, as SVG or PNG"
    )
    gathering.add_argument("--overwrite", action="store_true", help="replace files that are there")

    strip = commands.add_parser(
        "strip",
        help="remove widget views and widget state from notebook files",
        description="Remove widget views and widget state from notebook files, in place. "
        "Texts and pictures are kept, and a PNG is put beside each picture.",
    )
    embed = commands.add_parser(
        "embed",
        help="let the panels of notebook files live where bpviz is not installed",
        description="Put into notebook files, in place, all that draws their panels: 84 to 165 kB "
        "for each. They live wherever the scripts of a trusted notebook run, and have their "
        "pictures elsewhere. `bpviz strip` takes it out again.",
    )
    for command in (strip, embed):
        command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    return parser


def _export(options: argparse.Namespace) -> int:
    from bpviz.panels.bug_lab import BugLab
    from bpviz.panels.step_panel import StepPanel
    from bpviz.panels.training_panel import TrainingPanel

    if options.source not in PRESETS:
        return _export_notebook(options)
    panels = {"step": StepPanel, "training": TrainingPanel, "bug-lab": BugLab}
    panel = panels[options.panel or "step"](getattr(presets, options.source)())
    html(panel, options.output, options.title, overwrite=options.overwrite)
    print(f"wrote {options.output}")
    return 0


def _bank(options: argparse.Namespace) -> int:
    _refuse_taken([options.output], options.overwrite)
    questions = question_bank(options.count, seed=options.seed)
    written = questions.save(options.output, key=options.key)
    print(f"wrote {written}: {counted(len(questions), 'question')}")
    return 0


def _refuse_taken(paths: Sequence[Path], overwrite: bool) -> None:
    for path in paths:
        if path.exists() and not overwrite:
            raise FileExistsError(
                f"{path} is there already, {what_is_at(path)}; --overwrite replaces it"
            )


def _gather(options: argparse.Namespace) -> int:
    wanted = [path for path in (options.output, options.picture) if path is not None]
    _refuse_taken(wanted, options.overwrite)
    results = gather(options.folder)
    sys.stdout.write(results.text())
    if options.output is not None:
        results.save_csv(options.output)
    if options.picture is not None:
        save_picture(results, options.picture)
    for path in wanted:
        print(f"wrote {path}")
    return 0


def _export_notebook(options: argparse.Namespace) -> int:
    source = Path(options.source)
    if source.suffix != ".ipynb":
        raise ValueError(
            f"source is {options.source!r}; give a notebook, a file such as lesson.ipynb, or one "
            f"of {', '.join(PRESETS)}"
        )
    if options.panel:
        raise ValueError("--panel is for a network of the course; a notebook has its own panels")
    if not source.is_file():
        raise FileNotFoundError(f"source is {options.source!r}, and no file is there")
    if importlib.util.find_spec("nbconvert") is None:
        raise ImportError(
            "nbconvert is not installed for the Python that runs bpviz; this brings it:\n"
            f'  "{sys.executable}" -m pip install nbconvert'
        )
    from bpviz.export.notebook_pages import notebook_page

    write(options.output, notebook_page(source, options.title), options.overwrite)
    print(f"wrote {options.output}")
    return 0


def _change(done: str, change: Callable[[Path], bool], options: argparse.Namespace) -> int:
    failed = False
    for path in options.files:  # one that cannot be changed does not keep the others from it
        try:
            if change(path):
                print(f"{done} {path}")
        except (OSError, ValueError) as error:
            print(f"bpviz {options.command}: {error}", file=sys.stderr)
            failed = True
    return int(failed)


def _lab(directory: Path, options: Sequence[str]) -> int:
    if importlib.util.find_spec("jupyterlab") is None:
        raise ImportError(
            "JupyterLab is not installed for the Python that runs bpviz; this brings it:\n"
            f'  "{sys.executable}" -m pip install "jupyterlab>={JUPYTERLAB}"'
        )
    from jupyterlab.labapp import LabApp

    directory = directory.resolve()
    _copy_course(directory)
    # Like Jupyter itself, show the folder where the command was given, if the course is in it.
    root = Path.cwd() if directory.is_relative_to(Path.cwd()) else directory
    start = quote((directory / FIRST_NOTEBOOK).relative_to(root).as_posix())
    # A cell's `!bpviz bank` is this bpviz, also where its environment is not activated.
    beside = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])
    # Jupyter wants to be told that whoever runs as root means to.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    LabApp.launch_instance(
        [
            f"--ServerApp.root_dir={root}",
            f"--LabApp.default_url=/lab/tree/{start}",
            *(["--allow-root"] if as_root else []),
            *options,
        ]
    )
    return 0


def _copy_course(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    files = [file for pattern in COURSE for file in sorted(_course().glob(pattern))]
    for file in files:
        if not (directory / file.name).exists():
            shutil.copy(file, directory)


def _course() -> Path:
    package = Path(__file__).parent
    # In a wheel the course is inside the package, in a checkout it is beside it.
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / FIRST_NOTEBOOK).is_file():
            return folder
    raise FileNotFoundError(
        f"the course is missing: there is no {FIRST_NOTEBOOK} in {package / 'notebooks'}; "
        "installing bpviz again brings it back"
    )
