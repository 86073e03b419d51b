"""The step panel: one pass, forwards and backwards, at any depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets

from bpviz.core.backprop import backprop
from bpviz.core.tape import Trace
from bpviz.draw.diagram import svg
from bpviz.explain.program import Program
from bpviz.panels.panel import Panel, frame_index, packed, sample_name
from bpviz.presets import Example


class StepPanel(Panel):
    """Step through an update: the network, the sentence, the formula, the numbers.

    Parameters
    ----------
    source : Trace or Example
        A trace of one sample, or an example: then one trace for each of its samples, of
        which the panel shows the first.
    depth : str
        "layer", "unit" or "term".
    cursor : int
        How many steps are done at the start.

    Raises
    ------
    TypeError
        If `source` is neither.
    """

    def __init__(self, source: Trace | Example, *, depth: str = "unit", cursor: int = 0) -> None:
        if isinstance(source, Example):
            self._traces = [
                backprop(source.network, x, y, source.rule)
                for x, y in zip(source.inputs, source.targets, strict=True)
            ]
            title = source.title
        elif isinstance(source, Trace):
            self._traces = [source]
            title = f"{'-'.join(map(str, source.network.sizes))} network"
        else:
            raise TypeError(
                f"source is {type(source).__name__}; give a Trace, as bpviz.backprop returns, "
                "or an example, such as bpviz.presets.xor()"
            )
        first, count = self._traces[0], len(self._traces)
        names = [sample_name(k, count, t.x, t.y) for k, t in enumerate(self._traces)]
        super().__init__(
            Program(first.network, first.rule, first.layout.samples),
            title,
            _view="step",
            _frames=packed(np.stack([trace.row for trace in self._traces])),
            _frame_names=names if count > 1 else [],
            depth=depth,
        )
        self.cursor = cursor

    @property
    def trace(self) -> Trace:
        """The update that the panel shows."""
        return self._traces[self.frame]

    @traitlets.validate("frame")
    def _checked_frame(self, proposal: Mapping[str, Any]) -> int:
        return frame_index("frame", proposal["value"], len(self._traces))

    def _picture(self) -> str:
        return svg(self.trace, self.title)
