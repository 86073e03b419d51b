"""Run in each kernel first: panels are kept whole, since a page has more room than a notebook."""

from bpviz.panels import panel

panel.SAVED_BYTES, panel.MOST_SAVED_CHARACTERS = panel.PAGE_BYTES, 10_000_000
