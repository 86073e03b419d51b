"""Three questions about the second lecture's XOR, answered by sweeps of 10,000 starts.

Run it with `python -m benchmarks.xor_questions`. The starts are drawn as the lecture draws
its own, and the first of them is the lecture's. A run counts as solved if its RMSE in the
last epoch is at most 0.1.
"""

from __future__ import annotations

from itertools import product

import numpy as np

import bpviz as bp

EXAMPLE = bp.presets.xor()
MASK = "relu_derivative_from_activation"
RUNS, EPOCHS = 10_000, 5000
RATES = {0.01: 2000, 0.05: 1000, 0.1: 1000, 0.2: 500}
"""Learning rates, and how many epochs show what becomes of the runs."""


def sweep(rule: bp.Rule, epochs: int = EPOCHS, runs: int = RUNS) -> bp.Sweep:
    """Return runs of the lecture's network from starts drawn as the lecture draws."""
    return bp.sweep(
        EXAMPLE.network,
        EXAMPLE.inputs,
        EXAMPLE.targets,
        rule,
        epochs,
        runs,
        seed=0,
        starts="lecture",
    )


def departures() -> dict[str, bp.Rule]:
    """Return the right rule, and it with each of the lecture's departures, alone and together."""
    rules = {}
    for dirty, mask, no_biases in product((False, True), repeat=3):
        names = ["dirty"] * dirty + ["mask"] * mask + ["biases not trained"] * no_biases
        update = "dirty" if dirty else "simultaneous"
        rule = bp.Rule(0.01, update, not no_biases, (MASK,) if mask else ())
        rules[" + ".join(names) or "none"] = rule
    return rules


def first_solved(sweep: bp.Sweep, run: int = 0) -> int | None:
    """Return the first epoch, from 0, in which a run is solved."""
    assert sweep.curves is not None
    epochs = np.flatnonzero(sweep.curves[:, run] <= 0.1)
    return int(epochs[0]) if epochs.size else None


def print_dirty_or_not() -> None:
    print("Is the dirty update better? Of the same starts, solved by")
    for rate, epochs in RATES.items():
        right, dirty = (
            sweep(bp.Rule(rate, update), epochs) for update in ("simultaneous", "dirty")
        )
        paired = right.compare(dirty)
        diverged = [int(np.sum(~np.isfinite(s.rmse))) for s in (right, dirty)]
        print(f"  learning rate {rate:g}, {epochs} epochs")
        print(f"    simultaneous  {right.solved()}, {diverged[0]} diverged")
        print(f"    dirty         {dirty.solved()}, {diverged[1]} diverged")
        print(f"    {paired}")
        print(f"    of those that only one solved, dirty: {paired.second_wins}")


def print_departures() -> None:
    print(f"\nWhat keeps XOR from being learned? Departures, and what {EPOCHS} epochs make of")
    print("  the lecture's own start; 10,000 starts")
    for name, rule in departures().items():
        own = sweep(rule, 20_000, runs=1)
        solved = first_solved(own)
        when = "not in 20,000 epochs" if solved is None else f"solved in epoch {solved}"
        losses = ", ".join(f"{own.curves[epoch - 1, 0]:.3f}" for epoch in (500, 2000, 5000))
        print(f"  {name}\n    RMSE after 500, 2000, 5000 epochs: {losses}; {when}")
        print(f"    {sweep(rule).solved()}")


def print_plateaus() -> None:
    right = sweep(EXAMPLE.corrected)
    stalled = right.stalled()
    print(f"\nWhere do the runs end up that stall? {stalled.sum()} of {RUNS} with the right rule")
    for plateau in right.plateaus():
        run = int(np.flatnonzero(stalled & (right.rmse == plateau.loss)).max(initial=-1))
        run = run if run >= 0 else int(np.argmin(np.abs(right.rmse - plateau.loss)))
        outputs = np.round(right.networks(run)[1].predict(EXAMPLE.inputs).ravel(), 2).tolist()
        print(f"  RMSE {plateau.lowest:.3f} to {plateau.highest:.3f}: {plateau.share}")
        print(f"    dead hidden units 0, 1, 2: {plateau.dead_units}; for example {outputs}")


if __name__ == "__main__":
    print_dirty_or_not()
    print_departures()
    print_plateaus()
