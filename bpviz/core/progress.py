"""What a run says of itself while it goes on."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.arguments import Array

if TYPE_CHECKING:
    from tqdm.auto import tqdm

SECONDS_WITHOUT_BAR = 1.0
"""Seconds before a run counts as long and gets a bar."""


class Progress:
    """A progress bar that appears once a run turns out to be long.

    Parameters
    ----------
    total : int
        How many updates the run will make.
    doing, unit : str
        What is done, and what is counted.
    """

    def __init__(self, total: int, doing: str = "training", unit: str = "updates") -> None:
        self._total = total
        self._doing, self._unit = doing, unit
        self._began = perf_counter()
        self._bar: tqdm[Any] | None = None

    def show(self, done: int) -> None:
        """Show that so many are done."""
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif perf_counter() - self._began > SECONDS_WITHOUT_BAR and done < self._total:
            from tqdm.auto import tqdm  # most runs are too short to need it

            self._bar = tqdm(
                total=self._total,
                initial=done,
                desc=self._doing,
                unit=f" {self._unit}",
                leave=False,
            )

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()


def epoch_text(epoch: int, predictions: Array, loss: float) -> str:
    """Return what a verbose run prints after an epoch.

    Parameters
    ----------
    epoch : int
        Which one, from 0.
    predictions : ndarray, shape (N, n_L)
        In the order of the samples.
    loss : float
        RMSE of the epoch.
    """
    shown = predictions[:, 0] if predictions.shape[1] == 1 else predictions
    numbers = np.array2string(shown, precision=8, threshold=40, prefix=" " * 16)
    return f"After epoch {epoch}\n    Prediction: {numbers}\n    Loss: {loss:.16g}\n"
