"""Every update, every k-th, or all into a file: each update can be looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.run.recording import FileRecording, MemoryRecording
from tests.core.networks import cases, rules

EXAMPLE = bp.presets.xor()


def train(**options) -> bp.History:
    example = EXAMPLE
    return bp.train(example.network, example.inputs, example.targets, example.corrected, **options)


class TestEveryKth:
    @given(cases(), rules(), st.integers(2, 9), st.integers(1, 6), st.booleans(), st.data())
    def test_the_updates_between_are_made_again_to_the_last_bit(
        self, case, rule, record, batch_size, shuffle, data
    ) -> None:
        whole, sparse = (
            bp.Run(*case, rule, batch_size, shuffle, seed=7, record=k) for k in (1, record)
        )
        for run in (whole, sparse):
            run.advance(4 * run.updates_per_epoch)
        whole, sparse = whole.history(), sparse.history()
        np.testing.assert_array_equal(sparse.rows, whole.rows[::record])
        start = data.draw(st.integers(0, len(whole)))
        stop = data.draw(st.integers(start, len(whole)))
        np.testing.assert_array_equal(sparse.frames(start, stop), whole.frames(start, stop))
        np.testing.assert_array_equal(sparse.rmse, whole.rmse)
        np.testing.assert_array_equal(sparse.rmse_after, whole.rmse_after)
        np.testing.assert_array_equal(sparse.predictions, whole.predictions)
        assert sparse.stopped == whole.stopped

    def test_takes_so_much_less_memory(self) -> None:
        history = train(epochs=500, record=100)
        assert len(history) == 2000
        assert history.rows.shape == (20, history.trace(0).layout.size)

    def test_works_in_blocks_that_are_smaller_than_k(self, monkeypatch) -> None:
        whole, sparse = train(epochs=100), train(epochs=100, record=150)
        monkeypatch.setattr("bpviz.core.run.run_tape.NUMBERS_READ", 7 * whole.rows.shape[1])
        np.testing.assert_array_equal(sparse.frames(290, 310), whole.rows[290:310])
        np.testing.assert_array_equal(sparse.rmse_after, whole.rmse_after)
        np.testing.assert_array_equal(sparse.predictions, whole.predictions)

    @pytest.mark.parametrize(("start", "stop"), [(-1, 2), (3, 2), (0, 401)])
    def test_frames_that_are_not_there(self, start, stop) -> None:
        with pytest.raises(IndexError, match=f"start is {start} and stop is {stop}; there are"):
            train(epochs=100, record=5).frames(start, stop)


class TestInAFile:
    def test_holds_the_same_rows_and_is_mapped(self, tmp_path) -> None:
        path = tmp_path / "run.npy"
        history = train(epochs=1000, record=path)
        assert isinstance(history.rows, np.memmap)
        np.testing.assert_array_equal(history.rows, train(epochs=1000).rows)
        np.testing.assert_array_equal(history.rmse, train(epochs=1000).rmse)
        np.testing.assert_array_equal(np.load(path), history.rows)
        with pytest.raises(ValueError, match="read-only"):
            history.rows[0] = 0.0

    def test_a_relative_path_stays_right_when_the_folder_changes(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        run = bp.Run(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, record="run.npy")
        run.advance(10)
        (tmp_path / "other").mkdir()
        monkeypatch.chdir(tmp_path / "other")
        run.advance(10)
        assert len(run.history().rows) == 20
        assert {path.name for path in tmp_path.iterdir()} == {"run.npy", "other"}

    def test_the_file_is_whole_while_the_run_is_under_way(self, tmp_path) -> None:
        path = tmp_path / "run.npy"
        run = bp.Run(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, record=path)
        assert np.load(path).shape == (0, run.history().rows.shape[1])
        run.advance(1000)
        np.testing.assert_array_equal(np.load(path), run.history().rows)

    def test_a_new_run_replaces_the_file_and_an_older_history_stays(self, tmp_path) -> None:
        path = tmp_path / "run.npy"
        old = train(epochs=50, record=path)
        new = train(epochs=2, record=path)
        assert len(new.rows) == 8
        np.testing.assert_array_equal(old.rows, train(epochs=50).rows)

    def test_other_files_are_not_overwritten(self, tmp_path) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("mine")
        with pytest.raises(
            FileExistsError,
            match=r"record is '.*notes.txt', which is a file of 4 bytes and not a recording; give",
        ):
            train(record=path)
        assert path.read_text() == "mine"
        with pytest.raises(FileExistsError, match="which is a folder; give another path, or"):
            train(record=tmp_path)

    def test_somebody_elses_array_is_not_overwritten(self, tmp_path) -> None:
        path = tmp_path / "x.npy"
        np.save(path, [[1.0, 2.0]])
        with pytest.raises(FileExistsError, match="file of 144 bytes and not a recording"):
            train(record=path)
        assert np.load(path).tolist() == [[1.0, 2.0]]

    def test_a_link_to_nothing_is_refused(self, tmp_path) -> None:
        (tmp_path / "run.npy").symlink_to(tmp_path / "gone.npy")
        with pytest.raises(FileExistsError, match="which is a link to nothing; give another"):
            train(record=tmp_path / "run.npy")

    @pytest.mark.parametrize(
        ("record", "error", "message"),
        [
            ("nowhere/run.npy", FileNotFoundError, "nowhere/run.npy'; its folder does not exist"),
            ("", ValueError, "record is ''; give a path such as 'run.npy'"),
            (None, TypeError, "record is None; give k to record every k-th update, or a path"),
        ],
    )
    def test_a_path_that_cannot_be(self, tmp_path, monkeypatch, record, error, message) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(error, match=message):
            train(record=record)
        assert not list(tmp_path.iterdir())


@pytest.fixture(params=["memory", "file"])
def recording(request, tmp_path: Path):
    return MemoryRecording((3,)) if request.param == "memory" else FileRecording(tmp_path / "r", 3)


class TestRecordings:
    def test_entries_can_be_written_again(self, recording) -> None:
        rows = np.arange(300.0).reshape(100, 3)
        recording.write(0, rows[:60])
        recording.write(40, rows[40:])
        recording.write(100, rows[:0])
        np.testing.assert_array_equal(recording.entries, rows)
        assert not recording.entries.flags.writeable

    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=30))
    def test_however_it_is_written_it_holds_what_was_written_last(self, writes) -> None:
        recording, expected = MemoryRecording((2,)), np.empty((0, 2))
        for back, count in writes:
            start = max(0, len(expected) - back)
            entries = np.random.default_rng(len(expected)).random((count, 2))
            held = recording.entries
            before = held[:start].copy()
            recording.write(start, entries)
            expected = np.concatenate([expected[:start], entries])
            np.testing.assert_array_equal(recording.entries, expected)
            np.testing.assert_array_equal(held[:start], before)

    def test_growing_moves_a_few_entries_at_a_time(self) -> None:
        recording = MemoryRecording((1,))
        moved = []
        for k in range(5000):
            already = recording._moved
            recording.write(k, np.array([[float(k)]]))
            moved.append(recording._moved - already)
        assert max(moved) <= 2
        np.testing.assert_array_equal(recording.entries[:, 0], np.arange(5000.0))

    def test_known_room_is_all_that_is_taken(self) -> None:
        recording = MemoryRecording((1,), room=100)
        recording.write(0, np.zeros((100, 1)))
        assert recording._array.nbytes == 800
        assert recording._larger is None

    def test_it_starts_empty(self, recording) -> None:
        assert recording.entries.shape == (0, 3)

    def test_too_much_for_memory_is_answered_with_what_to_do(self, monkeypatch) -> None:
        def no_memory(*_arguments):
            raise MemoryError

        monkeypatch.setattr("bpviz.core.run.recording.np.empty", no_memory)
        with pytest.raises(MemoryError, match=r"recording 2000000 updates needs 0\.9 GB"):
            MemoryRecording((55,), room=2_000_000)
