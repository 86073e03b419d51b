"""A script of the front end in Node, which answers questions line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpviz as bp

FRONTEND = Path(bp.__file__).with_name("frontend")
ESBUILD = FRONTEND / "node_modules/.bin/esbuild"


@contextmanager
def answering(source: str, folder: Path) -> Iterator[Callable[[Any], str]]:
    """Run ``test/<source>``, built into a folder; yield what sends JSON and returns its answer."""
    script = folder / "script.mjs"
    path = FRONTEND / "test" / source
    bundle = [ESBUILD, path, "--bundle", "--platform=node", "--format=esm", f"--outfile={script}"]
    subprocess.run([*bundle, "--log-level=error"], check=True)
    with subprocess.Popen(
        ["node", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        stdin, stdout = node.stdin, node.stdout
        assert stdin is not None
        assert stdout is not None

        def ask(question: Any) -> str:
            print(json.dumps(question), file=stdin, flush=True)
            return stdout.readline()

        yield ask
        stdin.close()
