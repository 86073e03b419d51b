"""What a training run leaves: what a history is made from, and a file holds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array
from bpviz.core.model.network import Network
from bpviz.core.run.stopped import Stopped
from bpviz.core.update.rule import Rule


class Recorded(NamedTuple):
    """The parts of a `History`, which describes them."""

    network: Network
    rule: Rule
    inputs: Array
    targets: Array
    batch_size: int
    order: NDArray[np.int64]
    rows: Array
    rmse: Array
    updates: int
    every: int
    seed: int | None
    stopped: Stopped | None
