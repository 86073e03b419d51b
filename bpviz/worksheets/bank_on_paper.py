"""Question banks on paper: pages to print, and Markdown, each with its key."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bpviz.explain.latex import Latex
from bpviz.explain.mathml import MathML, math
from bpviz.worksheets.bank import ANSWER_LETTERS, BankQuestion
from bpviz.worksheets.sheet_html import PAPERS

TITLE = "Backpropagation: which number?"
TASK = "One of the four numbers is right. The others come out if a well-known mistake is made."

BANK_STYLE = """
* { box-sizing: border-box; }
@media screen { body { padding: 10mm 6mm; } }
body { margin: 0 auto; max-width: 182mm; background: #fff; color: #000; color-scheme: light;
  font: 11pt/1.4 Georgia, "Liberation Serif", "DejaVu Serif", serif; }
h1 { font-size: 16pt; margin: 0 0 2mm; border-bottom: 1.5pt solid #000; padding-bottom: 2mm; }
section { break-inside: avoid; margin: 5mm 0 7mm; }
h2 { font-size: 12pt; margin: 0 0 1mm; break-after: avoid; }
p { margin: 1mm 0; }
.given { display: flex; flex-wrap: wrap; gap: 1.5mm 5mm; align-items: center; margin: 2mm 0; }
ol { list-style: none; margin: 2mm 0 0; padding: 0; display: grid; gap: 1mm 6mm;
  grid-template-columns: repeat(4, 1fr); }
.key ol { grid-template-columns: 1fr; }
.box { display: inline-block; width: 4.5mm; height: 4.5mm; border: 1pt solid #000;
  vertical-align: -0.8mm; margin-right: 2mm; text-align: center; line-height: 4.2mm; }
.right { font-weight: bold; }
footer { border-top: .75pt solid #000; padding-top: 1mm; font-size: 9.5pt; }
"""


def bank_page(questions: Sequence[BankQuestion], key: bool, paper: str, code: str) -> str:
    """Return questions as one page to print; in the key each answer says what leads to it."""
    bodies = "\n".join(_section(question, key) for question in questions)
    title = f"{TITLE} — answer key" if key else TITLE
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{BANK_STYLE}"
        f"@page {{ size: {PAPERS[paper]}; margin: 14mm 14mm 16mm; }}</style>\n</head>\n"
        f'<body class="{"key" if key else "blank"}">\n<h1>{title}</h1>\n<p>{TASK}</p>\n{bodies}\n'
        f"<footer>{escape(code)}</footer>\n</body>\n</html>\n"
    )


def _section(question: BankQuestion, key: bool) -> str:
    notation = MathML()
    given = "\n".join(f"<span>{math(equation)}</span>" for equation in question.given(notation))
    before, after = question.asks("\0").split("\0")
    asked = f"{escape(before)}{math(question.symbol(notation))}{escape(after)}"
    answers = []
    for letter, answer in zip(ANSWER_LETTERS, question.answers, strict=True):
        chosen = key and answer.is_right
        box = f'<span class="box" aria-hidden="true">{"✓" if chosen else ""}</span>'
        because = f" · {escape(answer.because)}" if key else ""
        classes = ' class="right"' if chosen else ""
        number = math(notation.number(answer.text))
        answers.append(f"<li{classes}>{box}{letter}: {number}{because}</li>")
    return (
        f"<section>\n<h2>{question.number}.</h2>\n<p>{escape(question.network_in_words)}</p>\n"
        f'<div class="given">\n{given}\n</div>\n<p>{asked}</p>\n'
        f"<ol>{''.join(answers)}</ol>\n</section>"
    )


def bank_markdown(questions: Sequence[BankQuestion], key: bool, code: str) -> str:
    """Return questions as Markdown with LaTeX."""
    notation = Latex()
    lines = [f"# {TITLE}" + " — answer key" * key, "", TASK, ""]
    for question in questions:
        given = ", ".join(f"${equation}$" for equation in question.given(notation))
        lines += [f"## {question.number}.", "", question.network_in_words, "", given, ""]
        lines += [question.asks(f"${question.symbol(notation)}$"), ""]
        for letter, answer in zip(ANSWER_LETTERS, question.answers, strict=True):
            mark = "x" if key and answer.is_right else " "
            because = f" · {answer.because}" if key else ""
            lines.append(f"- [{mark}] {letter}: ${notation.number(answer.text)}${because}")
        lines.append("")
    return "\n".join([*lines, f"*{code}*", ""])
