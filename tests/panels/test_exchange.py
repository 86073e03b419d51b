"""What the browser says and Python answers: one list on both sides, and nothing is left over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import bpviz as bp
from bpviz.panels import exchange

MESSAGES = Path(bp.__file__).parent / "frontend/src/protocol/messages.ts"


def panels():
    return {
        "step": bp.StepPanel(bp.presets.xor()),
        "training": bp.TrainingPanel(bp.presets.xor()),
        "lab": bp.BugLab(bp.presets.xor()),
    }


def test_typescript_and_python_have_the_same_list_of_messages():
    text = MESSAGES.read_text(encoding="utf-8")
    listed = text[text.index("export const MANNERS") :]
    manners = dict(re.findall(r'^  (\w+): "(ask|change|note)",$', listed, re.MULTILINE))
    assert manners == exchange.MANNERS
    assert len(manners) == 21
    held = text[text.index("export interface Messages") : text.index("export type Kind")]
    assert re.findall(r"^  (\w+): ", held, re.MULTILINE) == list(manners)
    assert get_args(exchange.Kind) == tuple(manners)


def test_every_message_is_answered_by_some_panel():
    answered = {name: set(panel._answers()) for name, panel in panels().items()}
    assert set().union(*answered.values()) == set(exchange.MANNERS)
    assert answered["step"] == {"hello", "edit", "undo", "redo", "reset"}
    assert answered["lab"] == {"hello", "rule"}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"kind": "dance"}, "unknown kind 'dance'"),
        ({"kind": ["edit"]}, r"unknown kind \['edit'\]"),
        ("edit", "unknown kind None"),
    ],
)
def test_what_is_no_message_is_refused(content, error):
    sent = []
    with pytest.raises(ValueError, match=error):
        exchange.Exchange({}, lambda *message: sent.append(message)).receive(content)
    assert sent == []


def test_a_note_has_no_answer_and_everything_else_has_one_with_its_number():
    sent = []
    handlers = {"seen": lambda _: None, "pin": lambda _: None, "undo": lambda _: 1 / 0}
    answers = exchange.Exchange(handlers, lambda content, _: sent.append(content))
    answers.receive({"kind": "seen"})
    answers.receive({"kind": "pin", "id": 4})
    with pytest.raises(ZeroDivisionError):
        answers.receive({"kind": "undo", "id": 5})
    assert sent == [
        {"kind": "pin", "id": 4, "why": ""},
        {"kind": "undo", "id": 5, "why": "division by zero"},
    ]
