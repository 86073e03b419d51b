"""Settings for the tests of the notebooks, which `pytest --nbval` runs from here."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keep progress bars out of the notebooks' outputs, however slow the machine is."""
    if config.getoption("nbval", default=False):
        os.environ["TQDM_DISABLE"] = "1"
