"""Questions with four answers, three of which named mistakes lead to."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest

import bpviz as bp
from bpviz import cli
from bpviz.explain.numbers import number_text
from bpviz.formula import h, y

BANK = bp.question_bank(12, seed=3)


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_right_answer_is_that_of_an_update_and_there_is_one() -> None:
    for question in BANK:
        (right,) = (answer for answer in question.answers if answer.is_right)
        start = question.problem.trace
        again = bp.backprop(start.network, start.x, start.y, start.rule)
        assert right.text == number_text(again[question.ref], 4)
        assert question.answers["ABCD".index(question.right)] is right


def test_each_wrong_answer_is_what_its_mistake_gives_in_a_whole_update() -> None:
    found = 0
    for question in BANK:
        start = question.problem.trace
        for answer in question.answers:
            for name in answer.mistakes:
                rule = replace(start.rule, mistakes=(name,))
                whole = bp.backprop(start.network, start.x, start.y, rule)[question.ref]
                found += number_text(whole, 4) == answer.text
    # The others are made in one layer or in one step only.
    assert found > 0.8 * 3 * len(BANK)


def test_the_four_answers_cannot_be_taken_for_each_other() -> None:
    for question in BANK:
        assert len({answer.text for answer in question.answers}) == 4
        for one, other in combinations([number(a.text) for a in question.answers], 2):
            assert abs(one - other) > 0.004 * max(abs(one), abs(other))
        names = [name for answer in question.answers for name in answer.mistakes]
        assert len(names) == len(set(names))


def test_what_is_asked_and_the_mistakes_take_turns() -> None:
    asked = Counter(re.match("[a-z]+[Wb]?", question.ref)[0] for question in BANK)  # type: ignore[index]
    assert asked == {"d": 2, "gW": 2, "nW": 2, "e": 2, "gb": 2, "nb": 2}
    made = Counter(a.mistakes[0] for q in BANK for a in q.answers if a.mistakes)
    assert len(made) >= 10
    assert max(made.values()) <= 5


def test_the_seed_decides() -> None:
    assert bp.question_bank(3, seed=3).moodle_xml() == bp.question_bank(3, seed=3).moodle_xml()
    assert bp.question_bank(3, seed=3).moodle_xml() != bp.question_bank(3, seed=4).moodle_xml()
    assert repr(BANK) == "QuestionBank(12 questions, bpviz question bank, seed 3)"
    places = Counter(question.right for question in BANK)
    assert set(places) == set("ABCD")


def test_moodle_gets_questions_with_one_right_answer_and_what_to_say_of_each() -> None:
    quiz = ET.fromstring(BANK.moodle_xml())
    category, *questions = quiz.findall("question")
    assert category.findtext("category/text") == "$course$/top/Backpropagation"
    assert len(questions) == 12
    for question, made in zip(questions, BANK, strict=True):
        assert question.get("type") == "multichoice"
        fractions = [answer.get("fraction") for answer in question.findall("answer")]
        assert sorted(fractions) == ["0", "0", "0", "100"]
        said = [answer.findtext("feedback/text") or "" for answer in question.findall("answer")]
        assert [unescape(text) for text in said] == [answer.because for answer in made.answers]
        text = question.findtext("questiontext/text") or ""
        assert Tags(text).found == ["p", "p", "p"]
        assert Tags(text).words.count(r"\(") == Tags(text).words.count(r"\)") > 8


class Tags(HTMLParser):
    """The tags of a text in HTML, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.found.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_gift_has_no_sign_in_a_text_that_is_not_escaped() -> None:
    blocks = BANK.gift().strip().split("\n\n")
    assert len(blocks) == 12
    for block in blocks:
        bare = re.sub(r"\\.", "", block)  # what is escaped
        form = r"::[^:=~#{}]*::\[html\][^:=~#{}]* \{\n(\t[=~][^:=~#{}]*#[^:=~#{}]*\n){4}\}"
        assert re.fullmatch(form, bare)
        assert len(re.findall(r"^\t=", block, re.MULTILINE)) == 1
        lines = [re.sub(r"\\(.)", r"\1", line) for line in block.splitlines()[1:5]]
        assert all(re.match(r"\t[=~]\\\(-?[\d.]+\\\)#", line) for line in lines)


def test_the_blank_page_gives_nothing_away_and_the_key_all() -> None:
    blank, key = BANK.html(), BANK.html(key=True)
    assert "✓" not in blank
    assert 'class="right"' not in blank
    assert key.count('<li class="right">') == 12
    assert key.count("✓") == 12
    assert "The sign of the error is flipped" in key
    assert "flipped" not in blank
    assert set(re.findall(r"https?://[^\"]*", key)) == {"http://www.w3.org/1998/Math/MathML"}
    assert BANK.markdown().count("- [ ] ") == 48
    assert key.count("</math> · ") == BANK.markdown(key=True).count("$ · ") == 48
    assert BANK.markdown(key=True).count("- [x] ") == 12
    assert blank.count("<mi>L</mi><mo>=</mo><mrow><mn>0.5</mn>") == 12  # whose half matters


def test_a_network_without_three_mistakes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpviz.worksheets.bank.WRONG_ANSWERS", 20)
    with pytest.raises(ValueError, match="sizes and activations give a 2-2-1 network in which no"):
        bp.question_bank(1)


def test_softmax_is_asked_with_the_cross_entropy() -> None:
    bank = bp.question_bank(2, sizes=(2, 2, 3), activations=["tanh", "softmax"])
    assert "tanh in layer 1 and softmax in layer 2" in bank.html()
    assert bank.questions[0].problem.trace.network.loss is bp.cross_entropy


@pytest.mark.parametrize(
    "loss", ["binary_cross_entropy", bp.Loss("quartic", (h - y) ** 4)], ids=str
)
def test_another_loss_is_asked(loss: bp.Loss | str) -> None:
    bank = bp.question_bank(4, loss=loss)
    assert {str(one.problem.trace.network.loss) for one in bank} == {str(loss)}
    for question in bank:
        right = next(answer.text for answer in question.answers if answer.is_right)
        assert right == number_text(float(question.problem.trace[question.ref]), 4)


def test_the_command_writes_by_the_name_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = bp.question_bank(2, seed=5)
    texts = {
        "bank.xml": bank.moodle_xml(),
        "bank.gift": bank.gift(),
        "bank.html": bank.html(),
        "bank.md": bank.markdown(),
    }
    for name, text in texts.items():
        command = ["bank", "-o", str(tmp_path / name), "--count", "2", "--seed", "5"]
        assert cli.main(command) == 0
        assert (tmp_path / name).read_text(encoding="utf-8") == text
    assert cli.main([*command, "--key"]) == 1
    assert "--overwrite replaces it" in capsys.readouterr().err
    assert cli.main([*command, "--key", "--overwrite"]) == 0
    assert (tmp_path / name).read_text(encoding="utf-8") == bank.markdown(key=True)
    assert cli.main(["bank", "-o", str(tmp_path / "one.gift"), "--count", "1"]) == 0
    assert capsys.readouterr().out.endswith("one.gift: 1 question\n")
    assert cli.main(["bank", "-o", str(tmp_path / "key.xml"), "--key"]) == 1
    assert "key is True, and a .xml file has the answers anyway" in capsys.readouterr().err
    assert not (tmp_path / "key.xml").exists()
    assert cli.main(["bank", "-o", str(tmp_path / "bank.pdf")]) == 1
    assert "let its name end with one of .xml (Moodle XML), .gift" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"count": 0}, ValueError, "count must be at least 1"),
        ({"count": 501}, ValueError, "count is 501; give at most 500"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"paper": "A5"}, ValueError, "paper is 'A5'"),
        ({"rule": bp.Rule(mistakes=("batch_summed",))}, ValueError, "an answer key must be right"),
    ],
    ids=str,
)
def test_errors_say_what_came_and_what_to_give(options, error, message):
    with pytest.raises(error, match=message):
        bp.question_bank(**{"count": 1, **options})
