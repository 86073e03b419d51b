"""The marking scheme of worksheets as pages to print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bpviz.explain.mathml import MathML, math
from bpviz.worksheets.marking import asked_lines, in_all, partials, points_of
from bpviz.worksheets.sheet import Sheet
from bpviz.worksheets.sheet_html import PAPERS

RULES = (
    "A number gets all its points if it is right, also if it was rounded another way.",
    "It gets all its points as well if it follows, by the right formula, from the student's own "
    "earlier numbers: nobody pays twice for one mistake.",
    "One point if the number comes out of the mistake named beside it: the way can be seen.",
    "The order does not matter, and neither does whether the work is written down.",
)

MARKING_STYLE = """
@media screen { body { padding: 10mm 6mm; } }
body { margin: 0 auto; max-width: 182mm; background: #fff; color: #000; color-scheme: light;
  font: 10.5pt/1.35 Georgia, "Liberation Serif", "DejaVu Serif", serif; }
article + article { break-before: page; }
h1 { font-size: 15pt; margin: 0 0 2mm; border-bottom: 1.5pt solid #000; padding-bottom: 2mm; }
table { border-collapse: collapse; width: 100%; margin-top: 3mm; }
th, td { border: .75pt solid #777; padding: .8mm 2mm; text-align: left; vertical-align: top; }
tr { break-inside: avoid; } thead { display: table-header-group; }
.number { text-align: right; white-space: nowrap; } .section th { background: #eee; }
ul { margin: 0; padding-left: 4mm; } footer { margin-top: 2mm; font-size: 9.5pt; }
"""


def marking_page(sheets: Sequence[Sheet], paper: str) -> str:
    """Return the marking schemes of sheets as one page to print, each on pages of its own."""
    bodies = "\n".join(map(_scheme, sheets))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>Marking scheme</title>\n'
        f"<style>{MARKING_STYLE}@page {{ size: {PAPERS[paper]}; margin: 14mm; }}</style>\n</head>\n"
        f"<body>\n{bodies}\n</body>\n</html>\n"
    )


def _scheme(sheet: Sheet) -> str:
    name = f": <bdi>{escape(sheet.name)}</bdi>" if sheet.name else ""
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in RULES)
    return (
        f"<article>\n<h1>Marking scheme{name}, {in_all(sheet)}</h1>\n<ul>{rules}</ul>\n"
        '<table>\n<thead><tr><th scope="col">Number</th><th scope="col">Points</th>'
        '<th scope="col">Right</th><th scope="col">One point for</th></tr></thead>\n'
        f"<tbody>\n{_rows(sheet)}\n</tbody>\n</table>\n<footer>{escape(sheet.code)}</footer>\n"
        "</article>"
    )


def _rows(sheet: Sheet) -> str:
    known, notation, rows = partials(sheet), MathML(), []
    asked = {str(line.target) for line in asked_lines(sheet)}
    for section in sheet.sections:
        lines = [line for line in section.lines if str(line.target) in asked]
        if lines:
            title = escape(section.title)
            rows.append(f'<tr class="section"><th colspan="4" scope="rowgroup">{title}</th></tr>')
        for line in lines:
            ref = str(line.target)
            partly = "".join(
                f"<li>{math(notation.number(one.text))} · {escape(one.because)}</li>"
                for one in known[ref]
                if points_of(line) > 1
            )
            rows.append(
                f"<tr><td>{math(notation.symbol(line.target))}</td>"
                f'<td class="number">{points_of(line)}</td>'
                f'<td class="number">{math(notation.number(sheet.problem.text(ref)))}</td>'
                f"<td>{f'<ul>{partly}</ul>' if partly else ''}</td></tr>"
            )
    return "\n".join(rows)
