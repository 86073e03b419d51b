"""Runs and updates as tables: files that any program reads, and data frames of pandas."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bpviz.core.arguments import Array, file_path, one_of, refuse_missing_folder
from bpviz.core.files import whole_file
from bpviz.core.run.history import History, rmse
from bpviz.core.run.parameters import parameter_refs, parameters_after
from bpviz.core.update.tape import Layout, Trace

PER_EPOCH, PER_UPDATE = "epoch", "update"
NUMBERS_AT_ONCE = 2**18

Row = Sequence[object]


def trace_to_csv(trace: Trace, path: str | os.PathLike[str]) -> Path:
    """Write every number of an update to a file; see `Trace.to_csv`."""
    return _written(path, "trace.csv", _TRACE_COLUMNS, _rows_of(trace))


def trace_to_pandas(trace: Trace) -> Any:
    """Return every number of an update as a data frame; see `Trace.to_pandas`."""
    return _frame(_TRACE_COLUMNS, _rows_of(trace))


def history_to_csv(history: History, path: str | os.PathLike[str], per: str = PER_EPOCH) -> Path:
    """Write a run to a file; see `History.to_csv`."""
    return _written(path, "run.csv", *_table(history, per))


def history_to_pandas(history: History, per: str = PER_EPOCH) -> Any:
    """Return a run as a data frame; see `History.to_pandas`."""
    return _frame(*_table(history, per))


def _written(path: str | os.PathLike[str], example: str, columns: Row, rows: Iterable[Row]) -> Path:
    target = file_path("path", path, example)
    refuse_missing_folder("path", target)
    with (
        whole_file(target.resolve()) as unfinished,
        unfinished.open("x", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return target


def _frame(columns: Sequence[str], rows: Iterable[Row]) -> Any:
    try:
        pandas = import_module("pandas")
    except ImportError:
        raise ImportError("pandas is not installed; `pip install pandas` brings it") from None
    return pandas.DataFrame(list(rows), columns=list(columns))


_TRACE_COLUMNS = ("ref", "sample", "value")


def _rows_of(trace: Trace) -> Iterator[Row]:
    """Yield each number; what belongs to no one sample of a batch has None for it."""
    for register in trace.layout.registers.values():
        array = trace.layout.view(trace.row, register.name)
        parts = array if register.per_sample else array[None]
        for sample, part in enumerate(parts):
            for ref, value in zip(register.refs, part.ravel().tolist(), strict=True):
                yield ref, sample if register.per_sample else None, value


def _table(history: History, per: str) -> tuple[Sequence[str], Iterator[Row]]:
    if one_of("per", per, (PER_EPOCH, PER_UPDATE)) == PER_EPOCH:
        columns = ("epoch", "rmse", "loss", "rmse_after", *parameter_refs(history.start))
        return columns, _epochs(history)
    layout = Layout(history.start, 1, history.rule)
    refs = [ref for register in layout.registers.values() for ref in register.refs]
    return ("epoch", "update", "sample", *refs), _updates(history)


def _epochs(history: History) -> Iterator[Row]:
    """Yield the figures of each epoch and the parameters after it; epoch 0 is the start."""
    start = float(rmse(history.start.predict(history.inputs), history.targets))
    after = [start, *history.rmse_after.tolist()]
    during = [(None, None), *zip(history.rmse.tolist(), history.losses.tolist(), strict=True)]
    for epoch, figures in enumerate(during):
        yield (epoch, *figures, after[epoch], *parameters_after(history, epoch).tolist())


def _updates(history: History) -> Iterator[Row]:
    """Yield every number of each sample of each update."""
    at_once = max(1, NUMBERS_AT_ONCE // history.rows.shape[1])
    for first in range(0, len(history), at_once):
        rows = history.frames(first, min(len(history), first + at_once))
        for index, row in enumerate(rows, start=first):
            epoch, update = divmod(index, history.updates_per_epoch)
            samples = history.samples(epoch, update).tolist()
            layout = Layout(history.start, len(samples), history.rule)
            for place, sample in enumerate(samples):
                yield (epoch, update, sample, *_numbers(layout, row, place).tolist())


def _numbers(layout: Layout, row: Array, sample: int) -> Array:
    """Return all numbers of one sample of an update, in the order of the registers."""
    parts = []
    for register in layout.registers.values():
        view = layout.view(row, register.name)
        parts.append((view[sample] if register.per_sample else view).ravel())
    return np.concatenate(parts)
