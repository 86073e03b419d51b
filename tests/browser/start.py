"""A JupyterLab with Notebook 7 on a copy of the notebooks, and a Chromium."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.server import Server, running_server

REPOSITORY = Path(__file__).parents[2]

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


LITTLE_COMPILED = "--js-flags=--no-opt,--no-maglev"
"""The pages of tests live for seconds: to compile them well takes longer than it gives back."""


@contextmanager
def jupyterlab(home: Path) -> Iterator[Server]:
    """Run JupyterLab and Notebook on a copy of the notebooks, with its settings in ``home``.

    They have the extensions that open saved panels and export living ones, as bpviz's wheel
    installs them. In a home where it ran before, it finds all as it was left.
    """
    root = home / "root"
    if not root.exists():
        extensions = home / "data/labextensions"
        extensions.mkdir(parents=True)
        shutil.copytree(REPOSITORY / "bpviz/static", extensions / "bpviz")
        of_server = home / "config/jupyter_server_config.d"
        of_server.mkdir(parents=True)
        shutil.copy(REPOSITORY / "bpviz/export/server_extension.json", of_server / "bpviz.json")
        shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    command = [sys.executable, "-m", "jupyterlab", "--expose-app-in-browser"]
    # Notebook's pages come from the same server, by a switch of their own.
    command.append("--JupyterNotebookApp.expose_app_in_browser=True")
    with running_server([*command, f"--ServerApp.root_dir={root}"], home) as server:
        yield server


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Run Chromium, the one that scripts/chromium finds, with more options."""
    path = subprocess.run(
        [REPOSITORY / "scripts/chromium"], check=True, capture_output=True, text=True
    ).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*CHROMIUM_OPTIONS, *options]
        )
        yield browser
        browser.close()
