"""Settings for the tests of the notebooks, which `pytest --nbval` runs from here."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keep progress bars out of the notebooks' outputs, however slow the machine is."""
    if config.getoption("nbval", default=False):
        # tqdm's bar for notebooks takes no notice of TQDM_DISABLE.
        os.environ["TQDM_DELAY"] = "3600"


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Compare what panels show, but not the bits of their numbers, which a machine decides."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("application/vnd.bpviz.panel+json",)
