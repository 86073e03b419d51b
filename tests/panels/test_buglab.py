"""The Python side of the bug lab."""

from __future__ import annotations

import re

import numpy as np
import pytest

import bpviz as bp
from bpviz.core.update.tape import Trace
from bpviz.explain.program import Program
from bpviz.panels.bug_lab import BugLab, differences


@pytest.fixture
def lab():
    return BugLab(bp.presets.xor())


def send(panel, **content):
    """Act as the browser: send a message to the panel."""
    panel._receive(panel, content, [])


def test_it_opens_on_the_lecture_as_written(lab):
    assert lab.mistakes == ("relu_derivative_from_activation",)
    assert (lab.rule.update, lab.rule.train_biases) == ("dirty", False)
    losses = np.frombuffer(lab._losses, "<f8")
    assert (losses[0], losses[-1]) == (0.6390650461887798, 0.5166529306773665)
    assert np.frombuffer(lab._right_losses, "<f8")[-1] < losses[-1]


def test_the_first_difference_is_opened(lab):
    # Both units are on for the first sample, so the mask makes no difference there.
    assert lab.differences[0] == "ub2"
    lab.frame = 1
    assert lab.differences[0] == lab.selection
    assert lab.program.steps("layer")[lab.cursor - 1].writes == (lab.differences[0],)


def test_a_single_mistake_changes_what_it_says_and_what_follows(lab):
    lab.rule = bp.Rule(learning_rate=0.01, mistakes=("relu_derivative_from_activation",))
    lab.frame = 3
    assert float(lab.trace["a1[0]"]) < 0
    assert lab.differences[:2] == ("s1", "d1")
    assert lab.selection == "s1"
    assert [row["ref"] for row in lab._checks[3] if row["failed"]] != []


def test_without_a_mistake_nothing_differs_and_the_check_passes(lab):
    lab.rule = lab.example.corrected
    assert lab.differences == ()
    assert not any(row["failed"] for rows in lab._checks for row in rows)
    assert np.array_equal(np.frombuffer(lab._losses), np.frombuffer(lab._right_losses))
    assert repr(lab) == "BugLab(2-2-1 network on XOR; no mistake; first difference: none)"


def test_the_browser_switches_mistakes(lab):
    send(
        lab, kind="rule", mistakes=["error_sign_flipped"], update="simultaneous", train_biases=True
    )
    assert lab._error == ""
    assert lab.mistakes == ("error_sign_flipped",)
    assert [choice["name"] for choice in lab._mistake_choices if choice["on"]] == [
        "error_sign_flipped"
    ]
    send(lab, kind="rule", mistakes=["no_such"])
    assert "mistakes has 'no_such'" in lab._error
    assert lab.mistakes == ("error_sign_flipped",)


def test_a_mistake_that_cannot_show_says_why(lab):
    reasons = {choice["name"]: choice["reason"] for choice in lab._mistake_choices}
    assert reasons["relu_derivative_from_activation"] == ""
    assert "needs" in reasons["derivative_at_activation"]


def test_a_wrong_rule_is_refused(lab):
    with pytest.raises(TypeError, match=r"rule is dict; give a bpviz\.Rule"):
        lab.rule = {"update": "dirty"}
    with pytest.raises(TypeError, match="source is Network; give an Example"):
        BugLab(lab.example.network)


@pytest.mark.parametrize(
    ("mistakes", "words"),
    [
        (5, "mistakes is 5; give a tuple of names, or ()"),
        ("slope", "mistakes is 'slope'; give a tuple of names, ('slope',)"),
        (["slope"], "mistakes has 'slope'; known mistakes are "),
        (None, "mistakes is None"),
    ],
)
def test_mistakes_that_are_none_change_nothing(lab, mistakes, words):
    before = lab.mistakes
    with pytest.raises((TypeError, ValueError), match=re.escape(words)):
        lab.mistakes = mistakes
    assert lab.mistakes == before


@pytest.mark.parametrize("name", list(bp.mistakes))
def test_every_mistake_can_be_switched_on(lab, name):
    rule = bp.Rule(learning_rate=0.01, mistakes=(name,))
    lab.rule = rule
    reason = next(c["reason"] for c in lab._mistake_choices if c["name"] == name)
    if reason:
        assert lab.differences == ()


def test_the_browser_hears_which_of_its_messages_is_answered(lab):
    sent = []
    lab.send = lambda content, _: sent.append(content)
    send(lab, kind="rule", id=7, mistakes=[])
    assert (sent, lab.mistakes) == ([{"kind": "rule", "id": 7, "why": ""}], ())
    send(lab, kind="rule", id=8, mistakes=["no_such"])
    assert (sent[1]["id"], sent[1]["why"], lab.mistakes) == (8, lab._error, ())
    assert "no_such" in lab._error
    send(lab, kind="rule", id=9, mistakes=["error_sign_flipped"])
    assert lab._error == ""


def test_a_place_that_the_browser_chose_stays(lab):
    lab.set_state({"frame": 1, "cursor": 5, "selection": ""})
    assert (lab.frame, lab.cursor, lab.selection) == (1, 5, "")
    lab.set_state({"depth": "term", "cursor": 8})
    assert (lab.depth, lab.cursor) == ("term", 8)


def test_registers_that_differ_are_found_among_numbers_that_are_not_finite(lab):
    right = lab.right_trace
    row = right.row.copy()
    row[right.layout.slot("a1[0]")] = np.nan
    row[right.layout.slot("h1[1]")] = np.inf
    wrong = Trace(right.network, right.rule, right.layout, row)
    program = Program(right.network, right.rule)
    assert differences(program, wrong, right) == [("a1", None), ("h1", None)]
    assert differences(program, wrong, wrong) == []
