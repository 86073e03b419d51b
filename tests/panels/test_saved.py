"""What a notebook keeps of panels that are large."""

import json
import re

import numpy as np
import pytest

import bpviz as bp
from bpviz.draw.pictures import HTML, with_themes
from bpviz.panels.kept import SAVED, TraitValues, unpacked
from bpviz.panels.known_words import with_words, without_words
from bpviz.panels.made_again import MOST_NUMBERS_MADE_IN_A_NOTEBOOK, is_made_again

XOR = bp.presets.xor()


def wide(*sizes: int) -> bp.StepPanel:
    network = bp.Network.random(list(sizes), ["relu", "relu", "identity"], seed=0)
    return bp.StepPanel(bp.backprop(network, np.ones(sizes[0]), np.ones(sizes[-1]), bp.Rule(0.01)))


def saved(panel: bp.StepPanel | bp.TrainingPanel) -> TraitValues:
    data, _ = panel._repr_mimebundle_()
    [values] = unpacked(data[SAVED]["packed"])["panels"]
    return values


def test_of_a_large_update_only_what_is_given_is_kept() -> None:
    panel = wide(16, 32, 16, 4)
    row = np.frombuffer(saved(panel)["_frames"], "<f8")
    layout = panel.program.layout
    assert (layout.view(row, "W2") == panel.trace["W2"]).all()
    assert (layout.view(row, "nW2") == 0).all()
    assert saved(panel)["_bare"] is True
    assert "_bare" not in saved(bp.StepPanel(XOR))


@pytest.mark.parametrize(("epochs", "seed"), [(5_000, None), (2_500, 1)])
def test_a_long_run_is_kept_as_what_makes_it_again(epochs: int, seed: int | None) -> None:
    history = bp.train(
        *(XOR.network, XOR.inputs, XOR.targets, XOR.corrected),
        epochs=epochs,
        shuffle=seed is not None,
        seed=seed,
    )
    values = saved(bp.TrainingPanel(history))
    assert values["_total_frames"] == 4 * epochs
    assert not {"_losses", "_frames"} & values.keys()


def test_pins_go_before_the_panel_does() -> None:
    panel = bp.TrainingPanel(XOR)
    for k in range(8):
        panel.set(learning_rate=0.01 + 0.001 * k)
        panel.advance(2_000)
        panel.pin()
    data, _ = panel._repr_mimebundle_()
    assert len(json.dumps(data)) <= 30_000
    values = saved(panel)
    assert "_pinned" not in values
    assert values["_total_frames"] == 2_000


def test_the_words_of_mistakes_are_left_to_bpviz_itself() -> None:
    panel = bp.BugLab(XOR)
    values = panel._values()
    short = without_words(values)
    assert short["_mistake_choices"][0] == {
        "name": "input_weights_exchanged",
        "on": False,
        "reason": "",
    }
    assert with_words(short) == with_words(values) == values
    own = {**values["_mistake_choices"][0], "name": "mine", "title": "A mistake of mine"}
    assert without_words({"_mistake_choices": [own]}) == {"_mistake_choices": [own]}


def test_a_run_is_made_again_as_far_as_the_extension_makes_it() -> None:
    limit = MOST_NUMBERS_MADE_IN_A_NOTEBOOK
    history = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.rule, epochs=100)
    start, size = b"start", len(history) * history.rows.shape[1]
    assert limit == 20_000_000
    assert is_made_again(history, start, b"", size)
    assert not is_made_again(history, start, b"", size - 1)


def test_a_panel_that_is_too_large_says_so() -> None:
    data, _ = wide(64, 64, 64, 10)._repr_mimebundle_()
    assert data[SAVED] == {"too_large": True}
    assert data["text/html"].startswith("<img ")


@pytest.mark.parametrize(
    ("panel", "most"), [(bp.StepPanel, 11_000), (bp.TrainingPanel, 20_500), (bp.BugLab, 21_000)]
)
def test_an_output_is_small_with_its_picture(panel: type, most: int) -> None:
    data, _ = panel(XOR)._repr_mimebundle_()
    assert len(json.dumps(data)) <= most


def test_of_a_wide_network_the_picture_has_its_thick_lines_where_all_are_too_many() -> None:
    panel = wide(16, 32, 16, 4)
    data, _ = panel._repr_mimebundle_()
    whole = with_themes(panel._picture())
    drawn, every = (re.findall(r"stroke-width='([\d.]+)'/>", one) for one in (data[HTML], whole))
    assert 40 < len(drawn) < len(every)
    thin = sorted(map(float, every))[: len(every) - len(drawn)]
    assert min(map(float, drawn)) >= thin[-1]
    # Something is left for what is done in it later.
    assert 28_000 < len(json.dumps(data)) <= 28_500
    panel._receive(panel, {"kind": "edit", "ref": "W1[0,0]", "value": 0.123456789, "id": 1}, [])
    assert panel.trace["W1[0,0]"] == 0.123456789
    assert len(json.dumps(panel._repr_mimebundle_()[0])) <= 28_500
