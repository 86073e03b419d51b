"""What leaves the notebook: files that others open."""

from bpviz.export.pages import html

__all__ = ["html"]
