"""Notebooks for print: in LaTeX and PDF the panels are pictures, and nothing but TeX is needed.

What nbconvert itself shows of a panel there is its PNG, once `bpviz strip` has drawn it, and else
its words; these draw the pictures as vectors.
"""

from __future__ import annotations

from base64 import b64encode
from copy import deepcopy
from typing import Any

from nbconvert.exporters.latex import LatexExporter
from nbconvert.exporters.pdf import PDFExporter

from bpviz.draw.pictures import picture_in
from bpviz.draw.without_svg import as_pdf

PDF = "application/pdf"


class PanelLatexExporter(LatexExporter):
    """A notebook in LaTeX with pictures of its panels.

    It is nbconvert's exporter ``bpviz_latex``: ``jupyter nbconvert --to bpviz_latex NOTEBOOK``.
    """

    export_from_notebook = "LaTeX with pictures of panels"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the document of a notebook, and what nbconvert keeps beside it."""
        notebook = deepcopy(nb)
        for cell in notebook.get("cells", []):
            for output in cell.get("outputs", []):
                _add_pdf(output.get("data", {}))
        body, kept = super().from_notebook_node(notebook, resources, **options)  # type: ignore[no-untyped-call]
        return body, kept


class PanelPDFExporter(PanelLatexExporter, PDFExporter):
    """A notebook as PDF with pictures of its panels, made by XeTeX.

    It is nbconvert's exporter ``bpviz_pdf``: ``jupyter nbconvert --to bpviz_pdf NOTEBOOK``.
    """

    export_from_notebook = "PDF with pictures of panels"


def _add_pdf(data: dict[str, Any]) -> None:
    """Put a PDF beside a picture that this package draws; another's is left to nbconvert."""
    picture = picture_in(data)
    if not picture or PDF in data:
        return
    try:
        data[PDF] = b64encode(as_pdf(picture)).decode()
    except ValueError:
        return
