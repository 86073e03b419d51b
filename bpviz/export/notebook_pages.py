"""Notebooks as one HTML file each, in which the panels live: offline, without Python.

`jupyter nbconvert --to bpviz` and `bpviz export` use it. What nbconvert's own pages fetch from the
internet (MathJax, RequireJS, the widgets' manager) is not needed: formulas are pictures, and all
panels share one script.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Mapping
from copy import deepcopy
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters.html import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]

from bpviz.draw.pictures import picture_in
from bpviz.export.embedded import panel_in
from bpviz.panels.kept import TraitValues
from bpviz.panels.page import section, whole_page

POLICY = "style-src 'unsafe-inline'; img-src data:"
"""A notebook's own HTML may have styles and pictures within it; nothing in it runs."""

SHEET = """
body { max-width: 1100px; line-height: 1.5; }
pre { overflow-x: auto; margin: 4px 0; }
img, svg { max-width: 100%; height: auto; }
.prompt, .anchor-link { display: none; }
.input_area { border: 1px solid #8886; border-radius: 4px; padding: 2px 10px; margin: 12px 0 4px; }
.output_area { overflow-x: auto; }
.output_stderr, .output_error { border-left: 3px solid #b00020; padding-left: 8px; }
table { border-collapse: collapse; }
td, th { border: 1px solid #8886; padding: 2px 8px; }
img.formula { vertical-align: middle; }
@media (prefers-color-scheme: dark) { img.formula { filter: invert(1); } }
"""
FORMULA_POINTS = 11


class PanelExporter(HTMLExporter):
    """A notebook as a page in which the panels live, without a network and without Python.

    It is nbconvert's exporter ``bpviz``: ``jupyter nbconvert --to bpviz NOTEBOOK``.
    """

    export_from_notebook = "HTML with living panels"

    def _template_name_default(self) -> str:
        return "basic"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page of a notebook, and what nbconvert keeps beside it."""
        panels: list[TraitValues] = []
        notebook = deepcopy(nb)
        for cell in notebook.get("cells", []):
            for output in cell.get("outputs", []):
                _put_in_place(output, panels)
        notebook.get("metadata", {}).pop("widgets", None)
        body, kept = super().from_notebook_node(notebook, resources, **options)
        name = (kept.get("metadata") or {}).get("name") or "Notebook"
        return whole_page(_title_of(nb) or name, body, panels, _style(), POLICY), kept

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return a text's HTML, with its formulas as pictures."""
        cell = context.get("cell", {})
        renderer = _Renderer(
            escape=False,
            attachments=cell.get("attachments", {}),
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            exclude_anchor_links=True,
        )
        return str(MarkdownWithMath(renderer=renderer).render(source))


class _Renderer(IPythonRenderer):
    def block_math(self, body: str) -> str:
        return f"<p>{formula(body)}</p>"

    def multiline_math(self, text: str) -> str:
        return self.block_math(text)

    def latex_environment(self, name: str, body: str) -> str:
        begin, end = (f"\\{word}{{{name}}}" for word in ("begin", "end"))
        return f"<pre>{escape(begin + body + end)}</pre>"

    def inline_math(self, body: str) -> str:
        return formula(body)


def formula(tex: str) -> str:
    """Return a formula in TeX as a picture; one that cannot be drawn as its text."""
    from matplotlib import mathtext

    whole = " ".join(tex.split()).strip("$")
    drawn = io.BytesIO()
    try:
        mathtext.math_to_image(f"${whole}$", drawn, dpi=72, format="svg", prop=_font())
    except ValueError:
        return f"<code>{escape(whole)}</code>"
    data = b64encode(drawn.getvalue()).decode()
    return f'<img class="formula" alt="{escape(whole)}" src="data:image/svg+xml;base64,{data}">'


def _font() -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(size=FORMULA_POINTS)


def notebook_page(path: Path, title: str | None = None) -> str:
    """Return the page of a notebook file.

    Raises
    ------
    ValueError
        If the file does not hold a notebook that can be read.
    """
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except RecursionError:
        raise ValueError(f"path {path}: is nested too deep for a notebook") from None
    except (AttributeError, TypeError):
        raise ValueError(
            f"path {path}: is not a notebook: a part of it is of another kind than in a notebook"
        ) from None
    except (ValueError, nbformat.ValidationError) as error:
        raise ValueError(f"path {path}: is not a notebook: {error}") from None
    if title is not None:
        notebook.metadata["title"] = title
    resources = {"metadata": {"name": path.stem, "path": str(path.parent)}}
    exporter = PanelExporter()  # type: ignore[no-untyped-call]
    return str(exporter.from_notebook_node(notebook, resources)[0])


def _put_in_place(output: Any, panels: list[TraitValues]) -> None:
    """Put the place of a panel where an output holds one, and its numbers to the others."""
    data = output.get("data")
    values = panel_in(data)
    if values is None:
        return
    panels.append(values)
    title = str(values["_program"].get("title", "A panel"))
    output["data"] = {"text/html": section(len(panels), _image_of(data), title)}


def _image_of(data: Mapping[str, Any]) -> str:
    picture = picture_in(data)
    if not picture:
        return ""
    encoded = b64encode(picture.encode("utf-8", "replace")).decode()
    return f'<img alt="" src="data:image/svg+xml;base64,{encoded}">'


def _title_of(notebook: Any) -> str:
    """Return what a notebook is called: as it says itself, or in its first heading."""
    given = notebook.get("metadata", {}).get("title")
    if isinstance(given, str):
        return given
    for cell in notebook.get("cells", []):
        for line in str(cell.get("source", "")).splitlines():
            if cell.get("cell_type") == "markdown" and line.startswith("# "):
                return line[2:].strip()
    return ""


def _style() -> str:
    light, dark = (
        HtmlFormatter(style=style).get_style_defs(".highlight")
        for style in ("default", "github-dark")
    )
    return f"{SHEET}{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"
