"""The extension of Sphinx that makes this site: pages whose panels live without a kernel."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from living import cards, formulas, names, places, reference, runs


def setup(app: Sphinx) -> dict[str, Any]:
    """Add every part of the site to Sphinx."""
    for part in (runs, places, cards, formulas, names, reference):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
