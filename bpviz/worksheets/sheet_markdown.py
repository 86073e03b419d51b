"""Worksheets as Markdown with LaTeX, for notebooks and for whoever edits them further."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpviz.explain.latex import Latex
from bpviz.worksheets.sheet import Line, Section, Sheet

BLANK = r"\underline{\hspace{5em}}"
LINE_FOR_A_NAME = r"\_" * 30
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$^:=@/])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def markdown(sheets: Sequence[Sheet], key: bool) -> str:
    """Return sheets as one Markdown text.

    Parameters
    ----------
    sheets : sequence of Sheet
        What stands on them.
    key : bool
        Whether the answers are filled in.
    """
    return "\n---\n\n".join(_sheet(sheet, key) for sheet in sheets)


def plain_text(words: str) -> str:
    """Return words so that Markdown shows them as they are."""
    escaped = _SPECIAL.sub(r"\\\1", words)
    return "".join(_ENTITIES.get(character, character) for character in escaped)


def _sheet(sheet: Sheet, key: bool) -> str:
    notation = Latex()
    given = [f"${equation}$" for equation in sheet.given(notation)]
    functions = [
        f"- {name}: " + ", ".join(f"${equation}$" for equation in equations)
        for name, equations in sheet.functions(notation)
    ]
    lines = [
        f"# {sheet.title}" + " — answer key" * key,
        "",
        f"Name: {plain_text(sheet.name) or LINE_FOR_A_NAME}",
        "",
        "## Given",
        "",
        ", ".join(given),
        "",
        *functions,
        "",
    ]
    for notice in sheet.notices:
        lines += [f"> {notice}", ""]
    for place, section in enumerate(sheet.sections, 1):
        lines += _section(place, section, sheet, key)
    if sheet.control_sum is not None:
        total = notation.number(sheet.control_sum)
        lines += [f"To check yourself: all your new weights and biases add up to ${total}$.", ""]
    return "\n".join([*lines, f"*{sheet.code}*", ""])


def _section(place: int, section: Section, sheet: Sheet, key: bool) -> list[str]:
    task = f"{section.task} This part is done for you." if section.solved else section.task
    lines = [f"## {place}. {section.title}", ""]
    if task:
        lines += [task.strip(), ""]
    lines += [f"- ${_line(line, sheet, section.solved or key)}$" for line in section.lines]
    return [*lines, ""]


def _line(line: Line, sheet: Sheet, solved: bool) -> str:
    notation = Latex()
    sides = [notation.symbol(line.target)]
    numbers = sheet.numbers(notation, line) if solved else None
    if sheet.formulas and line.has_formula and not (numbers and line.is_condition):
        sides.append(sheet.symbols(notation, line))
    if numbers is not None:
        sides.append(numbers)
    result = BLANK
    if solved:
        text = notation.number(sheet.problem.text(str(line.target)))
        result = rf"\mathbf{{{text}}}"
    equals = notation.equals if sheet.problem.exact is not None else notation.nearly
    return f"{notation.equation(*sides)} {equals} {result}"
