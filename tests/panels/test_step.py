"""The Python side of the step panel: what it sends, and what it answers."""

from __future__ import annotations

import json
from urllib.parse import unquote

import numpy as np
import pytest
import traitlets

import bpviz as bp
from bpviz.draw.pictures import picture_in
from bpviz.explain.steps import DEPTHS
from bpviz.panels.kept import values_of


@pytest.fixture
def panel():
    return bp.StepPanel(bp.presets.xor())


def send(panel, **content):
    """Act as the browser: send a message to the panel."""
    panel._receive(panel, content, [])


def test_it_opens_on_the_first_sample_before_the_first_step(panel):
    assert (panel.frame, panel.cursor, panel.depth) == (0, 0, "unit")
    assert panel.trace.x.tolist() == [1, 1]
    assert panel._frame_names == [
        "sample 1 of 4: x = (1, 1), y = (1)",
        "sample 2 of 4: x = (−1, 1), y = (0)",
        "sample 3 of 4: x = (1, −1), y = (0)",
        "sample 4 of 4: x = (−1, −1), y = (1)",
    ]


def test_its_frames_are_the_rows_of_the_traces(panel):
    example = bp.presets.xor()
    rows = np.frombuffer(panel._frames, "<f8").reshape(4, -1)
    for row, x, y in zip(rows, example.inputs, example.targets, strict=True):
        expected = bp.backprop(example.network, x, y, example.rule).row
        assert np.array_equal(row, expected)


def test_the_program_goes_to_the_browser_as_json(panel):
    data = json.loads(json.dumps(panel._program, allow_nan=False))
    assert data["title"] == "2-2-1 network on XOR"
    assert data["network"]["sizes"] == [2, 2, 1]
    assert data["listing"]["row"].count(["", 0, None]) == 1
    assert data["operations"][0]["row_code"]["layer"] == "a1 = x @ W1 + b1"
    assert data["rule"]["mistakes"][0]["name"] == "relu_derivative_from_activation"


def test_go_finds_the_step_that_writes_a_ref_at_each_depth(panel):
    found = {}
    for depth in DEPTHS:
        panel.depth = depth
        panel.go("d1[0]")
        found[depth] = panel.program.steps(depth)[panel.cursor - 1].writes
    assert found == {"layer": ("d1",), "unit": ("d1[0]",), "term": ("d1[0]",)}
    assert panel.selection == "d1[0]"


def test_going_to_a_whole_register_waits_until_all_of_it_is_written(panel):
    panel.go("a1")
    assert panel.program.steps("unit")[panel.cursor - 1].writes == ("a1[1]",)


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("W1[0,1]", "given from the start"),
        ("d7[0]", "no register 'd7'"),
        ("d1[5]", "does not exist"),
        ("delta", "no register 'delta'"),
    ],
)
def test_going_to_what_no_step_writes_is_refused(panel, ref, message):
    with pytest.raises(KeyError, match=message):
        panel.go(ref)
    assert panel.cursor == 0


def test_changing_the_depth_keeps_the_place(panel):
    panel.go("a2[0]")
    for depth in ("term", "layer", "unit"):
        panel.depth = depth
        assert panel.program.steps(depth)[panel.cursor - 1].writes[0] in ("a2", "a2[0]")


@pytest.mark.parametrize("cursor", [-1, 35])
def test_a_cursor_outside_the_steps_is_refused(panel, cursor):
    with pytest.raises(traitlets.TraitError, match="there are 34 steps, so give 0 to 34"):
        panel.cursor = cursor


def test_an_unknown_frame_is_refused(panel):
    with pytest.raises(traitlets.TraitError, match="frame 4 does not exist; give 0 to 3"):
        panel.frame = 4


def test_an_edit_of_a_weight_changes_every_sample(panel):
    sent = []
    panel.send = lambda content, _: sent.append(content)
    send(panel, kind="edit", ref="W1[0,1]", value=0.5, id=7)
    assert panel._error == ""
    assert sent == [{"kind": "edit", "id": 7, "why": ""}]
    rows = np.frombuffer(panel._frames, "<f8").reshape(4, -1)
    slot = panel.program.layout.slot("W1[0,1]")
    assert rows[:, slot].tolist() == [0.5] * 4
    assert float(panel.trace["a1[0]"]) == pytest.approx(0.97873798 + 0.5 + 1.76405235)


def test_an_edit_of_an_input_changes_one_sample_and_its_name(panel):
    panel.frame = 2
    send(panel, kind="edit", ref="x[1]", value=0.25, id=1, frame=2)
    assert panel.trace.x.tolist() == [1, 0.25]
    assert panel._frame_names[2] == "sample 3 of 4: x = (1, 0.25), y = (0)"
    assert panel._frame_names[0] == "sample 1 of 4: x = (1, 1), y = (1)"


def test_an_edit_of_the_learning_rate_sends_a_frame_and_no_program(panel):
    before = panel._program
    send(panel, kind="edit", ref="learning_rate", value=0.5, id=1)
    assert panel.trace.rule.learning_rate == 0.5
    assert panel.trace["learning_rate"] == 0.5
    place = panel._program["registers"]["learning_rate"]["start"]
    assert np.frombuffer(panel._frames)[place] == 0.5
    assert panel._program is before


@pytest.mark.parametrize(
    ("ref", "value", "message"),
    [
        ("W1[0,9]", 1.0, "W1[0,9] does not exist"),
        ("h1[0]", 1.0, "h1[0] cannot be changed"),
        ("W1[0,0]", "seven", "the value of W1[0,0] is 'seven'; give a number"),
        ("W1[0,0]", float("inf"), "give a finite number"),
        ("learning_rate", -1, "learning_rate is -1.0; give one number, 0 or greater"),
        ("<b>", 1.0, "'<b>' is not a ref"),
    ],
)
def test_a_wrong_edit_is_explained_and_changes_nothing(panel, ref, value, message):
    before = panel._frames
    sent = []
    panel.send = lambda content, _: sent.append(content)
    send(panel, kind="edit", ref=ref, value=value, id=1)
    assert message in panel._error
    assert sent == [{"kind": "edit", "id": 1, "why": panel._error}]
    assert panel._frames == before
    assert not panel._can_undo


def test_an_unknown_message_is_an_error_in_the_panel(panel):
    send(panel, kind="dance")
    assert "unknown kind 'dance'" in panel._error


def test_undo_redo_and_reset(panel):
    start = panel._frames
    send(panel, kind="edit", ref="b1[0]", value=1.0, id=1)
    send(panel, kind="edit", ref="b1[0]", value=2.0, id=2)
    send(panel, kind="undo")
    assert float(panel.trace["b1[0]"]) == 1.0
    assert (panel._can_undo, panel._can_redo) == (True, True)
    send(panel, kind="redo")
    assert float(panel.trace["b1[0]"]) == 2.0
    send(panel, kind="reset")
    assert panel._frames == start
    send(panel, kind="undo")
    assert float(panel.trace["b1[0]"]) == 2.0


def test_one_drag_is_one_step_to_undo(panel):
    for number in range(5):
        send(panel, kind="edit", ref="b1[0]", value=float(number), id=number, begin=not number)
    panel.undo()
    assert float(panel.trace["b1[0]"]) == pytest.approx(1.76405235)
    assert not panel._can_undo


def firsts(panel):
    return {(one["ref"], one["frame"], one["sample"]): one["value"] for one in panel._firsts}


def test_what_a_number_was_first_is_kept_till_it_is_taken_back(panel):
    first = float(panel.trace["b1[0]"])
    send(panel, kind="edit", ref="b1[0]", value=1.0, id=1)
    send(panel, kind="edit", ref="b1[0]", value=2.0, id=2)
    send(panel, kind="edit", ref="x[1]", value=0.25, id=3, frame=2)
    send(panel, kind="edit", ref="learning_rate", value=0.5, id=4)
    assert firsts(panel) == {
        ("b1[0]", 0, 0): first,
        ("x[1]", 2, 0): -1,
        ("learning_rate", 0, 0): 0.01,
    }
    assert values_of(panel)["_firsts"] == panel._firsts
    send(panel, kind="undo")
    assert firsts(panel) == {("b1[0]", 0, 0): first, ("x[1]", 2, 0): -1}
    send(panel, kind="reset")
    assert panel._firsts == []
    panel.trace = bp.backprop(
        bp.Network.random([3, 4, 2], ["tanh", "tanh"], seed=1), [1, 2, 3], [0, 1]
    )
    assert panel._firsts == []


def test_setting_the_trace_shows_another_network(panel):
    network = bp.Network.random([3, 4, 2], ["tanh", "softmax"], seed=1)
    panel.cursor = 30
    panel.trace = bp.backprop(network, [1, 2, 3], [0, 1])
    assert panel._program["network"]["sizes"] == [3, 4, 2]
    assert panel.trace.x.tolist() == [1, 2, 3]
    assert panel.cursor <= len(panel)
    with pytest.raises(TypeError, match="trace is int; give a Trace"):
        panel.trace = 3


def test_changes_can_be_observed(panel):
    seen = []
    panel.observe(lambda change: seen.append(change["new"]), "cursor")
    panel.go("a1[0]")
    assert seen == [1]


def test_a_batch_names_its_samples():
    example = bp.presets.xor()
    trace = bp.backprop(example.network, example.inputs, example.targets, example.rule)
    panel = bp.StepPanel(trace)
    assert len(panel._frame_names) == 4
    panel.sample = 3
    assert panel.trace.sample == 3
    send(panel, kind="edit", ref="x[0]", value=0.5, id=1, sample=3)
    assert panel.trace.x[3].tolist() == [0.5, -1]


def test_what_it_cannot_show_is_refused():
    with pytest.raises(TypeError, match="source is Network; give an Example"):
        bp.StepPanel(bp.presets.xor().network)


def test_its_saved_form_is_text_and_a_picture_without_addresses(panel):
    data, _ = panel._repr_mimebundle_()
    assert data["text/plain"] == "StepPanel(2-2-1 network on XOR; step 0 of 34 by unit)"
    assert picture_in(data).startswith("<svg ")
    assert "4.984" in picture_in(data)
    start = f'<img alt="{data["text/plain"]}" src="data:image/svg+xml,'
    coded = data["text/html"].removeprefix(start).removesuffix('">')
    assert unquote(coded) == picture_in(data)
    assert data == {
        **bp.StepPanel(bp.presets.xor())._repr_mimebundle_()[0],
        "application/vnd.jupyter.widget-view+json": data[
            "application/vnd.jupyter.widget-view+json"
        ],
    }
