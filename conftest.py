"""Settings for the tests of the notebooks, which `pytest --nbval` runs from here."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Keep progress bars out of the notebooks' outputs, however slow the machine is."""
    if config.getoption("nbval", default=False):
        # tqdm's bar for notebooks takes no notice of TQDM_DISABLE.
        os.environ["TQDM_DELAY"] = "3600"
