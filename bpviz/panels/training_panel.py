"""The training panel: a run, its loss curve, and any of its updates step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets
from numpy.typing import ArrayLike

from bpviz.core.arguments import (
    Array,
    index_in,
    lecture_seed,
    one_number,
    one_of,
    positive_count,
    refuse_beyond_memory,
)
from bpviz.core.model.network import Network
from bpviz.core.run.example import Source, example_of, together
from bpviz.core.run.history import History
from bpviz.core.run.run import Run
from bpviz.core.update.backprop import backprop
from bpviz.core.update.tape import Layout, Trace
from bpviz.core.words import counted
from bpviz.draw.curve import svg_with_curve
from bpviz.draw.diagram import svg
from bpviz.draw.loss_curves import DURING
from bpviz.explain.numbers import told_apart
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS
from bpviz.panels.editing import number_in
from bpviz.panels.kept import TraitValues
from bpviz.panels.live import LiveRun
from bpviz.panels.made_again import (
    MADE_AGAIN,
    MOST_NUMBERS_MADE,
    MOST_NUMBERS_MADE_IN_A_NOTEBOOK,
    is_made_again,
    orders_of,
    origin_of,
)
from bpviz.panels.messages import (
    FramesAnswer,
    FramesQuestion,
    Handlers,
    Pace,
    Reply,
    RunProgress,
    Seen,
)
from bpviz.panels.panel import PAGE_BYTES, check_room, constant_of, frame_index, packed
from bpviz.panels.pins import Pin, pinned_json
from bpviz.panels.run_words import stopped_words
from bpviz.panels.settings import Settings, forms_of_run, fresh_start, mistake_choices
from bpviz.panels.stepping import SteppingPanel
from bpviz.panels.style import RUN_VIEWS, VIEWS, chosen_views
from bpviz.panels.views import RunViews

MOST_BYTES = 100_000
"""Of the frames that the browser has from the start."""
MORE_BYTES = 16_000
"""Of those that it asks for later: few enough to come in time while somebody drags the cursor."""
READY, RUNNING, PAUSED, STOPPED = "ready", "running", "paused", "stopped"


class TrainingPanel(SteppingPanel):
    """A training run with its loss curve; the update under the cursor opens in its place.

    The run can be continued, paused, made update by update or epoch by epoch, started
    again from the same or from a new start, and by other settings. While it runs the
    kernel stays free. Runs can be pinned, to be compared with those that follow.

    Parameters
    ----------
    source : Example, History, Trace, (network, X, Y), or a Network with X and Y
        A history is shown as it is. All else is trained: an example by its own rule for its own
        number of epochs, a trace by updates like its own.
    X, Y : array_like, shape (N, n_0) and (N, n_L), optional
        The inputs and targets of a Network, a row for each sample.
    depth : str
        "layer", "unit" or "term".
    views : list of str, optional
        What is shown: of the run "loss", "surface", "predictions", "weights", "landscape" and
        "table", of an update's steps "diagram", "formula", "matrices" and "code". Of each of the
        two all, unless some of its own are named.

    Raises
    ------
    TypeError, ValueError
        If `source` is none of these, a single update of it has more than 32 MB of numbers, or
        `views` names what is no view.

    Examples
    --------
    >>> panel = bp.TrainingPanel(bp.presets.xor())
    >>> panel.history
    History(2-2-1, 500 epochs × 4 updates, RMSE 0.639065 → 0.516653)
    """

    _losses = traitlets.Bytes().tag(sync=True)
    _loss_name = traitlets.Unicode(DURING).tag(sync=True)
    _constant = traitlets.Dict().tag(sync=True)
    _updates_per_epoch = traitlets.Int(1).tag(sync=True)
    _first_frame = traitlets.Int(0).tag(sync=True)
    _total_frames = traitlets.Int(0).tag(sync=True)
    _last_program = traitlets.Dict().tag(sync=True)
    _start_row = traitlets.Bytes().tag(sync=True)
    _inputs = traitlets.Bytes().tag(sync=True)
    _targets = traitlets.Bytes().tag(sync=True)
    _orders = traitlets.Bytes().tag(sync=True)
    _status = traitlets.Unicode(READY).tag(sync=True)
    _stopped = traitlets.Unicode().tag(sync=True)
    _pace = traitlets.Float(0.0).tag(sync=True)
    _settings = traitlets.Dict().tag(sync=True)
    _mistake_choices: traitlets.List[Any] = traitlets.List().tag(sync=True)
    _forms = traitlets.Dict().tag(sync=True)
    _pinned: traitlets.List[Any] = traitlets.List().tag(sync=True)
    _pinned_losses = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        source: Source | Network,
        X: ArrayLike | None = None,
        Y: ArrayLike | None = None,
        *,
        depth: str = "unit",
        views: Sequence[str] | None = None,
    ) -> None:
        self._pins: list[Pin] = []
        shown, steps = chosen_views(views, RUN_VIEWS, VIEWS)
        depth = one_of("depth", depth, DEPTHS)
        source = together(source, X, Y)
        example = example_of("source", source)
        self._first_network = example.network
        self._data = (example.inputs, example.targets)
        batch_size, seed = _batches_of(source)
        self._chosen = Settings.of(example.rule, batch_size, seed, example.epochs)
        self._start = self._first_network
        self._start_seed: int | None = None
        self._live = self._new_live(self._start, self._chosen)
        self._views = RunViews(lambda: self.history, lambda: self._live.is_running)
        super().__init__(
            self._program_for(self._batch),
            example.title,
            _view="training",
            depth=depth,
            _shown=shown,
            appearance={"views": steps},
        )
        self._finished_history: History | None = None
        if isinstance(source, History):
            self._finished_history = source
        else:
            self._live.run.advance(self._chosen.epochs * self._live.run.updates_per_epoch)
        self._show_run(follow=True)

    # What is shown.

    @property
    def history(self) -> History:
        """The run so far."""
        if self._live.is_running:
            return self._live.run.history()
        if self._finished_history is None:
            self._finished_history = self._live.run.history()
        return self._finished_history

    @property
    def settings(self) -> Settings:
        """The settings of the present run."""
        return self._chosen

    @property
    def pinned(self) -> tuple[History, ...]:
        """The runs that are kept for comparison."""
        return tuple(history for history, _ in self._pins)

    @property
    def epoch(self) -> int:
        """The epoch that the panel shows, from 0."""
        return self.frame // self._live.run.updates_per_epoch

    def _trace_at(self, frame: int) -> Trace:
        if not len(self.history):
            raise ValueError("the run has no update yet; make one first")
        return self.history.trace(*divmod(frame, self.history.updates_per_epoch))

    @traitlets.validate("frame")
    def _checked_frame(self, proposal: Mapping[str, Any]) -> int:
        count = max(1, self._total_frames)
        return frame_index("frame", proposal["value"], count)

    # What can be done.

    def run(self, epochs: int | None = None) -> None:
        """Continue the run in the background for `epochs`, by default up to the set number."""
        wished = None if epochs is None else positive_count("epochs", epochs)
        live = self._live_run()
        per_epoch = live.run.updates_per_epoch
        if wished is None:
            total = self._chosen.epochs * per_epoch
            wanted = total if live.run.updates < total else live.run.updates + total
        else:
            more = wished * per_epoch
            refuse_beyond_memory("epochs", wished, int(more * live.run.numbers_per_update))
            wanted = live.run.updates + more
        self._status = RUNNING
        live.keep_pace(self._pace)
        live.go(wanted)

    def pause(self) -> None:
        """Let a run in the background rest."""
        self._live.pause()

    def advance(self, updates: int) -> None:
        """Make some updates at once."""
        wanted = positive_count("updates", updates)
        live = self._live_run()
        live.pause()
        live.run.advance(wanted)
        self._show_run(follow=True)

    def reset(self) -> None:
        """Start again from the same start, with nothing made yet."""
        self._begin(self._start, self._start_seed, self._chosen)

    def new_start(self, seed: int | None = None) -> None:
        """Start again from random weights and biases, drawn as the seed says; None draws one."""
        number = lecture_seed("seed", seed)
        self._begin(fresh_start(self._first_network, number), number, self._chosen)

    def set(self, **settings: Any) -> None:
        """Change settings and start again from the same start.

        Parameters
        ----------
        **settings
            Any of the fields of `Settings`: learning_rate, update, train_biases, mistakes,
            optimizer, batch_size, shuffle, seed, epochs.

        Raises
        ------
        TypeError, ValueError
            If there is no such setting, or its value is wrong; nothing is changed then.
        """
        self._begin(self._start, self._start_seed, self._chosen.changed(**settings))

    def pin(self) -> None:
        """Keep the run for comparison with those that follow."""
        if self.history.epochs:
            self._pins.append((self.history, self._start_seed))
            self._show_pins()

    def unpin(self, index: int) -> None:
        """Let a pinned run go."""
        del self._pins[index_in("index", index, len(self._pins))]
        self._show_pins()

    def close(self) -> None:
        """Take the panel off the screen, and let its run rest. It opens again when it is shown."""
        if self.comm is not None:
            self.pause()
        super().close()

    # How it works.

    @property
    def _batch(self) -> int:
        return min(self._chosen.batch_size, len(self._data[0]))

    def _program_for(self, samples: int) -> Program:
        return Program(self._start, self._chosen.rule, samples)

    def _new_live(self, start: Network, chosen: Settings) -> LiveRun:
        samples = min(chosen.batch_size, len(self._data[0]))
        check_room(
            "an update of this run",
            1,
            Layout(start, samples, chosen.rule).size,
            "give a smaller batch or a smaller network",
        )
        run = Run(
            start,
            *self._data,
            chosen.rule,
            batch_size=chosen.batch_size,
            shuffle=chosen.shuffle,
            seed=chosen.seed,
        )
        return LiveRun(run, self._report, self._finished)

    def _live_run(self) -> LiveRun:
        """Return the run that goes on; a finished history is made again up to its end."""
        run = self._live.run
        if self._finished_history is not None and run.updates < len(self._finished_history):
            run.advance(len(self._finished_history) - run.updates)
        self._finished_history = None
        return self._live

    def _begin(self, start: Network, seed: int | None, chosen: Settings) -> None:
        """Start again; what cannot be started is refused before anything has changed."""
        live = self._new_live(start, chosen)
        self._live.leave()
        self._views.forget()
        self._start, self._start_seed, self._chosen = start, seed, chosen
        self._live = live
        self._reported_epochs = 0
        self._finished_history = None
        with self.hold_sync():
            self._total_frames = 0
            self.frame = 0
            self._set_program(self._program_for(self._batch))
            if self._forms:
                self._forms = self._forms_of_run()
            self._show_run()

    def _show_run(self, follow: bool = False) -> None:
        """Send the state of the run and its last updates to the browser, all in one message."""
        history = self.history
        rest = len(self._data[0]) % self._batch
        with self.hold_sync():
            self._losses = packed(history.rmse)
            self._constant = constant_of(history.targets)
            self._updates_per_epoch = history.updates_per_epoch
            self._total_frames = len(history)
            self._first_frame = max(0, len(history) - self._frames_at_once)
            self._frames = packed(history.frames(self._first_frame, len(history)))
            self._last_program = self._json_of(self._program_for(rest)) if rest else {}
            self._start_row, self._inputs, self._targets = origin_of(
                self._start, *self._data, self.program
            )
            self._orders = orders_of(history)
            self._settings = {**self._chosen.to_json(), "start_seed": self._start_seed}
            self._mistake_choices = mistake_choices(self._start, self._chosen.rule, self._batch)
            self._stopped = stopped_words(history.stopped, self.program.layout)
            self._status = STOPPED if history.stopped else PAUSED if len(history) else READY
            if follow and len(history):
                self.frame = len(history) - 1

    def _show_pins(self) -> None:
        with self.hold_sync():
            self._pinned, self._pinned_losses = pinned_json(self._pins)

    def _report(self) -> None:
        """Send what is new: the losses since the last report, and the newest update."""
        run = self._live.run
        first = self._reported_epochs if run.epochs >= self._reported_epochs else 0
        self._reported_epochs = run.epochs
        report: RunProgress = {"updates": run.updates, "first_epoch": first}
        newest = run.history().frames(run.updates - 1, run.updates)
        self.send({**report, "kind": "progress"}, [packed(run.rmse[first:]), packed(newest)])

    _reported_epochs = 0

    def _seen(self, content: Seen) -> None:
        """Go on telling; a view that holds fewer losses, as one opened late, gets the others."""
        held = number_in(content, "epochs", self._reported_epochs)
        self._reported_epochs = max(0, min(self._reported_epochs, held))
        self._live.answered()

    def _finished(self, error: Exception | None) -> None:
        self._finished_history = None
        self._show_run(follow=True)
        if error is not None:
            self._error = str(error)

    @property
    def _frames_at_once(self) -> int:
        return max(1, MOST_BYTES // (8 * self.program.layout.size))

    def _answers(self) -> Handlers:
        return {
            **super()._answers(),
            **self._views.answers(),
            "frames": self._frames_around,
            "run": lambda _: self.run(),
            "pause": lambda _: self.pause(),
            "pace": self._keep_pace,
            "update": lambda _: self.advance(1),
            "epoch": lambda _: self.advance(self._updates_to_next_epoch()),
            "reset": lambda _: self.reset(),
            "new_start": lambda content: self.new_start(content["seed"]),
            "settings": lambda content: self.set(**self._chosen.chosen(content["settings"])),
            "pin": lambda _: self.pin(),
            "unpin": lambda content: self.unpin(content["index"]),
            "seen": self._seen,
        }

    def _keep_pace(self, content: Pace) -> None:
        """Run at so many updates in a second, now and later; 0 for as many as can be."""
        pace = one_number("pace", content.get("pace"))
        self._live.keep_pace(pace)
        self._pace = pace

    def _updates_to_next_epoch(self) -> int:
        per_epoch = self._live.run.updates_per_epoch
        return per_epoch - self.history.updates % per_epoch

    def _frames_around(self, content: FramesQuestion) -> Reply[FramesAnswer]:
        """Return the frames around the one that the browser asks for."""
        wanted = frame_index("frame", content.get("start"), len(self.history))
        start, rows = self._around(wanted, min(MOST_BYTES, MORE_BYTES))
        return {"start": start, "count": len(rows)}, [packed(rows)]

    def _around(self, frame: int, most_bytes: int) -> tuple[int, Array]:
        """Return the frames around one, and the number of the first."""
        history = self.history
        count = max(1, most_bytes // (8 * self.program.layout.size))
        start = max(0, min(frame - count // 2, len(history) - count))
        return start, history.frames(start, min(len(history), start + count))

    def _values(self, most_bytes: int = PAGE_BYTES) -> TraitValues:
        """Keep of a run what a page cannot make again; of a long one updates, too.

        A page has the formulas of other batches and optimisers, besides.
        """
        is_page = most_bytes == PAGE_BYTES
        values = {**super()._values(), "_forms": self._forms_of_run(with_others=is_page)}
        most = MOST_NUMBERS_MADE if is_page else MOST_NUMBERS_MADE_IN_A_NOTEBOOK
        if is_made_again(self.history, self._start_row, self._orders, most):
            return {name: value for name, value in values.items() if name not in MADE_AGAIN}
        start, rows = self._around(self.frame, most_bytes)
        return {**values, "_first_frame": start, "_frames": packed(rows)}

    def _forms_of_run(self, with_others: bool = False) -> dict[str, Any]:
        return forms_of_run(self._start, self._chosen, len(self._data[0]), with_others)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        self._forms = self._forms_of_run()
        return super()._repr_mimebundle_(**kwargs)

    def _picture(self) -> str:
        if len(self.history):
            return svg_with_curve(self.history, self.trace, self.title)
        x, y = self._data
        return svg(backprop(self._live.run.start, x[0], y[0], self._chosen.rule), self.title)

    def __repr__(self) -> str:
        history = self.history
        if not history.epochs:
            return f"TrainingPanel({self.title}; {counted(len(history), 'update')} made)"
        epoch, update = divmod(self.frame, history.updates_per_epoch)
        first, last = told_apart(history.rmse[0], history.rmse[-1])
        return (
            f"TrainingPanel({self.title}; {DURING} {first} → "
            f"{last} in {counted(history.epochs, 'epoch')}; at epoch {epoch + 1:,}, "
            f"update {update + 1:,})"
        )


def _batches_of(source: object) -> tuple[int, int | None]:
    """Return the batch size of a run, and the seed of its shuffling, None if it has none."""
    if isinstance(source, History):
        return source.batch_size, source.seed
    return source.layout.samples if isinstance(source, Trace) else 1, None
