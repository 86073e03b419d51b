"""Plots of many runs hold the counts, the shares and the percentiles of the sweep."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

import bpviz as bp

XOR = bp.presets.xor()


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


def sweep_of(rule, runs=300):
    return bp.sweep(
        *(XOR.network, XOR.inputs, XOR.targets, rule),
        epochs=400,
        runs=runs,
        seed=0,
        starts="lecture",
    )


@pytest.fixture(scope="module")
def right():
    return sweep_of(bp.Rule(learning_rate=0.05))


@pytest.fixture(scope="module")
def dirty():
    return sweep_of(bp.Rule(learning_rate=0.1, update="dirty"))


def test_every_run_is_counted_where_it_ends(right):
    ax = bp.plot.final_losses(right)
    [bars] = ax.patches
    counts, edges = bars.get_data()[:2]
    assert counts.sum() == 300
    assert edges[0] == 0
    inner = right.rmse[right.rmse < edges[-2]]
    np.testing.assert_array_equal(counts[:-1], np.histogram(inner, edges[:-1])[0])
    assert counts[0] == np.sum(right.rmse < edges[1]) > 50
    assert ax.get_legend() is None
    assert ax.get_xlabel() == "RMSE during the last epoch (in units of the target)"


def test_runs_that_diverged_are_counted_in_the_legend(right, dirty):
    diverged = int(np.sum(~np.isfinite(dirty.rmse)))
    assert 0 < diverged < 300
    ax = bp.plot.final_losses({"right": right, "dirty": dirty})
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["right", f"dirty, {diverged} diverged"]
    assert [int(bars.get_data()[0].sum()) for bars in ax.patches] == [300, 300 - diverged]
    assert len({bars.get_linestyle() for bars in ax.patches}) == 2
    alone = bp.plot.final_losses(dirty)
    assert [text.get_text() for text in alone.get_legend().get_texts()] == [f"{diverged} diverged"]


def test_one_run_that_went_astray_leaves_the_others_readable():
    class Astray(bp.Sweep):
        rmse = np.append(np.full(2999, 0.25), 1e9)

        def __init__(self):
            pass

    counts, edges = bp.plot.final_losses(Astray()).patches[0].get_data()[:2]
    assert edges[-1] == 0.25
    assert counts[-1] == 3000


def test_the_share_solved_is_drawn_with_its_interval(right, dirty):
    ax = bp.plot.solved({"right": right, "dirty": dirty}, threshold=0.05)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["right", "dirty"]
    top, bottom = ax.get_ylim()
    assert top > bottom
    [bars] = ax.containers
    points, _, (segments,) = bars
    for k, sweep in enumerate((right, dirty)):
        share = sweep.solved(0.05)
        ends = (100 * share.low, 100 * share.high)
        assert points.get_xydata()[k] == pytest.approx((100 * share.fraction, k))
        assert segments.get_segments()[k][:, 0] == pytest.approx(ends)
        assert f"{100 * share.fraction:.1f} %" in [text.get_text() for text in ax.texts]


def test_percentiles_are_those_of_the_losses(right):
    ax = bp.plot.percentiles(right)
    median = ax.lines[0]
    np.testing.assert_array_equal(median.get_xdata(), np.arange(1, 401))
    expected = np.percentile(right.curves, [0, 5, 25, 50, 75, 95, 100], axis=1, method="lower")
    np.testing.assert_array_equal(median.get_ydata(), expected[3])
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), expected[0])
    np.testing.assert_array_equal(ax.lines[2].get_ydata(), expected[6])
    for band, low, high in zip(ax.collections, expected[[1, 2]], expected[[5, 4]], strict=True):
        drawn = band.get_paths()[0].vertices
        assert {*drawn[:, 1]} == {*low, *high}
    assert bp.plot.percentiles(right, log=True).get_yscale() == "log"


def test_percentiles_end_where_runs_have_diverged(dirty):
    ax = bp.plot.percentiles(dirty)
    assert np.isnan(ax.lines[2].get_ydata()[-1])
    assert np.isfinite(ax.lines[0].get_ydata()).all()


def test_they_draw_into_the_axes_that_they_are_given(right):
    from matplotlib.figure import Figure

    axes = Figure().subplots(3)
    assert bp.plot.final_losses(right, axes[0]) is axes[0]
    assert bp.plot.solved(right, ax=axes[1]) is axes[1]
    assert bp.plot.percentiles(right, axes[2]) is axes[2]
    assert plt.get_fignums() == []


def test_what_is_no_sweep_is_said_clearly():
    history = bp.train(XOR.network, XOR.inputs, XOR.targets, epochs=1)
    for draw in (bp.plot.final_losses, bp.plot.solved, bp.plot.percentiles):
        with pytest.raises(TypeError, match="sweep is History; give a Sweep"):
            draw(history)
    for draw in (bp.plot.final_losses, bp.plot.solved):
        with pytest.raises(ValueError, match="sweep is empty"):
            draw({})
        with pytest.raises(TypeError, match=r"sweep\['run'\] is History"):
            draw({"run": history})
    lost = sweep_of(bp.Rule(learning_rate=50.0), runs=3)
    assert not np.isfinite(lost.rmse).any()
    with pytest.raises(ValueError, match="no run that did not diverge"):
        bp.plot.final_losses(lost)
