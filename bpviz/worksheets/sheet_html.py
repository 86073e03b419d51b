"""Worksheets as pages to print: HTML with MathML, no script, nothing from the network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bpviz.core.formula.expression import references
from bpviz.explain.mathml import MathML, math
from bpviz.worksheets.sheet import Line, Section, Sheet
from bpviz.worksheets.sheet_picture import sheet_picture

MOST_LINES_TOGETHER = 6
"""A section of so many lines is not torn between two pages."""

TERMS_IN_A_LINE, TERMS_IN_HALF_A_LINE = 6, 3
"""So many numbers fit into a line beside as many symbols, and into half a line."""

PAPERS = {"A4": "A4", "Letter": "letter"}

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #000; color-scheme: light;
  font: 11pt/1.35 Georgia, "Liberation Serif", "DejaVu Serif", serif; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Libertinus Math",
  "DejaVu Math TeX Gyre", math; }
.line math { math-style: normal; }
.sheet { max-width: 182mm; margin: 8mm auto; }
header { border-bottom: 1.5pt solid #000; padding-bottom: 2mm; }
h1 { font-size: 16pt; margin: 0 0 3mm; }
.who { display: flex; gap: 8mm; margin: 0; }
.who > span { display: flex; gap: 2mm; align-items: baseline; white-space: nowrap; }
.who .name { flex: 1; white-space: normal; overflow-wrap: anywhere; }
.write { display: inline-block; flex: 1; min-width: 30mm; border-bottom: .75pt solid #000; }
.key-mark { border: 1pt solid #000; padding: 0 2mm; font-weight: bold; }
h2 { font-size: 12pt; margin: 4mm 0 1mm; break-after: avoid; }
h2 + p { margin: 0 0 1mm; break-inside: avoid; break-after: avoid; }
.whole { break-inside: avoid; }
.given { display: flex; flex-wrap: wrap; gap: 1.5mm 6mm; align-items: center; margin: 2mm 0; }
.functions { margin: 2mm 0; display: grid; grid-template-columns: max-content 1fr;
  gap: 1.2mm 4mm; align-items: center; }
.functions dt { font-weight: bold; }
.functions dd { margin: 0; display: flex; flex-wrap: wrap; gap: .5mm 8mm; }
.picture svg { display: block; width: auto; max-width: 100%; height: auto; max-height: 54mm;
  margin: 1mm auto; }
.notice { border-left: 2pt solid #000; padding-left: 3mm; }
ol.lines { list-style: none; margin: 0; padding: 0; }
ol.lines.halves { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr));
  column-gap: 6mm; }
.line { display: flex; flex-wrap: wrap; align-items: center; min-height: 10mm; gap: 1.5mm;
  break-inside: avoid; }
.work { flex: 1; align-self: stretch; border-bottom: .75pt dotted #555; margin-bottom: 2mm;
  min-width: 8mm; }
.result { min-width: 20mm; min-height: 7.5mm; border: .75pt solid #000; border-radius: 1mm;
  padding: .6mm 1.5mm; display: flex; align-items: center; justify-content: center; }
.full { grid-column: 1 / -1; }
.halves math { font-size: .95em; } .halves .result { min-width: 16mm; }
.halves .work { min-width: 4mm; }
.key .line, .solved .line { min-height: 0; padding: .5mm 0; align-items: baseline; }
.key .work, .solved .work { display: none; }
.key .result, .solved .result { min-width: 0; min-height: 0; border: 0; padding: 0;
  font-weight: bold; }
footer { margin-top: 5mm; border-top: .75pt solid #000; padding-top: 1.5mm; font-size: 9.5pt;
  break-inside: avoid; display: flex; justify-content: space-between; gap: 8mm; }
@media screen { body { background: #eee; } .sheet { background: #fff; padding: 12mm 14mm;
  width: 210mm; max-width: 100%; box-shadow: 0 0 4mm #0003; } }
@media print { .sheet { margin: 0; max-width: none; }
  .sheet + .sheet { break-before: page; break-before: recto; } }
"""


def page(sheets: Sequence[Sheet], key: bool, paper: str) -> str:
    """Return sheets as one HTML page, each on pages of its own.

    Parameters
    ----------
    sheets : sequence of Sheet
        What stands on them.
    key : bool
        Whether the answers are filled in.
    paper : str
        "A4" or "Letter".
    """
    what = "Answer key" if key else "Worksheet"
    title = f"{what}: {sheets[0].title}"
    rules = "".join(_page_rule(number, sheet, key) for number, sheet in enumerate(sheets, 1))
    bodies = "\n".join(_sheet(number, sheet, key) for number, sheet in enumerate(sheets, 1))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>{STYLE}@page {{ size: {PAPERS[paper]}; margin: 14mm 14mm 16mm; }}\n{rules}</style>"
        f"\n</head>\n<body>\n{bodies}\n</body>\n</html>\n"
    )


def _page_rule(number: int, sheet: Sheet, key: bool) -> str:
    """Return the rule that prints the name and the number of the page below every page."""
    words = f"{sheet.name} · {'answer key' if key else 'worksheet'}".removeprefix(" · ")
    font = 'font: 8.5pt Georgia, "Liberation Serif", serif;'
    return (
        f"@page sheet{number} {{ @bottom-left {{ content: {_css_string(words)}; {font} }} "
        f'@bottom-right {{ content: "page " counter(page); {font} }} }}\n'
        f"#sheet{number} {{ page: sheet{number}; }}\n"
    )


def _css_string(words: str) -> str:
    """Return words as a string in CSS; whatever is no plain letter is written as its number."""
    plain = (c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in words)
    return f'"{"".join(plain)}"'


def _sheet(number: int, sheet: Sheet, key: bool) -> str:
    notation = MathML()
    given = "\n".join(f"<span>{math(equation)}</span>" for equation in sheet.given(notation))
    functions = "".join(
        f"<dt>{escape(name)}</dt><dd>{' '.join(map(math, equations))}</dd>"
        for name, equations in sheet.functions(notation)
    )
    notices = "".join(f'<p class="notice">{escape(notice)}</p>\n' for notice in sheet.notices)
    parts = "\n".join(
        _section(place, section, sheet, key) for place, section in enumerate(sheet.sections, 1)
    )
    return (
        f'<article class="sheet{" key" * key}" id="sheet{number}">\n{_header(sheet, key)}\n'
        f'<h2>Given</h2>\n<div class="given">\n{given}\n</div>\n'
        f'<dl class="functions">{functions}</dl>\n'
        f'<div class="picture">{sheet_picture(sheet.problem, _shown(sheet, key))}</div>\n'
        f"{notices}{parts}\n{_footer(sheet)}\n</article>"
    )


def _header(sheet: Sheet, key: bool) -> str:
    name = f"<bdi>{escape(sheet.name)}</bdi>" if sheet.name else '<span class="write"></span>'
    right = (
        '<span class="key-mark">Answer key</span>'
        if key
        else '<span>Date: <span class="write"></span></span>'
    )
    return (
        f"<header><h1>{escape(sheet.title)}</h1>\n"
        f'<p class="who"><span class="name">Name: {name}</span>{right}</p></header>'
    )


def _footer(sheet: Sheet) -> str:
    check = sheet.control_sum
    words = (
        ""
        if check is None
        else f"To check yourself: all your new weights and biases add up to {check}."
    )
    return f"<footer><span>{escape(words)}</span><span>{escape(sheet.code)}</span></footer>"


def _section(place: int, section: Section, sheet: Sheet, key: bool) -> str:
    solved = section.solved or key
    halves = all(line.target.register[0] not in "ahl" for line in section.lines)
    lines = "\n".join(_line(line, sheet, solved, halves) for line in section.lines)
    task = f"{section.task} This part is done for you." if section.solved else section.task
    classes = "solved" if section.solved else "asked"
    if len(section.lines) <= MOST_LINES_TOGETHER:
        classes += " whole"
    paragraph = f"<p>{escape(task.strip())}</p>\n" if task else ""
    return (
        f'<section class="{classes}">\n'
        f"<h2>{place}. {escape(section.title)}</h2>\n{paragraph}"
        f'<ol class="lines{" halves" * halves}">\n{lines}\n</ol>\n</section>'
    )


def _line(line: Line, sheet: Sheet, solved: bool, half: bool) -> str:
    """Return a line; a solved one gives its symbols only where there is room for both."""
    notation = MathML()
    sides = [notation.symbol(line.target)]
    numbers = sheet.numbers(notation, line) if solved else None
    wide = sheet.problem.exact is None or line.is_condition or line.is_new
    terms = len(list(references(line.expression)))
    half = half and terms <= TERMS_IN_HALF_A_LINE and not line.is_weighted_mean
    short_of_room = numbers is not None and ((half and wide) or terms > TERMS_IN_A_LINE)
    if sheet.formulas and line.has_formula and not short_of_room:
        sides.append(sheet.symbols(notation, line))
    if numbers is not None:
        sides.append(numbers)
    result = '<span class="result" aria-label="write the result here"></span>'
    work = '<span class="work"></span>'
    if solved:
        text = sheet.problem.text(str(line.target))
        result = f'<span class="result">{math(notation.number(text))}</span>'
    equals = math(notation.equals if sheet.problem.exact is not None else notation.nearly)
    formula = math(notation.equation(*sides))
    classes = "line" if half else "line full"
    return f'<li class="{classes}">{formula}{equals}{work}{result}</li>'


def _shown(sheet: Sheet, key: bool) -> frozenset[str]:
    """Return the registers whose numbers stand in the picture."""
    done = {
        line.target.register
        for section in sheet.sections
        if key or section.solved
        for line in section.lines
    }
    return frozenset({"x", *done})
