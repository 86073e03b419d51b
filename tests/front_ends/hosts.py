"""The front ends: how each is started, where it shows the lesson, and how it takes its theme."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Protocol

from tests.front_ends.notebooks import write_notebook
from tests.front_ends.screen import PATIENCE

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
ANYWIDGET = "share/jupyter/nbextensions/anywidget/index.js"


class Hears(Protocol):
    """What has Python behind it."""

    def hears(self, **wanted: float) -> None: ...


class Host:
    """A front end that shows the lesson's panels below each other.

    Attributes
    ----------
    folder : Path
        Where its program lies, and where it runs.
    port : int
        Where it listens.
    """

    noise: ClassVar[tuple[str, ...]] = ()
    """What it says itself on the console, as regular expressions."""
    fetched: ClassVar[Mapping[str, Path]] = {}
    """What it fetches from the internet, and the files that have the same."""

    def __init__(self, folder: Path, theme: str) -> None:
        self.folder, self.theme = folder, theme
        with socket.create_server(("localhost", 0)) as taken:
            self.port = int(taken.getsockname()[1])
        self.write()

    def write(self) -> None:
        """Write the program that shows the panels."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """Return what starts it, without the interpreter."""
        raise NotImplementedError

    def path(self) -> str:
        """Return where the lesson is, on its server."""
        return ""

    @property
    def address(self) -> str:
        """Where the lesson is."""
        return f"http://localhost:{self.port}/{self.path()}"

    def heard(self) -> dict[str, float]:
        """Return what Python has heard of the panels by now."""
        heard: dict[str, float] = json.loads((self.folder / "heard.json").read_text())
        return heard

    def hears(self, **wanted: float) -> None:
        """Wait until Python has heard something."""
        end = time.monotonic() + PATIENCE
        while any(self.heard()[name] != value for name, value in wanted.items()):
            assert time.monotonic() < end, f"Python has heard {self.heard()}, not {wanted}"
            time.sleep(0.05)


class Voila(Host):
    """A notebook as an application, by Voilà."""

    noise = (
        r"/labextensions/@pyviz/",  # of Panel, which is installed, too
        r"@jupyterlab/docregistry",
        r"ERR_NAME_NOT_RESOLVED \(https://",
    )

    def write(self) -> None:
        sources = ["from lesson import panels\nstep, asking, training = panels()"]
        write_notebook(self.folder / "shown.ipynb", *sources, "step", "asking", "training")

    def command(self) -> list[str]:
        return ["-m", "voila", "shown.ipynb", "--no-browser", f"--port={self.port}"]

    def path(self) -> str:
        return f"?theme={self.theme}"


class Marimo(Host):
    """A notebook of marimo, which puts each panel into a shadow root."""

    def write(self) -> None:
        (self.folder / "shown.py").write_text(
            "import marimo\n"
            "app = marimo.App()\n"
            "@app.cell\n"
            "def _():\n"
            "    from lesson import panels\n"
            "    step, asking, training = panels()\n"
            "    return asking, step, training\n"
            "@app.cell\n"
            "def _(step):\n"
            "    step\n"
            "@app.cell\n"
            "def _(asking):\n"
            "    asking\n"
            "@app.cell\n"
            "def _(training):\n"
            "    training\n"
        )
        settings = f'[tool.marimo.display]\ntheme = "{self.theme}"\n'
        (self.folder / "pyproject.toml").write_text(settings)

    def command(self) -> list[str]:
        return ["-m", "marimo", "run", "--headless", f"--port={self.port}", "shown.py"]


class Solara(Host):
    """An application of Solara."""

    def write(self) -> None:
        (self.folder / "shown.py").write_text(
            "import solara\n"
            "from lesson import panels\n"
            "@solara.component\n"
            "def Page():\n"
            "    for panel in solara.use_memo(panels, []):\n"
            "        solara.display(panel)\n"
        )

    def command(self) -> list[str]:
        options = ["--no-open", f"--port={self.port}", f"--theme-variant={self.theme}"]
        return ["-m", "solara", "run", *options, "--production", "shown.py"]


class HoloViz(Host):
    """An application of Panel, which puts each panel into a shadow root."""

    noise = (r"ERR_NAME_NOT_RESOLVED \(https://",)
    fetched: ClassVar = {"https://*/anywidget@*/**": Path(sys.prefix) / ANYWIDGET}

    def write(self) -> None:
        (self.folder / "shown.py").write_text(
            "import panel\n"
            "from lesson import panels\n"
            "panel.extension('ipywidgets', sizing_mode='stretch_width')\n"
            "panel.Column(*panels()).servable()\n"
        )

    def command(self) -> list[str]:
        return ["-m", "panel", "serve", f"--port={self.port}", "shown.py"]

    def path(self) -> str:
        return f"shown?theme={'dark' if self.theme == 'dark' else 'default'}"


@contextmanager
def running(kind: type[Host], folder: Path, theme: str) -> Iterator[Host]:
    """Start a front end that shows the lesson, and end it."""
    shutil.copy(HERE / "lesson.py", folder)
    host = kind(folder, theme)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(folder), str(REPOSITORY)]),
        "HOME": str(folder),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "0",
    }
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *host.command()],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(host, process, log)
        yield host
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(host: Host, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with socket.create_connection(("localhost", host.port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{host.command()} did not start; its log ends:\n{log.read_text()[-2000:]}")
