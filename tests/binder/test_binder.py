"""What Binder would build, replayed without Docker: its pip lines in a fresh environment."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import running_server

pytestmark = pytest.mark.timeout(400)  # two installations, of a hundred packages together

REPOSITORY = Path(__file__).parents[2]
LOCK = "conda/environment.py-3.12-linux-64.lock"
START = "lab/tree/notebooks/00_start_here.ipynb"

XOR = "lab/tree/notebooks/07_xor.ipynb"

# Where the links that Binder makes (a plain one; with ?urlpath=…, ?labpath=… or ?filepath=…) end.
LINKS = {
    "": START,
    "lab": START,
    "lab/": START,
    "lab/tree/notebooks": START,
    "tree": START,
    "tree/": START,
    "tree/notebooks": START,
    "lab/tree/notebooks/07_xor.ipynb": XOR,
    "tree/notebooks/07_xor.ipynb": XOR,
    "notebooks/notebooks/07_xor.ipynb": XOR,
}


def run(*command: str | Path, **options: object) -> str:
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, **options
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def requirements(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {re.split(r"[=; ]", line)[0]: line for line in lines}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's files as a clone has them."""
    copy = tmp_path_factory.mktemp("binder") / "repository"
    ignored = shutil.ignore_patterns(".venv", "node_modules", ".git", ".*_cache", "__pycache__")
    shutil.copytree(REPOSITORY, copy, ignore=ignored)
    return copy


@pytest.fixture(scope="module")
def dockerfile(repository: Path) -> str:
    """The Dockerfile that repo2docker writes for the repository."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", repository]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return printed.stdout + printed.stderr


@pytest.fixture(scope="module")
def base_packages() -> list[str]:
    """The Python packages of Binder's base image that the requirements rely on, as pins."""
    # Found, not imported: repo2docker itself warns of deprecations.
    lock = Path(importlib.util.find_spec("repo2docker").origin).with_name("buildpacks") / LOCK
    pins = dict(re.findall(r"/([a-z0-9_.-]+)-([^-/]+)-[^-/]+\.conda", lock.read_text()))
    provided = requirements((REPOSITORY / "binder/provided.txt").read_text())
    wanted = ["pip", "jupyterlab", "notebook", "jupyter_server", *provided]
    return [f"{name}=={pins[name]}" for name in wanted]


def python_of_binder() -> str | Path:
    """Python 3.12, as in binder/runtime.txt, or else the Python that runs the tests."""
    pyenv = Path.home().glob(".pyenv/versions/3.12*/bin/python")
    for candidate in ["python3.12", *pyenv]:
        try:
            subprocess.run([candidate, "--version"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return candidate
    return sys.executable


@pytest.fixture(scope="module")
def image(
    repository: Path,
    dockerfile: str,
    base_packages: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """An environment in which the Dockerfile's own lines have been run."""
    image = tmp_path_factory.mktemp("image") / "environment"
    run(python_of_binder(), "-m", "venv", image)
    environment = os.environ | {
        "KERNEL_PYTHON_PREFIX": str(image),
        "NB_PYTHON_PREFIX": str(image),
        "PATH": f"{image / 'bin'}:{os.environ['PATH']}",
        "PIP_COMPILE": "0",  # most of it is never imported
    }
    install = [image / "bin/python", "-m", "pip", "install"]
    # Binder's pip installs the rest.
    run(*install, base_packages[0], env=environment)
    run(*install, *base_packages, env=environment)
    lines = re.findall(
        r"^RUN (\$\{KERNEL_PYTHON_PREFIX\}/bin/pip .*|\./binder/.*)$", dockerfile, re.M
    )
    assert [line.split()[-1] for line in lines] == [
        '"binder/requirements.txt"',
        "./binder/postBuild",
    ]
    for line in lines:
        run("bash", "-c", line, cwd=repository, env=environment)
    return image


def test_repo2docker_takes_the_folder(dockerfile: str) -> None:
    assert "environment-2epy-2d3-2e12-" in dockerfile
    assert "COPY --chown=0:0 src/binder/requirements.txt" in dockerfile


def test_requirements_are_the_pinned_ones_that_the_base_image_lacks(
    base_packages: list[str],
) -> None:
    listed = requirements((REPOSITORY / "binder/requirements.txt").read_text())
    pinned = (REPOSITORY / "requirements/lab.txt").read_text().splitlines()
    assert {"numpy", "matplotlib", "anywidget", "tqdm"} <= listed.keys()
    assert set(listed.values()) <= set(pinned)
    assert not listed.keys() & {pin.split("==")[0] for pin in base_packages}


def test_the_replayed_environment_is_whole(image: Path, base_packages: list[str]) -> None:
    python = image / "bin/python"
    assert run(python, "-m", "pip", "check") == "No broken requirements found.\n"
    frozen = run(python, "-m", "pip", "list", "--format", "freeze").splitlines()
    assert {pin.replace("-", "_") for pin in base_packages} <= {
        pin.replace("-", "_") for pin in frozen
    }
    where = run(python, "-c", "import bpviz; print(bpviz.__file__)", cwd=image)
    package = Path(where).parent
    assert package.is_relative_to(image)
    assert (package / "static/step.js").is_file()
    assert (package / "notebooks/00_start_here.ipynb").is_file()
    assert (image / "share/jupyter/labextensions/bpviz/extension.js").is_file()
    assert (image / "etc/jupyter/jupyter_nbconvert_config.py").is_file()
    assert (image / "etc/jupyter/jupyter_server_config.d/bpviz.json").is_file()
    assert not (package / "frontend").exists()


def test_the_extension_that_opens_saved_panels_is_enabled(image: Path) -> None:
    command = [image / "bin/jupyter", "labextension", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    plain = re.sub(r"\x1b\[\d*m", "", listed.stdout + listed.stderr)
    assert f"{image / 'share/jupyter/labextensions'}\n" in plain
    assert re.search(r"^ +bpviz v\S+ enabled OK( |$)", plain, re.M)


@pytest.mark.parametrize("application", ["lab", "notebook"])
def test_every_link_opens_jupyterlab_at_the_first_notebook(
    image: Path, repository: Path, tmp_path: Path, application: str
) -> None:
    command = [image / f"bin/jupyter-{application}", f"--ServerApp.root_dir={repository}"]
    with running_server(command, tmp_path) as server:
        landed = {link: server.landing(link).partition("?")[0] for link in LINKS}
    assert landed == LINKS
