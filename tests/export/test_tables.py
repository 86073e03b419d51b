"""Tables hold the numbers of the tape, exactly, under their refs."""

from __future__ import annotations

import csv

import numpy as np
import pandas
import pytest

import bpviz as bp

XOR = bp.presets.xor()
SHARES = np.eye(2)[[0, 1, 1, 0]]


@pytest.fixture(scope="module")
def history() -> bp.History:
    network = bp.Network.random([2, 3, 2], ["tanh", "softmax"], seed=2, loss="squared_error")
    return bp.train(
        network, XOR.inputs, SHARES, bp.Rule(0.1), 3, batch_size=3, shuffle=True, seed=4, record=2
    )


def read(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_update_is_written_with_every_number_by_its_ref(history, tmp_path) -> None:
    trace = history.trace(1, 0)
    path = trace.to_csv(tmp_path / "update.csv")
    assert path == tmp_path / "update.csv"
    rows = read(path)
    assert list(rows[0]) == ["ref", "sample", "value"]
    assert len(rows) == trace.layout.size
    assert len({(row["ref"], row["sample"]) for row in rows}) == len(rows)
    for row in rows:
        seen = trace.at_sample(int(row["sample"] or 0))
        expected = seen.loss[seen.sample] if row["ref"] == "loss" else seen[row["ref"]]
        assert float(row["value"]) == expected, row
        register = trace.layout.register(row["ref"].partition("[")[0])
        assert (row["sample"] != "") is register.per_sample, row


def test_a_run_is_written_epoch_by_epoch(history, tmp_path) -> None:
    rows = read(history.to_csv(tmp_path / "run.csv"))
    assert [row["epoch"] for row in rows] == ["0", "1", "2", "3"]
    assert (rows[0]["rmse"], rows[0]["loss"]) == ("", "")
    outputs = history.start.predict(XOR.inputs)
    start = np.sqrt(np.mean((outputs - SHARES) ** 2))
    assert float(rows[0]["rmse_after"]) == pytest.approx(start, rel=1e-14)
    for epoch, row in enumerate(rows):
        if epoch:
            assert float(row["rmse"]) == history.rmse[epoch - 1]
            assert float(row["loss"]) == history.losses[epoch - 1]
            assert float(row["rmse_after"]) == history.rmse_after[epoch - 1]
        first, second = history.network(epoch).layers
        assert float(row["W1[2,1]"]) == first.weights[2, 1]
        assert float(row["b1[0]"]) == first.bias[0]
        assert float(row["W2[0,2]"]) == second.weights[0, 2]
        assert float(row["b2[1]"]) == second.bias[1]
    assert len(rows[0]) == 4 + 3 * 2 + 3 + 2 * 3 + 2


def test_a_run_is_written_update_by_update_with_a_line_for_each_sample(history, tmp_path) -> None:
    rows = read(history.to_csv(tmp_path / "run.csv", per="update"))
    assert len(rows) == 3 * 4
    for place, row in enumerate(rows):
        epoch, update = int(row["epoch"]), int(row["update"])
        assert (epoch, update) == (place // 4, place % 4 // 3)
        samples = history.samples(epoch, update)
        at = place % 4 % 3
        assert int(row["sample"]) == samples[at]
        trace = history.trace(epoch, update).at_sample(at)
        assert [float(row["x[0]"]), float(row["x[1]"])] == XOR.inputs[samples[at]].tolist()
        for ref in ("a1[2]", "h2[1]", "s2[0,1]", "d1[0]", "gW1[2,0]", "nb2[1]"):
            assert float(row[ref]) == trace[ref], ref


@pytest.mark.parametrize("per", ["epoch", "update"])
def test_a_data_frame_is_the_same_table(history, tmp_path, per) -> None:
    frame = history.to_pandas(per)
    again = pandas.read_csv(history.to_csv(tmp_path / "run.csv", per))
    pandas.testing.assert_frame_equal(frame, again, check_exact=True)


def test_a_data_frame_of_an_update(history) -> None:
    trace = history.trace(-1, -1)
    values = trace.to_pandas().set_index("ref")["value"]
    assert values["W1[2,1]"] == trace["W1[2,1]"]
    assert len(values) == trace.layout.size


def test_a_run_that_diverged_is_written_to_its_end(tmp_path) -> None:
    with pytest.warns(bp.TrainingWarning):
        lost = bp.train(XOR.network, XOR.inputs, XOR.targets, bp.Rule(5.0), epochs=50)
    rows = read(lost.to_csv(tmp_path / "run.csv", per="update"))
    assert len(rows) == len(lost)
    assert not np.isfinite([float(value) for value in rows[-1].values()]).all()
    assert len(read(lost.to_csv(tmp_path / "run.csv"))) == lost.epochs + 1


def test_a_file_is_replaced_whole_or_not_at_all(history, tmp_path, monkeypatch) -> None:
    path = tmp_path / "run.csv"
    path.write_text("mine")
    monkeypatch.setattr(bp.History, "samples", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        history.to_csv(path, per="update")
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]
    history.to_csv(path)
    assert path.read_text().startswith("epoch,rmse,loss,rmse_after,W1[0,0]".replace("W", '"W', 1))


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("no/run.csv", FileNotFoundError, "path is 'no/run.csv'; its folder does not exist"),
        (".", ValueError, r"path is '.', a folder; give a file such as 'run.csv'"),
        (None, TypeError, "path is None; give a path such as 'run.csv'"),
    ],
)
def test_a_path_that_cannot_be(history, tmp_path, monkeypatch, path, error, message) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=message):
        history.to_csv(path)


def test_without_pandas_it_is_said_what_to_install(history, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        history.to_pandas()
    with pytest.raises(ImportError, match="pip install pandas"):
        history.trace(0).to_pandas()
