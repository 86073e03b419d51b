"""Points for a worksheet: for what is right, for what follows, and for known mistakes."""

from __future__ import annotations

from dataclasses import replace

import pytest

import bpviz as bp
from bpviz.worksheets.marking import FOLLOWS, LEFT_OUT, NOT_KNOWN_WHY, RIGHT_NUMBER

SHEET = bp.worksheet("Ada", activations=["sigmoid", "sigmoid"], questions=["backward", "update"])
ASKED = [
    str(line.target) for part in SHEET.sheet.sections if not part.solved for line in part.lines
]


def answers(trace: bp.Trace = SHEET.trace) -> dict[str, float]:
    return {ref: float(trace[ref]) for ref in ASKED}


def why(marks, ref):
    return next((line.points, line.why) for line in marks.lines if line.ref == ref)


def test_the_key_gets_all_points_and_an_empty_sheet_none() -> None:
    full, empty = SHEET.marks(answers()), SHEET.marks({})
    assert (full.points, full.most) == (2 * len(ASKED), 2 * len(ASKED))
    assert str(full) == f"Ada: {full.most} of {full.most} points"
    assert empty.points == 0
    assert {line.why for line in empty.lines} == {LEFT_OUT}


def test_rounding_is_no_mistake() -> None:
    rounded = {ref: f"{value:.4g}" for ref, value in answers().items()}
    assert SHEET.marks(rounded).points == 2 * len(ASKED)


def test_one_mistake_is_paid_for_once() -> None:
    start = SHEET.trace
    rule = replace(start.rule, mistakes=("output_derivative_missing",))
    mistaken = bp.backprop(start.network, start.x, start.y, rule)
    marks = SHEET.marks(answers(mistaken))
    assert why(marks, "d2[0]") == (1, "The derivative is missing in the output's delta")
    for ref in ("gW2[0,0]", "e1[0]", "d1[1]", "gW1[1,0]", "nb1[0]"):
        assert mistaken[ref] != pytest.approx(start[ref], rel=0.01)
        assert why(marks, ref) == (2, FOLLOWS)
    assert marks.points == 2 * len(ASKED) - 1
    assert "  d2[0]    1 of 2  " in str(marks)


def test_a_guess_gets_nothing_and_what_follows_from_it_all() -> None:
    wrong = answers() | {"d1[0]": 7.0}
    x = float(SHEET.trace["x[0]"])
    marks = SHEET.marks(wrong)
    assert why(marks, "d1[0]") == (0, NOT_KNOWN_WHY)
    assert why(marks, "gW1[0,0]") == (
        2,
        RIGHT_NUMBER,
    )  # whatever stands before it
    follows = SHEET.marks(wrong | {"gW1[0,0]": 7.0 * x})
    assert why(follows, "gW1[0,0]") == (2, FOLLOWS)


def test_answers_come_as_numbers_or_as_they_are_written() -> None:
    sheet = bp.worksheet("Ada", numbers="fractions", questions=["forward"])
    text = sheet.sheet.problem.text("a1[0]")
    for written in (text, f" {text} ", float(sheet.trace["a1[0]"])):
        assert why(sheet.marks({"a1[0]": written}), "a1[0]")[0] == 2
    half = bp.worksheet("Ada", questions=["forward"])
    assert why(half.marks({"a1[0]": f"{half.trace['a1[0]']:g}".replace(".", ",")}), "a1[0]")[0] == 2


def test_the_scheme_has_each_number_with_its_points_and_what_gets_a_part() -> None:
    scheme = SHEET.marking_scheme()
    assert f"<h1>Marking scheme: <bdi>Ada</bdi>, {2 * len(ASKED)} points</h1>" in scheme
    assert scheme.count('<td class="number">2</td>') == len(ASKED)
    assert "</math> · The derivative is missing in the output&#x27;s delta" in scheme
    assert "Forward pass" not in scheme  # that part was given
    both = bp.worksheet(names=["Ada <b>", "Bob"]).marking_scheme()
    assert both.count("<article>") == 2
    assert "Ada &lt;b&gt;" in both


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (5, TypeError, "answers is 5; give a mapping"),
        ({"a1[0]": 1}, ValueError, r"answers has 'a1\[0\]', which is not asked for; asked are s2"),
        ({"d2[0]": "many"}, ValueError, r"answers\['d2\[0\]'\] is 'many'; give a number such as"),
        ({"d2[0]": "1/0"}, ValueError, "give a number such as"),
        ({"d2[0]": "inf"}, ValueError, "give a number such as"),
        ({"d2[0]": [1]}, TypeError, r"answers\['d2\[0\]'\] is \[1\]; give one number"),
    ],
    ids=str,
)
def test_errors_say_what_came_and_what_to_give(given, error, message):
    with pytest.raises(error, match=message):
        SHEET.marks(given)
