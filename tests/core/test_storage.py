"""A history survives its file exactly; anything else that lies there is refused."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.formula import a
from tests.core.networks import cases, rules

EXAMPLE = bp.presets.xor()


@pytest.fixture
def history() -> bp.History:
    example = EXAMPLE
    return bp.train(example.network, example.inputs, example.targets, example.rule, epochs=20)


def assert_same(loaded: bp.History, history: bp.History) -> None:
    assert loaded.start == history.start
    assert loaded.rule == history.rule
    for name in ("batch_size", "updates", "every", "seed", "stopped", "epochs"):
        assert getattr(loaded, name) == getattr(history, name), name
    for name in (
        "inputs",
        "targets",
        "order",
        "rows",
        "rmse",
        "rmse_after",
        "losses",
        "predictions",
    ):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(history, name), name)
    assert repr(loaded) == repr(history)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(cases(), rules(), st.integers(1, 6), st.booleans(), st.integers(1, 4), st.booleans())
def test_a_run_comes_back_exactly(
    tmp_path, case, rule, batch_size, shuffle, record, in_memory
) -> None:
    network, inputs, targets = case
    run = bp.Run(network, inputs, targets, rule, batch_size, shuffle, 5, record)
    run.advance(3 * run.updates_per_epoch + 1)
    history = run.history()
    path = tmp_path / "run.npz"
    assert history.save(path) == path
    loaded = bp.History.load(path, in_memory=in_memory)
    assert_same(loaded, history)
    np.testing.assert_array_equal(loaded.trace(-1, -1).row, history.trace(-1, -1).row)


def test_a_run_that_diverged_comes_back_with_its_reason(tmp_path) -> None:
    with pytest.warns(bp.TrainingWarning):
        history = bp.train(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, bp.Rule(5.0))
    history.save(tmp_path / "run.npz")
    loaded = bp.History.load(tmp_path / "run.npz")
    assert_same(loaded, history)
    assert loaded.stopped.reason == "diverged"


def test_a_run_in_a_file_is_saved_and_mapped_again(tmp_path) -> None:
    history = bp.train(
        EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, epochs=100, record=tmp_path / "run.npy"
    )
    history.save(tmp_path / "run.npz")
    loaded = bp.History.load(str(tmp_path / "run.npz"), in_memory=False)
    assert isinstance(loaded.rows, np.memmap)
    assert_same(loaded, history)


def test_the_file_opens_without_bpviz_and_without_pickle(history, tmp_path) -> None:
    history.save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["rows"], history.rows)
        header = json.loads(str(arrays["header"]))
    assert header["format"] == "bpviz history"
    assert header["version"] == 2
    assert header["rule"]["mistakes"] == ["relu_derivative_from_activation"]


def test_the_same_run_makes_the_same_file(history, tmp_path) -> None:
    first, second = (history.save(tmp_path / name).read_bytes() for name in ("a.npz", "b.npz"))
    assert first == second


def test_saving_again_replaces_the_file(history, tmp_path) -> None:
    path = tmp_path / "run.npz"
    example = EXAMPLE
    bp.train(example.network, example.inputs, example.targets, epochs=3).save(path)
    path.chmod(0o640)
    history.save(path)
    assert_same(bp.History.load(path), history)
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_saving_through_a_link_replaces_what_it_leads_to(history, tmp_path) -> None:
    path, link = tmp_path / "run.npz", tmp_path / "link.npz"
    history.save(path)
    link.symlink_to(path)
    assert history.save(link) == link
    assert link.is_symlink()
    assert not path.is_symlink()


@pytest.mark.parametrize("name", ["thesis.npz", "link.npz"])
@pytest.mark.parametrize("content", ["text", "arrays", "nothing"])
def test_what_is_not_a_history_is_not_replaced(history, tmp_path, content, name) -> None:
    path = tmp_path / "thesis.npz"
    if content == "arrays":
        np.savez(path, header=np.array("mine"))
    else:
        path.write_text("mine" * (content == "text"))
    (tmp_path / "link.npz").symlink_to(path)
    before = path.read_bytes()
    size = f"a file of {len(before):,} bytes and not a history; give another path, or remove it"
    with pytest.raises(FileExistsError, match=rf"path is '.*{name}', which is {size} first"):
        history.save(tmp_path / name)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("/dev/null", FileExistsError, "path is '/dev/null', which is no file but a device; give"),
        (".", FileExistsError, "path is '.', which is a folder; give another path, or remove it"),
        (
            "no/run.npz",
            FileNotFoundError,
            "path is 'no/run.npz'; its folder does not",
        ),
        ("", ValueError, "path is ''; give a path such as 'run.npz'"),
        ("a\0b", ValueError, "give a path such as 'run.npz'"),
        (None, TypeError, "path is None; give a path such as 'run.npz'"),
        (5, TypeError, "path is 5; give a path such as 'run.npz'"),
    ],
)
def test_a_path_that_cannot_be(history, tmp_path, monkeypatch, path, error, message) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=message):
        history.save(path)
    with pytest.raises((TypeError, ValueError, FileNotFoundError), match=r"^path is"):
        bp.History.load(path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_save_that_fails_leaves_the_older_file(history, tmp_path, monkeypatch, error) -> None:
    path = tmp_path / "run.npz"
    history.save(path)
    before = path.read_bytes()

    def fail(file, _array, **_options):
        file.write(b"half")
        raise error

    monkeypatch.setattr("bpviz.core.run.storage.npy.write_array", fail)
    with pytest.raises(type(error)):
        history.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_function_of_ones_own_is_refused_when_saving(history, tmp_path) -> None:
    cube = bp.Activation("cube", a**3.0)
    network = bp.Network([bp.Layer([[0.5]], activation=cube)])
    history = bp.train(network, [[1.0]], [[0.0]], epochs=2)
    with pytest.raises(ValueError, match="layer 1 has the activation function cube, which a file"):
        history.save(tmp_path / "run.npz")
    assert not list(tmp_path.iterdir())


def test_there_is_no_such_file(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz"):
        bp.History.load(tmp_path / "nothing.npz")


@pytest.mark.parametrize("in_memory", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_file_that_is_cut_short(history, tmp_path, share, in_memory) -> None:
    path = tmp_path / "run.npz"
    whole = history.save(path).read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=r"run\.npz' cannot be read as a history"):
        bp.History.load(path, in_memory)


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_changed_number(history, tmp_path, in_memory) -> None:
    path = tmp_path / "run.npz"
    whole = history.save(path).read_bytes()
    number, other = (value.tobytes() for value in (history.rows[3, 5], history.rows[3, 5] + 1e-9))
    assert number in whole
    path.write_bytes(whole.replace(number, other))
    with pytest.raises(ValueError, match=r"cannot be read as a history .*Bad CRC-32"):
        bp.History.load(path, in_memory)


def test_a_flipped_bit_anywhere(history, tmp_path) -> None:
    path = tmp_path / "run.npz"
    whole = history.save(path).read_bytes()
    generator = np.random.default_rng(0)
    for place in generator.integers(len(whole), size=300):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(generator.integers(8))
        path.write_bytes(damaged)
        try:
            loaded = bp.History.load(path)
        except ValueError:
            continue
        assert_same(loaded, history)  # the bit was in a part that says nothing, such as a date


def altered(path, **changes) -> None:
    """Change the header of a file."""
    with np.load(path) as arrays:
        contents = dict(arrays)
    header = json.loads(str(contents.pop("header"))) | changes
    np.savez(path, header=np.array(json.dumps(header)), **contents)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "another"}, "it holds a 'another'"),
        ({"version": 1}, "it is of version 1, from another bpviz; this one reads version 2"),
        ({"version": 3}, "it is of version 3, from another bpviz; this one reads version 2"),
        ({"updates": 81}, "rows has shape"),
        ({"batch_size": 3}, "rows has shape"),
        ({"every": 2}, "rows has shape"),
        ({"rule": {"learning_rate": -1.0}}, "learning_rate is -1.0"),
        ({"rule": {"speed": 1.0}}, "unexpected keyword argument 'speed'"),
        ({"rule": {"mistakes": ["of_tomorrow"]}}, "mistakes has 'of_tomorrow'"),
        ({"activations": ["relu", "swish"]}, "activation is 'swish'"),
        ({"activations": ["relu"] * 3}, "W3"),
        ({"loss": "cross_entropy"}, "loss is cross_entropy, which needs softmax"),
        ({"updates": "many"}, "cannot be read as a history"),
        ({"updates": -4}, "cannot be read as a history"),
        ({"batch_size": 0}, "batch_size must be at least 1; 0 came"),
        ({"every": 0}, "every must be at least 1; 0 came"),
    ],
    ids=str,
)
def test_a_header_that_makes_no_sense(history, tmp_path, changes, message) -> None:
    path = tmp_path / "run.npz"
    history.save(path)
    altered(path, **changes)
    with pytest.raises(ValueError, match=message):
        bp.History.load(path)


class TestForeignFiles:
    def refuse(self, path) -> None:
        with pytest.raises(ValueError, match=r"cannot be read as a history .*History\.save"):
            bp.History.load(path)

    def test_text(self, tmp_path) -> None:
        path = tmp_path / "notes.npz"
        path.write_text("epoch, loss\n0, 0.5\n")
        self.refuse(path)

    def test_a_single_array(self, tmp_path) -> None:
        np.save(tmp_path / "array.npy", np.ones(3))
        self.refuse(tmp_path / "array.npy")

    def test_an_npz_of_somebody_else(self, tmp_path) -> None:
        np.savez(tmp_path / "other.npz", weights=np.ones(3))
        self.refuse(tmp_path / "other.npz")

    def test_it_says_what_is_there_instead(self, tmp_path) -> None:
        for arrays, found in (
            ({"a": 1, "b": 2}, r"it holds \['a', 'b'\], and no header of a history"),
            ({"header": "7"}, "its header is 7"),
        ):
            np.savez(tmp_path / "theirs.npz", **arrays)
            with pytest.raises(ValueError, match=found):
                bp.History.load(tmp_path / "theirs.npz")

    def test_a_single_number_where_an_array_belongs(self, history, tmp_path) -> None:
        arrays = dict(np.load(history.save(tmp_path / "run.npz")))
        np.savez(tmp_path / "run.npz", **{**arrays, "W1": 99})
        self.refuse(tmp_path / "run.npz")

    def test_an_archive_of_other_things(self, tmp_path) -> None:
        with zipfile.ZipFile(tmp_path / "other.npz", "w") as archive:
            archive.writestr("header.npy", "hello")
        self.refuse(tmp_path / "other.npz")

    def test_pickled_objects_are_not_even_looked_at(self, tmp_path) -> None:
        path = tmp_path / "pickled.npz"
        header = np.array([{"format": "bpviz history"}], dtype=object)
        np.savez(path, header=header)
        with pytest.raises(ValueError, match="Object arrays cannot be loaded"):
            bp.History.load(path)

    def test_a_compressed_copy_is_read_but_not_mapped(self, history, tmp_path) -> None:
        path = tmp_path / "run.npz"
        history.save(path)
        with np.load(path) as arrays:
            np.savez_compressed(path, **dict(arrays))
        assert_same(bp.History.load(path), history)
        with pytest.raises(ValueError, match=r"rows\.npy is compressed; read it with in_mem"):
            bp.History.load(path, in_memory=False)
