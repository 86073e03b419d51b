"""Loss curves: where their axis ends, what they are called, what they are compared with.

The table of ceilings is also what the front end's tests hold to.
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import bpviz as bp
from bpviz.draw.loss_curves import AFTER, DURING, best_constant, loss_ceiling

TABLES = Path(bp.__file__).parent / "frontend" / "test" / "tables"
TABLE = json.loads((TABLES / "loss_ceilings.json").read_text())
XOR = bp.presets.xor()


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def run(rule: bp.Rule, epochs: int) -> bp.History:
    return bp.train(XOR.network, XOR.inputs, XOR.targets, rule, epochs=epochs)


@pytest.mark.parametrize("case", TABLE, ids=[case["name"] for case in TABLE])
def test_only_what_diverged_is_cut_off_and_never_below_its_first_loss(case) -> None:
    curves = [np.array([float(loss) for loss in curve]) for curve in case["curves"]]
    assert loss_ceiling(curves) == case["ceiling"]


def test_the_two_kinds_of_rmse_have_their_names() -> None:
    assert (DURING, AFTER) == ("RMSE during the epoch", "RMSE after the epoch")
    label = "RMSE during the epoch (in units of the target)"
    assert bp.plot.loss(run(XOR.rule, 5)).get_ylabel() == label


def test_a_run_that_succeeds_is_drawn_whole() -> None:
    history = run(XOR.corrected, 20_000)
    assert history.rmse[-1] < 1e-9 * history.rmse[0]
    low, high = bp.plot.loss(history).get_ylim()
    assert low == 0
    assert high > history.rmse.max()


def test_of_a_run_that_diverged_what_came_before_is_seen() -> None:
    with pytest.warns(bp.TrainingWarning, match="diverged"):
        history = run(bp.Rule(learning_rate=50.0), 200)
    both = bp.plot.loss({"diverged": history, "right": run(XOR.corrected, 200)})
    assert both.get_ylim()[1] < 5 * history.rmse[0]


def test_a_dotted_line_says_what_always_giving_the_mean_target_comes_to() -> None:
    ax = bp.plot.loss(run(XOR.rule, 5))
    assert [text.get_text() for text in ax.texts] == ["always ½"]
    [line] = ax.collections
    assert line.get_segments()[0][:, 1].tolist() == [0.5, 0.5]
    assert len(ax.lines) == 1


def test_its_name_is_on_the_side_of_it_where_no_curve_ends() -> None:
    above, below = run(XOR.rule, 500), run(XOR.corrected, 500)
    assert above.rmse[-1] > 0.5 > below.rmse[-1]
    assert bp.plot.loss(above).texts[0].get_va() == "top"
    assert bp.plot.loss(below).texts[0].get_va() == "bottom"
    assert bp.plot.loss(above, log=True).texts[0].get_va() == "top"


def test_runs_on_the_same_targets_share_the_line_to_compare_with() -> None:
    ax = bp.plot.loss({"one": run(XOR.rule, 5), "other": run(XOR.corrected, 5)})
    assert [text.get_text() for text in ax.texts] == ["always ½"]


@pytest.mark.parametrize(
    ("targets", "name", "level"),
    [
        ([[0], [1], [1], [0]], "always ½", 0.5),
        ([[0], [0], [0], [1]], "always ¼", np.sqrt(3) / 4),
        ([[-1], [0]], "always −½", 0.5),
        ([[0.1], [0.3], [0.32]], "always 0.24", np.std([0.1, 0.3, 0.32])),
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], "always (⅓, ⅓, ⅓)", np.sqrt(2) / 3),
        (np.eye(5), "always the mean target", 0.4),
    ],
)
def test_the_best_constant_answer_is_named_by_the_number_said(targets, name, level) -> None:
    constant = best_constant(np.array(targets, dtype=float))
    assert constant is not None
    assert constant.name == name
    assert constant.rmse == pytest.approx(level, rel=1e-12)


def test_equal_targets_have_no_constant_to_compare_with() -> None:
    assert best_constant(np.array([[0.6]])) is None
    assert best_constant(np.full((7, 2), 0.3)) is None
    assert not bp.plot.loss(
        bp.train(XOR.network, XOR.inputs[:1], XOR.targets[:1], XOR.rule, epochs=3)
    ).texts


@pytest.mark.parametrize("log", [False, True])
def test_a_run_without_a_finite_loss_is_drawn_alone_and_beside_another(log):
    with pytest.warns(bp.TrainingWarning):
        nowhere = bp.train(XOR.network, XOR.inputs * 1e200, XOR.targets, epochs=1, batch_size=4)
    assert not np.isfinite(nowhere.rmse).any()
    alone = bp.plot.loss(nowhere, log=log)
    alone.figure.canvas.draw()
    assert "No epoch has a finite loss yet." in [words.get_text() for words in alone.texts]
    both = bp.plot.loss({"nowhere": nowhere, "right": run(XOR.corrected, 5)}, log=log)
    both.figure.canvas.draw()
    assert "No epoch has a finite loss yet." not in [words.get_text() for words in both.texts]
