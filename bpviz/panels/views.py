"""What stands beneath the loss curve: surface, predictions, trajectories, landscape.

The browser asks. A long computation is made in slices, so that the kernel stays free. While a
run goes on, an answer is about the run as it was when the work on it began.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array, index_in
from bpviz.core.model.network import outputs_of_each
from bpviz.core.model.starts import parameters_of
from bpviz.core.run.history import History, rmse
from bpviz.core.run.parameters import (
    parameter_refs,
    parameters_after,
    path_in_parts,
)
from bpviz.core.run.slices import Slice, height_scale, loss_parts, principal_slice, ticks_around
from bpviz.draw.surface_plots import limits_around, plane
from bpviz.panels.messages import (
    Handlers,
    LandscapeAnswer,
    Nothing,
    Reply,
    SamplesAnswer,
    TrajectoriesAnswer,
    TrajectoriesQuestion,
    ViewsAnswer,
    ViewsQuestion,
    Work,
)

GRID = 41
"""Places along each side of the surface and of the landscape."""
MOST_SAMPLES = 500
MOST_EPOCHS, FEWEST_EPOCHS, MOST_NUMBERS = 600, 50, 2_000_000
MOST_EPOCHS_LIVE = 200
"""Of a run that goes on: its way is sent again and again."""
MOST_LINES = 24
"""More lines than these cannot be told apart."""


@dataclass(frozen=True, eq=False)
class _Way:
    """The parameters of a run, one row after each of some epochs."""

    history: History
    epochs: NDArray[np.int64]
    path: Array


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """The landscape around a way: the slice, its number, and the answer that shows it."""

    way: _Way
    cut: Slice
    number: int
    answer: Reply[LandscapeAnswer]


class RunViews:
    """Answers to what the browser asks about a run.

    Parameters
    ----------
    history : callable
        Returns the run as it is now.
    goes_on : callable
        Returns whether the run advances by itself now.
    """

    def __init__(
        self,
        history: Callable[[], History],
        goes_on: Callable[[], bool],
    ) -> None:
        self._history, self._goes_on = history, goes_on
        self._run = 0
        self._slices = 0
        self._way: _Way | None = None
        self._surroundings: _Surroundings | None = None
        self._indices: dict[str, int] = {}

    def forget(self) -> None:
        """Let go of what was computed for a run that is no more."""
        self._run += 1
        self._way = self._surroundings = None

    def answers(self) -> Handlers:
        """Return what answers each kind of question."""
        return {
            "samples": self._samples,
            "views": self._views,
            "trajectories": self._trajectories,
            "landscape": self._whole_landscape,
        }

    # What is asked.

    def _samples(self, _content: Nothing) -> Work[SamplesAnswer]:
        """Return the samples, and where the surface lies."""
        yield from ()
        history = self._history()
        inputs, targets = _shown(history.inputs), _shown(history.targets)
        features = inputs.shape[1]
        low, high = limits_around(history.inputs)
        why = f"The decision surface needs a network with 2 inputs; this one has {features}."
        return {
            "total": len(history.inputs),
            "features": features,
            "outputs": targets.shape[1],
            "limits": [low, high],
            "no_surface": "" if features == 2 else why,
        }, [_doubles(inputs), _doubles(targets)]

    def _views(self, content: ViewsQuestion) -> Work[ViewsAnswer]:
        """Return what the network answers after some updates, and where the run is then.

        With it comes the update that is asked for: two questions at each move of the cursor
        would take twice as long.
        """
        yield from ()
        history = self._history()
        network = history.start
        whole = index_in("epoch", content.get("epoch"), 2**53)
        more = index_in("update", content.get("update", 0), 2**53)
        made = min(whole * history.updates_per_epoch + more, len(history))
        epoch, update = divmod(made, history.updates_per_epoch)
        output = index_in("output", content.get("output", 0), network.sizes[-1])
        row = parameters_after(history, epoch, update)
        predictions = outputs_of_each(network, row[None], _shown(history.inputs))[0]
        surface = np.empty(0)
        if network.sizes[0] == 2:
            ticks = np.linspace(*limits_around(history.inputs), GRID)
            surface = outputs_of_each(network, row[None], plane(ticks))[0][:, output]
        around, place = self._surroundings, None
        if around is not None:
            with np.errstate(all="ignore"):
                at = around.cut.coordinates(row[None])[0]
            place = at.tolist() if np.isfinite(at).all() else None
        columns = self._columns(history)
        refs = [ref for ref in content.get("refs", []) if ref in columns]
        values = row[[columns[ref] for ref in refs]]
        frame, frames = content.get("frame"), np.empty(0)
        if frame is not None:
            frame = index_in("frame", frame, len(history))
            frames = history.frames(frame, frame + 1)
        return {
            "frame": frame,
            "epoch": epoch,
            "update": update,
            "output": output,
            "loss": _number(rmse(predictions, _shown(history.targets))),
            "refs": refs,
            "place": place,
            "slice": 0 if around is None else around.number,
        }, [_singles(surface), _doubles(predictions), _doubles(values), _doubles(frames)]

    def _trajectories(self, content: TrajectoriesQuestion) -> Work[TrajectoriesAnswer]:
        """Return the way of the weights and biases of a register, or of all registers."""
        way = yield from self._whole_way()
        history = way.history
        columns = self._columns(history)
        register = str(content.get("register", ""))
        refs = [ref for ref in columns if not register or ref.startswith(f"{register}[")]
        total = len(refs)
        if total > MOST_LINES:
            yield
            chosen = np.array([columns[ref] for ref in refs])
            moved = np.ptp(way.path[:, chosen], axis=0)
            most = np.sort(np.argsort(-moved, kind="stable")[:MOST_LINES])
            refs = [refs[index] for index in most]
        also = content.get("also")
        if also in columns and also not in refs:
            refs.append(str(also))
        lines = way.path[:, [columns[ref] for ref in refs]].T
        return {
            "refs": refs,
            "total": total,
            "registers": [
                f"{kind}{number}"
                for number in range(1, len(history.start.layers) + 1)
                for kind in "Wb"
            ],
        }, [_doubles(way.epochs), _singles(lines)]

    def _whole_landscape(self, _content: Nothing) -> Work[LandscapeAnswer]:
        """Return the loss on a slice along the path of the run; it is computed once."""
        run = self._run
        way = yield from self._whole_way()
        if self._surroundings is not None and self._surroundings.way is way:
            return self._surroundings.answer
        history = way.history
        if len(way.path) < 2:
            raise ValueError("No epoch is made yet, so there is no path to look around.")
        cut = principal_slice(way.path)
        yield
        along = cut.coordinates(way.path)
        first, second = ticks_around(along, GRID)
        parts = []
        samples = _shown(history.inputs), _shown(history.targets)
        for part in loss_parts(history.start, *samples, cut, first, second):
            parts.append(part)
            yield
        heights = np.concatenate(parts)
        if not np.isfinite(heights).any():
            raise ValueError("The loss around the path is not finite: the run diverged.")
        low, high, logarithmic = height_scale(heights)
        self._slices += 1
        answer: Reply[LandscapeAnswer] = (
            {
                "slice": self._slices,
                "shares": (along.var(axis=0) / way.path.var(axis=0).sum()).tolist(),
                "first": [first[0], first[-1]],
                "second": [second[0], second[-1]],
                "low": low,
                "high": high,
                "logarithmic": logarithmic,
            },
            [_singles(heights), _doubles(along), _doubles(way.epochs)],
        )
        if self._run == run:  # else another run has begun meanwhile
            self._surroundings = _Surroundings(way, cut, self._slices, answer)
        return answer

    def _whole_way(self) -> Generator[None, None, _Way]:
        history, run = self._history(), self._run
        if self._way is not None and self._way.history is history:
            return self._way
        size = parameters_of(history.start).size
        longest = MOST_EPOCHS_LIVE if self._goes_on() else MOST_EPOCHS
        most = max(FEWEST_EPOCHS, min(longest, MOST_NUMBERS // size))
        way = _Way(history, *(yield from path_in_parts(history, most)))
        if self._run == run:
            self._way = way
        return way

    def _columns(self, history: History) -> dict[str, int]:
        """Return where each parameter stands; all runs of a panel have the same ones."""
        if not self._indices:
            refs = parameter_refs(history.start)
            self._indices = {ref: column for column, ref in enumerate(refs)}
        return self._indices


def _shown(samples: Array) -> Array:
    """Return at most `MOST_SAMPLES` of the samples, spread evenly."""
    if len(samples) <= MOST_SAMPLES:
        return samples
    chosen: Array = samples[np.linspace(0, len(samples) - 1, MOST_SAMPLES).round().astype(int)]
    return chosen


def _number(value: Any) -> float | None:
    """Return a number as JSON can hold it: None for an infinity or NaN."""
    return float(value) if np.isfinite(value) else None


def _doubles(values: Array | NDArray[np.int64]) -> bytes:
    return np.ascontiguousarray(values, dtype="<f8").tobytes()


def _singles(values: Array) -> bytes:
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(values, dtype="<f4").tobytes()
