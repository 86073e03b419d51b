"""Measure what bpviz costs beside others that do the same, and print one table of results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from benchmarks import alone, beginning, browser, footprint, growth, live, memory, sweep, training
from benchmarks.measuring import Result, table

BENCHMARKS: dict[str, Callable[[], Iterator[Result]]] = {
    "training": training.results,
    "beginning": beginning.results,
    "growth": growth.results,
    "memory": memory.results,
    "sweep": sweep.results,
    "live": live.results,
    "footprint": footprint.results,
    "alone": alone.results,
    "browser": browser.results,
}


def main() -> int:
    """Return 0 if every result is within its budget, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}")
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(
            f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}"
        )
    results: list[Result] = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        results += list(BENCHMARKS[name]())
    print(table(results))
    return int(not all(result.within_budget for result in results))


if __name__ == "__main__":
    sys.exit(main())
