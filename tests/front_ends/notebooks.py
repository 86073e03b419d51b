"""Notebooks for the front ends to show."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def write_notebook(path: Path, *sources: str, words: str = "") -> None:
    """Write a notebook of code cells; with words, in Markdown, above them."""
    cells = [new_code_cell(source) for source in sources]
    if words:
        cells.insert(0, new_markdown_cell(words))
    nbformat.write(new_notebook(metadata={"kernelspec": KERNEL}, cells=cells), path)
