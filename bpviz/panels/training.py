"""The training panel: the loss curve of a run, and any of its updates step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from bpviz.core.history import History
from bpviz.core.tape import Trace
from bpviz.core.training import train
from bpviz.draw.curve import svg_with_curve
from bpviz.explain.program import Program
from bpviz.panels.panel import Panel, frame_index, packed
from bpviz.presets import Example

MOST_BYTES = 4_000_000


class TrainingPanel(Panel):
    """The loss curve of a run; the update under its cursor opens below, step by step.

    Parameters
    ----------
    source : Example or History
        An example is trained by its own rule for its own number of epochs.
    depth : str
        "layer", "unit" or "term".

    Raises
    ------
    TypeError
        If `source` is neither.
    """

    _losses = traitlets.Bytes().tag(sync=True)
    _loss_name = traitlets.Unicode("RMSE").tag(sync=True)
    _updates_per_epoch = traitlets.Int(1).tag(sync=True)
    _first_frame = traitlets.Int(0).tag(sync=True)
    _total_frames = traitlets.Int(0).tag(sync=True)

    def __init__(self, source: Example | History, *, depth: str = "unit") -> None:
        if isinstance(source, Example):
            history = train(
                source.network, source.inputs, source.targets, source.rule, epochs=source.epochs
            )
            title = source.title
        elif isinstance(source, History):
            history = source
            title = f"{'-'.join(map(str, source.start.sizes))} network"
        else:
            raise TypeError(
                f"source is {type(source).__name__}; give a History, as bpviz.train returns, or "
                "an example, such as bpviz.presets.xor()"
            )
        self.history = history
        super().__init__(
            Program(history.start, history.rule, history.trace(0).layout.samples),
            title,
            _view="training",
            _frames=packed(history.rows[: self._frames_at_once]),
            _losses=packed(history.losses),
            _updates_per_epoch=history.updates_per_epoch,
            _total_frames=len(history),
            depth=depth,
        )

    @property
    def _frames_at_once(self) -> int:
        return max(1, MOST_BYTES // int(self.history.rows[0].nbytes))

    @property
    def epoch(self) -> int:
        """The epoch that the panel shows, from 0."""
        return self.frame // self.history.updates_per_epoch

    @property
    def trace(self) -> Trace:
        """The update that the panel shows."""
        return self.history.trace(*divmod(self.frame, self.history.updates_per_epoch))

    @traitlets.validate("frame")
    def _checked_frame(self, proposal: Mapping[str, Any]) -> int:
        return frame_index("frame", proposal["value"], len(self.history))

    def _answers(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {"frames": self._send_frames}

    def _send_frames(self, content: dict[str, Any]) -> None:
        """Send the frames around the one that the browser asks for."""
        wanted = frame_index("frame", content.get("start"), len(self.history))
        count = self._frames_at_once
        start = max(0, min(wanted - count // 2, len(self.history) - count))
        rows = self.history.rows[start : start + count]
        self.send({"kind": "frames", "start": start, "count": len(rows)}, [packed(rows)])

    def _picture(self) -> str:
        return svg_with_curve(self.history, self.trace, self.title)

    def __repr__(self) -> str:
        epoch, update = divmod(self.frame, self.history.updates_per_epoch)
        losses = self.history.losses
        return (
            f"TrainingPanel({self.title}; RMSE {losses[0]:.4g} → {losses[-1]:.4g} in "
            f"{self.history.epochs} epochs; at epoch {epoch + 1}, update {update + 1})"
        )
