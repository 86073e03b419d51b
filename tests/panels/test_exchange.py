"""What the browser says and Python answers: one list on both sides, and nothing is left over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import bpviz as bp
from bpviz.panels import exchange, messages

MESSAGES = Path(bp.__file__).parent / "frontend/src/protocol/messages.ts"

EXAMPLES = {
    "frames": {"start": 3},
    "views": {"epoch": 2, "update": 1, "output": 0, "refs": ["W1[0,0]"], "frame": 3},
    "trajectories": {"register": "W1", "also": "b2[0]"},
    "edit": {"ref": "W1[0,0]", "value": 0.5, "begin": True, "frame": 0, "sample": 0},
    "rule": {"mistakes": [], "update": "simultaneous", "train_biases": True},
    "pace": {"pace": 4.0},
    "new_start": {"seed": 3},
    "settings": {"settings": {"learning_rate": 0.5}},
    "unpin": {"index": 0},
}
"""What messages hold that hold anything."""


def panels():
    return {
        "step": bp.StepPanel(bp.presets.xor()),
        "training": bp.TrainingPanel(bp.presets.xor()),
        "lab": bp.BugLab(bp.presets.xor()),
    }


def interface(name):
    """Return the fields of an interface of messages.ts, each with its type."""
    text = re.sub(
        r"/\*\*.*?\*/|//[^\n]*", "", MESSAGES.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    return members(text[text.index(f"interface {name} {{") + len(f"interface {name} {{") :])


def members(text):
    """Return the members of the object type whose brace is open before a text."""
    parts, depth, start = {}, 0, 0
    for place, character in enumerate(text):
        depth += (character in "{[(") - (character in "}])")
        if (character == ";" and not depth) or depth < 0:
            name, colon, kind = text[start:place].partition(":")
            if colon:
                parts[name.strip().rstrip("?")] = kind.strip()
            start = place + 1
        if depth < 0:
            return parts
    raise ValueError(f"no object type begins before {text[:60]!r}")


def fields(kind):
    """Return the names of the fields of a type of messages.ts."""
    if kind == "Nothing":
        return set()
    return set(members(kind[1:]) if kind.startswith("{") else interface(kind))


def listed(place):
    """Return the fields of what Python's messages hold (0), or of their answers (1)."""
    handlers = get_type_hints(messages.Handlers)
    return {
        kind: set(get_type_hints(get_args(handler)[place])) for kind, handler in handlers.items()
    }


def test_typescript_and_python_have_the_same_list_of_messages():
    text = MESSAGES.read_text(encoding="utf-8")
    told = text[text.index("export const MANNERS") :]
    manners = dict(re.findall(r'^  (\w+): "(ask|change|note)",$', told, re.MULTILINE))
    assert manners == messages.MANNERS
    assert len(manners) == 21
    assert get_args(messages.Kind) == tuple(manners)


def test_typescript_and_python_have_the_same_fields_in_messages_and_answers():
    held, answers = interface("Messages"), interface("Answers")
    kinds = list(messages.MANNERS)
    assert [list(held), list(answers), list(listed(0))] == [kinds, kinds, kinds]
    assert {kind: fields(one) for kind, one in held.items()} == listed(0)
    assert {kind: fields(one) for kind, one in answers.items()} == listed(1)
    assert listed(0)["edit"] == {"ref", "value", "begin", "frame", "sample"}
    assert listed(1)["trajectories"] == {"refs", "total", "registers"}
    assert listed(0)["undo"] == listed(1)["edit"] == set()
    assert fields("Settings") == set(get_type_hints(messages.RunSettings))


def test_typescript_and_python_have_the_same_list_of_what_is_said_unasked():
    reports = get_type_hints(messages.Reports)
    told = {kind: fields(one) for kind, one in interface("Reports").items()}
    assert told == {kind: set(get_type_hints(one)) for kind, one in reports.items()}
    assert told == {"progress": {"updates", "first_epoch"}}


def said(panel, content):
    """Return all that a panel says to a message; messages of the browser have a number."""
    sent = []
    panel.send = lambda content, _buffers: sent.append(content)
    panel._receive(panel, {"id": 7, **content}, [])
    assert panel._error == ""
    return sent


@pytest.mark.parametrize("kind", [kind for kind in messages.MANNERS if kind != "seen"])
def test_a_message_with_all_its_fields_is_answered_with_the_listed_ones(kind):
    opened = panels()
    panel = next(one for one in opened.values() if kind in one._answers())
    if kind == "unpin":
        panel.pin()
    content = EXAMPLES.get(kind, {})
    assert set(content) == listed(0)[kind]
    answers = [one for one in said(panel, {"kind": kind, **content}) if one["kind"] == kind]
    panel.close()
    [answer] = answers
    about = {"kind", "id", "why"}
    assert (answer["kind"], answer["id"], answer["why"]) == (kind, 7, "")
    assert set(answer) - about == listed(1)[kind]


def test_a_report_has_the_listed_fields_and_no_number():
    panel = panels()["training"]
    sent = []
    panel.send = lambda content, _buffers: sent.append(content)
    panel._report()
    [report] = sent
    assert report.pop("kind") == "progress"
    assert set(report) == set(get_type_hints(messages.RunProgress))
    assert set(panel._settings) == set(get_type_hints(messages.RunSettings))


def test_every_message_is_answered_by_some_panel():
    answered = {name: set(panel._answers()) for name, panel in panels().items()}
    assert set().union(*answered.values()) == set(messages.MANNERS)
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
