"""Question banks for learning platforms: Moodle's XML, and GIFT, which several of them read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from bpviz.explain.latex import Latex
from bpviz.worksheets.bank import BankAnswer, BankQuestion

CATEGORY = "Backpropagation"
_SPECIAL_IN_GIFT = re.compile(r"([\\~=#{}:])")


def moodle_xml(questions: Sequence[BankQuestion]) -> str:
    r"""Return questions as Moodle reads them; formulas stand in \( … \), for its MathJax filter."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
        '<question type="category"><category>'
        f"<text>$course$/top/{CATEGORY}</text></category></question>\n"
        f"{''.join(map(_moodle_question, questions))}</quiz>\n"
    )


def _moodle_question(question: BankQuestion) -> str:
    answers = "".join(map(_moodle_answer, question.answers))
    return (
        '<question type="multichoice">\n'
        f"<name><text>{escape(question.title)}</text></name>\n"
        f'<questiontext format="html"><text>{escape(_html(question))}</text></questiontext>\n'
        "<defaultgrade>1</defaultgrade>\n<penalty>0.3333333</penalty>\n<single>true</single>\n"
        "<shuffleanswers>true</shuffleanswers>\n<answernumbering>ABCD</answernumbering>\n"
        f"{answers}</question>\n"
    )


def _moodle_answer(answer: BankAnswer) -> str:
    return (
        f'<answer fraction="{100 if answer.is_right else 0}" format="html">'
        f"<text>{escape(_inline(Latex().number(answer.text)))}</text>"
        f'<feedback format="html"><text>{escape(escape(answer.because, quote=False))}</text>'
        "</feedback></answer>\n"
    )


def gift(questions: Sequence[BankQuestion]) -> str:
    """Return questions in the GIFT format, a blank line between any two."""
    return "\n".join(map(_gift_question, questions))


def _gift_question(question: BankQuestion) -> str:
    lines = [f"::{_plain(question.title)}::[html]{_plain(_html(question))} {{"]
    for answer in question.answers:
        sign = "=" if answer.is_right else "~"
        number, because = _plain(_inline(Latex().number(answer.text))), _plain(answer.because)
        lines.append(f"\t{sign}{number}#{because}")
    return "\n".join([*lines, "}", ""])


def _plain(text: str) -> str:
    """Return a text in which nothing is a sign of GIFT."""
    return _SPECIAL_IN_GIFT.sub(r"\\\1", text)


def _html(question: BankQuestion) -> str:
    notation = Latex()
    given = " ".join(map(_inline, question.given(notation)))
    asked = escape(question.asks(_inline(question.symbol(notation))), quote=False)
    network = escape(question.network_in_words, quote=False)
    return f"<p>{network}</p><p>{given}</p><p>{asked}</p>"


def _inline(formula: str) -> str:
    return rf"\({escape(formula, quote=False)}\)"
