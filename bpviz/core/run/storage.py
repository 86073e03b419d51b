"""Histories in files: NumPy's .npz format, with a version, never pickled."""

from __future__ import annotations

import dataclasses
import json
import os
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from bpviz.core.arguments import (
    positive_count,
    refuse_missing_file,
    refuse_missing_folder,
    shortened,
    usable_path,
)
from bpviz.core.files import what_is_at, whole_file
from bpviz.core.model.functions import ACTIVATIONS
from bpviz.core.model.losses import LOSSES
from bpviz.core.model.network import Layer, Network
from bpviz.core.operations.optimizers import OPTIMIZERS
from bpviz.core.run.batches import Batches
from bpviz.core.run.order import Order
from bpviz.core.run.recorded import Recorded
from bpviz.core.run.stopped import Stopped
from bpviz.core.update.rule import Rule

EXAMPLE = "run.npz"
HISTORY_FORMAT, HISTORY_VERSION = "bpviz history", 2
BYTES_AT_ONCE = 2**24
LOCAL_HEADER = 30
"""Length of what a zip file holds before each member, without the name and extra field."""

Arrays = dict[str, NDArray[Any]]


def save(run: Recorded, path: str | os.PathLike[str]) -> Path:
    """Write a run to a file, whole or not at all; see `History.save`."""
    given = usable_path("path", path, EXAMPLE)
    refuse_missing_folder("path", given)
    target = given.resolve()  # a link stays, and what it leads to is replaced
    _refuse_foreign_file(given, target)
    _refuse_unknown_functions(run.network)
    arrays = _arrays(run)
    header = {
        "format": HISTORY_FORMAT,
        "version": HISTORY_VERSION,
        "activations": [layer.activation.name for layer in run.network.layers],
        "loss": run.network.loss.name,
        "rule": _rule_in_plain(run.rule),
        "batch_size": run.batch_size,
        "updates": run.updates,
        "every": run.every,
        "seed": run.seed,
        "stopped": run.stopped and dataclasses.asdict(run.stopped),
    }
    with whole_file(target) as unfinished, unfinished.open("xb") as file:
        _write(file, {"header": np.array(json.dumps(header)), **arrays})
    return given


def load(path: str | os.PathLike[str], in_memory: bool = True) -> Recorded:
    """Return the run that `save` wrote; see `History.load`."""
    source = usable_path("path", path, EXAMPLE)
    if os.path.lexists(source) and not source.is_file():
        raise ValueError(
            f"path is {str(source)!r}, which is {what_is_at(source)}; give a file that "
            "History.save wrote"
        )
    refuse_missing_file("path", source)
    with source.open("rb"):
        pass  # so that a file that is closed to the reader is named as just that
    try:
        return _recorded(*_contents(source, in_memory))
    except MemoryError as error:
        raise MemoryError(
            f"path {str(source)!r} does not fit into memory ({error}); load it with in_memory=False"
        ) from error
    except Exception as error:  # what a damaged archive makes zipfile and NumPy raise is endless
        raise ValueError(
            f"path {str(source)!r} cannot be read as a history ({error}); give a file that "
            "History.save wrote, or save the run again"
        ) from error


def _arrays(run: Recorded) -> Arrays:
    arrays: Arrays = {"inputs": run.inputs, "targets": run.targets}
    for number, layer in enumerate(run.network.layers, start=1):
        arrays[f"W{number}"], arrays[f"b{number}"] = layer.weights, layer.bias
    arrays |= {"rmse": run.rmse, "rows": run.rows}
    if run.seed is not None:
        arrays["order"] = run.order
    return arrays


def _refuse_foreign_file(given: Path, target: Path) -> None:
    """Refuse to replace what is not a history: it may be somebody's only copy."""
    if os.path.lexists(target) and not _is_history(target):
        what = what_is_at(target)
        raise FileExistsError(
            f"path is {str(given)!r}, which is {what}{' and not a history' * target.is_file()}; "
            "give another path, or remove it first"
        )
    refuse_missing_folder("path", target)  # that of a link's end may be missing


def _is_history(path: Path) -> bool:
    """Return whether a file says that it holds a history; it may be damaged or a later one."""
    if not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive, archive.open("header.npy") as file:
            text = str(npy.read_array(file, allow_pickle=False))
        header = json.loads(text)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError):
        return False
    return isinstance(header, dict) and header.get("format") == HISTORY_FORMAT


def _refuse_unknown_functions(network: Network) -> None:
    for number, layer in enumerate(network.layers, start=1):
        if ACTIVATIONS.get(layer.activation.name) is not layer.activation:
            raise ValueError(
                f"layer {number} has the activation function {layer.activation!r}, which a file "
                f"cannot hold; it can hold {', '.join(ACTIVATIONS)}"
            )
    if LOSSES.get(network.loss.name) is not network.loss:
        raise ValueError(
            f"loss is {network.loss!r}, which a file cannot hold; it can hold {', '.join(LOSSES)}"
        )


def _rule_in_plain(rule: Rule) -> dict[str, Any]:
    name = type(rule.optimizer).__name__
    if OPTIMIZERS.get(name) is not type(rule.optimizer):
        raise ValueError(
            f"rule has the optimiser {rule.optimizer!r}, which a file cannot hold; it can hold "
            f"{', '.join(OPTIMIZERS)}"
        )
    plain = {one.name: getattr(rule, one.name) for one in dataclasses.fields(rule) if one.init}
    return {**plain, "optimizer": {"name": name, **dataclasses.asdict(rule.optimizer)}}


def _rule_of(plain: dict[str, Any]) -> Rule:
    numbers = dict(plain.get("optimizer", {"name": "SGD"}))
    return Rule(**{**plain, "optimizer": OPTIMIZERS[numbers.pop("name")](**numbers)})


def _write(file: BinaryIO, arrays: Arrays) -> None:
    """Write an .npz file; unlike NumPy's own, the same arrays always make the same bytes."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                npy.write_array(member, array, allow_pickle=False)


def _contents(path: Path, in_memory: bool) -> tuple[dict[str, Any], Arrays]:
    """Return the checked header and arrays of a file."""
    with zipfile.ZipFile(path) as archive:
        arrays: Arrays = {}
        for member in archive.namelist():
            name = member.removesuffix(".npy")
            with archive.open(member) as file:
                if name == "rows" and not in_memory:
                    arrays[name] = _mapped(path, archive.getinfo(member))
                    while file.read(BYTES_AT_ONCE):
                        pass  # zipfile compares the member's checksum when it has read it all
                else:
                    arrays[name] = npy.read_array(file, allow_pickle=False)
    if "header" not in arrays:
        raise ValueError(f"it holds {shortened(list(arrays))}, and no header of a history")
    header = json.loads(str(arrays.pop("header")))
    if not isinstance(header, dict):
        raise ValueError(f"its header is {shortened(header)}")
    if header["format"] != HISTORY_FORMAT:
        raise ValueError(f"it holds a {header['format']!r}")
    if header["version"] != HISTORY_VERSION:
        raise ValueError(
            f"it is of version {header['version']}, from another bpviz; this one reads version "
            f"{HISTORY_VERSION}"
        )
    return header, arrays


def _mapped(path: Path, member: zipfile.ZipInfo) -> NDArray[Any]:
    """Return an array of an archive without reading it."""
    if member.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{member.filename} is compressed; read it with in_memory=True")
    with path.open("rb") as file:
        file.seek(member.header_offset)
        lengths = np.frombuffer(file.read(LOCAL_HEADER), np.dtype("<u2"), offset=26)
        file.seek(int(lengths.sum()), os.SEEK_CUR)
        npy.read_magic(file)
        shape, _, dtype = npy.read_array_header_1_0(file)
        if 0 in shape:
            return np.empty(shape, dtype)
        return np.memmap(path, dtype, "r", file.tell(), shape)


def _recorded(header: dict[str, Any], arrays: Arrays) -> Recorded:
    layers = [
        Layer(arrays[f"W{number}"], arrays[f"b{number}"], activation)
        for number, activation in enumerate(header["activations"], start=1)
    ]
    network = Network(layers, header["loss"])
    inputs, targets = arrays["inputs"], arrays["targets"]
    updates, every = header["updates"], positive_count("every", header["every"])
    batch_size = positive_count("batch_size", header["batch_size"])
    rule = _rule_of(header["rule"])
    batches = Batches(network, len(inputs), batch_size, rule)
    begun = -(-updates // batches.per_epoch)
    order = arrays["order"] if "order" in arrays else Order(len(inputs), None).epochs(0, begun)
    expected = {
        "inputs": (inputs, (len(inputs), network.sizes[0])),
        "targets": (targets, (len(inputs), network.sizes[-1])),
        "order": (order, (begun, len(inputs))),
        "rows": (arrays["rows"], (-(-updates // every), batches.width)),
        "rmse": (arrays["rmse"], (updates // batches.per_epoch,)),
    }
    for name, (array, shape) in expected.items():
        if array.shape != shape:
            raise ValueError(f"{name} has shape {array.shape} where {shape} is needed")
    stopped = header["stopped"] and Stopped(**header["stopped"])
    return Recorded(
        network,
        rule,
        inputs,
        targets,
        batch_size,
        order,
        arrays["rows"],
        arrays["rmse"],
        updates,
        every,
        header["seed"],
        stopped,
    )
