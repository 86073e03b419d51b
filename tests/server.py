"""A real Jupyter server for tests, away from the settings of whoever runs them."""

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 90
"""In seconds: on a busy machine a server takes long to start, and to end its kernels."""


@dataclass(frozen=True)
class Server:
    """A running Jupyter server."""

    url: str
    token: str
    root: Path
    settings: Path
    data: Path
    process: subprocess.Popen[bytes]

    def request(self, path: str, method: str = "GET") -> Any:
        """Call Jupyter's REST interface; return the decoded answer, None for an empty one."""
        request = urllib.request.Request(
            f"{self.url}{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            body = response.read()
        return json.loads(body) if body else None

    def landing(self, link: str = "") -> str:
        """Follow a link with the token in it; return the path and query where it ends."""
        separator = "&" if "?" in link else "?"
        url = f"{self.url}{link}{separator}token={self.token}"
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return str(response.url).removeprefix(self.url)

    def tidy(self) -> None:
        """Shut down every kernel and forget the theme, so that no test meets another's traces."""
        for session in self.request("api/sessions"):
            self.request(f"api/sessions/{session['id']}", "DELETE")
        self.settings.joinpath("themes.jupyterlab-settings").unlink(missing_ok=True)


@contextmanager
def running_server(command: Sequence[str | Path], home: Path) -> Iterator[Server]:
    """Run the command of a Jupyter server on a free port, with its settings in ``home``."""
    environment = os.environ | {
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_PREFER_ENV_PATH": "0",  # what is in these comes before what is installed
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }
    # JupyterLab asks on its first start whether to show news: answered here.
    settings = home / "config/lab/user-settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    settings.joinpath("notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )
    # With each page JupyterLab would run Node to see whether it should be built anew.
    page = home / "config/labconfig"
    page.mkdir(exist_ok=True)
    page.joinpath("page_config.json").write_text('{"buildCheck": false, "buildAvailable": false}')
    token = secrets.token_hex(16)
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={free_port()}",
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    ]
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        info = _info_when_ready(process, home / "runtime", log)
        root = Path(info["root_dir"])
        yield Server(info["url"], token, root, settings, home / "data", process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:  # a busy machine, or a kernel that does not end
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port that nobody listens to just now."""
    # Older Jupyter servers take port 0 but do not tell which one they were given.
    with socket.create_server(("localhost", 0)) as taken:
        return int(taken.getsockname()[1])


def _info_when_ready(process: subprocess.Popen[bytes], runtime: Path, log: Path) -> Any:
    deadline = time.monotonic() + PATIENCE
    info = runtime / f"jpserver-{process.pid}.json"
    while time.monotonic() < deadline and process.poll() is None:
        if info.exists() and (text := info.read_text()) and _answers(json.loads(text)["url"]):
            return json.loads(text)
        time.sleep(0.1)
    raise RuntimeError(f"Jupyter did not start; its log ends:\n{log.read_text()[-2000:]}")


def _answers(url: str) -> bool:
    # Some Jupyter servers write the file before they listen.
    try:
        with urllib.request.urlopen(f"{url}api", timeout=30):
            return True
    except OSError:
        return False
