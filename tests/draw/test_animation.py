"""A run as a moving picture."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image, ImageSequence

import bpviz as bp

XOR = bp.presets.xor()

# A stand-in for ffmpeg: writes down how it was called and how many bytes of pictures came.
FFMPEG = f"""#!{sys.executable}
import sys
from itertools import pairwise
pictures = sys.stdin.buffer.read()
with open(sys.argv[-1], "w") as film:
    film.write(" ".join(sys.argv[1:]) + f"|{{len(pictures)}}")
"""


@pytest.fixture(scope="module")
def run():
    return bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=20)


def pictures(path):
    with Image.open(path) as film:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]


def test_a_gif_has_a_picture_for_each_chosen_epoch_and_they_differ(run, tmp_path):
    path = tmp_path / "run.gif"
    assert bp.plot.animation(run, path, frames=5, fps=4) == path
    frames = pictures(path)
    assert len(frames) == 5
    for one, other in pairwise(frames):
        half = one.shape[1] // 2
        assert (one[:, :half] != other[:, :half]).any()
        assert (one[:, half:] != other[:, half:]).any()
    with Image.open(path) as film:
        assert film.info["duration"] == 250
    assert list(tmp_path.iterdir()) == [path]
    assert plt.get_fignums() == []


def test_a_run_shorter_than_the_film_has_one_picture_an_epoch_and_one_of_the_start(tmp_path):
    example = bp.presets.three_two_one()
    run = bp.train(example.network, example.inputs, example.targets, example.rule, epochs=2)
    frames = pictures(bp.plot.animation(run, str(tmp_path / "run.GIF"), frames=40))
    assert len(frames) == 3
    half = frames[0].shape[1] // 2
    assert (frames[0][:, :half] != frames[2][:, :half]).any()


def test_mp4_is_made_by_ffmpeg(run, tmp_path, monkeypatch):
    program = tmp_path / "ffmpeg"
    program.write_text(FFMPEG)
    program.chmod(0o755)
    monkeypatch.setitem(plt.rcParams, "animation.ffmpeg_path", str(program))
    path = bp.plot.animation(run, tmp_path / "run.mp4", frames=3, fps=4)
    command, size = path.read_text().split("|")
    assert int(size) == 3 * 900 * 400 * 4
    assert "-s 900x400" in command
    assert "-framerate 4" in command


def test_without_ffmpeg_mp4_is_refused_by_name(run, tmp_path, monkeypatch):
    monkeypatch.setitem(plt.rcParams, "animation.ffmpeg_path", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match=r"MP4 needs the program ffmpeg, .* with \.gif"):
        bp.plot.animation(run, tmp_path / "run.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_film_that_fails_leaves_the_old_one_alone(run, tmp_path, monkeypatch):
    path = tmp_path / "run.gif"
    path.write_bytes(b"the old film")

    def fail(*_arguments, **_options):
        raise OSError("no space left")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(OSError, match="no space left"):
        bp.plot.animation(run, path, frames=2)
    assert path.read_bytes() == b"the old film"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"history": XOR}, TypeError, "history is Example"),
        ({"path": "run.avi"}, ValueError, r"path is 'run\.avi'; give a name .* \.gif or \.mp4"),
        ({"path": Path("nowhere/run.gif")}, FileNotFoundError, "its folder does not exist"),
        ({"frames": 1}, ValueError, "frames is 1"),
        ({"frames": 2.5}, TypeError, "frames must be a whole number"),
        ({"fps": 0}, ValueError, "fps must be at least 1"),
    ],
)
def test_a_film_that_cannot_be_made_is_said_clearly(run, change, error, words):
    with pytest.raises(error, match=words):
        bp.plot.animation(**({"history": run, "path": "run.gif"} | change))
