"""Predictions in the step panel: what is asked, what Python knows of the answers."""

from __future__ import annotations

import json

import pytest

import bpviz as bp


@pytest.fixture
def panel():
    return bp.StepPanel(bp.presets.xor(), predict=["d1", "nW2[0,1]"])


def answer(panel, **given):
    """Act as the browser: set the answers, named by set and ref."""
    names = {name.replace("_", "/", 1): one for name, one in given.items()}
    say(panel, {"version": panel._given["version"], "round": 0, "given": names})


def say(panel, answers, **more):
    panel.set_state({"_given": answers, **more})


def answers_of(*tries, state="right", hints=0):
    return {"state": state, "tries": list(tries), "hints": hints}


def test_a_panel_asks_nothing_by_default():
    panel = bp.StepPanel(bp.presets.xor())
    assert (panel._questions, panel._given) == ({}, {})
    assert panel.progress.questions == ()
    panel.cursor = len(panel)
    assert panel.cursor == len(panel)


def test_each_frame_is_asked_for_and_all_that_the_browser_needs_travels_at_once(panel):
    data = json.loads(json.dumps(panel._questions, allow_nan=False))
    assert [[one["ref"] for one in each] for each in data["sets"]] == [
        ["nW2[0,1]", "d1[0]", "d1[1]"]
    ] * 4
    names = {name for one in data["variants"] for name in one.get("mistakes", [])}
    assert names == set(data["mistakes"])
    wrong = [w for each in data["sets"] for one in each for w in one["wrong"]]
    # Their numbers follow from their formulas; what remains are slips.
    assert all(w["slip"] in {"sign", "other", "without"} for w in wrong)
    assert data["mistakes"]["error_sign_flipped"] == {
        key: getattr(bp.mistakes["error_sign_flipped"], key)
        for key in ("title", "change", "notice")
    } | {"right_because": ""}
    assert data["fading"] is False


def test_only_formulas_that_lead_to_what_is_asked_travel():
    panel = bp.StepPanel(bp.presets.three_two_one(), predict="nW2[0,0]")
    variants = panel._questions["variants"]
    written = {formula["writes"] for one in variants for formula in one["formulas"]}
    assert {"d2", "gW2", "nW2"} < written
    assert written.isdisjoint({"e1", "s1", "d1", "gW1", "uW1", "nW1"})


def test_the_errors_of_predict_come_before_the_panel():
    with pytest.raises(ValueError, match="predict has 'W1', which is given from the start"):
        bp.StepPanel(bp.presets.xor(), predict="W1")
    with pytest.raises(TypeError, match="predict is 3"):
        bp.StepPanel(bp.presets.xor(), predict=3)


def test_the_cursor_stops_at_a_question_until_it_is_answered(panel):
    panel.cursor = 30
    assert panel.cursor == 14  # nW2 comes before d1: the update is dirty
    answer(panel, **{"0_nW2[0,1]": answers_of("-0.09112")})
    panel.cursor = 30
    assert panel.program.steps("unit")[panel.cursor - 1].writes == ("d1[0]",)
    answer(
        panel,
        **{
            "0_nW2[0,1]": answers_of("-0.09112"),
            "0_d1[0]": answers_of(state="shown"),
            "0_d1[1]": answers_of("0.085"),
        },
    )
    panel.cursor = 30
    assert panel.cursor == 30
    panel.frame = 2
    assert panel.cursor == 14
    panel.depth = "layer"
    assert panel.program.steps("layer")[panel.cursor - 1].writes == ("nW2",)


def test_what_the_browser_chooses_stays(panel):
    given = {
        "version": panel._given["version"],
        "round": 0,
        "given": {"0/nW2[0,1]": answers_of("-0.09112")},
    }
    panel.set_state({"cursor": 20, "_given": given})
    assert panel.cursor == 20


def test_progress_says_what_was_answered(panel):
    assert repr(panel.progress) == (
        "Progress(12 questions: 0 answered, 0 of them at the first try, 0 shown, 12 open)"
    )
    answer(
        panel,
        **{
            "0_nW2[0,1]": answers_of("-0.091"),
            "0_d1[0]": answers_of("1", "0.098", hints=1),
            "1_d1[0]": answers_of("7", state="shown", hints=2),
            "2_d1[1]": answers_of("-1", state="open"),
        },
    )
    progress = panel.progress
    assert (progress.answered, progress.right_at_first) == (2, 1)
    assert (progress.revealed, progress.open) == (1, 9)
    one = progress.questions[1]
    assert (one.ref, one.kind, one.frame, one.tries, one.hints) == ("d1[0]", "number", 0, 2, 1)
    assert one.answers == ("1", "0.098")
    assert one.value == pytest.approx(0.09809116)
    assert str(progress).splitlines() == [
        "Progress(12 questions: 2 answered, 1 of them at the first try, 1 shown, 9 open)",
        "    example 1  nW2[0,1]  number  right at try 1 (−0.09112): -0.091",
        "    example 1  d1[0]  number  right at try 2 (0.09809): 1, 0.098",
        "    example 2  d1[0]  number  shown, 1 wrong (−0.0818): 7",
        "    example 3  d1[1]  number  open, 1 wrong: -1",
    ]


def test_progress_can_be_observed(panel):
    seen = []
    panel.observe(lambda change: seen.append(change["new"].answered), "progress")
    answer(panel, **{"0_d1[0]": answers_of("0.098")})
    panel.reset_predictions()
    assert seen == [1, 0]


def test_answers_are_checked_and_kept_as_text(panel):
    answer(
        panel,
        **{
            "0_d1[0]": {"state": "<b>", "tries": ["<img src=x>", 7, "9" * 1000], "hints": -4},
            "0_d1[1]": "right",
            "7_d9[0]": answers_of("1"),
        },
    )
    given = panel._given["given"]
    assert list(given) == ["0/d1[0]"]
    assert given["0/d1[0]"]["state"] == "open"
    assert given["0/d1[0]"]["hints"] == 0
    assert given["0/d1[0]"]["tries"][:2] == ["<img src=x>", "7"]
    assert len(given["0/d1[0]"]["tries"][2]) == 200


@pytest.mark.parametrize("value", [{}, {"version": -1, "given": {"0/d1[0]": answers_of("1")}}])
def test_answers_to_other_questions_are_left_out(panel, value):
    answer(panel, **{"0_d1[0]": answers_of("0.098")})
    say(panel, value)
    assert panel.progress.answered == 1
    assert panel._given["version"] == panel._questions["version"]


def test_a_change_asks_again_about_the_numbers_that_changed(panel):
    answer(
        panel,
        **{
            "0_nW2[0,1]": answers_of("-0.091"),
            "0_d1[0]": answers_of("0.098"),
            "1_d1[0]": answers_of("0"),
        },
    )
    before = panel._given["version"]
    panel._receive(panel, {"kind": "edit", "ref": "y[0]", "value": 0.5, "id": 1}, [])
    assert panel._error == ""
    # The target of the first sample has nothing to do with the second.
    assert list(panel._given["given"]) == ["1/d1[0]"]
    assert panel._given["version"] == panel._questions["version"] > before
    panel._receive(panel, {"kind": "edit", "ref": "W1[0,0]", "value": 2.0, "id": 2}, [])
    assert panel.progress.questions[0].state == "open"


def test_the_cursor_goes_back_to_a_question_that_is_asked_again(panel):
    for frame in range(1):
        answer(
            panel, **{f"{frame}_{ref}": answers_of("1") for ref in ("nW2[0,1]", "d1[0]", "d1[1]")}
        )
    panel.cursor = 34
    panel._receive(panel, {"kind": "edit", "ref": "y[0]", "value": 0.5, "id": 1}, [])
    assert panel.cursor == 14


def test_everything_can_be_asked_again(panel):
    answer(panel, **{"0_d1[0]": answers_of("0.098")})
    panel.reset_predictions()
    assert panel.progress.open == 12
    assert panel._given["version"] == panel._questions["version"]


def test_a_network_without_what_is_asked_for_is_refused(panel):
    network = bp.Network.random([2, 1], ["identity"], seed=0)
    with pytest.raises(ValueError, match="predict has 'nW2\\[0,1\\]': there is no register"):
        panel.trace = bp.backprop(network, [1, 2], [1])
    assert panel._program["network"]["sizes"] == [2, 2, 1]


def test_another_network_is_asked_about_as_well():
    panel = bp.StepPanel(bp.presets.xor(), predict="fading")
    panel.cursor = 30
    network = bp.Network.random([2, 1], ["sigmoid"], seed=0)
    panel.trace = bp.backprop(network, [1, 2], [1])
    sets = [[one["ref"] for one in each] for each in panel._questions["sets"]]
    assert sets[0] == []
    assert sets[-1][0] == "a1[0]"
    assert panel.cursor <= len(panel)


def test_fading_goes_on_with_the_frames_round_after_round():
    panel = bp.StepPanel(bp.presets.xor(), predict="fading")
    counts = [len(each) for each in panel._questions["sets"]]
    assert counts == [*range(11), 10]
    assert panel._questions["fading"] is True
    panel.cursor = 34
    assert panel.cursor == 34  # the first is a full example
    panel.frame = 3
    assert panel.program.steps("unit")[panel.cursor - 1].writes == ("d1[1]",)
    given = {"version": panel._given["version"], "round": 1, "given": {}}
    say(panel, given)
    panel.frame = 0
    assert panel.cursor == 14
    assert {one.round for one in panel.progress.questions} == {0, 1, 2}


def test_a_round_that_does_not_exist_is_the_first(panel):
    say(panel, {"version": panel._given["version"], "round": 9, "given": {}})
    assert panel._given["round"] == 0


def test_every_sample_of_a_batch_is_asked_for():
    example = bp.presets.xor()
    trace = bp.backprop(example.network, example.inputs, example.targets, example.corrected)
    panel = bp.StepPanel(trace, predict=["d1[0]", "loss"])
    assert len(panel._questions["sets"]) == 4
    answer(panel, **{"0_loss": answers_of("0.44"), "0_d1[0]": answers_of("0.1")})
    panel.cursor = len(panel)
    assert panel.cursor == len(panel)
    panel.sample = 2
    assert panel.program.steps("unit")[panel.cursor - 1].writes == ("loss",)
    assert "sample 3" not in str(panel.progress)
    assert [one.sample for one in panel.progress.questions] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_the_picture_shows_no_number_that_is_asked_for():
    plain = bp.StepPanel(bp.presets.three_two_one())._picture()
    hidden = bp.StepPanel(bp.presets.three_two_one(), predict=["h1[0]", "loss"])._picture()
    for number in (">0.5597<", "loss of the sample 0.006616"):
        assert number in plain
        assert number not in hidden
    assert ">0.387<" in hidden
    assert "loss of the sample ?" in hidden


def test_its_text_is_that_of_any_step_panel(panel):
    assert repr(panel) == "StepPanel(2-2-1 network on XOR; step 0 of 34 by unit)"


def test_a_pass_to_perform_asks_what_comes_next_and_then_for_the_number():
    panel = bp.StepPanel(bp.presets.three_two_one(), perform=True, score="end")
    (questions,) = panel._questions["sets"]
    assert [(one["ref"], one["kind"]) for one in questions[:4]] == [
        ("s2[0]", "next"),
        ("s2[0]", "number"),
        ("d2[0]", "next"),
        ("d2[0]", "number"),
    ]
    assert len(questions) == 2 * 19
    assert panel._questions["score"] == "end"
    assert panel.cursor == 8  # the forward pass and the loss are given
    panel.cursor = len(panel)
    assert panel.cursor == 9


def test_progress_counts_choices_and_numbers_of_a_pass():
    panel = bp.StepPanel(bp.presets.three_two_one(), perform=True)
    version = panel._given["version"]
    names = {
        "0/next s2[0]": answers_of("d1[0]", "s2[0]"),
        "0/s2[0]": answers_of("0.2498"),
        "0/next d2[0]": answers_of("d2[0]"),
        "0/d2[0]": answers_of(state="shown"),
        "0/next x": answers_of("1"),
    }
    say(panel, {"version": version, "round": 0, "given": names})
    assert (panel.progress.answered, panel.progress.right_at_first) == (3, 2)
    assert (panel.progress.revealed, panel.progress.open) == (1, 2 * 19 - 4)
    assert "s2[0]  next  right at try 2" in str(panel.progress)
    panel.cursor = len(panel)
    assert panel.cursor == 11


def test_new_numbers_begin_a_pass_again():
    panel = bp.StepPanel(bp.presets.three_two_one(), perform=True)
    version = panel._given["version"]
    say(panel, {"version": version, "given": {"0/next s2[0]": answers_of("s2[0]")}})
    assert panel.progress.answered == 1
    panel.trace = bp.backprop(panel.trace.network, [0.5, 0.1, 0.2], [0.6])
    assert panel.progress.answered == 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"perform": "yes"}, TypeError, "perform is 'yes'; give True or False"),
        ({"perform": True, "predict": "d1"}, ValueError, "predict is 'd1' too; give one of them"),
        ({"perform": True, "score": "never"}, ValueError, "score is 'never'; choose one of 'now'"),
    ],
)
def test_the_errors_of_perform(options, error, message):
    with pytest.raises(error, match=message):
        bp.StepPanel(bp.presets.xor(), **options)


def test_a_pass_with_very_many_numbers_is_not_performed():
    wide = bp.Network.random([4, 8, 1], ["tanh", "identity"], seed=0)
    with pytest.raises(ValueError, match=r"perform is True, but .* has 75 numbers; take a smaller"):
        bp.StepPanel(bp.backprop(wide, [1, 2, 3, 4], [1]), perform=True)
