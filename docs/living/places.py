"""The places of panels in a page: a picture, and the panel as data, which `living.js` draws."""

from __future__ import annotations

import json
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from sphinx.application import Sphinx

from bpviz.draw.pictures import picture_in
from bpviz.panels.bundle import ALL, SHEETS, text_of
from bpviz.panels.kept import packed, unpacked
from bpviz.panels.known_words import with_words
from bpviz.panels.panel import SAVED

SCRIPT = "bpviz.js"
"""The panels' own script and sheet, once for the whole site."""
SLIDERS = "application/vnd.bpviz.sliders+json"
"""What `preparation.py` makes of a picture with sliders."""


def setup(app: Sphinx) -> None:
    """Have each page look for panels, and the site bring what draws them."""
    app.add_js_file("living.js", loading_method="defer")
    app.add_css_file("living.css")
    app.connect("build-finished", bring_bundle)


def bring_bundle(app: Sphinx, error: Exception | None) -> None:
    """Write the panels' script, with their sheet, so that a page loads it from a file, too."""
    if error or app.builder.format != "html":
        return
    # Without its last line, which exports, the module is a script.
    script = text_of(ALL).rstrip("\n").rpartition("\n")[0]
    style = f"bpviz.style = {json.dumps(text_of(SHEETS[ALL]))};\n"
    path = Path(app.outdir) / "_static" / SCRIPT
    path.write_text(f"{script}\n{style}", encoding="utf-8", newline="\n")


def with_places(output: NotebookNode) -> NotebookNode:
    """Return an output with the place of its panel, if it has one."""
    saved = output.get("data", {}).get(SAVED)
    if saved is not None and "packed" in saved:
        [values] = unpacked(saved["packed"])["panels"]
        whole = packed({"panels": [with_words(values)]})
        place = panel_place(whole, picture_of(output), output["data"]["text/plain"])
        output["data"] = NotebookNode({"text/html": place})
    elif SLIDERS in output.get("data", {}):
        output["data"] = NotebookNode({"text/html": sliders_place(output["data"][SLIDERS])})
    return output


def sliders_place(sliders: list[dict[str, Any]]) -> str:
    """Return the HTML of a picture with sliders, which `living.js` moves."""
    rows = "".join(
        f"<label><span>{escape(one['name'])}</span>"
        f'<input type="range" min="0" max="{len(one["shown"]) - 1}" value="{one["at"]}">'
        f"<output>{one['shown'][one['at']]['value']}</output></label>"
        for one in sliders
    )
    first = sliders[0]["shown"][sliders[0]["at"]]
    note = "<p>Here one slider moves at a time; in JupyterLab all of them do.</p>"
    shown = json.dumps([one["shown"] for one in sliders]).replace("<", "\\u003c")
    return (
        f'<div class="bpviz-sliders">{rows}{note if len(sliders) > 1 else ""}'
        f'<img class="dark-light" alt="{escape(first["alt"])}" src="{first["src"]}">'
        f'<script type="application/json">{shown}</script></div>'
    )


def panel_place(packed: str, picture: str, words: str) -> str:
    """Return the HTML of a place."""
    return (
        f'<div class="bpviz-place"><img alt="{escape(words)}" src="{picture}">'
        f'<script type="text/plain">{packed}</script></div>'
    )


def picture_of(output: NotebookNode) -> str:
    """Return the picture of an output as the address of an image; empty if it has none."""
    data: dict[str, Any] = output.get("data", {})
    if picture := picture_in(data):
        encoded = b64encode(picture.encode()).decode()
        return f"data:image/svg+xml;base64,{encoded}"
    if "image/png" in data:
        return f"data:image/png;base64,{data['image/png'].strip()}"
    return ""
