"""What .ci/run and the scripts of make do on machines that lack something, shown with stand-ins."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
TOOLS = ["dirname", "grep", "sed", "cat", "mkdir", "cp", "cut", "ls"]

# Notes how it was called, and does what a test lets it do besides.
STAND_IN = '#!/bin/sh\necho "$(basename "$0") $*" >> "$LOG"\n'


class Machine:
    """A folder of programs that is the whole PATH, and a copy of the scripts."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.clone, self.log = folder / "bin", folder / "clone", folder / "log"
        self.programs.mkdir()
        self.log.touch()
        for name in ("scripts", ".ci"):
            shutil.copytree(REPOSITORY / name, self.clone / name)
        for tool in ["basename", *TOOLS]:
            found = shutil.which(tool)
            assert found
            (self.programs / tool).symlink_to(found)

    def add(self, path: str, does: str = "") -> None:
        """Add a program: by its name, or with its path inside the clone."""
        file = self.clone / path if "/" in path else self.programs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(STAND_IN + does + "\n")
        file.chmod(0o755)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.programs),
            "HOME": str(self.clone),
            "LOG": str(self.log),
            "BIN": str(self.programs),
        }
        return subprocess.run(
            ["/bin/sh", *command],
            cwd=self.clone,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, *names: str) -> list[str]:
        """List how the stand-ins were called."""
        return [call for call in self.log.read_text().splitlines() if call.split()[0] in names]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        (["python3", "make"], "git nodejs npm"),
        (["python3", "make", "git", "node", "npm"], ""),
        ([], "python3 make git nodejs npm"),
    ],
)
def test_ci_installs_what_is_missing_and_ends_as_make_test_does(
    machine: Machine, there: list[str], missing: str
) -> None:
    for name in there:
        machine.add(name)
    machine.add("make", "exit 3")
    if "make" not in there:
        # apt-get brings it.
        (machine.programs / "make").rename(machine.programs / "make-to-come")
    machine.add("apt-get", 'test "$1" = update || cp "$BIN/make-to-come" "$BIN/make" || true')
    assert machine.run(".ci/run").returncode == 3
    installs = [f"apt-get install -q -y {missing}"] if missing else []
    assert machine.calls("apt-get", "make") == [
        *(["apt-get update -q"] if missing else []),
        *installs,
        "make test",
    ]


def test_chromium_is_installed_where_there_is_none_on_debian(machine: Machine) -> None:
    machine.add(".venv/bin/playwright")
    machine.add("id", "echo 0")
    (machine.programs / "grep").unlink()
    machine.add("grep", "exit 0")  # of "ID=debian" in /etc/os-release
    machine.add("apt-get", 'test "$1" = update || cp "$0" "$BIN/chromium-headless-shell"')
    told = machine.run("scripts/chromium", "--install")
    assert machine.calls("apt-get")[-1] == "apt-get install -q -y chromium-headless-shell"
    assert told.stdout == f"{machine.programs}/chromium-headless-shell\n"


def test_without_any_chromium_the_browser_tests_fail_and_say_why(machine: Machine) -> None:
    machine.add(".venv/bin/playwright", 'test "$1" = --version')
    machine.add(".venv/bin/python", "exit 1")
    machine.add("id", "echo 1000")
    told = machine.run("scripts/chromium", "--install")
    assert told.returncode == 1
    assert machine.calls("playwright")[-1] == "playwright install chromium"
    assert "Install Chromium or Chrome, or say where one is: BPVIZ_CHROMIUM=" in told.stderr


# Is of the version that its name says, makes environments, and runs their tests.
PYTHON = f"""for last; do :; done
case "$1" in
    -c) case "$2" in *"'${{0##*python}}'"*) exit 0 ;; *) exit 1 ;; esac ;;
    -) exec "{sys.executable}" "$@" ;;
    -m) case "$2" in
        venv) mkdir -p "$last/bin" && cp "$0" "$last/bin/python" ;;
        pytest) case "$*" in *"$FAILS"*) exit 1 ;; esac; test "$last" = "this or that" ;;
    esac ;;
esac"""


@pytest.mark.parametrize(
    ("versions", "fails", "status", "said"),
    [
        (["3.11", "3.12", "3.13"], "nothing", 0, ["passed", "passed", "passed", "passed"]),
        (["3.11", "3.13"], "nothing", 2, ["passed", "no Python 3.12 here", "passed", "passed"]),
        (["3.11", "3.13"], "lowest", 1, ["passed", "no Python 3.12 here", "passed", "FAILED"]),
        (["3.12"], "nothing", 2, ["no Python 3.11", "passed", "no Python 3.13", "no Python 3.11"]),
    ],
)
def test_every_version_is_checked_or_named(
    machine: Machine, versions: list[str], fails: str, status: int, said: list[str]
) -> None:
    for file in ("pyproject.toml", "requirements"):
        source = REPOSITORY / file
        (shutil.copytree if source.is_dir() else shutil.copy)(source, machine.clone / file)
    (machine.clone / "tests").mkdir()
    (machine.clone / "tests/test_oracle.py").write_text("import torch\n")
    for version in versions:
        machine.add(f"python{version}", PYTHON.replace("$FAILS", fails))
    told = machine.run("scripts/versions", "-k", "this or that")
    lines = told.stdout.splitlines()[-4:]
    assert [line.split()[0] for line in lines] == ["3.11", "3.12", "3.13", "lowest"]
    for line, words in zip(lines, said, strict=True):
        assert words in line
    assert told.returncode == status, told.stdout + told.stderr
    if "3.11" in versions:
        lowest = (machine.clone / "build/versions/lowest/requirements.txt").read_text()
        assert {"numpy==2.0.2", "jupyterlab==4.2"} <= set(lowest.splitlines())
        assert "torch" not in lowest
        [tests, *_] = [call for call in machine.calls("python") if "pytest" in call]
        assert tests.endswith("--ignore=tests/test_oracle.py -k this or that")
