"""Every panel opens on an Example, a Trace, a History and (network, X, Y)."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

import bpviz as bp

NETWORK = bp.Network.random([3, 4, 2], ["tanh", "sigmoid"], seed=1)
X, Y = np.eye(3), np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
RULE = bp.Rule(0.2, "dirty")
SOURCES = {
    "example": bp.Example(NETWORK, X, Y, RULE, epochs=4, title="Mine"),
    "trace": bp.backprop(NETWORK, X, Y, RULE),
    "history": bp.train(NETWORK, X, Y, RULE, epochs=4),
    "samples": (NETWORK, X, Y),
}
TITLES = {"example": "Mine"}

PANELS = [bp.StepPanel, bp.TrainingPanel, bp.BugLab]


@pytest.mark.parametrize("panel", PANELS)
def test_a_network_may_have_its_data_beside_it(panel) -> None:
    one, other = panel(NETWORK, X, Y), panel((NETWORK, X, Y))
    assert repr(one) == repr(other)
    np.testing.assert_array_equal(one.trace.row, other.trace.row)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((NETWORK, X), "Y is missing; give a network with X and Y, its data"),
        ((NETWORK, None, Y), "X is missing; give a network with X and Y, its data"),
        ((SOURCES["example"], X, Y), "source is Example, with X and Y; they go with a Network"),
        ((NETWORK,), r"source is Network; give an Example .* or \(network, X, Y\)"),
    ],
)
def test_what_does_not_belong_together_is_refused(panel, arguments, words) -> None:
    with pytest.raises(TypeError, match=words):
        panel(*arguments)


@pytest.mark.parametrize("name", SOURCES)
class TestOpensOn:
    def test_the_step_panel(self, name) -> None:
        panel = bp.StepPanel(SOURCES[name])
        assert panel.title == TITLES.get(name, "3-4-2 network")
        rule = bp.Rule() if name == "samples" else RULE
        whole = bp.backprop(NETWORK, X, Y, rule)
        if name == "trace":
            np.testing.assert_array_equal(panel.trace.row, whole.row)
        else:
            assert len(panel._frame_names) == 3
            panel.frame = 2
            np.testing.assert_array_equal(
                panel.trace.row, bp.backprop(NETWORK, X[2], Y[2], rule).row
            )

    def test_the_training_panel(self, name) -> None:
        panel = bp.TrainingPanel(SOURCES[name])
        assert panel.title == TITLES.get(name, "3-4-2 network")
        history = panel.history
        assert history.start == NETWORK
        assert history.updates_per_epoch == (1 if name == "trace" else 3)
        epochs = 4 if name in ("example", "history") else 500
        rule = bp.Rule() if name == "samples" else RULE
        expected = bp.train(NETWORK, X, Y, rule, epochs, batch_size=history.batch_size)
        np.testing.assert_array_equal(history.rows, expected.rows)

    def test_the_bug_lab(self, name) -> None:
        lab = bp.BugLab(SOURCES[name])
        assert lab.title == TITLES.get(name, "3-4-2 network")
        assert lab.rule == (bp.Rule() if name == "samples" else RULE)
        np.testing.assert_array_equal(
            lab.right_trace.row, bp.backprop(NETWORK, X[0], Y[0], lab.example.corrected).row
        )
        assert bool(lab.differences) is (name != "samples")

    def test_the_plot_of_the_network(self, name) -> None:
        ax = bp.plot.network(SOURCES[name], ax=Figure().subplots())
        words = {text.get_text() for text in ax.texts}
        assert "layer 2, unit 2" in words


def test_a_history_is_shown_and_not_made_again() -> None:
    assert bp.TrainingPanel(SOURCES["history"]).history is SOURCES["history"]
