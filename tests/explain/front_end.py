"""Scripts of the front end, and one in Node that answers questions line by line."""

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


def built(source: str, *options: str) -> str:
    """Return ``test/<source>`` of the front end and all that it imports, as one script."""
    bundle = [ESBUILD, FRONTEND / "test" / source, "--bundle", "--log-level=error", *options]
    return subprocess.run(bundle, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


@contextmanager
def answering(source: str, folder: Path) -> Iterator[Callable[[Any], str]]:
    """Run ``test/<source>``, built into a folder; yield what sends JSON and returns its answer."""
    script = folder / "script.mjs"
    script.write_text(built(source, "--platform=node", "--format=esm"), encoding="utf-8")
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
